package payments_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/payments"
	"masp/payments/mandates"
)

// nobody are the lists of a caller whose filter has left nothing.
var nobody = map[string][]string{"nil": nil, "empty": {}}

func TestARunForNobodyIsRefusedAndNeverMeansEverybody(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	for _, purpose := range []payments.Purpose{payments.MonthlyRun, payments.OffCycle, payments.Emergency} {
		for _, list := range nobody {
			h.refusesAsk(payments.Ask{Purpose: purpose, Mandates: list}, "MANDATES_UNCLEAR")
		}
	}
	h.refusesAsk(payments.Ask{All: true, Mandates: []string{"M-0001"}}, "MANDATES_UNCLEAR")
	h.refusesAsk(payments.Ask{Mandates: []string{""}}, "MANDATE_UNKNOWN")
	if n := h.number(`SELECT count(*) FROM masp.runs`); n != 0 {
		t.Errorf("%d runs were made for nobody", n)
	}
}

func TestARunOfNoLineNeverPaysAllThatIsDue(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	for name, none := range map[string][]payments.LineAsk{"nil": nil, "empty": {}} {
		for _, purpose := range []payments.Purpose{payments.OffCycle, payments.Emergency} {
			run, err := h.WhatIf(t.Context(), payments.Ask{
				Purpose: purpose, Mandates: []string{"M-0001"}, Lines: none,
			}, payments.Suppose{})
			if err != nil || len(run.Instructions()) > 0 || lines(run) != "" {
				t.Errorf("%s, %s list: got %v\n%s%s", purpose, name, err, lines(run), transfers(run))
			}
		}
	}
}

func TestAnEmptyListOfMandatesLocksNone(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.person(person{id: "M-0002", balance: "1.00"})
	for name, list := range nobody {
		if got := h.locks(func(ctx context.Context, tx pgx.Tx) ([]string, error) {
			return mandates.LockTx(ctx, tx, list)
		}); len(got) != 0 {
			t.Errorf("a list that is %s locks %v", name, got)
		}
	}
	if got := h.locks(mandates.LockAllTx); len(got) != 2 {
		t.Errorf("all that run are %v, want two", got)
	}
}

func TestARunOfNoAccountIsComparedWithNone(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	for accounts, want := range map[string]int64{`'{}'`: 0, `'{BK-NONE}'`: 0, `NULL`: 1} {
		if n := h.number(`SELECT count(*) FROM masp.bank_agreement(` + accounts + `)`); n != want {
			t.Errorf("of %s: got %d accounts, want %d", accounts, n, want)
		}
	}
	if n := h.number(`SELECT count(*) FROM masp.disagreements('C-NONE')`); n != 0 {
		t.Errorf("a run that is none differs on %d accounts", n)
	}
}

func (h *house) locks(lock func(context.Context, pgx.Tx) ([]string, error)) (got []string) {
	h.t.Helper()
	err := h.in(func(tx pgx.Tx) (err error) {
		got, err = lock(h.t.Context(), tx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}
