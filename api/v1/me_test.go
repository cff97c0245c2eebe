package v1_test

import (
	"slices"
	"testing"

	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
)

func TestAPersonSeesHerOwnMoneyAndNobodyElses(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	b := d.entered("c.martin", "M-0001")
	account := b.send("GET", "/v1/me/account", "").wants(200)
	if account.text("mandate") != "M-0001" || account.text("balance") != "616.66" || account.text("planned") != "266.50" || account.text("available") != "340.16" {
		t.Errorf("got %s", account.Body)
	}
	b.send("GET", "/v1/me/account?mandate=M-0002", "").code(404, "not_found")
	moves := b.send("GET", "/v1/me/movements?limit=1", "").wants(200)
	if moves.length("data") != 1 || moves.text("data", 0, "balance") != "616.66" {
		t.Errorf("got %s", moves.Body)
	}
	for _, path := range []string{"/v1/mandates", "/v1/payment_runs", "/v1/sessions", "/v1/users"} {
		b.send("GET", path, "").wants(403)
	}
	d.ask("c.martin", "GET", "/v1/me/account", "").wants(403)
	d.ask("", "GET", "/v1/me/account", "").wants(401)
}

func TestAPersonSeesTheRunThatComesAndSaysWhatSheThinks(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	b, other := d.entered("c.martin", "M-0001"), d.entered("c.nadir", "M-0002")
	path, run := d.proposed("c.martin")
	id := run.text("run")
	seen := b.send("GET", "/v1/me/payments", "").wants(200)
	if seen.text("coming", 0, "run") != id || seen.text("rent", "state") != "prepared" || seen.text("next", 0, "state") != "prepared" || seen.length("next") == 0 {
		t.Fatalf("got %s", seen.Body)
	}
	if n := other.send("GET", "/v1/me/payments", "").wants(200).length("coming"); n != 0 {
		t.Errorf("another person sees %d runs", n)
	}
	left := b.send("GET", "/v1/me/account", "").wants(200)
	if left.text("planned") != "266.50" || left.text("available") != "340.16" {
		t.Errorf("got %s, want what was left before the run: its bills were kept already", left.Body)
	}
	rent, bill := "", ""
	for i := range seen.length("coming", 0, "lines") {
		switch line := seen.text("coming", 0, "lines", i, "line"); line {
		case "O-0001-RENT@2026-11-08", "O-0001-RENT@2026-11-05", "O-0001-RENT@2026-11-10":
			rent = line
		default:
			bill = line
		}
	}
	d.decided("c.martin", path)
	d.post("c.martin", path+"/submissions", "", "").wants(201)
	say := func(b *browser, line, refuses string) reply {
		return b.send("POST", "/v1/me/comments", `{"run": "`+id+`", "line": "`+line+`", "text": "Je ne comprends pas", "refuses": `+refuses+`}`)
	}
	say(b, rent, "true").code(422, "refuses_rent")
	said := say(b, bill, "true").wants(201)
	if said.text("by") == "" || said.text("line") != bill {
		t.Errorf("got %s", said.Body)
	}
	say(other, bill, "true").code(422, "unknown_reference")
	say(b, "O-9999@2026-11-08", "false").wants(422)
	report, err := ledger.Verify(t.Context(), d.db.Super, ledger.VerifyOptions{
		Checks: slices.Concat(mandates.Checks(), payments.Checks()),
	})
	if err != nil || !report.OK() {
		t.Errorf("after her words the proof says %v %v", report.Findings, err)
	}
	read := d.get("c.martin", path).wants(200)
	if read.length("comments") != 1 || read.text("comments", 0, "text") != "Je ne comprends pas" {
		t.Errorf("the coordinator reads %v", read.get("comments"))
	}
	tag := read.Header.Get("ETag")
	d.post("v.olivier", path+"/approvals", "", tag).wants(201)
	say(b, bill, "false").code(409, "wrong_state")
}
