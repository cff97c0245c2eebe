package reconcile_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/mandates"
)

// watched is autumn with a run of two persons, and who looks at M-1: she herself, her
// coordinator, the auditor of her Département.
func watched(t *testing.T) (*house, map[string]auth.Principal) {
	t.Helper()
	h := autumn(t)
	h.exec(`UPDATE masp.mandates SET department = '69' WHERE mandate_id <> 'M-1'`)
	h.exec(`INSERT INTO masp.run_mandates (run_id, mandate_id, position, available_cents, floor_left_cents, reserved_cents,
		remit_cents, carried_cents, shortfall_cents, remit_on)
		SELECT 'C-2026-10-1', 'M-' || n, n, 0, 0, 0, 0, 0, 0, '{}' FROM generate_series(1, 3) n`)
	users := &auth.Service{DB: h.db.App}
	day := civil.MustParse
	token, err := users.Add(t.Context(), auth.Principal{},
		auth.User{ID: "i.noir", Name: "Inès Noir", Roles: []auth.Role{auth.Auditor}, Until: day("2027-01-31")})
	h.must(err)
	ines, err := users.Authenticate(t.Context(), token)
	h.must(err)
	_, err = users.Assign(t.Context(), auth.Principal{}, "a.morel", []string{"M-1"}, civil.Date{}, civil.Date{})
	h.must(err)
	h.must(users.Audits(t.Context(), auth.Principal{}, auth.Mission{User: "i.noir", Departments: []string{"34"}, From: day("2026-01-01")}))
	card, err := users.PrintCard(t.Context(), h.anne, "B-1")
	h.must(err)
	_, herself, err := users.Enter(t.Context(), card.Code, "192.0.2.1")
	h.must(err)
	return h, map[string]auth.Principal{"she herself": herself, "her coordinator": h.anne, "the auditor": ines}
}

// views are what the services show of a mandate, as texts.
func (h *house) views(ctx context.Context, mandate string) map[string]string {
	files := &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
	runs := &payments.Service{DB: h.db.App, Ledger: h.Ledger}
	sheet, err := h.Beneficiary(ctx, mandate, october)
	views := map[string]string{"sheet": text(h.t, sheet, err)}
	file, err := files.Dossier(ctx, mandate)
	views["dossier"] = text(h.t, file, err)
	run, err := runs.Show(ctx, "C-2026-10-1")
	for _, m := range run.Mandates {
		if m.Mandate == mandate {
			views["run"] = text(h.t, m, nil)
		}
	}
	views["run of"] = fmt.Sprint(len(run.Mandates), err)
	return views
}

func text(t testing.TB, value any, err error) string {
	t.Helper()
	b, marshal := json.Marshal(value)
	if marshal != nil {
		t.Fatal(marshal)
	}
	return fmt.Sprintf("%s %v", b, err)
}

func (h *house) restricted(p auth.Principal, read func(ctx context.Context, tx pgx.Tx)) {
	h.t.Helper()
	h.must(auth.Restricted(h.t.Context(), h.db.App, p, func(ctx context.Context, tx pgx.Tx) error {
		read(ctx, tx)
		return nil
	}))
}

func (h *house) statement(ctx context.Context, q ledger.Querier, mandate, from, to string) string {
	h.t.Helper()
	s, err := h.Ledger.AccountStatement(ctx, q, ledger.Mandate(mandate), civil.MustParse(from), civil.MustParse(to))
	h.must(err)
	return fmt.Sprintf("%s %d lines %+v %s", s.Opening, len(s.Lines), s.Lines, s.Closing)
}

func TestTheServicesShowAPersonToWhoMaySeeHerAsToTheWholeHouse(t *testing.T) {
	t.Parallel()
	h, viewers := watched(t)
	want := h.views(t.Context(), "M-1")
	want["run of"] = "1 <nil>"
	statement := h.statement(t.Context(), h.db.App, "M-1", "2026-10-02", "2026-10-31")
	for name, who := range viewers {
		h.restricted(who, func(ctx context.Context, tx pgx.Tx) {
			got := h.views(ctx, "M-1")
			for view := range want {
				if got[view] != want[view] {
					t.Errorf("%s, %s:\ngot  %s\nwant %s", name, view, got[view], want[view])
				}
			}
			if got := h.statement(ctx, tx, "M-1", "2026-10-02", "2026-10-31"); got != statement {
				t.Errorf("%s, statement:\ngot  %s\nwant %s", name, got, statement)
			}
			if _, err := h.Beneficiary(ctx, "M-2", october); !errors.Is(err, reconcile.ErrNoMandate) {
				t.Errorf("%s, sheet of another: got %v, want ErrNoMandate", name, err)
			}
			if _, err := (&mandates.Service{DB: h.db.App}).Dossier(ctx, "M-2"); !errors.Is(err, mandates.ErrNoMandate) {
				t.Errorf("%s, dossier of another: got %v, want ErrNoMandate", name, err)
			}
			if got := h.statement(ctx, tx, "M-2", "2026-10-01", "2026-10-31"); got != "0.00 0 lines [] 0.00" {
				t.Errorf("%s, statement of another: got %s", name, got)
			}
		})
	}
}

func TestAnAuditorReadsTheJournalOfHisPeriodAloneWithWhatItBeganWith(t *testing.T) {
	t.Parallel()
	h, viewers := watched(t)
	users := &auth.Service{DB: h.db.App}
	h.must(users.Audits(t.Context(), auth.Principal{}, auth.Mission{
		User: "i.noir", Departments: []string{"34"}, From: civil.MustParse("2026-10-06"), Until: civil.MustParse("2026-10-31"),
	}))
	within := h.statement(t.Context(), h.db.App, "M-1", "2026-10-06", "2026-10-31")
	h.restricted(viewers["the auditor"], func(ctx context.Context, tx pgx.Tx) {
		if got := h.statement(ctx, tx, "M-1", "2026-10-06", "2026-10-31"); got != within {
			t.Errorf("within the period:\ngot  %s\nwant %s", got, within)
		}
		if got := h.statement(ctx, tx, "M-1", "2026-01-01", "2027-12-31"); got != within {
			t.Errorf("beyond the period:\ngot  %s\nwant %s", got, within)
		}
		var before int
		err := tx.QueryRow(ctx, `SELECT count(*) FROM masp.entries WHERE posted_on < '2026-10-06'`).Scan(&before)
		if err != nil || before != 0 {
			t.Errorf("%d entries before the period, %v", before, err)
		}
	})
}
