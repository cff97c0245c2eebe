package v1_test

import (
	"fmt"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
)

func TestTheBalanceAddsUpForWhoSeesAllAndForWhoSeesAPart(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	for user, ask := range map[string]string{
		"k.perrin": "", "v.olivier": "&from=2026-11-06", "e.quentin": "&from=2020-01-01", "e.texel": "&from=2026-11-06",
	} {
		got := d.get(user, "/v1/balance?limit=500"+ask).wants(200)
		var debit, credit money.Amount
		for i := range got.length("data") {
			one := func(name string) money.Amount { return money.MustParse(got.text("data", i, name)) }
			moved := one("debit").Sub(one("credit"))
			if got.text("data", i, "pcg") != "512" {
				moved = moved.Neg()
			}
			if one("opening").Add(moved).Cmp(one("closing")) != 0 {
				t.Errorf("%s: %s does not add up: %s", user, got.text("data", i, "account"), got.Body)
			}
			debit, credit = debit.Add(one("debit")), credit.Add(one("credit"))
			account := d.get(user, "/v1/accounts/"+got.text("data", i, "account")).wants(200)
			if account.text("balance") != got.text("data", i, "closing") {
				t.Errorf("%s: %s ends with %s, the account says %s", user, got.text("data", i, "account"), got.text("data", i, "closing"), account.text("balance"))
			}
		}
		if got.text("debit") != debit.String() || got.text("credit") != credit.String() {
			t.Errorf("%s: the totals are %s and %s, the accounts add up to %s and %s", user, got.text("debit"), got.text("credit"), debit, credit)
		}
	}
}

func TestTheLinesOfAnAccountAreThoseOfItsStatementPageByPage(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	whole := d.get("k.perrin", "/v1/mandates/M-0001/account_statement?from=2026-01-01").wants(200)
	seen, next := 0, ""
	for {
		page := d.get("e.quentin", "/v1/accounts/467:M-0001/lines?limit=1"+next).wants(200)
		if page.text("opening") != whole.text("opening") || page.text("closing") != whole.text("closing") {
			t.Fatalf("got %s, want the ends of %s", page.Body, whole.Body)
		}
		if page.text("data", 0, "entry") != whole.text("lines", seen, "entry") || page.text("data", 0, "balance") != whole.text("lines", seen, "balance") {
			t.Fatalf("line %d: got %s, want that of %s", seen, page.Body, whole.Body)
		}
		if seen++; seen == whole.length("lines") {
			break
		}
		next = "&cursor=" + page.text("next_cursor")
	}
	d.get("e.quentin", "/v1/accounts/467%3AM-0001/lines").wants(200) // as some programs write a colon
	d.get("e.quentin", "/v1/accounts/467:M-0001%2Flines").wants(400) // a slash that is escaped separates nothing
	d.get("e.quentin", "/v1/accounts/467:M-0002/lines").code(404, "not_found")
	d.get("e.texel", "/v1/accounts/467:M-0001/lines").code(404, "not_found")
	d.get("c.martin", "/v1/accounts/467:M-0001/lines").wants(403)
}

func TestAPreviewCountsWhatTheExportHoldsAndIsNoAct(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	seen := d.get("e.quentin", "/v1/export_previews?format=csv").wants(200)
	file := d.get("e.quentin", "/v1/exports/ledger?format=csv").wants(200)
	if got := fmt.Sprint(seen.get("entries")); file.Header.Get("Masp-Entries") != got || seen.text("debit") != seen.text("credit") {
		t.Errorf("the preview says %s, the file has %s entries", seen.Body, file.Header.Get("Masp-Entries"))
	}
	var acts int
	d.scan(`SELECT count(*) FROM masp.audit_log WHERE actor = 'e.quentin' AND action LIKE '%export%'`, &acts)
	if acts != 1 {
		t.Errorf("%d acts, want that of the export", acts)
	}
	d.get("e.quentin", "/v1/export_previews?format=csv&mandate=M-0002").code(404, "not_found")
}

func TestEachRunNamesWhoMadeAndWhoSignedIt(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	got := d.get("e.quentin", "/v1/run_approvals").wants(200)
	if got.length("data") != 1 || got.text("data", 0, "run") != "C-2026-11-1" {
		t.Fatalf("got %s", got.Body)
	}
	hash := got.text("data", 0, "content_hash")
	for _, path := range [][]any{{"approvals", 0, "content_hash"}, {"files", 0, "content_hash"}} {
		if one := got.text(append([]any{"data", 0}, path...)...); one != hash {
			t.Errorf("%v is %s, the run holds %s", path, one, hash)
		}
	}
	if got.text("data", 0, "prepared_by", 0) != "c.martin" || got.text("data", 0, "approvals", 0, "by") != "v.olivier" {
		t.Errorf("got %s", got.Body)
	}
	first := d.get("k.perrin", "/v1/run_approvals?limit=1").wants(200)
	second := d.get("k.perrin", "/v1/run_approvals?limit=1&cursor="+first.text("next_cursor")).wants(200)
	if first.text("data", 0, "run") != "C-2026-11-2" || second.text("data", 0, "run") != "C-2026-11-1" {
		t.Errorf("got %s, then %s", first.Body, second.Body)
	}
	if at := civil.MustParse("2026-11-09"); first.text("data", 0, "month") != at.MonthOf().String() {
		t.Errorf("got %s", first.Body)
	}
}
