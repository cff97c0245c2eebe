package v1_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheBooksAreReadByWhoMayAndWithinHisReach(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	all := d.get("k.perrin", "/v1/journal_entries?limit=500").wants(200)
	first := d.get("k.perrin", "/v1/journal_entries?limit=1").wants(200)
	next := d.get("k.perrin", "/v1/journal_entries?limit=1&cursor="+first.text("next_cursor")).wants(200)
	if next.text("data", 0, "entry") != all.text("data", 1, "entry") {
		t.Errorf("the second page has %s", next.Body)
	}
	hers := d.get("k.perrin", "/v1/journal_entries?mandate=M-0001&kind=BANK_CREDIT").wants(200)
	if hers.length("data") != 1 || hers.text("data", 0, "amount") != "573.49" {
		t.Errorf("got %s", hers.Body)
	}
	id := hers.text("data", 0, "entry")
	one := d.get("k.perrin", "/v1/journal_entries/"+id).wants(200)
	if one.text("postings", 0, "credit") != "467:M-0001" {
		t.Errorf("got %s", one.Body)
	}
	d.get("e.quentin", "/v1/journal_entries/"+id).wants(200)
	d.get("e.texel", "/v1/journal_entries/"+id).code(404, "not_found")
	d.get("k.perrin", "/v1/journal_entries/ent_00000000000000000000000000").code(404, "not_found")
	d.get("c.martin", "/v1/journal_entries").wants(403)
	if mine, whole := d.get("e.texel", "/v1/journal_entries?limit=500").wants(200), all.length("data"); mine.length("data") >= whole {
		t.Errorf("an auditor of one Département sees %d of %d entries", mine.length("data"), whole)
	}
}

func TestAnAccountHasABalanceAtAnyDay(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	if got := d.get("k.perrin", "/v1/accounts/467:M-0001").wants(200); got.text("balance") != "616.66" {
		t.Errorf("got %s", got.Body)
	}
	if got := d.get("k.perrin", "/v1/accounts/467:M-0001?on=2026-11-04").wants(200); got.text("balance") != "43.17" {
		t.Errorf("got %s", got.Body)
	}
	d.get("k.perrin", "/v1/accounts/467:M-9999").code(404, "not_found")
	d.get("e.texel", "/v1/accounts/467:M-0001").code(404, "not_found")
	if got := d.get("k.perrin", "/v1/accounts?pcg=467&owner=M-0001").wants(200); got.text("data", 0, "account") != "467:M-0001" {
		t.Errorf("got %s", got.Body)
	}
	s := d.get("c.martin", "/v1/mandates/M-0001/account_statement?from=2026-11-05").wants(200)
	if s.text("opening") != "43.17" || s.text("in") != "573.49" || s.text("closing") != "616.66" {
		t.Errorf("got %s", s.Body)
	}
	d.get("c.martin", "/v1/mandates/M-0002/account_statement").code(404, "not_found")
	d.get("c.martin", "/v1/mandates/M-0001/account_statement?from=2026-11-05&to=2026-11-01").code(400, "invalid_request")
	d.get("i.texier", "/v1/mandates/M-0001/account_statement").wants(403)
}

func TestWhoHasReadAFileAndWhatWasDoneIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.get("v.olivier", "/v1/mandates/M-0001").wants(200)
	read := d.get("c.martin", "/v1/mandates/M-0001/file_reads").wants(200)
	if read.length("data") != 1 || read.text("data", 0, "by") != "v.olivier" || read.text("data", 0, "what") != "get_mandate" {
		t.Errorf("got %s", read.Body)
	}
	d.get("c.nadir", "/v1/mandates/M-0001/file_reads").code(404, "not_found")
	feed := d.get("k.perrin", "/v1/events?limit=3").wants(200)
	next := d.get("k.perrin", "/v1/events?limit=500&after="+feed.text("last")).wants(200)
	if feed.length("data") != 3 || next.length("data") == 0 || next.text("data", 0, "event") == feed.text("last") {
		t.Errorf("got %s, then %s", feed.Body, next.Body)
	}
	mine := d.get("c.martin", "/v1/events?limit=500").wants(200)
	for i := range mine.length("data") {
		if mine.text("data", i, "object_type") != "mandate" || mine.text("data", i, "object") != "M-0001" {
			t.Errorf("a coordinator is told of %v", mine.get("data", i))
		}
	}
	d.get("i.texier", "/v1/events").wants(403)
}

func TestTheBooksGoOutAsTheReaderSeesThem(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	lines := func(user string) []string {
		got := d.get(user, "/v1/exports/ledger?format=jsonl").wants(200)
		if got.Header.Get("Masp-Last-Entry") == "" || !strings.Contains(got.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: got %v", user, got.Header)
		}
		all := strings.Split(strings.TrimSpace(string(got.Body)), "\n")
		for _, line := range all {
			if !json.Valid([]byte(line)) {
				t.Errorf("not JSON: %s", line)
			}
		}
		return all
	}
	if whole, part := lines("k.perrin"), lines("e.texel"); len(part) >= len(whole) || strings.Contains(strings.Join(part, ""), "M-0001") {
		t.Errorf("an auditor of one Département gets %d of %d entries", len(part), len(whole))
	}
	d.get("k.perrin", "/v1/exports/ledger?format=pdf").code(400, "invalid_request")
	d.get("c.martin", "/v1/exports/ledger?format=csv").wants(403)
	told := d.get("k.perrin", "/v1/events?limit=500&object_type=ledger").wants(200)
	if told.length("data") != 2 {
		t.Errorf("%d exports are in the log of acts, want 2", told.length("data"))
	}
}

func TestAMonthIsClosedOnceItIsOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.post("k.perrin", "/v1/closings", `{"month": "2026-12"}`, "").code(409, "not_next")
	d.post("k.perrin", "/v1/closings", `{"month": "2026-10"}`, "").wants(201)
	d.post("e.quentin", "/v1/closings", `{"month": "2026-10"}`, "").wants(403)
	if got := d.get("c.martin", "/v1/verification").wants(200); got.text("closed_through") != "2026-10-31" {
		t.Errorf("got %s", got.Body)
	}
	d.post("k.perrin", "/v1/closings", `{"month": "2026-10", "reopen": "Une écriture oubliée"}`, "").wants(201)
	if got := d.get("k.perrin", "/v1/closings").wants(200); got.length("data") != 2 || got.text("data", 0, "act") != "reopen" {
		t.Errorf("got %s", got.Body)
	}
}
