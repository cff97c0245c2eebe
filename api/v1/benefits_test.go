package v1_test

import (
	"net/http"
	"testing"
)

func TestTheCatalogueGrowsWithAReasonAndNeverChangesItsPast(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	row := `{"code": "PRIME_LOCALE", "label": "prime locale", "legal_item": "réponse écrite", "payers": ["DEPARTEMENT"],
		"from": "2026-11-05", "manageable": true, "reason": "Réponse écrite"}`
	d.ask("c.martin", http.MethodPost, "/v1/benefits", row).wants(403)
	d.ask("i.texier", http.MethodPost, "/v1/benefits", row).wants(201) // what names nobody is an admin's too
	d.ask("k.perrin", http.MethodPost, "/v1/benefits", row).code(409, "benefit_twice")
	tag := d.ask("k.perrin", http.MethodGet, "/v1/benefits/PRIME_LOCALE", "").wants(200).Header.Get("ETag")
	end := func(day string) reply {
		return d.ask("k.perrin", http.MethodPatch, "/v1/benefits/PRIME_LOCALE", `{"to": "`+day+`", "reason": "Fin"}`, header{"If-Match", tag})
	}
	end("2026-11-04").wants(422)
	end("2026-12-31").wants(200)
	end("2026-11-30").code(412, "stale")
	got := d.ask("c.martin", http.MethodGet, "/v1/benefits?on=2027-01-01&limit=500", "").wants(200)
	for i := range got.length("data") {
		if got.text("data", i, "code") == "PRIME_LOCALE" {
			t.Error("the row holds after its last day")
		}
	}
	d.ask("c.martin", http.MethodGet, "/v1/benefits?on=2026-02-30", "").code(400, "invalid_request")
	d.ask("c.martin", http.MethodGet, "/v1/benefits/NOWHERE", "").wants(404)
}

func TestWhatShouldComeIsPlannedOnceAndDroppedWithAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	list := func(user, period string) reply {
		return d.ask(user, http.MethodGet, "/v1/expected_benefits?period="+period, "").wants(200)
	}
	if got := list("c.martin", "2026-10"); got.length("data") != 1 || got.text("data", 0, "status") != "AWAITED" {
		t.Errorf("got %s", got.Body)
	}
	if got := list("robot", "2026-10"); got.length("data") != 3 {
		t.Errorf("got %s", got.Body)
	}
	plans := measure + "/expected_benefit_plans"
	if got := d.ask("c.martin", http.MethodPost, plans, `{"months": 2}`).wants(200); got.length("added") == 0 {
		t.Errorf("got %s", got.Body)
	}
	if got := d.ask("c.martin", http.MethodPost, plans, `{"months": 2}`).wants(200); got.length("added") != 0 {
		t.Errorf("planned twice: %s", got.Body)
	}
	expect := `{"benefit": "RSA", "period": "2026-11", "payer": "CAF", "amount": "573.49"}`
	d.ask("c.martin", http.MethodPost, measure+"/expected_benefits", expect).code(409, "expected_twice")
	drop := `{"benefit": "RSA", "period": "2026-11", "reason": "Droit terminé"}`
	d.ask("c.martin", http.MethodPost, measure+"/expected_benefit_drops", drop).wants(204)
	d.ask("c.martin", http.MethodPost, measure+"/expected_benefit_drops", drop).code(422, "unknown_reference")
	if got := d.ask("c.martin", http.MethodPost, measure+"/expected_benefits", expect).wants(201); got.text("expected_on") != "2026-12-04" {
		t.Errorf("got %s", got.Body)
	}
}

func TestABenefitOfTheCourtMayNotStandInTheContract(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	note := func(code string) reply {
		return d.ask("c.martin", http.MethodPost, measure+"/court_benefits",
			`{"benefits": ["`+code+`"], "judgment": "TJ, 26/00042", "from": "2026-11-01"}`)
	}
	note("RSA").code(422, "benefit_of_court")
	note("AF").wants(201)
	note("AF").code(409, "court_benefit_twice")
	end := `{"benefit": "AF", "last_day": "2026-12-31"}`
	got := d.ask("c.martin", http.MethodPost, measure+"/court_benefit_ends", end).wants(201)
	if got.text("court_benefits", 0, "to") != "2026-12-31" {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/court_benefit_ends", end).code(422, "unknown_reference")
}
