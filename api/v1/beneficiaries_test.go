package v1_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAPersonIsSeenByWhoeverFollowsOneOfTheMeasures(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.ask("c.martin", http.MethodGet, "/v1/beneficiaries", "").wants(200)
	if got.length("data") != 1 || got.text("data", 0, "beneficiary") != "B-0001" || got.get("data", 0, "payer_numbers") != nil {
		t.Errorf("got %s", got.Body)
	}
	one := d.ask("c.martin", http.MethodGet, "/v1/beneficiaries/B-0001", "").wants(200)
	if one.text("payer_numbers", 0, "number") != "1234567K" || one.text("mandates", 0) != "M-0001" {
		t.Errorf("got %s", one.Body)
	}
	theirs := d.ask("c.martin", http.MethodGet, "/v1/beneficiaries/B-0002", "").code(404, "not_found")
	none := d.ask("c.martin", http.MethodGet, "/v1/beneficiaries/B-9999", "").code(404, "not_found")
	whole := d.ask("k.perrin", http.MethodGet, "/v1/beneficiaries/B-9999", "").code(404, "not_found")
	if theirs.text("detail") != none.text("detail") || none.text("detail") != whole.text("detail") {
		t.Error("what is another's and what does not exist answer differently")
	}
	if got := d.ask("robot", http.MethodGet, "/v1/beneficiaries?count=exact&q=haddad", "").wants(200); got.length("data") != 1 {
		t.Errorf("got %s", got.Body)
	}
	d.ask("i.texier", http.MethodGet, "/v1/beneficiaries", "").wants(403)
	d.ask("e.texel", http.MethodGet, "/v1/beneficiaries/B-0001", "").code(404, "not_found")
	d.ask("e.quentin", http.MethodGet, "/v1/beneficiaries/B-0001", "").wants(200)
}

// aLoad is the example of the contract as it is sent.
func aLoad(t *testing.T) string {
	t.Helper()
	of, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	example, _, err := of.Find("postLoad").Example()
	if err != nil {
		t.Fatal(err)
	}
	return string(example.Body)
}

func TestALoadBringsAPersonAndHerMeasureOrNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	load := aLoad(t)
	tried := d.ask("c.martin", http.MethodPost, "/v1/loads?dry_run=true", load).wants(200)
	d.ask("c.martin", http.MethodGet, "/v1/mandates/M-0101", "").code(404, "not_found")
	made := d.ask("c.martin", http.MethodPost, "/v1/loads", load).wants(201)
	if made.text("sha256") != tried.text("sha256") {
		t.Errorf("tried %s, loaded %s", tried.Body, made.Body)
	}
	if got := d.ask("c.martin", http.MethodGet, "/v1/mandates/M-0101", "").wants(200); got.text("status") != "ACTIVE" {
		t.Errorf("got %s", got.Body)
	}
	again := d.ask("c.martin", http.MethodPost, "/v1/loads", load).wants(200)
	if already, _ := again.get("already_loaded").(bool); !already {
		t.Errorf("got %s", again.Body)
	}
	wrong := strings.ReplaceAll(strings.Replace(load, "2027-10-31", "2026-12-31", 1), "0101", "0102")
	refused := d.ask("robot", http.MethodPost, "/v1/loads", wrong).code(422, "load_refused")
	if !strings.Contains(string(refused.Body), `"pointer":"/mandates/0/contract`) {
		t.Errorf("nobody learns where: %s", refused.Body)
	}
	d.ask("v.olivier", http.MethodPost, "/v1/loads", load).wants(403)
	d.ask("i.texier", http.MethodPost, "/v1/loads", load).wants(403)
}

func TestALoadBringsNoUserAndNothingToThePersonsOfOthers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ask := func(body string) reply { return d.ask("c.martin", http.MethodPost, "/v1/loads", body) }
	user := `{"masp_load": 1, "users": [{"id": "e.vil", "name": "E. Vil", "roles": ["approver"]}]}`
	for body, at := range map[string]string{
		user: "/users", `{"masp_load": 1, "organisation": {"name": "x"}}`: "/organisation",
	} {
		if got := ask(body).code(400, "invalid_request"); got.text("errors", 0, "pointer") != at {
			t.Errorf("got %s, want a problem at %s", got.Body, at)
		}
	}
	for _, mandate := range []string{"M-0002", "M-9999"} {
		body := `{"masp_load": 1, "obligations": [{"id": "O-X", "mandate": "` + mandate + `", "class": "OTHER_BILL", "creditor": "C-LUMEN",
			"amount": "1.00", "label": "x", "frequency": "ONCE", "from": "2026-11-05"}]}`
		if got := ask(body).code(422, "unknown_reference"); got.text("errors", 0, "pointer") != "/obligations/0/mandate" {
			t.Errorf("got %s", got.Body)
		}
	}
	load := aLoad(t)
	ask(strings.Replace(load, `"coordinator":"c.martin"`, `"coordinator":"c.nadir"`, 1)).code(422, "other_coordinator")
	ask(strings.ReplaceAll(load, `"beneficiary":"B-0101"`, `"beneficiary":"B-0002"`)).code(422, "unknown_reference")
}
