package payments_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
)

// insurance asks for the insurance alone, and what is left for the person on the day of the run.
func insurance(remit bool) payments.Ask {
	ask := payments.Ask{
		Purpose: payments.OffCycle, Mandates: []string{"M-0001"},
		Lines: []payments.LineAsk{{Obligation: "O-INS", DueOn: thursday}},
	}
	if remit {
		ask.Remit = map[string]payments.Remit{"M-0001": {To: "C-SELF-M-0001", On: []civil.Date{thursday}}}
	}
	return ask
}

func codes(run payments.Run, code payments.ExceptionCode) []payments.Exception {
	return slices.DeleteFunc(run.Exceptions(), func(e payments.Exception) bool { return e.Code != code })
}

func TestABillBetweenTwoMonthsMayNotTakeTheMoneyOfTheRent(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run, err := h.Propose(t.Context(), h.anne, insurance(false))
	if err != nil {
		t.Fatal(err)
	}
	if got := codes(run, payments.PriorityViolated); len(got) > 0 {
		t.Fatalf("got %+v, want none: the money of the rent stays on the account", got)
	}
	if err := h.Cancel(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	h.move(ledger.Payment, "spent", ledger.Mandate("M-0001"), ledger.InTransit, "680.00")
	h.owner(`UPDATE masp.mandate_terms SET living_floor_cents = 0`)
	run, err = h.Propose(t.Context(), h.anne, insurance(false))
	if err != nil {
		t.Fatal(err)
	}
	e := h.one(run, payments.PriorityViolated)
	if got := plainFrench(e.Before + " → " + e.After + " " + e.Text); !strings.Contains(got, "0,00 € → 18,40 €") ||
		!strings.Contains(got, "il manque 15,90 €") || e.Lines[0] != "O-INS@2026-11-05" {
		t.Errorf("got %s of %v", got, e.Lines)
	}
	if _, err := h.Submit(t.Context(), h.anne, run.ID); err == nil {
		t.Error("the run was submitted with the rent behind the insurance")
	}
	if err := h.decide(h.anne, run, e, payments.DecideKeep, "vu"); err == nil {
		t.Error("somebody may keep the rent behind the insurance")
	}
	if err := h.decide(h.anne, run, e, payments.DecideWithdraw, "le loyer d'abord"); err != nil {
		t.Fatal(err)
	}
	if run = h.show(run.ID); len(run.Mandates[0].Lines) > 0 || len(run.Instructions()) > 0 {
		t.Errorf("got %v, want the line withdrawn", lines(run))
	}
}

func TestMoneyForThePersonWaitsUntilTheRentStandsInTheRun(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run, err := h.Propose(t.Context(), h.anne, insurance(true))
	if err != nil {
		t.Fatal(err)
	}
	all := codes(run, payments.PriorityViolated)
	if len(all) != 2 || len(all[1].Lines) > 0 || plainFrench(all[1].After) != "881,60 €" {
		t.Fatalf("got %s, want the insurance and the person", found(run))
	}
	if err := h.decide(h.anne, run, all[1], payments.DecideWithdraw, "à revoir"); err != nil {
		t.Fatal(err)
	}
	h.decideFirst(run.ID, payments.PriorityViolated)
	var waits *payments.UnchangedError
	if _, err := h.Submit(t.Context(), h.anne, run.ID); !errors.As(err, &waits) || !strings.Contains(waits.French(), "ADD_LINE") {
		t.Fatalf("got %v, want an UnchangedError that says to add the rent", err)
	}
	run = h.show(run.ID)
	_, err = h.Adjust(t.Context(), h.anne, run.ID, run.ContentHash, payments.Adjustment{
		Mandate: "M-0001", Kind: payments.AddLine, Line: payments.LineAsk{Obligation: "O-RENT", DueOn: thursday}, Reason: "le loyer d'abord",
	})
	if err != nil {
		t.Fatal(err)
	}
	if run, err = h.Submit(t.Context(), h.anne, run.ID); err != nil {
		t.Fatalf("with its rent: %v\n%s", err, found(h.show(run.ID)))
	}
	if got := h.to(run, "C-LAND").Amount.String(); got != "217.50" {
		t.Errorf("got %s for the landlord, want the rent", got)
	}
	h.clean()
}

// decideFirst withdraws the lines of the open exceptions of a code.
func (h *house) decideFirst(id string, code payments.ExceptionCode) {
	h.t.Helper()
	for _, e := range codes(h.show(id), code) {
		if e.Open() {
			if err := h.decide(h.anne, h.show(id), e, payments.DecideWithdraw, "le loyer d'abord"); err != nil {
				h.t.Fatal(err)
			}
		}
	}
}

func TestADueThatAnotherDraftHoldsIsShownWhereItIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	first, err := h.Propose(t.Context(), h.anne, insurance(false))
	if err != nil {
		t.Fatal(err)
	}
	var open *payments.OpenRunError
	if _, err := h.Propose(t.Context(), h.anne, payments.Ask{All: true}); !errors.As(err, &open) || !strings.Contains(open.French(), "--what-if") {
		t.Errorf("got %v, want an OpenRunError that says how to see what would be there twice", err)
	}
	run, err := h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{})
	if err != nil {
		t.Fatal(err)
	}
	e := h.one(run, payments.AlreadyInRun)
	if len(e.Lines) != 1 || e.Lines[0] != "O-INS@2026-11-05" || e.After != first.ID || !e.Open() {
		t.Errorf("got %+v, want the insurance, which stands in %s", e, first.ID)
	}
	if err := h.Cancel(t.Context(), h.anne, first.ID); err != nil {
		t.Fatal(err)
	}
	if run, err = h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{}); err != nil || len(codes(run, payments.AlreadyInRun)) > 0 {
		t.Errorf("got %s, %v: the other run is cancelled", found(run), err)
	}
}

func TestAPayeeWhomHisBankKnowsByAnotherNameIsToldBeforeTheApproval(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.next()
	check := func(result, name string) {
		h.owner(`WITH f AS (INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
				VALUES ('vop', sha256(convert_to($1 || $2, 'UTF8')), 3, 'pain.002', 'accepted', masp.now(), 'test')
				RETURNING file_id)
			INSERT INTO masp.name_checks (file_id, creditor_id, iban, our_name, result, bank_name, checked_at)
			SELECT file_id, creditor_id, iban, c.name, $1, $2, masp.now() FROM f, masp.creditors c JOIN masp.creditor_ibans USING (creditor_id)
			 WHERE creditor_id = 'C-INSURER'`, result, name)
	}
	for _, c := range []struct{ result, name, want string }{
		{"RVMC", "Assurances du Lez", "name_mismatch O-INS [Société C-INSURER → Assurances du Lez]"},
		{"RVMC", "", "name_mismatch O-INS [Société C-INSURER → un nom proche]"},
		{"RVNM", "", "name_mismatch O-INS [Société C-INSURER → un autre nom]"},
		{"RVNA", "", ""},
		{"RCVC", "", ""},
	} {
		check(c.result, c.name)
		run, err := h.WhatIf(t.Context(), payments.Ask{All: true}, payments.Suppose{})
		if err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(strings.Split(found(run), "\n"), func(l string) bool { return !strings.HasPrefix(l, "name_mismatch") })
		if strings.Join(got, "") != c.want {
			t.Errorf("%s %q: got %q, want %q", c.result, c.name, got, c.want)
		}
	}
}
