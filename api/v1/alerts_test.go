package v1_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments/worklist"
)

const alerts = "/v1/alerts"

// replaced is a body with what stands for %.
func replaced(body, with string) string { return strings.ReplaceAll(body, "%", with) }

// raise lets something happen that somebody must look at.
func (d *desk) raise(all ...worklist.Alert) {
	d.t.Helper()
	err := ledger.InTx(d.t.Context(), d.db.App, func(tx pgx.Tx) error {
		today, err := ledger.Today(d.t.Context(), tx)
		for i := range all {
			all[i].On, all[i].Source = today, "test "+all[i].Code+all[i].Mandate+all[i].Subject
		}
		if err != nil {
			return err
		}
		return worklist.RaiseTx(d.t.Context(), tx, all...)
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// alarmed is a desk on which four things have happened.
func alarmed(t testing.TB) *desk {
	t.Helper()
	d := newDesk(t)
	d.raise(
		worklist.Alert{Code: worklist.BalanceNotReturned, Mandate: "M-0001", Subject: "solde", Amount: money.Cents(573_49), Text: "Rendez le solde (masp payout propose)."},
		worklist.Alert{Code: worklist.RentUnpaid, Mandate: "M-0001", Subject: "O-0001-RENT", Text: "Loyer impayé."},
		worklist.Alert{Code: worklist.RentUnpaid, Mandate: "M-0002", Subject: "O-0002-RENT", Text: "Loyer impayé."},
		worklist.Alert{Code: worklist.CreditUnidentified, Subject: "VIR INCONNU", Text: "Inconnu.", Details: map[string]string{"line": "17"}},
	)
	return d
}

func TestTheWorklistShowsTheUrgentFirstAndHidesTheNumbersOfRows(t *testing.T) {
	t.Parallel()
	d := alarmed(t)
	got := d.ask("v.olivier", http.MethodGet, alerts+"?limit=3", "").wants(200)
	last := d.ask("v.olivier", http.MethodGet, alerts+"?limit=3&cursor="+got.text("next_cursor"), "").wants(200)
	for i, want := range []string{"M-0001", "M-0002", "M-0001"} {
		if got.text("data", i, "mandate") != want {
			t.Errorf("alert %d is of %q, want %q\n%s", i, got.text("data", i, "mandate"), want, got.Body)
		}
	}
	if text := got.text("data", 2, "text"); strings.Contains(text, "masp ") {
		t.Errorf("a command of the terminal stands in %q", text)
	}
	kinds := d.ask("v.olivier", http.MethodGet, "/v1/alert_kinds?limit=500", "").wants(200)
	if kinds.length("data") < 30 || strings.Contains(string(kinds.Body), "masp ") {
		t.Errorf("the kinds: %s", kinds.Body)
	}
	if line := last.text("data", 0, "details", "line"); last.length("data") != 1 || !strings.HasPrefix(line, "lin_") {
		t.Errorf("got %s, want the unidentified credit by its sealed line", last.Body)
	}
	if n := d.ask("v.olivier", http.MethodGet, alerts+"?severity=urgent&mandate=M-0002", "").wants(200).length("data"); n != 1 {
		t.Errorf("got %d urgent alerts of M-0002, want 1", n)
	}
}

func TestAnAlertIsGivenSleepsAndIsClosedOnce(t *testing.T) {
	t.Parallel()
	d := alarmed(t)
	mine := d.ask("c.martin", http.MethodGet, alerts, "").wants(200)
	if mine.length("data") != 2 {
		t.Fatalf("a coordinator sees %s, want her two", mine.Body)
	}
	one := alerts + "/" + mine.text("data", 0, "alert")
	act := func(what, body string) reply { return d.tagged("c.martin", one, http.MethodPost, one+"/"+what, body) }
	if got := act("assignments", `{"user": "k.perrin"}`).wants(201); got.text("user") != "k.perrin" {
		t.Errorf("got %s, want it given", got.Body)
	}
	if at := act("assignments", `{"user": "nobody.here"}`).wants(422).text("errors", 0, "pointer"); at != "/user" {
		t.Errorf("an unknown user is at %q", at)
	}
	act("snoozes", `{"until": "2026-11-05", "reason": "demain"}`).wants(422)
	if got := act("snoozes", `{"until": "2026-11-06", "reason": "demain"}`).wants(201); got.text("state") != "asleep" {
		t.Errorf("got %s, want asleep", got.Body)
	}
	if n := d.ask("c.martin", http.MethodGet, alerts, "").length("data"); n != 1 {
		t.Errorf("%d alerts are awake, want 1", n)
	}
	if got := act("closures", `{"reason": "payé"}`).wants(201); got.text("closed_by") != "c.martin" {
		t.Errorf("got %s, want closed by her", got.Body)
	}
	act("closures", `{"reason": "payé"}`).code(409, "alert_closed")
	d.ask("c.nadir", http.MethodGet, one, "").code(404, "not_found")
	d.ask("c.nadir", http.MethodPost, one+"/closures", `{"reason": "payé"}`, header{"If-Match", `"x"`}).code(404, "not_found")
	d.ask("robot", http.MethodPost, one+"/closures", `{"reason": "payé"}`, header{"If-Match", `"x"`}).code(403, "forbidden")
	d.ask("c.martin", http.MethodGet, alerts+"/alt_00000000000000000000000000", "").code(404, "not_found")
	if n := d.ask("c.martin", http.MethodGet, alerts+"?state=all", "").length("data"); n != 2 {
		t.Errorf("%d alerts in all, want 2", n)
	}
}

// A list, one reading and an act: each is asked of PostgreSQL as masp_reach, and of the service.
func TestAnAlertOfNobodyIsSeenByWhomItIsGivenTo(t *testing.T) {
	t.Parallel()
	d := alarmed(t)
	all := d.ask("v.olivier", http.MethodGet, alerts+"?code="+string(worklist.CreditUnidentified), "").wants(200)
	one := alerts + "/" + all.text("data", 0, "alert")
	d.ask("c.martin", http.MethodGet, one, "").code(404, "not_found")
	d.tagged("v.olivier", one, http.MethodPost, one+"/assignments", `{"user": "c.martin"}`).wants(201)
	if got := d.ask("c.martin", http.MethodGet, one, "").wants(200); got.text("user") != "c.martin" {
		t.Errorf("got %s", got.Body)
	}
	for user, want := range map[string]int{"c.martin": 3, "c.nadir": 1} {
		if n := d.ask(user, http.MethodGet, alerts, "").wants(200).length("data"); n != want {
			t.Errorf("%s sees %d alerts, want %d", user, n, want)
		}
	}
	d.ask("c.nadir", http.MethodGet, one, "").code(404, "not_found")
	d.tagged("c.martin", one, http.MethodPost, one+"/assignments", `{"user": "c.nadir"}`).wants(201)
	d.ask("c.martin", http.MethodGet, one, "").code(404, "not_found")
	d.tagged("c.nadir", one, http.MethodPost, one+"/closures", `{"reason": "trouvé"}`).wants(201)
}

func TestAPayerIsAskedAndConfirms(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const changes, confirmed = "/v1/payer_changes", "/v1/payer_confirmations"
	const caf = `{"mandate": "M-0001", "payer": "CAF", "direction": "START"}`
	d.ask("c.martin", http.MethodPost, confirmed, caf).code(409, "not_asked")
	d.ask("c.martin", http.MethodPost, changes, caf).wants(201)
	d.ask("c.martin", http.MethodPost, changes, caf).code(409, "asked_already")
	if got := d.ask("c.martin", http.MethodPost, confirmed, caf).wants(201); got.text("confirmed_by") != "c.martin" {
		t.Errorf("got %s, want confirmed", got.Body)
	}
	if n := d.ask("c.nadir", http.MethodGet, changes, "").wants(200).length("data"); n != 0 {
		t.Errorf("another sees %d requests", n)
	}
	d.ask("c.nadir", http.MethodPost, changes, caf).code(422, "unknown_reference")
	d.ask("robot", http.MethodPost, changes, caf).code(403, "forbidden")
}
