package payments_test

import (
	"errors"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// indebted is a person with rent, an old debt and alimony, whose file is with the commission.
func indebted(t *testing.T) (*house, *mandates.Service) {
	t.Helper()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.person(person{id: "M-0001", balance: "500.00"})
	h.debt("D-OLD", "M-0001", "C-LAND", "60.00")
	h.debt("D-ALIM", "M-0001", "C-LAND", "300.00")
	h.owner(`UPDATE masp.debts SET kind = 'ALIMONY' WHERE debt_id = 'D-ALIM'`)
	h.owes(
		obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "200.00"},
		obligation{id: "O-OLD", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-LAND", amount: "40.00", debt: "D-OLD"},
		obligation{id: "O-ALIM", mandate: "M-0001", class: "DEBT_PLAN", creditor: "C-LAND", amount: "50.00", debt: "D-ALIM"})
	dossiers := &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
	h.steps(dossiers, mandates.FileToBuild, mandates.FileSent, mandates.FileDeposited)
	return h, dossiers
}

// steps notes the next steps of the file of M-0001, all of the same day.
func (h *house) steps(s *mandates.Service, states ...mandates.FileState) {
	h.t.Helper()
	for _, state := range states {
		if err := s.StepFile(h.t.Context(), h.anne, "M-0001", mandates.FileStep{State: state, On: thursday}); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestAnAdmissibleFileFreezesOldDebtsButNotRentNorAlimony(t *testing.T) {
	t.Parallel()
	h, dossiers := indebted(t)
	h.steps(dossiers, mandates.FileAdmissible)
	frozen := h.propose()
	checkText(t, "frozen", lines(frozen), `O-RENT 200.00 PAID
O-OLD 0.00 BLOCKED OVER_INDEBTEDNESS_FREEZE
O-ALIM 50.00 PAID
`)
	if err := h.Cancel(t.Context(), h.anne, frozen.ID); err != nil {
		t.Fatal(err)
	}
	measures := mandates.FileStep{State: mandates.FileMeasures, On: thursday, Plans: []mandates.Plan{
		{Debt: "D-OLD", Instalment: money.MustParse("15.00"), From: thursday},
	}}
	if err := dossiers.StepFile(t.Context(), h.anne, "M-0001", measures); err != nil {
		t.Fatal(err)
	}
	h.filed()
	if got := h.owed("D-OLD"); got != "45.00" {
		t.Errorf("%s are left of the old debt, want the imposed instalment paid", got)
	}
	h.clean()
}

func TestARunProposedBeforeTheLawForbadeItPaysNothing(t *testing.T) {
	t.Parallel()
	for name, forbid := range map[string]func(*house, *mandates.Service) error{
		"contested": func(h *house, s *mandates.Service) error {
			return s.Contest(h.t.Context(), h.anne, "D-OLD", thursday)
		},
		"contested the next day": func(h *house, s *mandates.Service) error {
			h.at(thursday.AddDays(1), 9)
			return s.Contest(h.t.Context(), h.anne, "D-OLD", thursday.AddDays(1))
		},
		"admissible": func(h *house, s *mandates.Service) error {
			h.steps(s, mandates.FileAdmissible)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, dossiers := indebted(t)
			run := h.submitted()
			if err := forbid(h, dossiers); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err == nil {
				t.Error("approved: the debt is paid though the law forbids it")
			}
			if got := h.owed("D-OLD"); got != "60.00" {
				t.Errorf("%s are left of the debt, want all", got)
			}
			h.clean()
		})
	}
}

func TestAContestThatHasEndedBlocksNothing(t *testing.T) {
	t.Parallel()
	h, dossiers := indebted(t)
	if err := errors.Join(
		dossiers.Contest(t.Context(), h.anne, "D-OLD", civil.MustParse("2026-10-01")),
		dossiers.EndContest(t.Context(), h.anne, "D-OLD", thursday, "désistement")); err != nil {
		t.Fatal(err)
	}
	checkText(t, "lines", lines(h.propose()), "O-RENT 200.00 PAID\nO-OLD 40.00 PAID\nO-ALIM 50.00 PAID\n")
}
