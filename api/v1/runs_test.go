package v1_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// credit books a benefit received.
func (d *desk) credit(mandate, bank, amount string) {
	d.t.Helper()
	_, err := d.house.Ledger.Post(d.t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: fmt.Sprint("test ", mandate, d.keys.Add(1)), Label: "Prestation", Actor: "test",
		Postings: []ledger.Posting{{Debit: ledger.Bank(bank), Credit: ledger.Mandate(mandate), Amount: money.MustParse(amount)}},
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// richDesk is a desk on which each person has money for the month.
func richDesk(t testing.TB) *desk {
	t.Helper()
	d := newDesk(t)
	d.credit("M-0001", "BK-0001", "573.49")
	d.credit("M-0002", "BK-POOL", "1043.59")
	d.credit("M-0003", "BK-POOL", "1041.59")
	return d
}

const runs = "/v1/payment_runs"

// join lets somebody else work here.
func (d *desk) join(user string, caseload []string, roles ...auth.Role) {
	d.t.Helper()
	users := &auth.Service{DB: d.db.App}
	token, err := users.Add(d.t.Context(), auth.Principal{}, auth.User{ID: user, Name: "Nom de " + user, Roles: roles})
	if err == nil && len(caseload) > 0 {
		_, err = users.Assign(d.t.Context(), d.as("i.texier"), user, caseload, civil.Date{}, civil.Date{})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.knows(user, token)
}

// knows keeps a secret of this desk alone.
func (d *desk) knows(user, secret string) {
	d.tokens = maps.Clone(d.tokens)
	d.tokens[user] = secret
}

// as is who a user of the desk is.
func (d *desk) as(user string) auth.Principal {
	d.t.Helper()
	who, err := d.house.Auth.Authenticate(d.t.Context(), d.tokens[user])
	if err != nil {
		d.t.Fatal(err)
	}
	return who
}

// tag is the ETag of what a user reads.
func (d *desk) tag(user, path string) string {
	d.t.Helper()
	return d.get(user, path).wants(200).Header.Get("ETag")
}

// post sends a change; match is the ETag that was read, if the operation wants one.
func (d *desk) post(user, path, body, match string) reply {
	d.t.Helper()
	var more []header
	if match != "" {
		more = append(more, header{"If-Match", match})
	}
	return d.ask(user, http.MethodPost, path, body, more...)
}

func (d *desk) get(user, path string) reply {
	d.t.Helper()
	return d.ask(user, http.MethodGet, path, "")
}

// proposed is a draft of a coordinator's for her caseload.
func (d *desk) proposed(user string) (path string, got reply) {
	d.t.Helper()
	got = d.post(user, runs, `{"month": "2026-11", "on": "2026-11-09"}`, "").wants(201)
	return got.Header.Get("Location"), got
}

// decided decides every open exception as it was computed.
func (d *desk) decided(user, path string) reply {
	d.t.Helper()
	for {
		open := d.get(user, path+"/exceptions?open=true").wants(200)
		if open.length("data") == 0 {
			return d.get(user, path).wants(200)
		}
		no, _ := open.get("data", 0, "no").(json.Number)
		choice, _ := open.get("data", 0, "choices", 0).(string)
		body := fmt.Sprintf(`{"decision": %q, "reason": "vu avec la personne"}`, choice)
		d.post(user, path+"/exceptions/"+no.String()+"/decisions", body, d.get(user, path).Header.Get("ETag")).wants(201)
	}
}

// submitted is a run that waits for its approval.
func (d *desk) submitted(user string) (path string, got reply) {
	d.t.Helper()
	path, _ = d.proposed(user)
	d.decided(user, path)
	return path, d.post(user, path+"/submissions", "", "").wants(201)
}

// approved is a run that v.olivier has signed.
func (d *desk) approved(user string) (path string, got reply) {
	d.t.Helper()
	path, _ = d.submitted(user)
	return path, d.post("v.olivier", path+"/approvals", "", d.get("v.olivier", path).Header.Get("ETag")).wants(201)
}

func (d *desk) filed(user string) (path string, got reply) {
	d.t.Helper()
	path, _ = d.approved(user)
	return path, d.post("k.perrin", path+"/files", "", "").wants(201)
}

func TestARunGoesFromItsProposalToTheBank(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, draft := d.proposed("c.martin")
	if got := draft.text("state"); got != "draft" || path != runs+"/C-2026-11-1" {
		t.Errorf("got %s %s", path, got)
	}
	d.decided("c.martin", path)
	review := d.post("c.martin", path+"/submissions", "", "").wants(201)
	hash := review.text("content_hash")
	if tag := d.get("v.olivier", path).Header.Get("ETag"); tag != `"`+hash+`"` {
		t.Errorf("the ETag is %s, the content hash %s", tag, hash)
	}
	d.post("v.olivier", path+"/approvals", "", `"`+hash+`"`).wants(201)
	files := d.post("k.perrin", path+"/files", "", "").wants(201)
	if n := files.length("data"); n != 1 || files.text("data", 0, "content_hash") != hash {
		t.Errorf("got %s", files.Body)
	}
	d.post("k.perrin", path+"/hand_overs", "", "").wants(201)
	if got := d.get("c.martin", path).wants(200).text("state"); got != "handed_over" {
		t.Errorf("got %s", got)
	}
	if !strings.Contains(string(d.get("c.martin", runs).Body), "C-2026-11-1") {
		t.Error("the run is not in the list")
	}
}

func TestTheBodyOfARunIsAlwaysSent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	path, draft := d.proposed("c.martin")
	tag := draft.Header.Get("ETag")
	again := d.ask("c.martin", http.MethodGet, path, "", header{"If-None-Match", tag}).wants(200)
	if again.Header.Get("ETag") != tag || again.text("run") == "" {
		t.Errorf("got ETag %s, want %s\n%s", again.Header.Get("ETag"), tag, again.Body)
	}
	d.post("c.martin", path+"/comments", `{"mandate": "M-0001", "text": "Elle préfère le 10"}`, "").wants(201)
	if got := d.get("c.martin", path); got.Header.Get("ETag") != tag || got.length("comments") != 1 {
		t.Errorf("a comment is no content: ETag %s, want %s\n%s", got.Header.Get("ETag"), tag, got.Body)
	}
}

func TestACoordinatorPreparesWhatHerCaseloadReaches(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	for body, pointer := range map[string]string{
		`{"mandates": ["M-0001", "M-0002"]}`: "/mandates/1",
		`{"mandates": ["M-9999"]}`:           "/mandates/0",
		`{"remit": [{"mandate": "M-0002", "to": "C-SELF-0002", "on": ["2026-11-20"]}]}`: "/remit/0/mandate",
	} {
		got := d.post("c.martin", runs, body, "").code(422, "unknown_reference")
		if at := got.text("errors", 0, "pointer"); at != pointer {
			t.Errorf("%s: the problem is at %q, want %q", body, at, pointer)
		}
	}
	d.post("c.martin", "/v1/payouts", `{"purpose": "RESTITUTION", "mandate": "M-0002", "to": "C-SELF-0002"}`, "").code(422, "unknown_reference")
	path, draft := d.proposed("c.nadir")
	if n := draft.length("mandates"); n != 2 {
		t.Errorf("got %d mandates, want the two of her caseload", n)
	}
	theirs := d.get("c.martin", path).code(404, "not_found")
	none := d.get("c.martin", runs+"/C-2026-11-9").code(404, "not_found")
	if theirs.text("detail") != none.text("detail") || d.get("c.martin", runs).length("data") != 0 {
		t.Error("the run of others shows")
	}
	for _, act := range []string{"/submissions", "/cancellations"} {
		d.post("c.martin", path+act, "", "").code(404, "not_found")
		d.post("c.martin", runs+"/C-2026-11-9"+act, "", "").code(404, "not_found")
		for _, user := range []string{"e.texel", "k.perrin", "v.olivier", "robot", "i.texier"} {
			d.post(user, path+act, "", "").code(403, "forbidden")
		}
	}
}

func TestARunOfSeveralCaseloadsShowsEachCoordinatorHerOwnLines(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.join("c.both", []string{"M-0001", "M-0002"}, auth.Coordinator)
	path, all := d.proposed("c.both")
	if n := all.length("mandates"); n != 2 {
		t.Fatalf("got %d mandates, want 2", n)
	}
	mine := d.get("c.martin", path).wants(200)
	if n := mine.length("mandates"); n != 1 || strings.Contains(string(mine.Body), "M-0002") || strings.Contains(string(mine.Body), "Garnier") {
		t.Errorf("got %s, want M-0001 alone", mine.Body)
	}
	if mine.Header.Get("ETag") != all.Header.Get("ETag") {
		t.Error("the content of a run depends on who reads it")
	}
	energy := `{"kind": "DEFER", "mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12", "reason": "accord"}`
	d.post("c.martin", path+"/adjustments", energy, mine.Header.Get("ETag")).code(403, "others_mandates")
	d.post("c.martin", path+"/submissions", "", "").code(403, "others_mandates")
	d.post("c.martin", path+"/cancellations", "", "").code(403, "others_mandates")
	d.post("c.martin", path+"/comments", `{"mandate": "M-0001", "text": "Elle est d'accord"}`, "").wants(201)
	d.post("c.both", path+"/adjustments", energy, mine.Header.Get("ETag")).wants(201)
	d.decided("c.both", path)
	d.post("c.both", path+"/submissions", "", "").wants(201)
}

func TestAnAuditorReadsHisDepartmentWithMaskedAccountsAndChangesNothing(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, draft := d.proposed("c.martin")
	whole := draft.text("mandates", 0, "transfers", 0, "iban")
	got := d.get("e.quentin", path).wants(200)
	if iban := got.text("mandates", 0, "transfers", 0, "iban"); iban == whole || iban == "" {
		t.Errorf("got IBAN %q, want it masked", iban)
	}
	d.get("e.texel", path).wants(404)
	d.post("e.quentin", runs, `{}`, "").code(403, "forbidden")
	d.post("e.quentin", path+"/comments", `{"mandate": "M-0001", "text": "bien"}`, "").code(403, "forbidden")
}

func TestAComputationWritesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var before int
	count := `SELECT (SELECT count(*) FROM masp.runs) + (SELECT count(*) FROM masp.audit_log) + (SELECT count(*) FROM masp.dues)`
	d.scan(count, &before)
	body := `{"mandates": ["M-0001"], "suppose": {"credits": [{"mandate": "M-0001", "amount": "573.49"}],
		"amounts": [{"mandate": "M-0001", "obligation": "O-0001-ENERGY", "amount": "52.00"}]}}`
	got := d.post("c.martin", "/v1/payment_run_computations", body, "").wants(200)
	if paid := got.text("mandates", 0, "lines", 2, "paid"); paid != "52.00" {
		t.Errorf("the energy is paid %s, want 52.00\n%s", paid, got.Body)
	}
	var after int
	if d.scan(count, &after); after != before {
		t.Errorf("%d rows were written", after-before)
	}
	other := `{"suppose": {"amounts": [{"mandate": "M-0001", "obligation": "O-0002-RENT", "amount": "1.00"}]}}`
	refused := d.post("c.martin", "/v1/payment_run_computations", other, "").code(422, "unknown_reference")
	if at := refused.text("errors", 0, "pointer"); at != "/suppose/amounts/0/obligation" {
		t.Errorf("the problem is at %q", at)
	}
}

// scan reads one figure of the database.
func (d *desk) scan(sql string, into any, args ...any) {
	d.t.Helper()
	if err := d.db.App.QueryRow(d.t.Context(), sql, args...).Scan(into); err != nil {
		d.t.Fatal(err)
	}
}

func TestTheSettingsOfRunsAreChangedByWhoMay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const path = "/v1/settings/payment_runs"
	put := func(user, path, body, match string) reply {
		return d.ask(user, http.MethodPut, path, body, header{"If-Match", match})
	}
	tag := d.tag("i.texier", path)
	body := `{"amount": "5.00", "percent": 10, "days": 60}`
	put("v.olivier", path, body, tag).code(403, "forbidden")
	put("c.martin", path, body, tag).code(403, "forbidden")
	put("i.texier", path, body, `"other"`).code(412, "stale")
	put("i.texier", path, body, tag).wants(200)
	put("i.texier", path, body, tag).code(412, "stale")
	const second = "/v1/settings/second_approval"
	put("k.perrin", second, `{"from": "100.00"}`, d.tag("k.perrin", second)).wants(200)
	if got := d.get("i.texier", second).text("from"); got != "100.00" {
		t.Errorf("got %s, want 100.00", got)
	}
	put("k.perrin", second, `{}`, d.tag("k.perrin", second)).wants(200)
	if got := d.get("i.texier", second).get("from"); got != nil {
		t.Errorf("got %v, want none", got)
	}
}
