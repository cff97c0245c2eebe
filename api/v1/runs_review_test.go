package v1_test

import (
	"fmt"
	"net/http"
	"testing"

	"masp/ledger/money"
)

func TestAReviewAddsUpAndIsTaggedByTheContentThatIsSigned(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.proposed("c.martin")
	got := d.get("c.martin", path+"/review").wants(200)
	if tag := d.tag("c.martin", path); got.Header.Get("ETag") != tag {
		t.Errorf("the tag is %s, want %s", got.Header.Get("ETag"), tag)
	}
	at := map[string]money.Amount{}
	for i := range got.length("cascade") {
		at[got.text("cascade", i, "step")] = money.MustParse(got.text("cascade", i, "amount"))
	}
	left := at["BEFORE"].Add(at["RECEIVED"])
	for _, step := range []string{"RENT", "HOUSING_OTHER", "DEBT_PLAN", "OTHER_BILL", "PERSON"} {
		left = left.Sub(at[step])
	}
	if left != at["AFTER"] || len(at) != 8 {
		t.Errorf("the cascade ends at %s, its parts at %s: %v", at["AFTER"], left, at)
	}
	total := money.Amount{}
	for i := range got.length("natures") {
		total = total.Add(money.MustParse(got.text("natures", i, "total")))
	}
	if total.String() != got.text("figures", "total") || total.IsZero() {
		t.Errorf("the natures come to %s of %s", total, got.text("figures", "total"))
	}
	if got.text("exceptions", 0, "person") == "" {
		t.Errorf("an exception does not say whom it is about: %s", got.Body)
	}
}

func TestAReviewSaysWhoIsNewAndWhoIsNotPaidAnyMore(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.proposed("c.nadir")
	if got := d.get("c.nadir", path+"/review").wants(200); got.length("entered") != 2 || fmt.Sprint(got.get("month_before", "persons")) != "0" {
		t.Errorf("in the first month: %s", got.Body)
	}
	d.decided("c.nadir", path)
	d.post("c.nadir", path+"/submissions", "", "").wants(201)
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).wants(201)
	d.at("2026-12-05", 9)
	d.credit("M-0002", "BK-POOL", "1043.59")
	got := d.post("c.nadir", runs, `{"month": "2026-12", "on": "2026-12-09", "mandates": ["M-0002"]}`, "").wants(201)
	review := d.get("c.nadir", got.Header.Get("Location")+"/review").wants(200)
	if review.length("entered") != 0 || review.length("left") != 1 || review.text("left", 0, "mandate") != "M-0003" {
		t.Errorf("in the second month: %s", review.Body)
	}
	if fmt.Sprint(review.get("month_before", "persons")) != "2" || review.text("month_before", "month") != "2026-11" {
		t.Errorf("the month before: %s", review.Body)
	}
	d.credit("M-0003", "BK-POOL", "1041.59")
	d.post("c.nadir", runs, `{"month": "2026-12", "on": "2026-12-09", "mandates": ["M-0003"]}`, "").wants(201)
	if again := d.get("c.nadir", got.Header.Get("Location")+"/review"); again.length("left") != 0 {
		t.Errorf("whom another run of the month pays has left: %s", again.Body)
	}
}

func TestThePaymentsOfARunAreFoundByWhatTheySay(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, run := d.proposed("c.nadir")
	all := d.get("c.nadir", path+"/payments?count=exact").wants(200)
	if fmt.Sprint(all.get("count")) != fmt.Sprint(run.get("transfers")) || all.length("data") < 4 {
		t.Fatalf("%v of %v payments", all.get("count"), run.get("transfers"))
	}
	for query, want := range map[string]int{
		"mandate=M-0003&nature=RENT": 1, "nature=REMITTANCE&mandate=M-0002": 1, "q=HADDAD+loyer": 1, "q=haddad&nature=RENT&limit=1": 1,
		"from=LAST_MONTH": 0, "creditor=C-NOBODY": 0, "q=no-such-word": 0,
	} {
		if got := d.get("c.nadir", path+"/payments?"+query).wants(200); got.length("data") != want {
			t.Errorf("%s: got %d, want %d\n%s", query, got.length("data"), want, got.Body)
		}
	}
	d.ask("c.martin", http.MethodGet, path+"/payments", "").wants(404)
	d.ask("c.martin", http.MethodGet, path+"/review", "").wants(404)
}
