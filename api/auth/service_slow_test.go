package auth_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger/civil"
)

// wait is how many seconds a login is told to wait, 0 when it was tried, in vain or not.
func (d *desk) wait(ask auth.LoginAsk) int {
	d.t.Helper()
	// Another service each time: what was tried survives a restart.
	s := &auth.Service{DB: d.db.App, Key: d.Key}
	_, _, err := s.Login(d.t.Context(), ask)
	if slowed, ok := errors.AsType[*auth.SlowedError](err); ok {
		return slowed.Seconds()
	}
	if err != nil && !errors.Is(err, auth.ErrLogin) {
		d.t.Fatal(err)
	}
	return 0
}

func TestLoginsInVainAreSlowedMoreAndMoreNeverForGood(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who := d.enter("a.morel", auth.Coordinator)
	for _, user := range []string{"a.morel", "nobody.here"} { // one answer for both
		d.after(time.Hour)
		for n, want := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
			ask := auth.LoginAsk{User: user, Password: "wrong", Code: "000000", Address: fmt.Sprintf("198.51.100.%d", n)}
			if got := d.wait(ask); got != 0 {
				t.Fatalf("%s: try %d has to wait %d s more", user, n, got)
			}
			var pause int
			d.must(d.db.Owner.QueryRow(t.Context(), `SELECT extract(epoch FROM free_at - tried_at)::int
				FROM masp.login_tries WHERE of_what = 'account ' || $1`, user).Scan(&pause))
			if pause != want {
				t.Errorf("%s: after %d in vain the pause is %d s, want %d", user, n+1, pause, want)
			}
			if want > 60 { // a short pause may be over on a busy machine
				if got := d.wait(ask); got > want || got < want/2 {
					t.Errorf("%s: after %d in vain a login waits %d s, want %d", user, n+1, got, want)
				}
			}
			d.after(time.Duration(want)*time.Second + time.Minute)
		}
	}
	_, _, err := d.Login(t.Context(), d.ask(who))
	d.must(err)
	if got := d.wait(auth.LoginAsk{User: "a.morel", Address: "198.51.100.200"}); got != 0 {
		t.Errorf("after a login the pause is %d s, want none", got)
	}
}

func TestAnAddressIsSlowedAfterTwentyInVain(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who := d.enter("a.morel", auth.Coordinator)
	try := func(n int, address string) int {
		return d.wait(auth.LoginAsk{User: fmt.Sprintf("user.%d", n), Password: "wrong", Address: address})
	}
	for n := range 21 {
		if got := try(n, fmt.Sprintf("2001:db8:1:2::%x", n)); got != 0 {
			t.Fatalf("try %d has to wait %d s", n, got)
		}
	}
	for n := range 8 { // a short pause may be over on a busy machine
		d.after(2 * time.Hour)
		try(30+n, "2001:db8:1:2::1")
	}
	if got := try(22, "2001:db8:1:2:ffff::1"); got < 60 || got > 256 {
		t.Errorf("another account from the same network waits %d s, want 256", got)
	}
	if got := try(23, "2001:db8:1:3::1"); got != 0 {
		t.Errorf("another network waits %d s, want 0", got)
	}
	// Who is right is forgiven his own try only: an office goes on.
	d.after(10 * time.Minute)
	ask := d.ask(who)
	ask.Address = "2001:db8:1:2::1"
	_, _, err := d.Login(t.Context(), ask)
	d.must(err)
	if _, err := d.db.App.Exec(t.Context(), `SELECT 1 FROM masp.login_tries`); stateOf(err) != "42501" {
		t.Errorf("got %v, want that the program reads no tries", err)
	}
}

func TestOneSecondFactorOrOneAddressIsOneUsers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.enter("a.morel", auth.Coordinator)
	link, _ := d.invite(auth.User{ID: "b.simon", Name: "B", Roles: []auth.Role{auth.Approver}, Email: "b@example.org"})
	_, err := d.db.App.Exec(t.Context(), `
		SELECT masp.complete_setup($1, kdf, verifier, totp_sealed, totp_mark, totp_step, sha256('x'), '', '')
		  FROM masp.logins WHERE user_id = 'a.morel'`, link)
	if err == nil || !strings.Contains(err.Error(), "second_factor_is_one_persons") {
		t.Errorf("got %v, want that her second factor is not his", err)
	}
	_, err = d.Invite(t.Context(), operator, auth.User{ID: "b.two", Name: "B", Roles: []auth.Role{auth.Coordinator}, Email: "b@example.org"})
	d.wants("a second account with his address", err, auth.ErrSamePerson)
	_, err = d.Invite(t.Context(), operator, auth.User{ID: "b.three", Name: "B", Roles: []auth.Role{auth.Coordinator}, Email: "B@example.org"})
	if invalid, ok := errors.AsType[*auth.InvalidError](err); !ok || invalid.Field != "email" {
		t.Errorf("got %v, want that an address is lower case", err)
	}
}

func TestAPasswordIsKeptByTheCostsOfTodayFromItsNextLoginOn(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who := d.enter("a.morel", auth.Coordinator)
	const old = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA"
	key, err := auth.KeyOf(t.Context(), old, password)
	d.must(err)
	_, err = d.db.Owner.Exec(t.Context(), `UPDATE masp.logins SET kdf = $1, verifier = sha256($2)`, old, key)
	d.must(err)
	d.login(who)
	var kdf string
	d.must(d.db.App.QueryRow(t.Context(), `SELECT kdf FROM masp.logins`).Scan(&kdf))
	if !strings.HasPrefix(kdf, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %s, want the costs of today", kdf)
	}
	d.login(who)
	for _, strange := range []string{"", "$argon2i$v=19$m=8192,t=1,p=1$c2FsdHNhbHQ", "$argon2id$v=19$m=999999999,t=1,p=1$c2FsdHNhbHQ"} {
		if _, err := auth.KeyOf(t.Context(), strange, password); err == nil {
			t.Errorf("%q was computed", strange)
		}
	}
}

func TestASecondFactorOpensForItsUserAndByItsKeyAlone(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who, other := d.enter("a.morel", auth.Coordinator), d.enter("b.simon", auth.Approver)
	d.after(time.Minute)
	key := d.Key
	var err error
	if d.Key, err = auth.NewKey([]byte("another key of thirty-two characters")); err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Login(t.Context(), d.ask(who))
	d.wants("another key", err, auth.ErrKey)
	d.Key = nil
	_, _, err = d.Login(t.Context(), d.ask(who))
	d.wants("no key", err, auth.ErrKey)
	d.Key = key
	d.after(time.Minute)
	_, err = d.db.Owner.Exec(t.Context(), `UPDATE masp.logins SET totp_sealed =
		(SELECT totp_sealed FROM masp.logins WHERE user_id = 'b.simon') WHERE user_id = 'a.morel'`)
	d.must(err)
	who.factor = other.factor
	_, _, err = d.Login(t.Context(), d.ask(who))
	d.wants("the second factor of another, moved", err, auth.ErrKey)
	if _, err := auth.NewKey([]byte("short")); !errors.Is(err, auth.ErrKey) {
		t.Errorf("a short key: got %v, want ErrKey", err)
	}
}

func TestTheKeyIsChangedWithoutAnybodyAtAnAuthenticator(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who, old := d.enter("a.morel", auth.Coordinator), d.Key
	d.enter("b.simon", auth.Approver)
	anew, err := auth.NewKey([]byte("another key of thirty-two characters"))
	d.must(err)
	d.Key = anew
	_, err = d.Rekey(t.Context(), auth.Principal{})
	d.wants("without the key before", err, auth.ErrKey)
	d.Key = anew.After(old)
	d.after(time.Minute)
	d.login(who) // meanwhile both read
	d.enter("c.petit", auth.Approver)
	for again, want := range []int{2, 0} {
		if n, err := d.Rekey(t.Context(), auth.Principal{}); n != want || err != nil {
			t.Errorf("time %d: %d encrypted anew, %v, want %d", again+1, n, err, want)
		}
	}
	d.Key = anew
	d.after(time.Minute)
	d.login(who)
	d.Key = old
	d.after(time.Minute)
	_, _, err = d.Login(t.Context(), d.ask(who))
	d.wants("the key before alone", err, auth.ErrKey)
	d.Key = anew.After(old)
	d.verified()
	d.exec(`UPDATE masp.organisations SET in_production = true`)
	_, err = d.Rekey(t.Context(), auth.Principal{})
	d.wants("in production, by nobody", err, auth.ErrNoProof)
}

func TestNoErrorTellsASecretAPasswordOrACode(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who := d.enter("a.morel", auth.Coordinator)
	link, _ := d.invite(carine)
	const canary, code = "kanari-password-canary", "987654"
	errs := map[string]error{}
	keep := func(what string, err error) { errs[what] = err }
	setup := auth.SetupAsk{Link: link, Password: canary, Code: code}
	_, _, err := d.Complete(t.Context(), setup)
	keep("a wrong code", err)
	_, _, err = d.Complete(t.Context(), auth.SetupAsk{Link: link, Password: "canary", Code: code})
	keep("a short password", err)
	_, _, err = d.Complete(t.Context(), auth.SetupAsk{Link: link + canary, Password: canary, Code: code})
	keep("no link", err)
	login := auth.LoginAsk{User: "a.morel", Password: canary, Code: code, Address: "192.0.2.9"}
	_, _, err = d.Login(t.Context(), login)
	keep("a login", err)
	_, _, err = d.Login(t.Context(), login)
	keep("a login too soon", err)
	_, _, err = d.StepUp(t.Context(), who.Principal, code)
	keep("a step up", err)
	_, err = d.Authenticate(t.Context(), canary)
	keep("a secret", err)
	keep("a session", d.EndSession(t.Context(), who.Principal, "0"))
	_, err = d.NewToken(t.Context(), who.Principal, auth.TokenAsk{User: "a.morel", Name: "x", Until: civil.MustParse("2030-01-01")})
	keep("a token", err)
	for what, err := range errs {
		text := fmt.Sprintf("%v %+v %#v", err, err, err)
		for _, secret := range []string{"canary", code, link, who.Secret(), who.factor} {
			if err == nil || strings.Contains(text, secret) {
				t.Errorf("%s: got %q, want an error without a secret", what, text)
			}
		}
	}
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", login, login, login), fmt.Sprintf("%v %+v %#v", setup, setup, setup)} {
		if strings.Contains(shown, "canary") || strings.Contains(shown, code) {
			t.Errorf("printed: %s", shown)
		}
	}
}

func TestTheProgramOpensNoSessionByItself(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.enter("a.morel", auth.Coordinator)
	for sql, want := range map[string]string{
		`SELECT masp.start_session('a.morel', sha256('x'), 'infinity', '', '')`:                                       "42501",
		`SELECT masp.open_session('a.morel', verifier, 9000000000, sha256('x'), '', '', NULL, NULL) FROM masp.logins`: "MA091",
		`SELECT masp.step_up('x', 9000000000, sha256('x'))`:                                                           "MA010",
		`SELECT masp.add_credential('a.morel', 'session', sha256('x'), '1 hour', '')`:                                 "MA093",
		`SELECT masp.sign_run('C-0', 'approve', NULL, 'x')`:                                                           "42501",
		`INSERT INTO masp.session_uses VALUES (1, now(), '1 day', '', '')`:                                            "42501",
		`UPDATE masp.logins SET totp_step = 0`:                                                                        "42501",
		`DELETE FROM masp.logins`:                                                                                     "42501",
		`DELETE FROM masp.login_tries`:                                                                                "42501",
	} {
		if _, err := d.db.App.Exec(t.Context(), sql); stateOf(err) != want {
			t.Errorf("got %v, want %s: %s", err, want, sql)
		}
	}
}

// TestCodesAreThoseOfTheStandard has the vectors of RFC 6238, appendix B, in six figures.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := auth.CodeAt(secret, time.Unix(at, 0)); got != want {
			t.Errorf("at %d: got %s, want %s", at, got, want)
		}
	}
}
