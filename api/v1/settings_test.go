package v1_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheSettingsOfTheOrganisationAreReadAndChanged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, c := range []struct{ as, path, body, field, want string }{
		{"k.perrin", "/v1/settings/tolerances/others", `{"amount": "0.50", "days": 2}`, "amount", "0.50"},
		{"i.texier", "/v1/settings/tolerances/RSA", `{"amount": "1.00", "days": 0}`, "amount", "1.00"},
		{"k.perrin", "/v1/settings/payer_calendars/MSA", `{"third_party": false, "day": 7, "months_after": 1, "shift": "AFTER", "reason": "courrier"}`, "payer", "MSA"},
		{"k.perrin", "/v1/settings/bank_accounts/BK-0001", `{"pain_version": "001.03"}`, "pain_version", "001.03"},
		{"v.olivier", "/v1/settings/retention", `{"active_months": 12, "account_years": 11, "other_years": 5}`, "", ""},
		{"i.texier", "/v1/settings/suspense", `{"days": 21}`, "", ""},
		{"k.perrin", "/v1/settings/statement_delays/BK-POOL", `{"days": 4, "reason": "la banque est lente"}`, "", ""},
	} {
		d.ask(c.as, http.MethodPut, c.path, c.body).code(428, "precondition_required")
		d.tagged(c.as, c.path, http.MethodPut, c.path, c.body).wants(200)
		if got := d.ask(c.as, http.MethodGet, c.path, "").wants(200); c.field != "" && got.text(c.field) != c.want {
			t.Errorf("%s: got %s, want %s", c.path, got.Body, c.want)
		}
		d.ask(c.as, http.MethodPut, c.path, c.body, header{"If-Match", `"old"`}).code(412, "stale")
		d.ask("c.martin", http.MethodPut, c.path, c.body, header{"If-Match", `"old"`}).code(403, "forbidden")
	}
	if n := d.ask("c.martin", http.MethodGet, "/v1/settings/tolerances", "").wants(200).length("data"); n != 2 {
		t.Errorf("got %d tolerances, want 2", n)
	}
}

func TestTheSheetOfSettingsTellsOfNoPersonAndWhoHasChangedWhat(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const one, pool = "/v1/settings/bank_accounts/BK-0001", "/v1/settings/bank_accounts/BK-POOL"
	for _, path := range []string{one, pool} {
		d.tagged("k.perrin", path, http.MethodPut, path, `{"pain_version": "001.03"}`).wants(200)
	}
	sheet := d.ask("i.texier", http.MethodGet, "/v1/settings", "").wants(200)
	if n := sheet.length("bank_accounts"); n != 1 {
		t.Errorf("got %d accounts, want that of the association", n)
	}
	if n := sheet.length("changes"); n != 1 { // the account of a person is no setting
		t.Errorf("got %d changes, want 1: %s", n, sheet.Body)
	}
	if strings.Contains(string(sheet.Body), "BK-0001") {
		t.Error("the sheet names the account of a person")
	}
	d.ask("", http.MethodGet, "/v1/settings", "").code(401, "unauthenticated")
	d.ask("", http.MethodGet, "/v1/jobs", "").code(401, "unauthenticated")
}

func TestASettingOfNothingDoesNotExist(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.ask("k.perrin", http.MethodGet, "/v1/settings/bank_accounts/BK-NONE", "").code(404, "not_found")
	d.ask("k.perrin", http.MethodGet, "/v1/settings/statement_delays/BK-NONE", "").code(404, "not_found")
	d.ask("k.perrin", http.MethodGet, "/v1/settings/tolerances/NO_SUCH", "").code(404, "not_found")
	// Who routes money and who keeps accounts are not one person (5.1): the version of a file is no setting of an admin.
	const version = "/v1/settings/bank_accounts/BK-0001"
	d.tagged("i.texier", version, http.MethodPut, version, `{"pain_version": "001.03"}`).code(403, "forbidden")
}

func TestWhoeverWorksHereReadsWhoseBooksTheseAre(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, user := range []string{"c.martin", "e.quentin", "i.texier", "robot"} {
		got := d.ask(user, http.MethodGet, "/v1/organisation", "").wants(200)
		if got.get("in_production") != false || !isNumber(got.get("iban_hold_hours"), "72") {
			t.Errorf("%s reads %s", user, got.Body)
		}
	}
	d.ask("", http.MethodGet, "/v1/organisation", "").code(401, "unauthenticated")
}
