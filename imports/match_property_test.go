package imports

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

// TestWhateverTheBankWritesIsBookedWholeAndNothingTwice draws statements at random, honest and
// absurd ones: every booked line is booked to the cent, no transfer is settled or returned
// twice, and no person is credited without his number or a transfer of his.
func TestWhateverTheBankWritesIsBookedWholeAndNothingTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := known()
		var lines []Line
		for rank := range rapid.IntRange(1, 12).Draw(t, "lines") {
			lines = append(lines, drawLine(t, rank+1))
		}
		states := map[int64]payments.InstructionState{}
		for _, tr := range k.Transfers {
			states[tr.ID] = tr.State
		}
		found := RecogniseAll(lines, k)
		for pass := range 2 { // what left is settled before what came in is returned
			for i, r := range found {
				if lines[i].Amount.IsNegative() == (pass == 0) {
					checkLine(t, lines[i], r, states)
				}
			}
		}
	})
}

func checkLine(t *rapid.T, l Line, r Recognition, states map[int64]payments.InstructionState) {
	if sum := sumParts(r); r.State != LineIgnored && sum != l.magnitude() {
		t.Fatalf("%s booked of a line of %s", sum, l.magnitude())
	}
	for _, p := range r.Parts {
		want := payments.InTransit
		switch {
		case p.Transfer == 0 && p.Account.PCG() == "467" && p.Benefit == "":
			t.Fatalf("%s is credited without a benefit and without a transfer", p.Account)
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

func drawLine(t *rapid.T, rank int) Line {
	amounts := rapid.SampledFrom(
		[]string{
			"300.00", "45.50", "391.00", "345.50", "573.49", "281.00", "854.49", "0.00", "1.00",
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
		l.Batches = []Batch{{PaymentInfoID: "LOT-1", Count: rapid.IntRange(0, 3).Draw(t, "count")}}
	}
	for range rapid.IntRange(0, 3).Draw(t, "details") {
		d := Detail{Amount: money.MustParse(amounts.Draw(t, "part"))}
		d.EndToEndID = rapid.SampledFrom(
			[]string{"", "P1-1", "P1-2", "P1-3", "OTHER"},
		).Draw(t, "reference")
		d.PaymentInfoID = rapid.SampledFrom([]string{"", "LOT-1", "LOT-9"}).Draw(t, "info")
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
		monthIn(text, day)
		payersIn(text)
	})
}
