package imports

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// fromFirm is a credit that no payer of benefits sends.
func fromFirm(amount, text string) Line {
	return line(amount, Detail{Party: "SARL BTP INVENTEE", Text: text})
}

// teach gives the knowledge these rules, numbered from 1.
func teach(rules ...Rule) func(*Known) {
	return func(k *Known) {
		for i, r := range rules {
			r.ID, r.By = int64(i+1), "a.morel"
			k.Rules = append(k.Rules, r.tidied())
		}
	}
}

// both makes two changes of what is known.
func both(a, b func(*Known)) func(*Known) { return func(k *Known) { a(k); b(k) } }

var firmIsASF = Rule{PayerWords: "sarl btp", Mandate: "M-1", Benefit: "ASF"}

func TestARuleBooksWhatIsCertainForThePersonOnly(t *testing.T) {
	t.Parallel()
	numbered := Rule{Words: []string{"dossier 7700123"}, Mandate: "M-1", Benefit: "RSA"}
	other := firmIsASF
	other.Benefit = "RSA"
	limited := firmIsASF
	limited.Least, limited.Most = eur("10.00"), eur("20.00")
	later := firmIsASF
	later.From = day.AddDays(1)
	elsewhere := firmIsASF
	elsewhere.BankAccount = "BK-2"
	stranger := firmIsASF
	stranger.Mandate = "M-9"
	const booked = "467:M-1 12.00 RSA 2026-10"
	const open = "471:UNIDENTIFIED 12.00"
	l := fromFirm("12.00", "SOUTIEN")
	recogniseEach(t, []recognised{
		{"on the account of the person", l, teach(other), LinePosted, booked},
		{"what the contract does not name is restricted", l, teach(firmIsASF), LinePosted, "467:M-1:RESTRICTED 12.00 ASF"},
		{"on a pooled account by a name: never", l, both(poolIt, teach(other)), LineSuspense, open},
		{
			"on a pooled account by a number among its words", fromFirm("12.00", "DOSSIER 7700123"),
			both(poolIt, teach(numbered)), LinePosted, booked,
		},
		{"a number that the line does not carry", l, both(poolIt, teach(numbered)), LineSuspense, open},
		{"within its amounts", l, teach(limitedTo(limited, "RSA")), LinePosted, booked},
		{"outside its amounts", fromFirm("20.01", ""), teach(limited), LineSuspense, "471:UNIDENTIFIED 20.01"},
		{"before its day", l, teach(later), LineSuspense, open},
		{"on another account", l, teach(elsewhere), LineSuspense, open},
		{"a mandate whose money is elsewhere", l, teach(stranger), LineSuspense, open},
		{"two rules that disagree", l, teach(firmIsASF, other), LineSuspense, open},
		{"two rules that agree", l, teach(other, other), LinePosted, booked},
		{
			"the number of another person", fromFirm("12.00", "REF 7654321A"), teach(other), LineSuspense, open,
		},
		{"a text that names another benefit", fromFirm("12.00", "ALS OCTOBRE"), teach(other), LineSuspense, open},
		{
			"a payer that does not pay that benefit", line("12.00", Detail{Party: "CPAM SARL BTP", Text: "x"}),
			teach(other), LineSuspense, open,
		},
		{
			"a wage is a wage", line("12.00", Detail{Party: "SARL BTP", Purpose: purposeWage}), teach(other),
			LinePosted, "467:M-1:RESTRICTED 12.00 WAGE",
		},
		{"a rule of no words is no rule", l, teach(Rule{Mandate: "M-1", Benefit: "RSA"}), LineSuspense, open},
		{"a debit is no matter of rules", line("-12.00", Detail{Party: "SARL BTP"}), teach(other), LineSuspense, open},
	})
}

func limitedTo(r Rule, benefit string) Rule { r.Benefit = benefit; return r }

func TestARuleNamesAPayerButNeverThePerson(t *testing.T) {
	t.Parallel()
	caf := Rule{PayerWords: "organisme inventé", Payer: "caf"}
	msa := Rule{PayerWords: "organisme", Payer: "MSA"}
	with := func(text string) Line { return line("573.49", Detail{Party: "ORGANISME INVENTÉ 34", Text: text}) }
	recogniseEach(t, []recognised{
		{"with the number of the person", with(cafText), teach(caf), LinePosted, "467:M-1 573.49 RSA 2026-10"},
		{"without a number", with("DURAND ANNE"), teach(caf), LineSuspense, "471:UNIDENTIFIED 573.49"},
		{"two payers", with(cafText), teach(caf, msa), LineSuspense, "471:UNIDENTIFIED 573.49"},
		{
			"a payer that the bank names is not another one", line("573.49", Detail{Party: "MSA ORGANISME INVENTÉ", Text: cafText}),
			teach(caf), LineSuspense, "471:UNIDENTIFIED 573.49",
		},
	})
}

func TestAStrongerRecognitionStandsAndTheRuleIsToldOf(t *testing.T) {
	t.Parallel()
	k := known()
	teach(Rule{PayerWords: "CAF", Mandate: "M-1", Benefit: "ALS"})(k)
	r := recognise(line("573.49", caf(cafText)), k)
	if got := describe(r); got != "467:M-1 573.49 RSA 2026-10" || !strings.Contains(r.Why, "La règle 1 dit autre chose") || len(r.rules) != 0 {
		t.Errorf("got %s (%s), want the number to decide and the rule to be looked at", got, r.Why)
	}
}

func TestARuleOfTheCrowdNeverBooksToAnotherThanItsMandate(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{"", "SARL", "BTP", "CAF", "DOSSIER 7700123", "ALS", "RSA", "7654321A", "1234567K"})
	rapid.Check(t, func(t *rapid.T) {
		k := known()
		if rapid.Bool().Draw(t, "pooled") {
			k.Model = mandates.Pooled
			k.Mandates = append(k.Mandates, mandate("M-2", "B-2", "RSA", "ALS"))
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "rules") {
			r := Rule{ID: int64(i + 1), PayerWords: words.Draw(t, "payer"), Words: []string{words.Draw(t, "word")}}
			if r.Mandate = rapid.SampledFrom([]string{"M-1", "M-2", ""}).Draw(t, "mandate"); r.Mandate == "" {
				r.Payer = rapid.SampledFrom([]string{"CAF", "MSA"}).Draw(t, "says")
			} else {
				r.Benefit = rapid.SampledFrom([]string{"RSA", "ALS"}).Draw(t, "benefit")
			}
			k.Rules = append(k.Rules, r.tidied())
		}
		text := strings.Join(rapid.SliceOfN(words, 0, 4).Draw(t, "text"), " ")
		l := line("12.00", Detail{Party: words.Draw(t, "party"), Text: text})
		checkRuled(t, l, k, recognise(l, k))
	})
}

// checkRuled holds what was booked against the rules and numbers of the line, said anew.
func checkRuled(t *rapid.T, l Line, k *Known, r Recognition) {
	said := map[[2]string]bool{}
	sure := map[[2]string]bool{}
	w := wordingOf(l)
	for _, rule := range k.Rules {
		if rule.Mandate != "" && rule.fits(w, k.Account, l.Amount, l.BookedOn) {
			says := [2]string{rule.Mandate, rule.Benefit}
			said[says] = true
			sure[says] = sure[says] || k.Model == mandates.Individual || strings.Contains(strings.Join(rule.Words, " "), "7700123") ||
				strings.Contains(strings.Join(rule.Words, " "), "7654321A") || strings.Contains(strings.Join(rule.Words, " "), "1234567K")
		}
	}
	for _, p := range r.Parts {
		if p.Benefit == "" || len(r.rules) == 0 || k.rule(r.rules[0]).Payer != "" {
			continue
		}
		if len(said) != 1 || !sure[[2]string{p.Mandate, p.Benefit}] {
			t.Fatalf("%s %s is booked by rules that say %v, sure %v", p.Mandate, p.Benefit, said, sure)
		}
		for _, number := range numbersIn(l.Details[0].Text) {
			if owner := k.Numbers[PayerNumber{"CAF", number}]; owner != "" && "M"+owner[1:] != p.Mandate {
				t.Fatalf("%s is booked, the number is of %s", p.Mandate, owner)
			}
		}
	}
}

// rule is the one of a number.
func (k *Known) rule(id int64) Rule {
	for _, r := range k.Rules {
		if r.ID == id {
			return r
		}
	}
	return Rule{}
}

func TestRulesThatOneOfTheirLinesCouldFitBothOverlap(t *testing.T) {
	t.Parallel()
	vocabulary := rapid.SampledFrom([]string{"", "CAF", "CAF HERAULT", "HERAULT", "RSA", "RSA SOCLE", "LOYER"})
	amount := func(t *rapid.T, label string) money.Amount { return money.Cents(rapid.Int64Range(0, 3).Draw(t, label)) }
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Rule {
			r := Rule{
				PayerWords: vocabulary.Draw(t, name+" payer"), Words: rapid.SliceOfN(vocabulary, 0, 2).Draw(t, name+" words"),
				BankAccount: rapid.SampledFrom([]string{"", "BK-1", "BK-2"}).Draw(t, name+" account"),
				Least:       amount(t, name+" least"), Mandate: "M-1", Benefit: "RSA",
			}
			if most := amount(t, name+" most"); most.Cmp(r.Least) >= 0 {
				r.Most = most
			}
			return r.tidied()
		}
		a, b := draw("a"), draw("b")
		if a.overlaps(b) != b.overlaps(a) {
			t.Fatalf("%v and %v: one overlaps the other, not the other way", a, b)
		}
		if a.check() != nil || b.check() != nil {
			return
		}
		// the least line of a: what a asks for and nothing else
		least := line("0.00", Detail{Party: a.PayerWords, Text: strings.Join(a.Words, " / ")})
		for cents := range int64(4) {
			w := wordingOf(least)
			for _, account := range []string{"BK-1", "BK-2"} {
				if a.fits(w, account, money.Cents(cents), day) && b.fits(w, account, money.Cents(cents), day) && !a.overlaps(b) {
					t.Fatalf("%s and %s fit one line and do not overlap", a.French(), b.French())
				}
			}
		}
	})
}

func TestARuleThatSaysNothingOrTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	for code, r := range map[string]Rule{
		"RULE_WORDS":   {PayerWords: " - ", Words: []string{"", "/"}, Mandate: "M-1", Benefit: "RSA"},
		"RULE_SAYS":    {PayerWords: "CAF"},
		"RULE_AMOUNTS": {PayerWords: "CAF", Payer: "CAF", Least: eur("2.00"), Most: eur("1.00")},
	} {
		var refused *RefusedError
		if err := r.tidied().check(); !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	two := Rule{PayerWords: "CAF", Mandate: "M-1", Benefit: "RSA", Payer: "CAF"}
	if err := two.check(); err == nil {
		t.Error("a rule that says two things is taken")
	}
	own := Rule{Words: []string{"7654321A"}, Mandate: "M-1", Benefit: "RSA"}
	if err := own.owners(mandate("M-1", "B-1"), known().Numbers); err == nil {
		t.Error("the number of another person is taken")
	}
	if err := own.owners(mandate("M-2", "B-2"), known().Numbers); err != nil {
		t.Errorf("got %v, want the person's own number taken", err)
	}
}

func TestNumbersOfPersonsAreNoDays(t *testing.T) {
	t.Parallel()
	for phrase, nobody := range map[string]bool{
		"": true, "OCTOBRE 2026": true, "102026": true, "05112026": true, "20261105": true, "DOSSIER 123456": true,
		"7700123": false, "1234567K": false, "12 34 56 7": true, "DU 05112026 REF 99001122334": false,
	} {
		if got := numbersNobody([]string{phrase}); got != nobody {
			t.Errorf("%q: got %v, want %v", phrase, got, nobody)
		}
	}
}

func choices(n int, text string, mandate string) []Choice {
	var all []Choice
	for i := range n {
		all = append(all, Choice{
			BankAccount: "BK-1", Counterparty: "SARL BTP", Text: text, Line: int64(i + 1), Mandate: mandate,
			Benefit: mandates.RefundOfPayment, Amount: eur("12.00"), On: day,
		})
	}
	return all
}

func TestARuleIsOfferedAfterThreeEqualChoicesOnly(t *testing.T) {
	t.Parallel()
	text := "LOYER OCTOBRE 2026 DOSSIER 7700123"
	three := choices(3, text, "M-1")
	three[1].Text = "LOYER NOVEMBRE 2026 DOSSIER 7700123"
	once := choices(3, text, "M-1")
	for i := range once {
		once[i].Line = 1
	}
	mixed := append(choices(3, text, "M-1"), choices(1, text, "M-2")...)
	silent := choices(3, "05/11/2026", "M-1")
	for i := range silent {
		silent[i].Counterparty = ""
	}
	for name, c := range map[string]struct {
		choices []Choice
		offers  int
	}{
		"three of one shape": {three, 1}, "two": {choices(2, text, "M-1"), 0}, "three parts of one line": {once, 0},
		"another choice between": {mixed, 0}, "lines that say nothing": {silent, 0}, "none": {nil, 0},
	} {
		if got := Offers(c.choices); len(got) != c.offers {
			t.Errorf("%s: got %v, want %d", name, got, c.offers)
		}
	}
	got := Offers(three)[0]
	if got.French() != "payeur « SARL BTP », texte « 7700123 », texte « DOSSIER », texte « LOYER », compte BK-1 → "+
		"REFUND_OF_PAYMENT du mandat M-1" {
		t.Errorf("got %s", got.French())
	}
	for _, c := range three {
		l := line("12.00", Detail{Party: c.Counterparty, Text: c.Text})
		if !got.fits(wordingOf(l), "BK-1", l.Amount, day) {
			t.Errorf("the offer does not fit %q, from which it was made", c.Text)
		}
	}
}
