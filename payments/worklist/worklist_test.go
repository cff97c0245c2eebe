package worklist_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/worklist"
)

func TestTheSameEventIsRaisedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a := alert("RENT_UNPAID", "M-1", "2026-11-05", "run 1")
	a.Details = map[string]string{"line": "O-1@2026-11-05"}
	h.raise(a, a, alert("MEASURE_ENDED", "M-2", "2026-11-06", "end M-2"))
	h.raise(a)
	got, err := h.Raised(t.Context())
	h.must(err)
	if len(got) != 2 || got[0].Code != "RENT_UNPAID" || got[0].Details["line"] != "O-1@2026-11-05" ||
		got[0].Amount != a.Amount || got[1].Details == nil {
		t.Errorf("got %+v, want both alerts once, in their order, with their details", got)
	}
}

func TestTheListShowsTheUrgentThenTheOldest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.raise(
		alert("MEASURE_ENDED", "M-1", "2026-11-01", "1"), alert("RUN_REFUSED", "M-2", "2026-11-02", "2"),
		alert("BENEFIT_MISSING", "M-2", "2026-11-08", "3"), alert("RENT_UNPAID", "M-1", "2026-11-05", "4"),
		alert("OF_TOMORROW", "", "2026-11-01", "5"),
	)
	for _, c := range []struct {
		f    worklist.Filter
		want string
	}{
		{worklist.Filter{}, "RENT_UNPAID/M-1 BENEFIT_MISSING/M-2 OF_TOMORROW RUN_REFUSED/M-2 MEASURE_ENDED/M-1"},
		{worklist.Filter{Mandate: "M-2"}, "BENEFIT_MISSING/M-2 RUN_REFUSED/M-2"},
		{worklist.Filter{Code: "RENT_UNPAID"}, "RENT_UNPAID/M-1"},
		{worklist.Filter{User: "bruno"}, ""},
		{worklist.Filter{User: "anne", Mandate: "M-1"}, "RENT_UNPAID/M-1 MEASURE_ENDED/M-1"},
		{worklist.Filter{State: worklist.Closed}, ""},
	} {
		if got := h.codes(c.f); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.f, got, c.want)
		}
	}
}

func TestAnAlertGoesFromHandToHandSleepsAndIsClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	h.raise(alert("RENT_UNPAID", "M-1", "2026-11-05", "first"))
	id := h.list(worklist.Filter{})[0].ID
	h.must(h.Assign(ctx, h.anne, id, "bruno"))
	if got := h.codes(worklist.Filter{User: "anne"}) + "|" + h.codes(worklist.Filter{User: "bruno"}); got != "|RENT_UNPAID/M-1" {
		t.Errorf("got %s, want the alert with bruno", got)
	}
	h.must(h.Assign(ctx, h.bruno, id, ""))
	h.must(h.Snooze(ctx, h.anne, id, civil.MustParse("2026-11-12"), "le bailleur rappelle jeudi"))
	if got := h.codes(worklist.Filter{}) + "|" + h.codes(worklist.Filter{State: worklist.Asleep}); got != "|RENT_UNPAID/M-1" {
		t.Errorf("got %s, want it asleep", got)
	}
	h.on("2026-11-12")
	if got := h.list(worklist.Filter{User: "anne"}); len(got) != 1 {
		t.Errorf("got %+v, want it awake with the coordinator of the mandate", got)
	}
	h.must(h.Close(ctx, h.bruno, id, "loyer payé par le FSL"))
	closed := h.list(worklist.Filter{State: worklist.Closed})
	if len(closed) != 1 || closed[0].ClosedBy != "bruno" || closed[0].Reason != "loyer payé par le FSL" || closed[0].ClosedAt == nil {
		t.Errorf("got %+v, want it closed by bruno for his reason", closed)
	}
	h.raise(alert("RENT_UNPAID", "M-1", "2026-11-05", "first"), alert("RENT_UNPAID", "M-1", "2026-12-05", "second"))
	if again := h.list(worklist.Filter{}); len(again) != 1 || again[0].Source != "second" || again[0].Before != 1 {
		t.Errorf("got %+v, want the new event alone, the second of its kind", again)
	}
	if n := h.number(`SELECT count(*) FROM masp.audit_log WHERE object_type = 'alert' AND object_id = ($1::bigint)::text`, id); n != 4 {
		t.Errorf("got %d acts, want one for each change", n)
	}
}

func TestWhoMayNotOrSaysTooLittleChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := t.Context()
	h.raise(alert("RENT_UNPAID", "M-1", "2026-11-05", "first"), alert("RENT_UNPAID", "M-1", "2026-11-06", "second"))
	items := h.list(worklist.Filter{})
	id, closed := items[0].ID, items[1].ID
	h.must(h.Close(ctx, h.anne, closed, "vu"))
	tomorrow := civil.MustParse("2026-11-10")
	for _, c := range []struct {
		name string
		err  error
		want error
	}{
		{"an auditor", h.Close(ctx, h.eve, id, "vu"), worklist.ErrRole},
		{"nobody", h.Close(ctx, auth.Principal{}, id, "vu"), worklist.ErrToken},
		{"no reason", h.Close(ctx, h.anne, id, " "), worklist.ErrReason},
		{"closed twice", h.Close(ctx, h.anne, closed, "vu"), worklist.ErrClosed},
		{"a closed one given away", h.Assign(ctx, h.anne, closed, "bruno"), worklist.ErrClosed},
		{"nothing", h.Close(ctx, h.anne, 99, "vu"), worklist.ErrNoAlert},
		{"to a stranger", h.Assign(ctx, h.anne, id, "zoe"), worklist.ErrNoUser},
		{"until today", h.Snooze(ctx, h.anne, id, civil.MustParse("2026-11-09"), "vu"), worklist.ErrPast},
		{"asleep without reason", h.Snooze(ctx, h.anne, id, tomorrow, ""), worklist.ErrReason},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, c.err, c.want)
		}
	}
	if got := h.codes(worklist.Filter{}); got != "RENT_UNPAID/M-1" {
		t.Errorf("got %s, want the open alert as it was", got)
	}
}

func TestPostgreSQLKeepsTheFactsAndTheClosedOnes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.raise(alert("RENT_UNPAID", "M-1", "2026-11-05", "first"))
	for _, sql := range []string{
		`UPDATE masp.alerts SET text = 'rien'`, `UPDATE masp.alerts SET code = 'RIEN'`, `DELETE FROM masp.alerts`,
		`UPDATE masp.alerts SET closed_at = masp.now()`, `UPDATE masp.alerts SET closed_at = masp.now(), closed_reason = ''`,
		`UPDATE masp.alerts SET closed_by = 'anne'`,
	} {
		if _, err := h.db.App.Exec(t.Context(), sql); err == nil {
			t.Errorf("the program may do: %s", sql)
		}
	}
	h.must(h.Close(t.Context(), h.anne, h.list(worklist.Filter{})[0].ID, "vu"))
	if _, err := h.db.Owner.Exec(t.Context(), `UPDATE masp.alerts SET closed_at = NULL, closed_by = NULL, closed_reason = NULL`); err == nil ||
		!strings.Contains(err.Error(), "MA026") {
		t.Errorf("got %v, want MA026: a closed alert stays closed", err)
	}
}

func TestTheFactsCloseWhatTheyCured(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.raise(alert("BENEFIT_MISSING", "M-1", "2026-11-05", "a"), alert("BENEFIT_MISSING", "M-2", "2026-11-05", "b"))
	for _, want := range []int{1, 0} {
		h.must(pgx.BeginFunc(t.Context(), h.db.App, func(tx pgx.Tx) error {
			n, err := worklist.CureTx(t.Context(), tx, "arrivée", "a", "unknown")
			if n != want {
				t.Errorf("got %d closed, want %d", n, want)
			}
			return err
		}))
	}
	if got := h.list(worklist.Filter{State: worklist.Closed}); len(got) != 1 || got[0].ClosedBy != "" || got[0].Reason != "arrivée" {
		t.Errorf("got %+v, want one closed by nobody", got)
	}
}

func TestEachKindSaysWhatToDo(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range worklist.Kinds() {
		if seen[k.Code] || k.Label == "" || !strings.HasSuffix(k.ToDo, ".") {
			t.Errorf("%+v: want each code once, with a label and a sentence", k)
		}
		seen[k.Code] = true
	}
	if got := worklist.KindOf("OF_TOMORROW"); got.Severity != worklist.Soon || got.Label != "OF_TOMORROW" {
		t.Errorf("got %+v, want an unknown code looked at soon", got)
	}
}
