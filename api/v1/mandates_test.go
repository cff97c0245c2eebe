package v1_test

import (
	"net/http"
	"testing"
)

func TestACoordinatorSeesHerCaseloadAndNothingElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.ask("c.martin", http.MethodGet, "/v1/mandates", "").wants(200)
	if n := got.length("data"); n != 1 || got.text("data", 0, "mandate") != "M-0001" {
		t.Errorf("got %s, want M-0001 alone", got.Body)
	}
	d.ask("c.martin", http.MethodGet, "/v1/mandates/M-0001", "").wants(200)
	theirs := d.ask("c.martin", http.MethodGet, "/v1/mandates/M-0002", "").code(404, "not_found")
	none := d.ask("c.martin", http.MethodGet, "/v1/mandates/M-9999", "").code(404, "not_found")
	if theirs.text("detail") != none.text("detail") {
		t.Errorf("what is another's answers %q, what does not exist %q", theirs.text("detail"), none.text("detail"))
	}
}

func TestAnUnknownParameterIsNamed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.ask("v.olivier", http.MethodGet, "/v1/mandates?limit=0&nom=Roux&cursor=x", "").code(400, "invalid_request")
	for i, want := range []string{"?limit", "?nom"} {
		if at := got.text("errors", i, "pointer"); at != want {
			t.Errorf("problem %d is at %q, want %q\n%s", i, at, want, got.Body)
		}
	}
}

func TestAThingThatHasNotChangedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.ask("v.olivier", http.MethodGet, "/v1/mandates/M-0001", "").wants(200)
	tag := first.Header.Get("ETag")
	d.ask("v.olivier", http.MethodGet, "/v1/mandates/M-0001", "", header{"If-None-Match", tag}).wants(304)
	d.ask("v.olivier", http.MethodGet, "/v1/mandates/M-0001", "", header{"If-None-Match", `"other"`}).wants(200)
}
