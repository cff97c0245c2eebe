package v1_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"masp/api/auth"
)

const password = "quatre mots de son choix"

// browser is a user at his browser: it keeps the cookie, as browsers do.
type browser struct {
	d      *desk
	secret string // of the authenticator
	cookie *http.Cookie
	used   time.Time // moment of the last code
}

// send asks with the cookie, and keeps what comes back.
func (b *browser) send(method, path, body string, more ...header) reply {
	b.d.t.Helper()
	if b.cookie != nil {
		more = append(more, header{"Cookie", b.cookie.Name + "=" + b.cookie.Value})
	}
	got := b.d.ask("", method, path, body, more...)
	for _, kept := range (&http.Response{Header: got.Header}).Cookies() {
		if kept.Name == "masp" {
			b.cookie = kept
		}
	}
	return got
}

// now is the moment of the books.
func (d *desk) now() (at time.Time) {
	d.t.Helper()
	if err := d.db.App.QueryRow(d.t.Context(), `SELECT masp.now()`).Scan(&at); err != nil {
		d.t.Fatal(err)
	}
	return at
}

// code is what the authenticator shows; each one proves once, so that the clock goes on.
func (b *browser) code() string {
	b.d.t.Helper()
	at := b.d.now()
	if at.Sub(b.used) < time.Minute {
		at = at.Add(time.Minute)
		b.d.db.SetClock(b.d.t, at)
	}
	b.used = at
	return auth.CodeAt(b.secret, at)
}

// settled is a user who has gone through his setup link.
func (d *desk) settled(user string) *browser {
	d.t.Helper()
	link := d.ask("i.texier", "POST", "/v1/users/"+user+"/resets", "").wants(201).text("setup_link")
	b := &browser{d: d}
	b.secret = b.send("POST", "/v1/setup_offers", `{"link": "`+link+`"}`).wants(200).text("secret")
	b.send("POST", "/v1/setups", `{"link": "`+link+`", "password": "`+password+`", "code": "`+b.code()+`"}`).wants(201)
	return b
}

func loginBody(user, code string) string {
	return `{"user": "` + user + `", "password": "` + password + `", "code": "` + code + `"}`
}

func TestASetupLinkOpensOneSessionWhoseSecretIsInTheCookieAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	link := d.ask("i.texier", "POST", "/v1/users/v.olivier/resets", "").wants(201).text("setup_link")
	b := &browser{d: d}
	offer := b.send("POST", "/v1/setup_offers", `{"link": "`+link+`"}`).wants(200)
	if offer.text("user") != "v.olivier" || !strings.HasPrefix(offer.text("uri"), "otpauth://") {
		t.Errorf("got %s", offer.Body)
	}
	b.secret = offer.text("secret")
	body := func(password, code string) string {
		return `{"link": "` + link + `", "password": "` + password + `", "code": "` + code + `"}`
	}
	b.send("POST", "/v1/setups", body("motdepasse123", b.code())).code(422, "invalid_password")
	b.send("POST", "/v1/setups", body(password, "000000")).code(401, "login_refused")
	got := b.send("POST", "/v1/setups", body(password, b.code())).wants(201)
	cookie := got.Header.Get("Set-Cookie")
	for _, flag := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, flag) {
			t.Errorf("the cookie %q is not %s", cookie, flag)
		}
	}
	if strings.Contains(string(got.Body), b.cookie.Value) {
		t.Error("the secret of the session stands in the body")
	}
	if me := b.send("GET", "/v1/me", "").wants(200); me.text("user") != "v.olivier" || me.text("means") != "session" {
		t.Errorf("got %s", me.Body)
	}
	(&browser{d: d}).send("POST", "/v1/setups", body(password, b.code())).code(404, "setup_void")
	d.ask("", "GET", "/v1/me", "").wants(401)
}

func TestALoginThatIsWrongSaysNothingOfWhatWasWrongAndTheNextOneWaits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.settled("v.olivier")
	wrong := b.send("POST", "/v1/sessions", loginBody("v.olivier", "000000")).code(401, "login_refused")
	again := b.send("POST", "/v1/sessions", loginBody("v.olivier", b.code()))
	if again.Status != 201 { // the pause of a second is over when the clock has moved
		t.Fatalf("got %d\n%s", again.Status, again.Body)
	}
	for range 2 {
		wrong = b.send("POST", "/v1/sessions", loginBody("nobody.here", "000000"))
	}
	wrong.code(429, "slowed")
	if wrong.Header.Get("Retry-After") == "" {
		t.Error("nobody says how long to wait")
	}
}

// N-7: a code of one use opens one session, however many ask at once.
func TestOneCodeOpensOneSession(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.settled("v.olivier")
	body := loginBody("v.olivier", b.code())
	var opened atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/sessions", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			switch got := d.send(r); got.Status {
			case 201:
				opened.Add(1)
			case 401, 429:
			default:
				t.Errorf("got %d\n%s", got.Status, got.Body)
			}
		})
	}
	all.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("one code has opened %d sessions", n)
	}
}

// a new secret at each login and each proof, nothing after the end, nobody with two identities.
func TestASessionCannotBeFixedReusedOrDoubled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.settled("v.olivier")
	first := b.cookie.Value
	b.send("POST", "/v1/sessions", loginBody("v.olivier", b.code())).wants(201)
	second := b.cookie.Value
	if second == first {
		t.Error("a login goes on with the secret of before")
	}
	old := &browser{d: d, cookie: &http.Cookie{Name: "masp", Value: first}}
	old.send("GET", "/v1/me", "").wants(401)
	b.send("POST", "/v1/proofs", `{"code": "`+b.code()+`"}`).wants(201)
	before := &browser{d: d, cookie: &http.Cookie{Name: "masp", Value: second}}
	proved, late := b.send("GET", "/v1/me", "").wants(200).get("proved_at"), before.send("GET", "/v1/me", "").wants(200).get("proved_at")
	if proved == late {
		t.Error("the secret before has the proof of the new one: it may have been stolen")
	}
	d.db.SetClock(t, d.now().Add(11*time.Second)) // a second click has come by then
	before.send("GET", "/v1/me", "").wants(401)
	d.ask("v.olivier", "GET", "/v1/me", "", header{"Cookie", "masp=" + b.cookie.Value}).code(400, "two_identities")
	d.ask("", "GET", "/v1/me", "", header{"Cookie", "masp=" + b.cookie.Value + "; masp=" + first}).code(400, "two_identities")
	mine := b.send("GET", "/v1/sessions", "").wants(200)
	if mine.length("data") != 1 || mine.get("data", 0, "mine") != true {
		t.Errorf("got %s, want the one session", mine.Body)
	}
	last := b.cookie.Value
	b.send("DELETE", "/v1/session", "").wants(204)
	if b.cookie.MaxAge >= 0 {
		t.Errorf("the cookie stays after the logout: %v", b.cookie)
	}
	(&browser{d: d, cookie: &http.Cookie{Name: "masp", Value: last}}).send("GET", "/v1/me", "").wants(401)
	// A session that is over keeps nobody from a new one.
	(&browser{d: d, cookie: &http.Cookie{Name: "masp", Value: last}}).send("POST", "/v1/sessions", loginBody("v.olivier", b.code())).wants(201)
}

func TestASessionThatNobodyUsesEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.settled("v.olivier")
	d.db.SetClock(t, d.now().Add(14*time.Minute))
	b.send("GET", "/v1/me", "").wants(200)
	d.db.SetClock(t, d.now().Add(16*time.Minute))
	b.send("GET", "/v1/me", "").wants(401)
}

// what is taken from a user is taken from his open session, at its next request.
func TestWhatAnAdministratorTakesIsGoneAtTheNextRequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, take := range map[string]func(user, tag string){
		"roles": func(user, tag string) {
			d.ask("i.texier", "PATCH", "/v1/users/"+user, `{"roles": ["coordinator"]}`, header{"If-Match", tag}).wants(200)
		},
		"account": func(user, tag string) {
			d.ask("i.texier", "DELETE", "/v1/users/"+user, "", header{"If-Match", tag}).wants(204)
		},
		"second factor": func(user, _ string) { d.ask("i.texier", "POST", "/v1/users/"+user+"/resets", "").wants(201) },
		"sessions":      func(user, _ string) { d.ask("i.texier", "POST", "/v1/users/"+user+"/revocations", "").wants(201) },
	} {
		user := "v." + strings.ReplaceAll(name, " ", "-")
		d.ask("i.texier", "POST", "/v1/users", `{"user": "`+user+`", "name": "Essai", "roles": ["approver"]}`).wants(201)
		b := d.settled(user)
		b.send("GET", "/v1/payment_runs", "").wants(200)
		take(user, d.ask("i.texier", "GET", "/v1/users/"+user, "").wants(200).Header.Get("ETag"))
		if got := b.send("GET", "/v1/payment_runs", ""); got.Status != 401 {
			t.Errorf("%s taken: the open session still answers %d", name, got.Status)
		}
	}
}

func TestAnApprovalBySessionWantsAFreshProof(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	b := d.settled("v.olivier")
	path, _ := d.proposed("c.martin")
	d.decided("c.martin", path)
	tag := d.post("c.martin", path+"/submissions", "", "").wants(201).Header.Get("ETag")
	d.db.SetClock(t, d.now().Add(6*time.Minute))
	b.send("POST", path+"/approvals", "", header{"If-Match", tag}).code(401, "step_up_required")
	b.send("POST", "/v1/proofs", `{"code": "`+b.code()+`"}`).wants(201)
	b.send("POST", path+"/approvals", "", header{"If-Match", tag}).wants(201)
}

func TestSessionsOfOthersDoNotExistButForAnAdministrator(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.settled("v.olivier")
	id := b.send("GET", "/v1/sessions", "").wants(200).text("data", 0, "session")
	d.ask("c.martin", "DELETE", "/v1/sessions/"+id, "").code(404, "not_found")
	d.ask("c.martin", "DELETE", "/v1/sessions/ses_00000000000000000000000000", "").code(404, "not_found")
	d.ask("c.martin", "GET", "/v1/sessions?user=v.olivier", "").wants(403)
	if n := d.ask("i.texier", "GET", "/v1/sessions?user=v.olivier", "").wants(200).length("data"); n != 1 {
		t.Errorf("the administrator sees %d sessions, want 1", n)
	}
	d.ask("i.texier", "DELETE", "/v1/sessions/"+id, "").wants(204)
	b.send("GET", "/v1/me", "").wants(401)
	d.ask("k.perrin", "POST", "/v1/proofs", `{"code": "492039"}`).code(409, "no_session")
}

func TestWhoIsHereChangesHisPasswordAndHisOtherBrowsersAreOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	b := d.settled("v.olivier")
	other := &browser{d: d, secret: b.secret, used: b.used}
	other.send("POST", "/v1/sessions", loginBody("v.olivier", other.code())).wants(201)
	b.used = other.used
	change := func(b *browser, current, next string) reply {
		return b.send("POST", "/v1/password_changes", `{"current": "`+current+`", "password": "`+next+`"}`)
	}
	const next = "cinq autres mots de son choix"
	change(b, password, "motdepasse123").code(422, "invalid_password")
	change(b, password, password).code(422, "invalid_password")
	change(b, "quatre mots d'un autre", next).code(422, "wrong_password")
	change(b, password, next).code(429, "slowed")
	other.send("GET", "/v1/me", "").wants(200)
	d.db.SetClock(t, d.now().Add(6*time.Minute))
	was := b.cookie.Value
	proved := b.send("GET", "/v1/me", "").wants(200).text("proved_at")
	got := change(b, password, next).wants(201)
	if b.cookie.Value == was || got.text("proved_at") != proved {
		t.Errorf("the secret is %t the same, the second factor was proved at %s, now %s", b.cookie.Value == was, proved, got.text("proved_at"))
	}
	b.send("GET", "/v1/me", "").wants(200)
	other.send("GET", "/v1/me", "").wants(401)
	(&browser{d: d, cookie: &http.Cookie{Name: "masp", Value: was}}).send("GET", "/v1/me", "").wants(401)
	late := &browser{d: d, secret: b.secret, used: b.used}
	late.send("POST", "/v1/sessions", loginBody("v.olivier", late.code())).code(401, "login_refused")
	d.db.SetClock(t, d.now().Add(time.Hour))
	late.send("POST", "/v1/sessions", strings.Replace(loginBody("v.olivier", late.code()), password, next, 1)).wants(201)
	var acts int
	d.scan(`SELECT count(*) FROM masp.audit_log WHERE action = 'user.password' AND actor = 'v.olivier'`, &acts)
	if acts != 1 {
		t.Errorf("%d acts tell of it, want 1", acts)
	}
	d.proved()
}
