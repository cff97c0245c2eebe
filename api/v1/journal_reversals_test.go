package v1_test

import (
	"testing"
)

// entryOf is the newest entry of a kind that stands.
func (d *desk) entryOf(kind string) string {
	d.t.Helper()
	all := d.get("k.perrin", "/v1/journal_entries?limit=500&kind="+kind).wants(200)
	for i := all.length("data") - 1; i >= 0; i-- {
		if all.text("data", i, "reversed_by") == "" {
			return "/v1/journal_entries/" + all.text("data", i, "entry")
		}
	}
	d.t.Fatalf("no entry is a %s", kind)
	return ""
}

func TestAnEntryIsReversedWithTheMatchThatItStandsFor(t *testing.T) {
	t.Parallel()
	d, credit, _, _ := unknown(t)
	bank := d.entryOf("BANK_CREDIT")
	d.post("k.perrin", bank+"/reversals", because, "").code(409, "not_reversible")
	made := d.post("k.perrin", "/v1/suspense/"+credit+"/assignments", `{"mandate": "M-0001", "benefit": "RSA", "reason": "vu avec la CAF"}`, "").wants(201)
	entry := d.entryOf("IDENTIFICATION")
	for _, user := range []string{"c.martin", "v.olivier", "robot", "i.texier", "e.quentin"} {
		d.post(user, entry+"/reversals", because, "").code(403, "forbidden")
	}
	d.post("k.perrin", entry+"/reversals", `{"reason": ""}`, "").code(400, "invalid_request")
	key := header{"Idempotency-Key", "a-reversal-once"}
	got := d.ask("k.perrin", "POST", entry+"/reversals", because, key).wants(201)
	again := d.ask("k.perrin", "POST", entry+"/reversals", because, key).wants(201)
	if got.text("kind") != "REVERSAL" || got.text("postings", 0, "debit") != "467:M-0001" || got.text("amount") != "50.00" || again.text("entry") != got.text("entry") {
		t.Errorf("the reversal: %s", got.Body)
	}
	d.get("k.perrin", got.Header.Get("Location")).wants(200)
	if match := d.get("k.perrin", "/v1/matches/"+made.text("match")); match.get("undone") != true || match.text("undone_by") != "k.perrin" {
		t.Errorf("the match: %s", match.Body)
	}
	if open := d.get("k.perrin", "/v1/suspense/"+credit).text("open"); open != "50.00" {
		t.Errorf("%s of the line are open, want 50.00", open)
	}
	d.post("k.sauvage", entry+"/reversals", because, "").code(409, "reversed")
	d.post("k.perrin", got.Header.Get("Location")+"/reversals", because, "").code(409, "not_reversible")
}

func TestThePaymentOfAnEntryIsCancelledUntilTheBankHasIt(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.filed("c.martin")
	first, entry := d.get("k.perrin", path+"/files").text("data", 0, "sha256"), d.entryOf("PAYMENT")
	paid := d.get("k.perrin", entry).wants(200)
	if got := d.post("k.perrin", entry+"/reversals", because, "").wants(201); got.text("amount") != paid.text("amount") {
		t.Errorf("the reversal: %s", got.Body)
	}
	if got := d.get("c.martin", "/v1/payments/"+paid.text("payments", 0)).wants(200).text("state"); got != "cancelled" {
		t.Errorf("the payment is %s", got)
	}
	files := d.get("k.perrin", path+"/files").wants(200)
	if n := files.length("data"); n != 2 || files.text("data", n-1, "sha256") == first {
		t.Errorf("the files: %s", files.Body)
	}
	d.post("k.perrin", path+"/files", "", "").wants(201)
	d.post("k.perrin", path+"/hand_overs", "", "").wants(201)
	d.post("k.perrin", d.entryOf("PAYMENT")+"/reversals", because, "").code(409, "handed_over")
	d.proved()
}
