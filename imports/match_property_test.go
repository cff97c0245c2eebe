package imports

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

// TestWhateverTheBankWritesIsBookedWholeAndNothingTwice draws statements at random, honest and
// absurd ones: every booked line is booked to the cent, no transfer is settled or returned
// twice, and no person is credited without his number, a transfer of his or a rule. What is left
// open is suggested from what it is, and never said to be certain.
func TestWhateverTheBankWritesIsBookedWholeAndNothingTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := crowd(t)
		var lines []Line
		for rank := range rapid.IntRange(1, 12).Draw(t, "lines") {
			lines = append(lines, drawLine(t, rank+1))
		}
		states := map[int64]payments.InstructionState{}
		for _, tr := range k.Transfers {
			states[tr.ID] = tr.State
		}
		found := recogniseAll(lines, k)
		for _, r := range found {
			checkSuggestions(t, r, k)
		}
		for pass := range 2 { // what left is settled before what came in is returned
			for i, r := range found {
				if lines[i].Amount.IsNegative() == (pass == 0) {
					checkLine(t, lines[i], r, states)
				}
			}
		}
	})
}

// crowd is a world of batches, twins, rules and habits, some transfers rejected or debited.
func crowd(t *rapid.T) *Known {
	k := known()
	for id := int64(4); id <= 9; id++ {
		amount := rapid.SampledFrom([]string{"300.00", "45.50", "91.00"}).Draw(t, "sent")
		k.Transfers = append(k.Transfers, transfer(id, fmt.Sprintf("P2-%d", id), "LOT-2", amount))
	}
	for i := range k.Transfers {
		k.Transfers[i].State = rapid.SampledFrom([]payments.InstructionState{
			payments.InTransit, payments.InTransit, payments.InstructionSettled, payments.Rejected, payments.Returned,
		}).Draw(t, "state")
	}
	if rapid.Bool().Draw(t, "pooled") {
		poolIt(k)
		k.Mandates = append(k.Mandates, mandate("M-2", "B-2", "RSA"))
	}
	for _, r := range []Rule{
		{PayerWords: "SARL", Mandate: "M-1", Benefit: "ALS"},
		{PayerWords: "SARL", Payer: "CAF"},
		{Words: []string{"7654321ADUPONT"}, Mandate: "M-2", Benefit: "RSA"},
		{Words: []string{"CAF"}, Mandate: "M-1", Benefit: "RSA"},
	} {
		if rapid.Bool().Draw(t, "rule") {
			teach(r)(k)
		}
	}
	k.Habits = []Habit{{Shape{"SARL", ""}, "M-1", "RSA", 2}, {Shape{"SARL", ""}, "M-2", "RSA", 1}}
	return k
}

func checkLine(t *rapid.T, l Line, r Recognition, states map[int64]payments.InstructionState) {
	if sum := sumParts(r).Sub(r.Kept); r.State != LineIgnored && sum != l.magnitude() {
		t.Fatalf("%s booked of a line of %s", sum, l.magnitude())
	}
	if (r.State == LineSuspense) != !r.open().IsZero() {
		t.Fatalf("the line is %s with %s open", r.State, r.open())
	}
	for _, p := range r.Parts {
		want := payments.InTransit
		switch {
		case p.Transfer == 0 && p.Account.PCG() == "467" && p.Benefit == "":
			t.Fatalf("%s is credited without a benefit and without a transfer", p.Account)
		case p.Transfer == 0 && p.Benefit != "" && len(r.rules) == 0 && !paid(l, p):
			t.Fatalf("%s is credited without a number, a wage or a rule", p.Account)
		case p.Transfer == 0:
			continue
		case r.Kind == ledger.Return:
			want = payments.InstructionSettled
		}
		if states[p.Transfer] != want {
			t.Fatalf(
				"transfer %d is %s, and a line takes it for %s", p.Transfer, states[p.Transfer],
				want,
			)
		}
		states[p.Transfer] = after(want)
	}
}

// paid tells that a line says itself that the part is the person's: by number, or as a wage.
func paid(l Line, p Part) bool {
	for _, d := range l.Details {
		owner := map[string]string{"M-1": "1234567K", "M-2": "7654321A"}[p.Mandate]
		if strings.Contains(d.Text, owner) || d.Purpose == purposeWage {
			return true
		}
	}
	return false
}

// checkSuggestions holds what is suggested against the rules of a suggestion.
func checkSuggestions(t *rapid.T, r Recognition, k *Known) {
	if r.State != LineSuspense && len(r.Suggestions) > 0 {
		t.Fatalf("a line that is %s has suggestions", r.State)
	}
	for i, s := range r.Suggestions {
		sum := 0
		for _, c := range s.Reasons {
			sum += c.Points
			if c.Points <= 0 || c.Text == "" {
				t.Fatalf("a reason of %d points says %q", c.Points, c.Text)
			}
		}
		if sum != s.Score || s.Score < 1 || s.Score > 99 || i > 0 && s.Score > r.Suggestions[i-1].Score || i >= 5 {
			t.Fatalf("suggestion %d of score %d has reasons of %d points", i+1, s.Score, sum)
		}
		if tr := k.named(s.Transfer); s.Transfer != "" && (tr == nil || tr.State != payments.InTransit) {
			t.Fatalf("a transfer that is not in transit is suggested: %v", tr)
		}
		if _, here := k.mandate(s.Mandate); !here || s.Transfer == "" && s.Benefit == "" {
			t.Fatalf("a suggestion of nobody: %+v", s)
		}
	}
}

func drawLine(t *rapid.T, rank int) Line {
	amounts := rapid.SampledFrom(
		[]string{
			"300.00", "45.50", "91.00", "391.00", "345.50", "573.49", "281.00", "854.49", "0.00", "1.00",
		},
	)
	l := Line{
		Rank: rank, BookedOn: day, ValueOn: day, Amount: money.MustParse(amounts.Draw(t, "amount")),
		Booked:   rapid.IntRange(0, 9).Draw(t, "booked") > 0,
		Returned: rapid.IntRange(0, 5).Draw(t, "returned") == 0,
	}
	if rapid.Bool().Draw(t, "out") {
		l.Amount = l.Amount.Neg()
	}
	if rapid.IntRange(0, 3).Draw(t, "batch") == 0 {
		lot := rapid.SampledFrom([]string{"LOT-1", "LOT-2", ""}).Draw(t, "lot")
		l.Batches = []Batch{{PaymentInfoID: lot, Count: rapid.IntRange(0, 3).Draw(t, "count")}}
	}
	for range rapid.IntRange(0, 3).Draw(t, "details") {
		d := Detail{Amount: money.MustParse(amounts.Draw(t, "part"))}
		d.EndToEndID = rapid.SampledFrom(
			[]string{"", "P1-1", "P1-2", "P1-3", "P2-4", "P2-5", "OTHER"},
		).Draw(t, "reference")
		d.Returned = rapid.IntRange(0, 4).Draw(t, "back") == 0
		d.PaymentInfoID = rapid.SampledFrom([]string{"", "LOT-1", "LOT-2", "LOT-9"}).Draw(t, "info")
		d.Party = rapid.SampledFrom(
			[]string{"", "CAF DE L HERAULT", "MSA", "SARL", "Bailleur P1-2"},
		).Draw(t, "party")
		d.Purpose = rapid.SampledFrom([]string{"", "", "SALA"}).Draw(t, "purpose")
		d.Text = rapid.SampledFrom(
			[]string{"", cafText, "7654321ADUPONT 102026ME", "CAF", fmt.Sprint(rank)},
		).Draw(t, "text")
		l.Details = append(l.Details, d)
	}
	return l
}

// FuzzTexts reads whatever a payer may write: it must neither fail nor be slow.
func FuzzTexts(f *testing.F) {
	f.Add(cafText)
	f.Add("VIR CPAM DE MOSELLE - METZ 152000000001 152000000001")
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range numbersIn(text) {
			if len(n) > 40 {
				t.Errorf("%q is no number of a person", n)
			}
		}
		if own := tidy(text); own != "" && !says(phrase(text), own) {
			t.Errorf("%q does not say itself", text)
		}
		numbersNobody([]string{text})
		monthIn(text, day)
		payersIn(text)
	})
}
