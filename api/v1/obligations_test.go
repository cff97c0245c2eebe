package v1_test

import (
	"net/http"
	"testing"
)

func TestAnObligationIsAddedChangedExceptedAndEnded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const line = measure + "/obligations/O-0001-ENERGY"
	body := `{"obligation": "O-0001-TEL", "class": "OTHER_BILL", "creditor": "C-LUMEN", "amount": "9.99", "label": "Téléphone",
		"frequency": "MONTHLY", "due_day": 20, "from": "2026-11-05"}`
	made := d.ask("robot", http.MethodPost, measure+"/obligations", body).wants(201) // a program keeps dossiers too
	d.ask("c.martin", http.MethodGet, made.Header.Get("Location"), "").wants(200)
	d.ask("c.martin", http.MethodPost, measure+"/obligations", body).code(422, "exists")
	changed := d.ask("c.martin", http.MethodPost, line+"/amounts", `{"obligation": "O-0001-E2", "amount": "52.00", "from": "2026-11-01"}`).wants(201)
	if changed.text("ended_on") != "2026-11-11" || changed.text("added", 0, "amount") != "52.00" {
		t.Errorf("got %s", changed.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/obligations/O-0001-E2/excepted_days", `{"day": "2026-11-13", "counts": false}`).wants(422)
	d.ask("c.martin", http.MethodPost, measure+"/obligations/O-0001-E2/excepted_days", `{"day": "2026-12-12", "counts": false}`).wants(200)

	seen := d.ask("c.martin", http.MethodGet, measure+"/obligations/O-0001-TEL", "").wants(200).Header.Get("ETag")
	path := measure + "/obligations/O-0001-TEL"
	d.ask("c.martin", http.MethodPatch, path, `{"to": "2027-01-31"}`).code(428, "precondition_required")
	if got := d.ask("c.martin", http.MethodPatch, path, `{"to": "2027-01-31"}`, header{"If-Match", seen}).wants(200); got.text("to") != "2027-01-31" {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.martin", http.MethodPatch, path, `{"to": "2027-02-28"}`, header{"If-Match", seen}).code(412, "stale")
	d.ask("c.martin", http.MethodGet, measure+"/obligations/O-0002-RENT", "").code(404, "not_found")
}

func TestTheLinesOfAMeasureAreWalkedInTheCoordinatorsOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var walked []string
	path := measure + "/obligations?limit=2"
	for cursor := "&count=exact"; cursor != ""; {
		page := d.ask("e.quentin", http.MethodGet, path+cursor, "").wants(200)
		for i := range page.length("data") {
			walked = append(walked, page.text("data", i, "obligation"))
		}
		if cursor = page.text("next_cursor"); cursor != "" {
			cursor = "&cursor=" + cursor
		}
	}
	if len(walked) != 5 || walked[0] != "O-0001-RENT" || walked[4] != "O-0001-RESERVE" {
		t.Errorf("walked %v", walked)
	}
}

func TestAHouseholdSharesALineToTheCentAndOnlyWithinReach(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	body := func(other string) string {
		return `{"obligation": "O-H1", "class": "HOUSING_OTHER", "creditor": "C-LUMEN", "amount": "40.01", "label": "Eau", "frequency": "MONTHLY",
			"from": "2026-11-05", "shares": [{"mandate": "M-0002", "weight": 1}, {"mandate": "` + other + `", "weight": 1}]}`
	}
	for _, other := range []string{"M-0001", "M-9999"} {
		got := d.ask("c.nadir", http.MethodPost, "/v1/shared_obligations", body(other)).code(422, "unknown_reference")
		if got.text("errors", 0, "pointer") != "/shares/1/mandate" {
			t.Errorf("got %s", got.Body)
		}
	}
	got := d.ask("c.nadir", http.MethodPost, "/v1/shared_obligations", body("M-0003")).wants(201)
	if got.text("added", 0, "amount") != "20.01" || got.text("added", 1, "amount") != "20.00" {
		t.Errorf("got %s", got.Body)
	}
}

func TestTheHousingLeadsTheLinesOfRentAndCharges(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	set := func(landlord string) reply {
		return d.ask("c.martin", http.MethodPost, measure+"/housing",
			`{"from": "2026-12", "landlord": "`+landlord+`", "rent": "410.00", "charges": "60.00", "apl": "263.00"}`)
	}
	if got := set("C-NOBODY").code(422, "unknown_reference"); got.text("errors", 0, "pointer") != "/landlord" {
		t.Errorf("got %s", got.Body)
	}
	if got := set("C-OFFICE").wants(201); got.length("changed") != 2 || got.text("changed", 0, "added", 0, "amount") != "147.00" {
		t.Errorf("got %s", got.Body)
	}
	got := d.ask("c.martin", http.MethodGet, measure+"/housing", "").wants(200)
	if got.text("data", 0, "residual_rent") != "147.00" || got.text("data", 0, "credit") != "0.00" {
		t.Errorf("got %s", got.Body)
	}
	d.ask("k.perrin", http.MethodGet, "/v1/mandates/M-9999/housing", "").wants(404)
}
