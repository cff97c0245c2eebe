package v1_test

import (
	"fmt"
	"testing"
)

func TestDaysAreReconciledLockedByOneAndReopenedByAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-03", said{"573.49", caf, rsa})
	d.post("c.martin", "/v1/reconciliations", `{}`, "").code(403, "forbidden")
	run := d.post("k.perrin", "/v1/reconciliations", `{}`, "").wants(201)
	if run.text("through") != "2026-11-04" || run.length("differences") != 0 {
		t.Errorf("the run: %s", run.Body)
	}
	d.post("k.perrin", "/v1/reconciliations", `{"through": "2026-11-06"}`, "").code(409, "not_over")

	first := d.get("v.olivier", "/v1/reconciliations?limit=1&bank_account=BK-0001").wants(200)
	second := d.get("v.olivier", "/v1/reconciliations?limit=1&bank_account=BK-0001&cursor="+first.text("next_cursor")).wants(200)
	if first.text("data", 0, "day") != "2026-11-04" || second.text("data", 0, "day") != "2026-11-03" || second.text("data", 0, "state") != "BALANCED" {
		t.Errorf("the days: %s %s", first.Body, second.Body)
	}
	day := d.get("k.perrin", "/v1/reconciliations/BK-0001/2026-11-03").wants(200)
	if day.text("moves", 0, "bank_line", "ref") != "REL-1" || day.text("stored", "state") != "BALANCED" {
		t.Errorf("the day: %s", day.Body)
	}
	d.get("k.perrin", "/v1/reconciliations/BK-NONE/2026-11-03").code(404, "not_found")

	const through = `{"through": "2026-11-04"}`
	d.post("v.olivier", "/v1/day_closings", through, "").code(403, "forbidden")
	d.post("k.perrin", "/v1/day_closings", through, "").wants(201)
	d.post("k.perrin", "/v1/day_closings", through, "").code(409, "not_over")
	const reopen, from = "/v1/bank_accounts/BK-0001/reopenings", `{"from": "2026-11-04", "reason": "une ligne à corriger"}`
	d.post("k.perrin", reopen, from, "").code(403, "same_person")
	d.post("k.sauvage", reopen, from, "").wants(201)
	d.post("k.sauvage", reopen, from, "").code(409, "not_locked")
	if locked := d.get("k.perrin", "/v1/reconciliation_status").text("accounts", 0, "locked_through"); locked != "2026-11-03" {
		t.Errorf("locked through %s", locked)
	}
	d.get("e.quentin", "/v1/reconciliation_status").code(403, "forbidden")
	d.get("i.texier", "/v1/reconciliation_status").code(403, "forbidden")
}

func TestWhoHasACaseloadReadsTheSumsOfADayAndNobodyElsesMoney(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-POOL", "2026-11-03", said{"60.00", "Inconnu", "VERSEMENT"})
	const day = "/v1/reconciliations/BK-POOL/2026-11-03"
	whole := d.get("k.perrin", day).wants(200)
	part := d.get("c.martin", day).wants(200)
	if whole.length("moves") == 0 || whole.get("withheld") != nil {
		t.Errorf("an accountant reads %s", whole.Body)
	}
	if part.length("moves")+part.length("late") != 0 || fmt.Sprint(part.get("withheld")) != fmt.Sprint(whole.length("moves")+whole.length("late")) {
		t.Errorf("a coordinator reads %s", part.Body)
	}
	for _, figure := range []string{"bank", "books", "persons", "unidentified", "state"} {
		if part.text(figure) != whole.text(figure) {
			t.Errorf("%s is %s for a coordinator, %s for an accountant", figure, part.text(figure), whole.text(figure))
		}
	}
}

func TestAMonthOfAPersonIsOpenedDownToTheBank(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-03", said{"573.49", caf, rsa})
	const month = "/v1/mandates/M-0001/months/2026-11"
	for _, user := range []string{"c.martin", "e.quentin", "k.perrin"} {
		got := d.get(user, month).wants(200)
		if got.text("in") != "616.66" || got.text("closing") != "616.66" || got.text("receipts", 0, "benefit") != "RSA" {
			t.Errorf("%s reads %s", user, got.Body)
		}
	}
	d.get("c.nadir", month).code(404, "not_found")
	d.get("k.perrin", "/v1/mandates/M-0001/months/2031-12").code(404, "not_found")
}
