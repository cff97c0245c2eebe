package imports

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger"
	"masp/ledger/money"
)

// TestAListIsBookedPartByPartAndTheRestStaysOpen draws lists and their credits: the parts stand in
// the order of the list, none merged, and what a list leaves of the credit is in suspense.
func TestAListIsBookedPartByPartAndTheRestStaysOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Advice{BankAccount: "BK-1", Payer: "CAF", Reference: "BORD-7", Amount: eur("854.49"), On: day}
		left := a.Amount
		for range rapid.IntRange(1, 6).Draw(t, "parts") {
			if left.IsZero() {
				break
			}
			p := AdvicePart{
				Benefit: "RSA", Mandate: rapid.SampledFrom([]string{"", "M-1"}).Draw(t, "mandate"),
				Amount: money.Cents(rapid.Int64Range(1, left.Cents()).Draw(t, "cents")),
			}
			a.Parts, left = append(a.Parts, p), left.Sub(p.Amount)
		}
		k := known()
		k.Advices = []Announced{{ID: 9, Advice: a}}
		lines := []Line{line("854.49", Detail{Party: "X", Text: "VIR BORD-7"}), line("854.49", Detail{Party: "X", Text: "VIR BORD-7"})}
		found := recogniseAll(lines, k)
		r := found[0]
		if sumParts(r) != a.Amount || !slices.Equal(r.advices, []int64{9}) {
			t.Fatalf("got %+v, want the whole credit booked by the list", r)
		}
		for i, p := range a.Parts {
			onPerson := r.Parts[i].Account != ledger.Suspense
			if r.Parts[i].Amount != p.Amount || onPerson != (p.Mandate != "") {
				t.Fatalf("part %d: got %+v, want %+v", i, r.Parts[i], p)
			}
		}
		if want := len(a.Parts) + map[bool]int{true: 1}[left.IsPositive()]; len(r.Parts) != want {
			t.Fatalf("got %d parts, want %d", len(r.Parts), want)
		}
		if len(found[1].advices) != 0 || found[1].State != LineSuspense {
			t.Fatalf("got %+v, want the second credit without the list", found[1])
		}
	})
}

func TestTheLongerReferenceAndTheNearerDayDecideAmongLists(t *testing.T) {
	t.Parallel()
	list := func(id int64, reference string, days int) Announced {
		return Announced{ID: id, Advice: Advice{
			BankAccount: "BK-1", Payer: "CAF", Reference: reference, Amount: eur("100.00"), On: day.AddDays(days),
			Parts: []AdvicePart{{Mandate: "M-1", Benefit: "RSA", Amount: eur("100.00")}},
		}}
	}
	for _, c := range []struct {
		name  string
		lists []Announced
		want  int64 // 0: none
	}{
		{"the longer reference", []Announced{list(1, "CAF", 0), list(2, "CAF-1105", 9)}, 2},
		{"the nearer day", []Announced{list(1, "CAF-1105", -3), list(2, "CAF-1105", 2)}, 2},
		{"two that fit alike", []Announced{list(1, "CAF-1105", -2), list(2, "CAF-1105", 2)}, 0},
		{"another one fits better than two alike", []Announced{list(1, "CAF", 0), list(2, "CAF", 0), list(3, "CAF-1105", 0)}, 3},
		{"a list of last month", []Announced{list(1, "CAF-1105", -31)}, 0},
	} {
		k := known()
		k.Advices = c.lists
		var got int64
		if r := recognise(line("100.00", Detail{Text: "REF CAF-1105"}), k); len(r.advices) == 1 {
			got = r.advices[0]
		}
		if got != c.want {
			t.Errorf("%s: got list %d, want %d", c.name, got, c.want)
		}
	}
}
