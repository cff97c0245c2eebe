package v1_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"masp/api/auth/oidc"
)

// somewhere is a provider of identities that says where it is, and no more.
func somewhere(t *testing.T) string {
	var at *httptest.Server
	at = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		err := json.NewEncoder(w).Encode(map[string]any{
			"issuer": at.URL, "authorization_endpoint": at.URL + "/auth", "token_endpoint": at.URL + "/token",
			"jwks_uri": at.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
		if err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(at.Close)
	return at.URL
}

func TestALoginElsewhereIsBoundToTheBrowserThatBeganIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.get("", "/v1/oidc/login").code(404, "provider_off")
	issuer := somewhere(t)
	d.house.OIDC = &oidc.Provider{DB: d.db.App, Settings: oidc.Settings{
		Issuer: issuer, ClientID: "masp", ClientSecret: "an invented secret", BaseURL: "https://masp.example",
	}}
	begun := d.get("", "/v1/oidc/login").wants(303)
	to := begun.Header.Get("Location")
	if !strings.HasPrefix(to, issuer+"/auth?") || !strings.Contains(to, "masp.example%2Fv1%2Foidc%2Fcallback") {
		t.Errorf("the browser is sent to %s", to)
	}
	kept := (&http.Response{Header: begun.Header}).Cookies()
	if len(kept) != 1 || kept[0].Name != "masp-login" || !kept[0].HttpOnly || kept[0].SameSite != http.SameSiteLaxMode || kept[0].MaxAge != 600 {
		t.Fatalf("the browser keeps %v", kept)
	}
	state := to[strings.Index(to, "state=")+len("state="):]
	state, _, _ = strings.Cut(state, "&")
	back := "/v1/oidc/callback?code=x&state=" + state
	d.get("", back).code(400, "login_unknown")
	d.ask("", "GET", back, "", header{"Cookie", "masp-login=another"}).code(400, "login_unknown")
	d.get("", "/v1/oidc/callback?redirect_uri=https://attacker.example").code(400, "invalid_request")
	d.get("", "/v1/oidc/login?again=true").code(401, "unauthenticated")
	if head := d.ask("", http.MethodHead, back, ""); head.Status != 405 {
		t.Errorf("HEAD answers %d", head.Status)
	}
}
