package imports

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/payments/mandates"
)

// said writes a suggestion as "score mandate benefit month transfer: reasons".
func said(s Suggestion) (text string) {
	text = join(s.Mandate, s.Benefit, s.Period.String(), s.Transfer) + ":"
	for _, c := range s.Reasons {
		text += " " + c.Text + ";"
	}
	return text
}

func TestWhatALineMayBeIsRankedWithItsReasons(t *testing.T) {
	t.Parallel()
	k := known()
	poolIt(k)
	k.Numbers[PayerNumber{"CAF", "7777777B"}] = "B-3"
	k.Mandates = append(k.Mandates, mandate("M-2", "B-2", "RSA"))
	k.Mandates[0].Beneficiary.LastName, k.Mandates[0].Beneficiary.FirstName = "Durand", "Anne"
	k.Expected = append(k.Expected, Expected{
		Mandate: "M-2", Benefit: "RSA", Payer: "CAF", Period: month("2026-10"), Amount: eur("573.49"), ExpectedOn: day,
	})
	k.Habits = []Habit{{Shape{"CAF DE L HERAULT", "PRESTATIONS"}, "M-2", "RSA", 2}}
	teach(Rule{PayerWords: "AIDE", Mandate: "M-1", Benefit: "ALS"})(k)
	for _, c := range []struct {
		name string
		line Line
		want []string
	}{
		{
			"the amount that two were to receive, one of them as twice before",
			line("573.49", caf("PRESTATIONS 10/2026")),
			[]string{
				"M-2 RSA 2026-10: même libellé que 2 lignes identifiées pour M-2; même montant que l’attendu d'octobre 2026; le texte nomme octobre 2026; nom du payeur connu : CAF;",
				"M-1 RSA 2026-10: même montant que l’attendu d'octobre 2026; le texte nomme octobre 2026; nom du payeur connu : CAF;",
			},
		},
		{
			"the name of the person", line("573.49", Detail{Party: "DURAND Anne", Text: "DURAND ANNE"}),
			[]string{
				"M-1 RSA 2026-10: même montant que l’attendu d'octobre 2026; nom de la personne dans le texte;",
				"M-2 RSA 2026-10: même montant que l’attendu d'octobre 2026;",
				"M-1 ALS 2026-10: nom de la personne dans le texte;",
			},
		},
		{
			"the number of one of two who were to receive that amount", line("573.49", Detail{Text: "7654321A"}),
			[]string{"M-2 RSA 2026-10: numéro CAF 7654321A de la personne; même montant que l’attendu d'octobre 2026;"},
		},
		{"the number of somebody else", line("573.49", Detail{Text: "7777777B"}), nil},
		{
			"a rule that may not book by itself", line("5.00", Detail{Party: "AIDE INVENTEE"}),
			[]string{"M-1 ALS 2026-10: règle 1 de a.morel;"},
		},
		{"nothing speaks for anybody", line("5.00", Detail{Party: "INCONNU", Text: "REF 991"}), nil},
		{
			"a debit like a transfer", line("-300.00", Detail{Party: "BAILLEUR P1-1"}),
			[]string{"M-1 P1-1: même montant; même destinataire;"},
		},
		{
			"a debit with our reference and another amount", line("-299.00", Detail{EndToEndID: "P1-1"}),
			[]string{"M-1 P1-1: la banque cite sa référence;"},
		},
	} {
		var got []string
		for _, s := range suggest(c.line, k) {
			got = append(got, said(s))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}

// TestASuggestionIsNeverMoreCertainThanTheRecognition asks of any line what it may be: the same
// answer twice, whatever the order in which things are known, and never with the score of what
// is booked. Of a line that is booked by number, what was booked is suggested first.
func TestASuggestionIsNeverMoreCertainThanTheRecognition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := crowd(t)
		l := drawLine(t, 1)
		first := suggest(l, k)
		slices.Reverse(k.Expected)
		slices.Reverse(k.Habits)
		k.index = nil
		if again := suggest(l, k); !reflect.DeepEqual(first, again) {
			t.Fatalf("got %v, then %v", first, again)
		}
		for _, s := range first {
			if s.Score >= 100 {
				t.Fatalf("a suggestion of %d is certain", s.Score)
			}
		}
		exact := line("573.49", caf(cafText))
		if r := recognise(exact, k); r.State == LinePosted && len(r.rules) == 0 && len(r.Parts) == 1 {
			best := suggest(exact, k)[0]
			if best.Mandate != r.Parts[0].Mandate || best.Benefit != r.Parts[0].Benefit {
				t.Fatalf("%s is booked, %s suggested first", describe(r), said(best))
			}
		}
	})
}

func TestWhoNamesNothingDoesNotMeanEverybody(t *testing.T) {
	t.Parallel()
	empty := line("573.49", Detail{})
	for name, k := range map[string]*Known{
		"nothing is known": {Account: "BK-1", Model: mandates.Pooled},
		"an empty shape is a habit of nobody": {
			Account: "BK-1", Model: mandates.Pooled, Mandates: known().Mandates, Habits: Habits(choices(3, "", "M-1")[:0]),
		},
		"empty references and batches": {
			Account: "BK-1", Model: mandates.Pooled, Transfers: []Transfer{transfer(1, "", "", "573.49")}, Mandates: known().Mandates,
		},
		"an empty number": {
			Account: "BK-1", Model: mandates.Pooled, Mandates: known().Mandates, Numbers: map[PayerNumber]string{{"CAF", ""}: "B-1"},
		},
	} {
		for _, l := range []Line{empty, {Rank: 1, BookedOn: day, ValueOn: day, Booked: true, Amount: eur("-573.49")}} {
			r := recogniseAll([]Line{l}, k)[0]
			if r.State != LineSuspense || describe(r) != "471:UNIDENTIFIED 573.49" {
				t.Errorf("%s: got %s (%s), want suspense", name, describe(r), r.Why)
			}
		}
	}
	if habits := Habits([]Choice{{Counterparty: " ", Text: "05/11/2026", Mandate: "M-1", Benefit: "RSA"}}); len(habits) != 0 {
		t.Errorf("got %v, want no habit of lines that say nothing", habits)
	}
	if r := (Rule{Mandate: "M-1", Benefit: "RSA"}); r.fits(wordingOf(empty), "BK-1", empty.Amount, day) || r.check() == nil {
		t.Error("a rule without words fits everything")
	}
}
