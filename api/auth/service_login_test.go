package auth_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

const password = "quatre mots de sable"

var morning = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// entered is a person with a password, an authenticator and a first session.
type entered struct {
	auth.Principal
	factor string
}

// desk is a house whose people enter; its clock is set by hand.
type desk struct {
	*house
	now time.Time
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{house: open(t, false)}
	key, err := auth.NewKey([]byte("a key of thirty-two characters, or more"))
	if err != nil {
		t.Fatal(err)
	}
	d.Key = key
	d.at(morning)
	return d
}

func (d *desk) at(now time.Time) {
	d.t.Helper()
	d.now = now
	d.db.SetClock(d.t, now)
}

func (d *desk) after(wait time.Duration) { d.t.Helper(); d.at(d.now.Add(wait)) }

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) wants(what string, got, want error) {
	d.t.Helper()
	if !errors.Is(got, want) {
		d.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// invite makes a user and answers what his link offers.
func (d *desk) invite(u auth.User) (link string, offer auth.SetupOffer) {
	d.t.Helper()
	link, err := d.Invite(d.t.Context(), operator, u)
	d.must(err)
	offer, err = d.Setup(d.t.Context(), link)
	d.must(err)
	return link, offer
}

// enter makes a user who has set up his way in.
func (d *desk) enter(id string, roles ...auth.Role) *entered {
	d.t.Helper()
	link, offer := d.invite(auth.User{ID: id, Name: "Nom de " + id, Roles: roles, Until: civil.MustParse("2026-12-31")})
	secret, who, err := d.Complete(d.t.Context(), auth.SetupAsk{
		Link: link, Password: password, Code: auth.CodeAt(offer.Secret, d.now), Address: "192.0.2.7", Agent: "Firefox/140.0",
	})
	d.must(err)
	if who.Secret() != secret || who.ID != id {
		d.t.Fatalf("got %s, want the session of %s", who.ID, id)
	}
	return &entered{who, offer.Secret}
}

func (d *desk) ask(who *entered) auth.LoginAsk {
	return auth.LoginAsk{
		User: who.ID, Password: password, Code: auth.CodeAt(who.factor, d.now),
		Address: "192.0.2.7", Agent: "Mozilla/5.0 Gecko Firefox/140.0",
	}
}

// login opens another session, half a minute later.
func (d *desk) login(who *entered) auth.Principal {
	d.t.Helper()
	d.after(30 * time.Second)
	_, p, err := d.Login(d.t.Context(), d.ask(who))
	d.must(err)
	return p
}

// alive tells whether a secret proves somebody.
func (d *desk) alive(p auth.Principal) bool {
	d.t.Helper()
	_, err := d.Authenticate(d.t.Context(), p.Secret())
	if err != nil && !errors.Is(err, auth.ErrUnknown) {
		d.t.Fatal(err)
	}
	return err == nil
}

func TestAPersonEntersByALinkOnceAndThenByPasswordAndCode(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	link, offer := d.invite(carine)
	if want := "otpauth://totp/MASP:c.blanc?issuer=MASP&secret=" + offer.Secret; offer.URI != want || offer.User.ID != carine.ID {
		t.Errorf("got %s for %s, want %s", offer.URI, offer.User.ID, want)
	}
	choose := func(password, code string) error {
		_, _, err := d.Complete(t.Context(), auth.SetupAsk{Link: link, Password: password, Code: code})
		return err
	}
	code := auth.CodeAt(offer.Secret, d.now)
	for _, weak := range []string{"onze signes", "Motdepasse1234", "aaaaaaaaaaaaaaaa", "carine blanc", strings.Repeat("x y", 500)} {
		if invalid, ok := errors.AsType[*auth.InvalidError](choose(weak, code)); !ok || invalid.Field != "password" {
			t.Errorf("the password %q was taken", weak)
		}
	}
	d.wants("a wrong code", choose(password, "000000"), auth.ErrLogin)
	d.wants("the code of an hour ago", choose(password, auth.CodeAt(offer.Secret, d.now.Add(-time.Hour))), auth.ErrLogin)
	d.must(choose(password, code))
	d.wants("the link again", choose(password, code), auth.ErrSetup)
	_, err := d.Setup(t.Context(), link)
	d.wants("its page again", err, auth.ErrSetup)

	who := &entered{auth.Principal{User: carine}, offer.Secret}
	_, _, err = d.Login(t.Context(), d.ask(who))
	d.wants("the code of the setup", err, auth.ErrLogin)
	d.after(time.Minute)
	ask := d.ask(who)
	ask.User = " C.Blanc "
	_, p, err := d.Login(t.Context(), ask)
	d.must(err)
	if p.ID != carine.ID || p.Means != auth.BySession || p.Key == "" || p.Scopes != nil || p.ProvedAt.Sub(d.now).Abs() > 10*time.Second {
		t.Errorf("got %+v, want a session, proved now", p)
	}
	if got := strings.Join(d.acts("session.open"), " "); got != carine.ID {
		t.Errorf("the log of acts names %q, want her login", got)
	}
	d.verified()
}

// verified fails the test when a register is not what the acts have left.
func (d *desk) verified() {
	d.t.Helper()
	err := pgx.BeginTxFunc(d.t.Context(), d.db.App, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		var last audit.Recorded
		if _, err := audit.Verify(d.t.Context(), tx, nil, func(f audit.Fault) { d.t.Errorf("%+v", f) },
			func(r audit.Recorded) { last = r }); err != nil {
			return err
		}
		return audit.VerifyRegisters(d.t.Context(), tx, last, func(f audit.RegisterFault) { d.t.Errorf("%+v", f) })
	})
	d.must(err)
}

func TestASetupLinkOpensFor72HoursAndTheLatestAlone(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	first, _ := d.invite(carine)
	second, err := d.Invite(t.Context(), operator, carine)
	d.must(err)
	_, err = d.Setup(t.Context(), first)
	d.wants("the first of two links", err, auth.ErrSetup)
	d.after(72*time.Hour - time.Minute)
	_, err = d.Setup(t.Context(), second)
	d.must(err)
	d.after(2 * time.Minute)
	_, err = d.Setup(t.Context(), second)
	d.wants("after 72 hours", err, auth.ErrSetup)

	who := d.enter("a.morel", auth.Coordinator)
	_, err = d.Invite(t.Context(), d.admin, auth.User{ID: "a.morel", Name: "Nom de a.morel", Roles: who.Roles, Until: who.Until})
	d.wants("an invitation of who has entered", err, auth.ErrEntered)
	_, err = d.Reset(t.Context(), operator, "a.morel")
	d.wants("the operator gives a way in to who has one", err, auth.ErrNoProof)
	_, err = d.Issue(t.Context(), operator, "a.morel")
	d.wants("a token of hers for the operator", err, auth.ErrNoProof)
	_, err = d.Reset(t.Context(), d.carla, "a.morel")
	d.wants("a colleague gives it", err, auth.ErrRole)
}

func TestOfManyAtOnceWithOneLinkOneCodeOrOneSessionOnePasses(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	link, offer := d.invite(carine)
	code := auth.CodeAt(offer.Secret, d.now)
	d.one("the link", false, func() error {
		_, _, err := d.Complete(t.Context(), auth.SetupAsk{Link: link, Password: password, Code: code})
		return err
	}, auth.ErrSetup)

	d.after(time.Minute)
	who := &entered{auth.Principal{User: carine}, offer.Secret}
	ask := d.ask(who)
	d.one("the code, by the program", true, func() error {
		_, p, err := d.Login(t.Context(), ask)
		if err == nil {
			who.Principal = p
		}
		return err
	}, auth.ErrLogin)

	var kdf string
	var step int64
	d.must(d.db.App.QueryRow(t.Context(), `SELECT kdf, totp_step + 1 FROM masp.logins`).Scan(&kdf, &step))
	key, err := auth.KeyOf(t.Context(), kdf, password)
	d.must(err)
	var n atomic.Int64
	d.one("the code, in the database", false, func() error {
		_, err := d.db.App.Exec(t.Context(), `SELECT masp.open_session('c.blanc', $1, $2, sha256($3::text::bytea), '', '', NULL, NULL)`,
			key, step, fmt.Sprint(n.Add(1)))
		return err
	}, errState("MA091"))

	d.after(2 * time.Minute)
	code = auth.CodeAt(offer.Secret, d.now)
	var given atomic.Pointer[string]
	d.one("the session", true, func() error {
		secret, _, err := d.StepUp(t.Context(), who.Principal, code)
		if err == nil && !given.CompareAndSwap(nil, &secret) && *given.Load() == secret {
			return auth.ErrLogin // what the first was given, once more
		}
		return err
	}, auth.ErrUnknown, auth.ErrLogin)
	d.after(11 * time.Second)
	d.wants("a session that has ended", func() error {
		_, err := d.Authenticate(t.Context(), who.Secret())
		return err
	}(), auth.ErrUnknown)
}

// one lets 64 try at once: one passes, and the others are refused for one of the reasons, or slowed.
func (d *desk) one(what string, maySlow bool, try func() error, refusals ...error) {
	d.t.Helper()
	var passed atomic.Int32
	var all sync.WaitGroup
	start := make(chan struct{})
	for range 64 {
		all.Go(func() {
			<-start
			err := try()
			if err == nil {
				passed.Add(1)
				return
			}
			if _, slowed := errors.AsType[*auth.SlowedError](err); slowed && maySlow {
				return
			}
			for _, r := range refusals {
				if errors.Is(err, r) || stateOf(err) == r.Error() {
					return
				}
			}
			d.t.Errorf("%s: got %v, want one of %v", what, err, refusals)
		})
	}
	close(start)
	all.Wait()
	if got := passed.Load(); got != 1 {
		d.t.Errorf("%s: %d of 64 passed, want 1", what, got)
	}
}
