package v1_test

import (
	"net/http"
	"testing"
)

func TestAContributionStaysUnderTheCeilingOfItsScale(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	set := func(amount, more string) reply {
		return d.ask("c.martin", http.MethodPost, measure+"/contributions", `{"from": "2026-12", "amount": "`+amount+`", "resources": "13200.00",
			"decision": "Arrêté 2026-118", "creditor": "C-LUMEN", "due_day": 10`+more+`}`)
	}
	set("5.00", "").code(422, "no_scale")
	scale := `{"from": "2026-11-01", "aah": "12500.00", "smic": "21600.00", "rates": [1000, 2300, 300], "until": [250, 600]}`
	d.ask("c.martin", http.MethodPost, "/v1/contribution_scales", scale).wants(403)
	d.ask("k.perrin", http.MethodPost, "/v1/contribution_scales", scale).wants(201)
	set("5.00", `, "alone": "RSA"`).code(422, "nothing_of_a_minimum")
	set("5.84", "").code(422, "contribution_too_high")
	set("5.83", "").wants(201) // 10 % of 700 euros a year
	got := d.ask("c.martin", http.MethodGet, measure+"/contributions", "").wants(200)
	if got.text("data", 0, "amount") != "5.83" || got.text("data", 0, "obligation") == "" {
		t.Errorf("got %s", got.Body)
	}
}

func TestAMeasureComesUnderAConventionOfItsDepartement(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	convention := `{"convention": "CV-26", "delegator": "Département de la Drôme", "delegate": "Les Deux Rives", "reference": "Marché 17",
		"department": "26", "territory": "Tout le Département", "from": "2026-01-01", "to": "2028-12-31"}`
	d.ask("c.nadir", http.MethodPost, "/v1/conventions", convention).wants(403)
	d.ask("k.perrin", http.MethodPost, "/v1/conventions", convention).wants(201)
	use := `{"convention": "CV-26", "from": "2026-11-05"}`
	d.ask("c.martin", http.MethodPost, measure+"/conventions", use).code(422, "convention_of_another")
	d.ask("c.nadir", http.MethodPost, "/v1/mandates/M-0002/conventions", use).wants(201)
	got := d.ask("c.nadir", http.MethodGet, "/v1/mandates/M-0002/dossier", "").wants(200)
	if got.text("convention") != "CV-26" {
		t.Errorf("got %s", got.Body)
	}
	if got := d.ask("c.martin", http.MethodGet, "/v1/conventions", "").wants(200); got.length("data") != 1 {
		t.Errorf("got %s", got.Body)
	}
}
