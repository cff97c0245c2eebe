package oidc_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"masp/api/auth"
	"masp/api/auth/oidc"
	"masp/migrations/dbtest"
)

// house is an organisation in production, whose users enter by the real provider.
type house struct {
	*oidc.Provider
	t            *testing.T
	db           *dbtest.DB
	auth         *auth.Service
	admin, carla auth.Principal
	process      process
}

func open(t *testing.T) *house {
	t.Helper()
	p := real(t)
	db := dbtest.New(t)
	h := &house{t: t, db: db, auth: &auth.Service{DB: db.App}, process: p}
	h.Provider = &oidc.Provider{DB: db.App, Settings: oidc.Settings{
		Issuer: p.issuer, ClientID: clientID, ClientSecret: secret, BaseURL: baseURL, StrongACR: []string{"eidas2"},
	}}
	h.admin = h.add(auth.User{ID: "root.one", Name: "Rémi Un", Roles: []auth.Role{auth.Admin}})
	h.carla = h.add(auth.User{ID: "carla", Name: "Carla Petit", Roles: []auth.Role{auth.Coordinator}})
	h.add(auth.User{ID: "yves", Name: "Yves Le Bris", Roles: []auth.Role{auth.Approver}})
	h.exec(`INSERT INTO masp.organisations (name, opened_on, in_production, created_at) VALUES ('Les Essais', '2026-11-01', true, masp.now())`)
	return h
}

func (h *house) exec(sql string) {
	h.t.Helper()
	if _, err := h.db.Owner.Exec(h.t.Context(), sql); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) add(u auth.User) auth.Principal {
	h.t.Helper()
	token, err := h.auth.Add(h.t.Context(), auth.Principal{}, u)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.who(token)
}

func (h *house) who(secret string) auth.Principal {
	h.t.Helper()
	p, err := h.auth.Authenticate(h.t.Context(), secret)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) link(user, subject string) {
	h.t.Helper()
	if err := h.Link(h.t.Context(), h.admin, user, oidc.Identity{Subject: subject}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) begin() (redirect, binding string) {
	h.t.Helper()
	redirect, binding, err := h.Begin(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return redirect, binding
}

// login is the whole way of a person by the provider.
func (h *house) login(p person) (oidc.Identity, error) {
	h.t.Helper()
	redirect, binding := h.begin()
	back, _ := newBrowser(h.t).enter(redirect, p)
	return h.Finish(h.t.Context(), back, binding)
}

func TestAUserEntersByTheProvider(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	id, err := h.login(who("carla.petit"))
	if err != nil || id.User != "carla" || id.Issuer != h.process.issuer || id.Subject != "carla.petit" || !id.ProvedAt.IsZero() {
		t.Fatalf("got %+v, %v, want carla without a second factor", id, err)
	}
	session, err := h.auth.OpenSession(t.Context(), auth.Elsewhere{Issuer: id.Issuer, Subject: id.Subject, Address: "192.0.2.1", Agent: "Firefox"})
	if err != nil {
		t.Fatal(err)
	}
	if p := h.who(session); p.ID != "carla" || p.Means != auth.BySession || time.Since(p.ProvedAt) < auth.Fresh {
		t.Errorf("the session is of %s by %s, proved at %v, want carla's without a fresh second factor", p.ID, p.Means, p.ProvedAt)
	}
}

func TestASecondFactorOfTheProviderCountsAsOldAsItIs(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	for _, code := range []string{"otp", "eidas2"} {
		p := who("carla.petit")
		p.code = code
		id, err := h.login(p)
		if age := time.Since(id.ProvedAt); err != nil || age > time.Minute || age < -time.Minute {
			t.Errorf("%s: proved %v ago, %v, want just now", code, age, err)
		}
		session, err := h.auth.OpenSession(t.Context(), auth.Elsewhere{Issuer: id.Issuer, Subject: id.Subject, ProvedAt: id.ProvedAt})
		if err != nil {
			t.Fatal(err)
		}
		if p := h.who(session); time.Since(p.ProvedAt) > auth.Fresh {
			t.Errorf("%s: the session is proved at %v, want fresh", code, p.ProvedAt)
		}
	}
}

func TestAnUnknownIdentityIsRefusedAndNeverMade(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.login(who("eve"))
	var unknown *oidc.UnknownError
	if !errors.As(err, &unknown) || unknown.Subject != "eve" || !strings.Contains(unknown.French(), "eve") {
		t.Fatalf("got %v, want the identity for the admin", err)
	}
	h.link("carla", "carla.petit")
	if err := h.auth.Disable(t.Context(), h.admin, "carla"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.login(who("carla.petit")); !errors.As(err, &unknown) {
		t.Errorf("a disabled user: got %v, want unknown", err)
	}
	if _, err := h.auth.OpenSession(t.Context(), auth.Elsewhere{Issuer: h.process.issuer, Subject: "carla.petit"}); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("a session for a disabled user: got %v, want ErrUnknown", err)
	}
	if _, err := h.auth.OpenSession(t.Context(), auth.Elsewhere{Issuer: h.process.issuer, Subject: "eve"}); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("a session for nobody: got %v, want ErrUnknown", err)
	}
}

func TestAVerifiedAddressLinksAtTheFirstLoginWhereItIsAllowed(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.exec(`UPDATE masp.users SET email = 'mia@example.test' WHERE user_id = 'carla'`)
	h.exec(`UPDATE masp.users SET email = 'unverified.y@example.test' WHERE user_id = 'yves'`)
	var unknown *oidc.UnknownError
	if _, err := h.login(who("mia")); !errors.As(err, &unknown) {
		t.Errorf("not allowed: got %v, want unknown", err)
	}
	h.Settings.ByEmail = true
	if _, err := h.login(who("unverified.y")); !errors.As(err, &unknown) {
		t.Errorf("not verified: got %v, want unknown", err)
	}
	if id, err := h.login(who("mia")); err != nil || id.User != "carla" {
		t.Errorf("verified: got %+v, %v, want carla", id, err)
	}
	// Another identity that takes her address later is not hers.
	h.exec(`UPDATE masp.users SET email = 'nia@example.test' WHERE user_id = 'carla'`)
	if _, err := h.login(who("nia")); !errors.As(err, &unknown) {
		t.Errorf("a second identity: got %v, want unknown", err)
	}
}

func TestOnlyAnAdminLinks(t *testing.T) {
	t.Parallel()
	h := open(t)
	eve := oidc.Identity{Subject: "eve"}
	for _, c := range []struct {
		name string
		by   auth.Principal
		user string
		id   oidc.Identity
		want error
	}{
		{"operator", auth.Principal{}, "carla", eve, auth.ErrNoProof},
		{"herself", h.carla, "carla", eve, auth.ErrRole},
		{"nobody", h.admin, "nobody", eve, auth.ErrNoUser},
		{"no subject", h.admin, "carla", oidc.Identity{}, oidc.ErrBad},
		{"no address", h.admin, "carla", oidc.Identity{Issuer: "x", Subject: "y"}, oidc.ErrBad},
		{"an admin", h.admin, "carla", eve, nil},
		{"a second user", h.admin, "yves", eve, oidc.ErrLinked},
		{"a second identity", h.admin, "carla", oidc.Identity{Subject: "eva"}, oidc.ErrLinked},
	} {
		if err := h.Link(t.Context(), c.by, c.user, c.id); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	if err := h.Unlink(t.Context(), h.carla, "carla", ""); !errors.Is(err, auth.ErrRole) {
		t.Errorf("she unlinks: got %v, want ErrRole", err)
	}
	for _, want := range []error{nil, oidc.ErrNoIdentity} {
		if err := h.Unlink(t.Context(), h.admin, "carla", ""); !errors.Is(err, want) {
			t.Errorf("an admin unlinks: got %v, want %v", err, want)
		}
	}
}

func TestAStepUpAsksTheUserAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	h.link("yves", "yves.lebris")
	b := newBrowser(t)
	strong := person{"carla.petit", "un mot de passe", "otp"}
	redirect, binding := h.begin()
	back, _ := b.enter(redirect, strong)
	id, err := h.Finish(t.Context(), back, binding)
	if err != nil {
		t.Fatal(err)
	}
	first, err := h.auth.OpenSession(t.Context(), auth.Elsewhere{Issuer: id.Issuer, Subject: id.Subject})
	if err != nil {
		t.Fatal(err)
	}
	redirect, _ = h.begin()
	if back, asked := b.enter(redirect, strong); asked || back.Get("code") == "" {
		t.Error("a second login asked the browser again")
	}
	again := func(b browser, p person) (oidc.Identity, bool, error) {
		redirect, binding, err := h.BeginAgain(t.Context(), h.who(first))
		if err != nil {
			t.Fatal(err)
		}
		back, asked := b.enter(redirect, p)
		id, err := h.Finish(t.Context(), back, binding)
		return id, asked, err
	}
	id, asked, err := again(b, strong)
	if err != nil || !asked || time.Since(id.ProvedAt) > time.Minute {
		t.Fatalf("asked %v: %+v, %v, want a fresh second factor", asked, id, err)
	}
	second, err := h.auth.OpenSession(t.Context(),
		auth.Elsewhere{Issuer: id.Issuer, Subject: id.Subject, ProvedAt: id.ProvedAt, Instead: h.who(first)})
	if err != nil || time.Since(h.who(second).ProvedAt) > auth.Fresh {
		t.Errorf("step-up: %v, proved at %v", err, h.who(second).ProvedAt)
	}
	if _, err := h.auth.Authenticate(t.Context(), first); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("the session before: got %v, want ErrUnknown", err)
	}
	first = second
	if _, _, err := again(newBrowser(t), who("yves.lebris")); !errors.Is(err, oidc.ErrOther) {
		t.Errorf("a colleague at her place: got %v, want ErrOther", err)
	}
	// The session of one is not replaced by that of another.
	_, err = h.auth.OpenSession(t.Context(), auth.Elsewhere{Issuer: id.Issuer, Subject: "yves.lebris", Instead: h.who(first)})
	if !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("another's session: got %v, want ErrUnknown", err)
	}
}

func TestAnAnswerIsForTheBrowserThatAskedOnceAndInTime(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	redirect, binding := h.begin()
	back, _ := newBrowser(t).enter(redirect, who("carla.petit"))
	_, other := h.begin()
	elsewhere := url.Values{"code": back["code"], "iss": back["iss"], "state": {"guessed"}}
	for name, c := range map[string]struct {
		query   url.Values
		binding string
	}{
		"another state": {elsewhere, binding}, "another browser": {back, other},
		"no cookie": {back, ""}, "nothing": {url.Values{}, ""},
	} {
		if _, err := h.Finish(t.Context(), c.query, c.binding); !errors.Is(err, oidc.ErrState) {
			t.Errorf("%s: got %v, want ErrState", name, err)
		}
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := h.Finish(t.Context(), back, binding); err == nil {
				won.Add(1)
			} else if !errors.Is(err, oidc.ErrState) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 20 finished the login, want one", won.Load())
	}
	// The code of one login in the answer of another: PKCE holds it, also unused.
	redirect, binding = h.begin()
	mine, _ := newBrowser(t).enter(redirect, who("carla.petit"))
	redirect, _ = h.begin()
	stolen, _ := newBrowser(t).enter(redirect, who("yves.lebris"))
	mine["code"] = stolen["code"]
	if _, err := h.Finish(t.Context(), mine, binding); !errors.Is(err, oidc.ErrFalse) {
		t.Errorf("the code of another login: got %v, want ErrFalse", err)
	}

	redirect, binding = h.begin()
	back, _ = newBrowser(t).enter(redirect, who("carla.petit"))
	h.exec(`UPDATE masp.oidc_logins SET begun_at = begun_at - interval '11 minutes'`)
	if _, err := h.Finish(t.Context(), back, binding); !errors.Is(err, oidc.ErrState) {
		t.Errorf("eleven minutes later: got %v, want ErrState", err)
	}
}

func TestAnotherIssuerAndARefusalAreNoLogin(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	for name, iss := range map[string][]string{
		"mixed up": {"https://attacker.example"}, "left out": nil, "twice": {h.process.issuer, "https://attacker.example"},
	} {
		redirect, binding := h.begin()
		back, _ := newBrowser(t).enter(redirect, who("carla.petit"))
		back["iss"] = iss
		if iss == nil {
			back.Del("iss")
		}
		if _, err := h.Finish(t.Context(), back, binding); !errors.Is(err, oidc.ErrFalse) {
			t.Errorf("%s: got %v, want ErrFalse", name, err)
		}
	}
	if _, err := h.login(person{user: "carla.petit", password: "faux"}); !errors.Is(err, oidc.ErrDenied) {
		t.Errorf("a wrong password there: got %v, want ErrDenied", err)
	}
}

func TestTheBrowserIsSentBackToUsAlone(t *testing.T) {
	t.Parallel()
	h := open(t)
	redirect, _ := h.begin()
	to, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	q := to.Query()
	if q.Get("redirect_uri") != baseURL+oidc.Path || q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 43 ||
		len(q.Get("nonce")) < 43 || q.Get("response_type") != "code" || strings.Contains(redirect, "secret") {
		t.Errorf("the provider is asked with %v", q)
	}
	q.Set("redirect_uri", "https://attacker.example/v1/oidc/callback")
	to.RawQuery = q.Encode()
	answer, err := newBrowser(t).Get(to.String())
	if err != nil || answer.StatusCode != http.StatusBadRequest {
		t.Errorf("another way back: %v, %v, want refused by the provider", answer.Status, err)
	}
	_ = answer.Body.Close()
}

func TestAProviderThatIsDownIsLookedForLater(t *testing.T) {
	t.Parallel()
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	calls := 0
	p := &oidc.Provider{
		Settings: oidc.Settings{Issuer: down.URL, ClientID: clientID, BaseURL: baseURL},
		Transport: counting(func(r *http.Request) (*http.Response, error) {
			calls++
			return http.DefaultTransport.RoundTrip(r)
		}),
	}
	for range 3 {
		if _, _, err := p.Begin(t.Context()); !errors.Is(err, oidc.ErrDown) {
			t.Errorf("got %v, want ErrDown", err)
		}
	}
	if calls != 1 {
		t.Errorf("%d calls of a provider that is down, want one", calls)
	}
}

type counting func(*http.Request) (*http.Response, error)

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func TestSettingsThatCannotWorkSafelyAreRefused(t *testing.T) {
	t.Parallel()
	good := oidc.Settings{Issuer: "https://id.example", ClientID: clientID, BaseURL: "https://masp.example"}
	for name, change := range map[string]func(*oidc.Settings){
		"MASP_OIDC_ISSUER":    func(s *oidc.Settings) { s.Issuer = "http://id.example" },
		"MASP_OIDC_CLIENT_ID": func(s *oidc.Settings) { s.ClientID = "" },
		"MASP_BASE_URL":       func(s *oidc.Settings) { s.BaseURL = "http://masp.example" },
	} {
		bad := good
		change(&bad)
		var wrong *oidc.SettingError
		if err := bad.Check(); !errors.As(err, &wrong) || wrong.Name != name || !strings.Contains(wrong.French(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	if err := (oidc.Settings{}).Check(); !errors.Is(err, oidc.ErrOff) {
		t.Errorf("nothing: got %v, want ErrOff", err)
	}
}
