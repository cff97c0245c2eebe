package v1_test

import (
	"net/http"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
)

const (
	rentDebt = "/v1/debts/D-0001-LOYER"
	eva      = "/v1/mandates/M-0001"
)

// tagged asks with the tag of what a path shows now.
func (d *desk) tagged(user, of, method, path, body string) reply {
	d.t.Helper()
	tag := d.ask(user, http.MethodGet, of, "").wants(200).Header.Get("ETag")
	return d.ask(user, method, path, body, header{"If-Match", tag})
}

// dueUntil lets days go by without a run: what falls due is owed.
func (d *desk) dueUntil(day string) {
	d.t.Helper()
	d.at(day, 9)
	if _, err := d.house.Payments.FallDue(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// onDebt is a guarded act on the rent debt by its coordinator.
func (d *desk) onDebt(what, body string) reply {
	d.t.Helper()
	return d.tagged("c.martin", rentDebt, http.MethodPost, rentDebt+"/"+what, body)
}

func TestADebtFallsByWithholdingsAidsAndCorrections(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const withheld = `{"amount": "40.00", "on": "2026-11-04"}`
	if got := d.ask("c.martin", http.MethodPost, rentDebt+"/withholdings", withheld).wants(201); got.text("outstanding") != "600.00" {
		t.Errorf("got %s, want 600.00 left", got.Body)
	}
	d.ask("c.martin", http.MethodPost, rentDebt+"/withholdings", withheld).code(409, "same_movement")
	d.ask("c.martin", http.MethodPost, rentDebt+"/withholdings", `{"amount": "600.01", "on": "2026-11-05"}`).code(422, "debt_overpaid")
	d.ask("c.martin", http.MethodPost, rentDebt+"/withholdings", `{"amount": "1.00", "on": "2026-11-06"}`).wants(422)
	d.ask("c.martin", http.MethodPost, rentDebt+"/aids", `{"amount": "100.00", "on": "2026-11-05", "from": "FSL", "evidence": "décision 12"}`).wants(201)
	if got := d.onDebt("corrections", `{"owed": "512.30", "on": "2026-11-05", "evidence": "décompte"}`).wants(201); got.text("outstanding") != "512.30" {
		t.Errorf("got %s, want 512.30 left", got.Body)
	}
	got := d.ask("c.martin", http.MethodGet, rentDebt+"/movements?limit=2", "").wants(200)
	last := d.ask("c.martin", http.MethodGet, rentDebt+"/movements?limit=2&cursor="+got.text("next_cursor"), "").wants(200)
	if got.text("data", 0, "kind") != "OPENING" || last.text("data", 1, "outstanding") != "512.30" {
		t.Errorf("the life of the debt: %s\n%s", got.Body, last.Body)
	}
}

func TestAContestedDebtIsNotPaidAndItsContestEndsOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if got := d.onDebt("contests", `{"on": "2026-11-05"}`).wants(201); got.text("contested_on") != "2026-11-05" {
		t.Errorf("got %s, want contested", got.Body)
	}
	d.onDebt("contests", `{"on": "2026-11-05"}`).code(409, "contested")
	d.onDebt("contest_ends", `{"on": "2026-11-05", "reason": "désistement"}`).wants(201)
	d.onDebt("contest_ends", `{"on": "2026-11-05", "reason": "désistement"}`).code(409, "not_contested")
	d.ask("c.martin", http.MethodPost, rentDebt+"/contests", `{"on": "2026-11-05"}`, header{"If-Match", `"old"`}).code(412, "stale")
}

func TestADebtIsAddedAndGetsItsPlan(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const body = `{"debt": "D-0001-EAU", "creditor": "C-LUMEN", "kind": "ENERGY_ARREARS", "outstanding": "120.00", "recovery": "DIRECT"}`
	if got := d.ask("c.martin", http.MethodPost, eva+"/debts", body).wants(201); got.Header.Get("Location") != "/v1/debts/D-0001-EAU" {
		t.Errorf("the debt is at %q", got.Header.Get("Location"))
	}
	const plan = `{"instalment": "20.00", "from": "2026-12-10", "reference": "Dossier 12"}`
	got := d.tagged("c.martin", "/v1/debts/D-0001-EAU", http.MethodPost, "/v1/debts/D-0001-EAU/plans", plan).wants(201)
	if got.text("obligation") != "D-0001-EAU-P1" {
		t.Errorf("got %s, want the line of the plan", got.Body)
	}
	for _, c := range []struct{ body, pointer string }{
		{`{"debt": "D-9", "creditor": "C-NONE", "kind": "OTHER", "outstanding": "1.00"}`, "/creditor"},
		{`{"debt": "D-9", "creditor": "C-SELF-0002", "kind": "OTHER", "outstanding": "1.00"}`, "/creditor"}, // another's person's
		{`{"debt": "D-9", "creditor": "C-LUMEN", "kind": "OTHER"}`, "/outstanding"},
		{`{"debt": "D-9", "creditor": "C-LUMEN", "kind": "OTHER", "outstanding": "1.00", "from_arrears": true}`, "/outstanding"},
	} {
		if at := d.ask("c.martin", http.MethodPost, eva+"/debts", c.body).wants(422).text("errors", 0, "pointer"); at != c.pointer {
			t.Errorf("%s: the problem is at %q, want %q", c.body, at, c.pointer)
		}
	}
	d.ask("c.martin", http.MethodPost, eva+"/debts", `{"debt": "D-9", "creditor": "C-OFFICE", "kind": "RENT_ARREARS", "from_arrears": true}`).code(409, "no_arrears")
	d.ask("c.martin", http.MethodPost, eva+"/debts", `{"debt": "D-9", "creditor": "C-LUMEN", "kind": "OTHER", "outstanding": "1.00", "mandate": "M-0002"}`).code(400, "invalid_request")
}

func TestUnpaidRentsOfPastMonthsBecomeADebt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.dueUntil("2026-12-02")
	owed := d.ask("c.martin", http.MethodGet, "/v1/arrears", "").wants(200)
	if owed.length("data") != 1 || owed.text("data", 0, "amount") != "190.50" {
		t.Fatalf("got %s, want the rent of November", owed.Body)
	}
	const body = `{"debt": "D-0001-NOV", "creditor": "C-OFFICE", "kind": "RENT_ARREARS", "from_arrears": true}`
	if got := d.ask("c.martin", http.MethodPost, eva+"/debts", body).wants(201); got.text("outstanding") != "190.50" {
		t.Errorf("got %s, want 190.50 owed", got.Body)
	}
	if left := d.ask("c.martin", http.MethodGet, "/v1/arrears", "").wants(200); left.length("data") != 0 {
		t.Errorf("the rents are asked twice: %s", left.Body)
	}
}

func TestADebtOfAnotherCaseloadDoesNotExist(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, path := range []string{rentDebt, rentDebt + "/movements", eva + "/debts", eva + "/overindebtedness_steps", eva + "/aid_requests", "/v1/debts/D-NONE"} {
		d.ask("c.nadir", http.MethodGet, path, "").code(404, "not_found")
	}
	const day = `{"amount": "1.00", "on": "2026-11-05"}`
	d.ask("c.nadir", http.MethodPost, rentDebt+"/withholdings", day).code(404, "not_found")
	d.ask("c.nadir", http.MethodPost, rentDebt+"/contests", `{"on": "2026-11-05"}`, header{"If-Match", `"x"`}).code(404, "not_found")
	d.ask("k.perrin", http.MethodPost, rentDebt+"/withholdings", day).code(403, "forbidden")
	d.ask("e.quentin", http.MethodGet, rentDebt, "").wants(200)
	d.ask("e.texel", http.MethodGet, rentDebt, "").code(404, "not_found")
}

func TestAFileOfOverindebtednessGoesStepByStep(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const steps = eva + "/overindebtedness_steps"
	d.ask("c.martin", http.MethodPost, steps, `{"state": "ADMISSIBLE", "on": "2026-11-05"}`).code(422, "step_unknown")
	for _, state := range []string{"TO_BUILD", "SENT", "DEPOSITED", "ADMISSIBLE"} {
		d.ask("c.martin", http.MethodPost, steps, `{"state": "`+state+`", "on": "2026-11-05", "documents": ["bail"]}`).wants(201)
	}
	const imposed = `{"state": "MEASURES", "on": "2026-11-05", "plans": [{"debt": "%", "instalment": "10.00", "from": "2026-12-15"}]}`
	got := d.ask("c.martin", http.MethodPost, steps, replaced(imposed, "D-0003-ENERGIE")).wants(422)
	if at := got.text("errors", 0, "pointer"); at != "/plans/0/debt" {
		t.Errorf("the debt of another is at %q", at)
	}
	d.ask("c.martin", http.MethodPost, steps, replaced(imposed, "D-0001-LOYER")).wants(201)
	if n := d.ask("c.martin", http.MethodGet, steps, "").wants(200).length("data"); n != 5 {
		t.Errorf("got %d steps, want 5", n)
	}
}

func TestAnAidIsAskedForAndDecidedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const asked = eva + "/aid_requests"
	got := d.ask("c.martin", http.MethodPost, asked, `{"asked_on": "2026-11-04", "asked_of": "FSL", "purpose": "loyer"}`).wants(201)
	if !isNumber(got.get("request"), "1") {
		t.Errorf("got %s, want the first request", got.Body)
	}
	const decided = asked + "/1/decisions"
	d.ask("c.martin", http.MethodPost, decided, `{"on": "2026-11-05", "outcome": "GRANTED"}`).wants(201)
	d.ask("c.martin", http.MethodPost, decided, `{"on": "2026-11-05", "outcome": "REFUSED"}`).code(409, "no_open_request")
	d.ask("c.martin", http.MethodPost, asked+"/2/decisions", `{"on": "2026-11-05", "outcome": "REFUSED"}`).code(404, "not_found")
}

func TestAPartOfAnotherIsPaidByAgreementOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const paul = "/v1/mandates/M-0002"
	d.ask("c.nadir", http.MethodPost, paul+"/cover_agreements", `{"for": "M-0001", "signed_on": "2026-11-02", "evidence": "accord"}`).code(422, "unknown_reference")
	d.ask("c.nadir", http.MethodPost, paul+"/covers", `{"obligation": "O-0003-RENT", "day": "2026-11-08"}`).code(422, "no_agreement_to_pay_for_the_other")
	d.ask("c.nadir", http.MethodPost, paul+"/cover_agreements", `{"for": "M-0003", "signed_on": "2026-11-02", "evidence": "accord"}`).wants(201)
	got := d.ask("c.nadir", http.MethodGet, paul+"/cover_agreements", "").wants(200)
	if got.length("data") != 1 || got.text("data", 0, "for") != "M-0003" || got.text("data", 0, "evidence") != "accord" {
		t.Errorf("got %s, want the one agreement", got.Body)
	}
	d.ask("c.martin", http.MethodGet, paul+"/cover_agreements", "").code(404, "not_found")
	d.ask("c.martin", http.MethodPost, paul+"/cover_agreements", `{"for": "M-0001", "signed_on": "2026-11-02", "evidence": "accord"}`).code(404, "not_found")
}

func TestWhatNoSeizureTakesIsRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	err := d.house.Mandates.SetSeizureFloor(t.Context(), d.as("k.perrin"), civil.MustParse("2026-11-01"), money.Cents(660_00))
	if err != nil {
		t.Fatal(err)
	}
	got := d.ask("c.martin", http.MethodGet, "/v1/seizure_floors", "").wants(200)
	if n := got.length("data"); n < 2 || got.text("data", n-1, "from") != "2026-11-01" || got.text("data", n-1, "amount") != "660.00" {
		t.Errorf("got %s, want the floor of November last", got.Body)
	}
	d.ask("", http.MethodGet, "/v1/seizure_floors", "").code(401, "unauthenticated")
}

func TestAPetitionIsRefusedWithAllThatIsMissing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const whole = `{"domicile": "1 rue Inventée", "payers": ["CAF"], "landlord": "Office", "grounds": "impayés", "on": "2027-01-04", "signed_by": "président"}`
	got := d.ask("c.martin", http.MethodPost, eva+"/petitions", `{"domicile": "", "payers": [], "landlord": "", "grounds": "", "on": "2026-11-05", "signed_by": ""}`).wants(422)
	if got.length("errors") != 6 {
		t.Errorf("got %d problems, want all six at once\n%s", got.length("errors"), got.Body)
	}
	d.dueUntil("2027-01-04")
	if got = d.ask("c.martin", http.MethodPost, eva+"/petitions", whole).wants(200); got.text("last_name") != "Roux" {
		t.Errorf("got %s, want the petition filled in", got.Body)
	}
}
