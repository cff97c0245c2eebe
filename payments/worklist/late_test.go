package worklist_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/payments/worklist"
)

// statement stores an accepted statement of BK-1 that closes on a day.
func (h *house) statement(day string) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		// Without triggers: the file that brought it does not matter here.
		if _, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(h.t.Context(), `
			INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents,
				closing_cents, opening_on, closing_on, entries, content_hash, state, chain_no)
			SELECT 1, count(*) + 1, 'BK-1', 'FR7699999001010000000200181', $1::text, 0, 0, $1::text::date, $1::text::date, 0,
			       sha256(convert_to($1::text, 'UTF8')), 'accepted', count(*) + 1 FROM masp.bank_statements`, day)
		return err
	}))
}

// late tells the late statements of a day and answers the open alerts.
func (h *house) late(day string) string {
	h.t.Helper()
	h.on(day)
	_, err := h.LateStatements(h.t.Context())
	h.must(err)
	text := ""
	for _, i := range h.list(worklist.Filter{Code: worklist.StatementLate}) {
		text += i.Subject + " " + i.Text
	}
	return text
}

func TestAStatementIsLateAfterItsDayAndTheAlertGoesWhenItComes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.statement("2026-11-17") // a Tuesday
	if got := h.late("2026-11-19"); got != "" {
		t.Errorf("on the expected day itself the list says %q, want nothing", got)
	}
	want := "BK-1 Dernier relevé : mardi 17/11, attendu : jeudi 19/11."
	for range 2 { // twice on one day is harmless
		if got := h.late("2026-11-20"); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	h.statement("2026-11-18")
	if got := h.late("2026-11-20"); got != "" {
		t.Errorf("the statement has come, the list still says %q", got)
	}
	if got := h.number(`SELECT count(*) FROM masp.audit_log WHERE action = 'alert.cure'`); got != 1 {
		t.Errorf("%d acts close the alert, want 1", got)
	}
	if got := h.late("2026-11-24"); !strings.Contains(got, "mercredi 18/11, attendu : vendredi 20/11") {
		t.Errorf("the next late one: got %q", got)
	}
}

func TestAnAccountMayHaveADelayOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.statement("2026-11-17")
	for _, refused := range []struct {
		name, account, reason string
		days                  int
		want                  error
	}{
		{"no delay", "BK-1", "hebdomadaire", 0, worklist.ErrDelay},
		{"a year", "BK-1", "hebdomadaire", 250, worklist.ErrDelay},
		{"no reason", "BK-1", " ", 5, worklist.ErrReason},
		{"no account", "BK-9", "hebdomadaire", 5, worklist.ErrNoAccount},
	} {
		err := h.ExpectStatements(t.Context(), h.anne, refused.account, refused.days, refused.reason)
		if !errors.Is(err, refused.want) {
			t.Errorf("%s: got %v, want %v", refused.name, err, refused.want)
		}
	}
	if err := h.ExpectStatements(t.Context(), h.eve, "BK-1", 5, "hebdomadaire"); !errors.Is(err, worklist.ErrRole) {
		t.Errorf("an auditor: got %v, want ErrRole", err)
	}
	h.must(h.ExpectStatements(t.Context(), h.anne, "BK-1", 5, "hebdomadaire"))
	h.on("2026-11-20")
	all, err := h.Statements(t.Context())
	h.must(err)
	want := worklist.Due{
		Account: "BK-1", Last: civil.MustParse("2026-11-17"), Expected: civil.MustParse("2026-11-24"), Days: 5,
	}
	if len(all) != 1 || all[0] != want {
		t.Errorf("got %+v, want %+v", all, want)
	}
}

func TestAnAccountWithoutAnyStatementIsLateToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t) // open since 1 September
	if got := h.late("2026-11-09"); !strings.Contains(got, "Aucun relevé reçu, attendu : jeudi 03/09") {
		t.Errorf("got %q", got)
	}
}
