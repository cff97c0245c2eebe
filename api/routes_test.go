package api_test

import (
	"slices"
	"testing"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	v1 "masp/api/v1"
)

// about are the pages about the service itself: no contract, no identity, nobody's data.
var about = []string{"/healthz", "/readyz", "/metrics", "/version", "/openapi.json", "/docs", "/docs.css", "/problems/:code"}

func TestEveryRouteOfTheRouterHasItsPolicy(t *testing.T) {
	t.Parallel()
	of, err := contract.Read(api.ContractText)
	if err != nil {
		t.Fatal(err)
	}
	server, err := api.New(api.Service{Contract: of, Operations: v1.Routes()})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, op := range of.Operations {
		known[op.Method+" "+op.Route()] = true
		if op.Method == "GET" {
			known["HEAD "+op.Route()] = true
		}
	}
	served := 0
	for _, r := range server.Router() {
		served++
		if !known[r.Method+" "+r.Path] && !slices.Contains(about, r.Path) {
			t.Errorf("%s %s is served and in no contract", r.Method, r.Path)
		}
	}
	if served < len(known) {
		t.Errorf("%d routes are served, want the %d of the contract", served, len(known))
	}
	for _, op := range v1.Routes() {
		if op.Action != "" && !slices.Contains(auth.Actions(), op.Action) {
			t.Errorf("%s asks for %q, which no role has", op.ID, op.Action)
		}
	}
}
