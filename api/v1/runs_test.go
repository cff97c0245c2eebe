package v1_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"masp/ledger"
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
	t.Log(string(draft.Body))
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
