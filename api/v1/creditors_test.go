package v1_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

const (
	creditors = "/v1/creditors"
	office    = creditors + "/C-OFFICE"
	oldIBAN   = "FR7699999002000000000300158" // of C-OFFICE
	newIBAN   = "FR7699999002000000000300546"
)

// propose lets a user propose an IBAN for a creditor.
func (d *desk) propose(user, creditor, iban string) reply {
	d.t.Helper()
	return d.ask(user, http.MethodPost, creditors+"/"+creditor+"/iban_changes", `{"iban": "`+iban+`", "evidence": "RIB reçu le 4 novembre"}`)
}

// confirm lets a user confirm the version of an IBAN that he reads now.
func (d *desk) confirm(user, creditor, version string) reply {
	d.t.Helper()
	tag := d.ask(user, http.MethodGet, creditors+"/"+creditor, "").wants(200).Header.Get("ETag")
	return d.ask(user, http.MethodPost, creditors+"/"+creditor+"/iban_changes/"+version+"/confirmations", "", header{"If-Match", tag})
}

// after moves the clock to so long after nine o'clock of 5 November.
func (d *desk) after(wait time.Duration) { d.db.SetClock(d.t, moment("2026-11-05", 9).Add(wait)) }

// signs are the codes of what is unusual about a change.
func (r reply) signs() (codes []string) {
	for i := range r.length("signs") {
		codes = append(codes, r.text("signs", i, "code"))
	}
	return codes
}

func TestAnIBANThatOnePersonChangedIsNotPayable(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.propose("c.martin", "C-OFFICE", newIBAN).wants(201)
	d.after(30 * 24 * time.Hour)
	got := d.ask("c.martin", http.MethodGet, office, "").wants(200)
	if state, pays := got.text("state"), got.get("payable_version"); state != "to_confirm" || !isNumber(pays, "1") {
		t.Errorf("got %s and version %v paid, want to_confirm and the old IBAN\n%s", state, pays, got.Body)
	}
}

func isNumber(got any, want string) bool {
	n, ok := got.(interface{ String() string })
	return ok && n.String() == want
}

func TestWhoProposedAnIBANNeverConfirmsIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.propose("c.martin", "C-OFFICE", newIBAN).wants(201)
	d.confirm("c.martin", "C-OFFICE", "2").code(403, "same_person")
	d.confirm("c.nadir", "C-OFFICE", "2").wants(201)
	d.confirm("v.olivier", "C-OFFICE", "2").code(409, "nothing_to_confirm")
	d.confirm("v.olivier", "C-OFFICE", "3").code(409, "nothing_to_confirm")
}

func TestAnIBANIsPaidAfterSeventyTwoHoursAndNotAMinuteBefore(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.propose("c.martin", "C-OFFICE", newIBAN).wants(201)
	d.confirm("k.perrin", "C-OFFICE", "2").wants(201)
	d.after(71*time.Hour + 59*time.Minute)
	if got := d.ask("c.martin", http.MethodGet, office, "").wants(200); got.text("state") != "held" {
		t.Errorf("after 71 h 59: got %s, want held", got.Body)
	}
	if iban := d.paidTo("C-OFFICE"); iban != oldIBAN {
		t.Errorf("after 71 h 59 a run pays %s, want the old IBAN", iban)
	}
	d.after(72*time.Hour + time.Minute)
	if got := d.ask("c.martin", http.MethodGet, office, "").wants(200); got.text("state") != "payable" {
		t.Errorf("after 72 h 01: got %s, want payable", got.Body)
	}
	if iban := d.paidTo("C-OFFICE"); iban != newIBAN {
		t.Errorf("after 72 h 01 a run pays %s, want the new IBAN", iban)
	}
}

func TestAPayeeWithoutAnOldIBANIsPaidByNobodyBeforeItsWaitIsOver(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.ask("c.martin", http.MethodPost, creditors, `{"creditor": "C-EAU", "name": "Régie des Eaux", "kind": "WATER",
		"iban": "`+newIBAN+`", "evidence": "RIB du 4 novembre"}`).wants(201)
	d.confirm("v.royer", "C-EAU", "1").wants(201)
	err := d.house.Mandates.AddObligation(t.Context(), d.as("c.martin"), mandates.Obligation{
		ID: "O-0001-EAU", Mandate: "M-0001", Class: mandates.HousingOther, Creditor: "C-EAU", Amount: money.Cents(12_00),
		Label: "Eau", Reference: "Eau 12", Frequency: mandates.Monthly, From: civil.MustParse("2026-11-12"), DueDay: 12,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.after(71*time.Hour + 59*time.Minute)
	if iban := d.paidTo("C-EAU"); iban != "" {
		t.Errorf("after 71 h 59 a run pays %s, want nothing", iban)
	}
	d.after(72*time.Hour + time.Minute)
	if iban := d.paidTo("C-EAU"); iban != newIBAN {
		t.Errorf("after 72 h 01 a run pays %q, want the new payee", iban)
	}
}

// paidTo is the IBAN to which a run of c.martin would pay a creditor.
func (d *desk) paidTo(creditor string) string {
	d.t.Helper()
	got := d.ask("c.martin", http.MethodPost, "/v1/payment_run_computations", `{"mandates": ["M-0001"]}`).wants(200)
	for i := range got.length("mandates", 0, "transfers") {
		if got.text("mandates", 0, "transfers", i, "creditor") == creditor {
			return got.text("mandates", 0, "transfers", i, "iban")
		}
	}
	return ""
}

func TestAnIBANThatChangesDuringARunStopsTheRun(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.propose("c.nadir", "C-OFFICE", newIBAN).wants(201)
	d.confirm("v.royer", "C-OFFICE", "2").wants(201)
	run := d.ask("c.martin", http.MethodPost, runs, `{"month": "2026-11", "on": "2026-11-12", "mandates": ["M-0001"]}`).wants(201).Header.Get("Location")
	d.ask("c.martin", http.MethodPost, run+"/submissions", "").wants(201)
	if got := d.change("C-OFFICE", "2"); !slices.Contains(got.signs(), "RUN_IN_PROGRESS") {
		t.Errorf("got %v, want RUN_IN_PROGRESS", got.signs())
	}
	d.after(72*time.Hour + time.Minute)
	tag := d.ask("v.olivier", http.MethodGet, run, "").wants(200).Header.Get("ETag")
	d.ask("v.olivier", http.MethodPost, run+"/approvals", "", header{"If-Match", tag}).code(409, "line_replaced")
}

// change is one version of the IBAN of a creditor as a body of its own.
func (d *desk) change(creditor, version string) reply {
	d.t.Helper()
	got := d.ask("v.olivier", http.MethodGet, "/v1/iban_changes?creditor="+creditor, "").wants(200)
	for i := range got.length("data") {
		if isNumber(got.get("data", i, "version"), version) {
			got.Body, _ = json.Marshal(got.get("data", i)) // what was read can be written
			return got
		}
	}
	d.t.Fatalf("no version %s of %s\n%s", version, creditor, got.Body)
	return got
}

func TestWhatIsUnusualAboutAnIBANIsToldToTheSecondPerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.propose("c.martin", "C-OFFICE", newIBAN).wants(201)
	for _, c := range []struct{ what, creditor, iban, want string }{
		{"back and forth", "C-OFFICE", oldIBAN, "CHANGED_BACK"},
		{"another payee's", "C-ABRI", "FR7699999002000000000300255", "SHARED_IBAN"},
		{"the account of a person who is helped", "C-LUMEN", "FR7699999003000000000400120", "SHARED_IBAN"},
		{"our own account", "C-ABRI", "FR7699999001000000000100189", "ACCOUNT_OF_ORGANISATION"},
		{"a foreign account", "C-ABRI", "DE89370400440532013000", "FOREIGN_ACCOUNT"},
	} {
		if got := d.propose("c.martin", c.creditor, c.iban).wants(201); !slices.Contains(got.signs(), c.want) {
			t.Errorf("%s: got %v, want %s", c.what, got.signs(), c.want)
		}
	}
	all := d.ask("v.olivier", http.MethodGet, "/v1/iban_changes?creditor=C-LUMEN", "").wants(200)
	if !strings.Contains(string(all.Body), "ACCOUNT_OF_A_PERSON") {
		t.Errorf("who sees every person reads %s", all.Body)
	}
	d.propose("c.martin", "C-ABRI", "TN5910006035183598478831").code(422, "iban_outside_sepa")
	got := d.propose("c.martin", "C-ABRI", "FR7699999002000000000300447").code(422, "iban_invalid")
	if at := got.text("errors", 0, "pointer"); at != "/iban" {
		t.Errorf("the wrong IBAN is at %q, want /iban", at)
	}
	d.propose("c.martin", "C-OFFICE", oldIBAN).code(409, "same_iban")
	d.ask("c.martin", http.MethodPost, office+"/iban_changes", `{"iban": "`+newIBAN+`", "evidence": "   "}`).code(422, "no_evidence")
}

func TestAPersonsAccountIsNamedOnlyToWhoReachesThePerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	shared := d.propose("c.martin", "C-LUMEN", "FR7699999003000000000400217").wants(201) // of M-0002
	if named := shared.length("signs", 0, "creditors"); named != 0 {
		t.Errorf("the account of another's person is named: %s", shared.Body)
	}
	d.ask("c.nadir", http.MethodGet, creditors+"/C-SELF-0002", "").wants(200)
	d.ask("c.martin", http.MethodGet, creditors+"/C-SELF-0002", "").code(404, "not_found")
	d.propose("c.martin", "C-SELF-0002", newIBAN).code(404, "not_found")
	all := d.ask("c.martin", http.MethodGet, creditors, "").wants(200)
	if strings.Contains(string(all.Body), "C-SELF-0003") || !strings.Contains(string(all.Body), "C-SELF-0001") {
		t.Errorf("a coordinator lists the accounts of others' persons\n%s", all.Body)
	}
	d.ask("c.martin", http.MethodPost, creditors, `{"creditor": "C-SELF-9", "name": "Paul Garnier", "kind": "BENEFICIARY",
		"beneficiary": "B-0002", "iban": "`+newIBAN+`", "evidence": "RIB de la personne"}`).code(422, "unknown_reference")
}

func TestAnAuditorSeesIBANsByTheirEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, path := range []string{office, creditors, "/v1/iban_changes", "/v1/iban_changes?creditor=C-OFFICE"} {
		got := d.ask("e.quentin", http.MethodGet, path, "").wants(200)
		if strings.Contains(string(got.Body), oldIBAN) || !strings.Contains(string(got.Body), "FR76…0158") {
			t.Errorf("%s: an auditor reads a whole IBAN, or none\n%s", path, got.Body)
		}
	}
	if got := d.ask("k.perrin", http.MethodGet, office, "").wants(200); got.text("iban") != oldIBAN {
		t.Errorf("who pays by an IBAN does not read it\n%s", got.Body)
	}
	d.ask("i.texier", http.MethodGet, office, "").code(403, "forbidden")
	d.propose("v.olivier", "C-OFFICE", newIBAN).code(403, "forbidden")
}

func TestAConfirmationIsOfTheIBANThatWasRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.propose("c.martin", "C-OFFICE", newIBAN).wants(201)
	read := d.ask("v.olivier", http.MethodGet, office, "").Header.Get("ETag")
	d.propose("c.martin", "C-OFFICE", "FR7699999002000000000300449").wants(201)
	const second = office + "/iban_changes/2/confirmations"
	d.ask("v.olivier", http.MethodPost, second, "", header{"If-Match", read}).code(412, "stale")
	d.confirm("v.olivier", "C-OFFICE", "2").code(412, "stale")
	d.ask("v.olivier", http.MethodPost, second, "").code(428, "precondition_required")
	if got := d.change("C-OFFICE", "2").text("state"); got != "superseded" {
		t.Errorf("the first proposal is %q, want superseded", got)
	}
}

func TestTheIBANsOfALoadAreSignedByTwo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	load := d.ask("v.olivier", http.MethodGet, office, "").wants(200).text("load")
	got := d.ask("v.olivier", http.MethodPost, "/v1/loads/"+load+"/signatures", "").wants(201)
	if got.get("payable") != true {
		t.Errorf("got %s, want payable", got.Body)
	}
	d.ask("v.olivier", http.MethodPost, "/v1/loads/"+strings.Repeat("0", 64)+"/signatures", "").code(404, "no_such_load")
	d.ask("robot", http.MethodPost, "/v1/loads/"+load+"/signatures", "").code(403, "forbidden")
}
