package imports_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"masp/imports"
	"masp/ledger/money"
)

func TestTwentyStatementsHandedInAtOnceEndUpInTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock("2026-11-30")
	var group sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		on := fmt.Sprintf("2026-11-%02d", i+2)
		file := statements(paper{
			iban: ibanOwn, id: on, from: on, to: on,
			opening: fmt.Sprintf("%d.00", 100+10*i), closing: fmt.Sprintf("%d.00", 110+10*i),
			lines: []string{fromSomebody("10.00", on)},
		})
		group.Go(func() {
			_, errs[i] = w.Import(t.Context(), "test", on, strings.NewReader(file))
		})
	}
	group.Wait()
	for _, err := range errs {
		w.must(err)
	}
	held, err := w.Held(t.Context())
	w.must(err)
	if got := w.balance("512:BK-1"); len(held) != 0 || got != "300.00" {
		t.Errorf("got %d held and %s in the bank, want all twenty accepted", len(held), got)
	}
	w.sound()
}

func TestImportsReportsAndPersonsAtOnceKeepTheBooksTrue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "12.00", "13.00")
	p := november(fromSomebody("30.00", "2026-11-05"))
	p.closing = "130.00"
	w.drop(statements(p))
	items, err := w.Suspense(t.Context())
	w.must(err)
	settled := statements(paper{
		iban:    ibanPooled,
		id:      "1",
		from:    "2026-11-05",
		to:      "2026-11-05",
		opening: "1000.00",
		closing: "654.50",
		lines: []string{
			debit("300.00", "2026-11-05", refs[0]), debit("45.50", "2026-11-05", refs[1]),
		},
	})
	works := []func() error{
		func() error { return w.try(settled) },
		func() error { return w.try(settled) },
		func() error { return w.try(pain002("R1", "MSG-LOT", rejected("LOT", refs[2]))) },
		func() error { return w.try(pain002("R2", "MSG-LOT", rejected("LOT", refs[2]))) },
		func() error { return w.try(pain002("R3", "MSG-LOT", rejected("LOT", refs[3]))) },
	}
	for range 3 {
		works = append(works, func() error {
			_, err := w.AssignSuspense(t.Context(), w.boss, items[0].Line, imports.Assignment{
				Mandate: "M-1",
				Benefit: "RSA",
				Amount:  money.MustParse("10.00"),
				Reason:  "en même temps",
			})
			return err
		})
	}
	var group sync.WaitGroup
	errs := make([]error, len(works))
	for i, work := range works {
		group.Go(func() { errs[i] = work() })
	}
	group.Wait()
	for _, err := range errs {
		w.must(err)
	}
	got := []string{
		w.balance("467:M-2"), w.balance("512:BK-2"), w.balance("580:OUT"),
		w.balance("471:UNIDENTIFIED"),
	}
	if want := "-654.50 654.50 0.00 0.00"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s: each thing once", strings.Join(got, " "), want)
	}
	w.sound()
}

func (w *world) try(content string) error {
	_, err := w.Import(w.t.Context(), "test", "f.xml", strings.NewReader(content))
	return err
}
