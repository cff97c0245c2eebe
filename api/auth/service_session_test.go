package auth_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger/civil"
)

// errState is a refusal of the database, by its state.
type errState string

func (e errState) Error() string { return string(e) }

func stateOf(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Code
	}
	return ""
}

func TestASessionEndsUnusedAndAfterTenHours(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	writer, payer := d.enter("a.morel", auth.Coordinator), d.enter("b.simon", auth.Coordinator, auth.Approver)
	d.after(14 * time.Minute)
	if !d.alive(writer.Principal) || !d.alive(payer.Principal) {
		t.Error("a session that was used 14 minutes ago has ended")
	}
	d.after(14*time.Minute + 50*time.Second)
	if !d.alive(payer.Principal) { // the use before has kept it
		t.Error("the use of a session did not keep it")
	}
	d.after(15*time.Minute + 10*time.Second)
	if d.alive(payer.Principal) {
		t.Error("an approver's session lives 15 minutes after its last use")
	}
	if d.after(15 * time.Minute); d.alive(writer.Principal) {
		t.Error("a session lives 30 minutes after its last use")
	}

	p := d.login(writer)
	for range 23 {
		if d.after(26 * time.Minute); !d.alive(p) {
			t.Fatalf("the session has ended at %s, in use", d.now)
		}
	}
	if d.after(2*time.Minute + 10*time.Second); d.alive(p) {
		t.Error("a session lives longer than ten hours")
	}
}

func TestAUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	p := d.enter("a.morel", auth.Coordinator).Principal
	seen := func() (at time.Time) {
		d.t.Helper()
		d.alive(p)
		d.must(d.db.Owner.QueryRow(t.Context(), `SELECT seen_at FROM masp.session_uses`).Scan(&at))
		return at
	}
	first := seen()
	if d.after(40 * time.Second); !seen().Equal(first) {
		t.Error("a use was written after 40 seconds")
	}
	if d.after(40 * time.Second); seen().Equal(first) {
		t.Error("no use was written after 80 seconds")
	}
}

func TestSessionsAreListedAndEndedByTheirOwnerOrAnAdmin(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	anne, bruno := d.enter("a.morel", auth.Coordinator), d.enter("b.simon", auth.Approver)
	second := d.login(anne)
	list, err := d.Sessions(t.Context(), second)
	d.must(err)
	if len(list) != 2 || list[0].Mine || !list[1].Mine || list[1].Address != "192.0.2.x" || list[1].Agent != "Firefox" ||
		list[1].Key != second.Key || list[1].Until.Sub(list[1].Since) != 10*time.Hour {
		t.Fatalf("got %+v, want her two sessions", list)
	}
	d.wants("his end of hers", d.EndSession(t.Context(), bruno.Principal, list[0].Key), auth.ErrNoCredential)
	d.wants("a key of nothing", d.EndSession(t.Context(), bruno.Principal, "x'; DROP"), auth.ErrNoCredential)
	_, err = d.SessionsOf(t.Context(), d.admin, "a.morel")
	d.must(err)
	d.must(d.EndSession(t.Context(), second, list[0].Key))
	if d.alive(anne.Principal) || !d.alive(second) {
		t.Error("she ended her other session: want the one that asks alive alone")
	}
	d.must(d.EndSession(t.Context(), d.admin, second.Key))
	d.wants("twice", d.EndSession(t.Context(), d.admin, second.Key), auth.ErrNoCredential)
	d.must(d.Logout(t.Context(), bruno.Principal))
	if d.alive(second) || d.alive(bruno.Principal) {
		t.Error("a session lives after its end")
	}
	d.verified()
}

func TestWhatIsTakenFromAUserActsAtHisNextRequest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		take func(*desk, *entered) error
	}{
		{"a role", func(d *desk, who *entered) error {
			return d.SetRoles(d.t.Context(), d.admin, who.ID, []auth.Role{auth.Coordinator}, civil.Date{})
		}},
		{"the account", func(d *desk, who *entered) error { return d.Disable(d.t.Context(), d.admin, who.ID) }},
		{"password and second factor", func(d *desk, who *entered) error {
			_, err := d.Reset(d.t.Context(), who.Principal, who.ID)
			return err
		}},
		{"every secret", func(d *desk, who *entered) error {
			_, err := d.Revoke(d.t.Context(), d.admin, who.ID)
			return err
		}},
		{"the time", func(d *desk, who *entered) error {
			return d.SetRoles(d.t.Context(), d.admin, who.ID, who.Roles, civil.MustParse("2026-11-01"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			who := d.enter("b.simon", auth.Coordinator, auth.Approver)
			if !d.alive(who.Principal) {
				t.Fatal("his session does not live")
			}
			d.must(c.take(d, who))
			if d.alive(who.Principal) {
				t.Error("his session lives on")
			}
			d.verified()
		})
	}
}

func TestNobodyChangesHisOwnRolesAndOnlyAnAdminThoseOfOthers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	roles := []auth.Role{auth.Approver}
	d.wants("her own", d.SetRoles(t.Context(), d.carla, "carla", roles, civil.Date{}), auth.ErrRole)
	d.wants("the admin's own", d.SetRoles(t.Context(), d.admin, "root.one", roles, civil.Date{}), auth.ErrSelf)
	d.wants("the operator's say", d.SetRoles(t.Context(), operator, "carla", roles, civil.Date{}), auth.ErrNoProof)
	d.must(d.SetRoles(t.Context(), d.admin, "carla", roles, civil.Date{}))
	if got := d.who(d.carla.Secret()); !slices.Equal(got.Roles, roles) {
		t.Errorf("got %v, want %v", got.Roles, roles)
	}
	for _, wrong := range [][]auth.Role{{}, {"boss"}, {auth.Admin, auth.Approver}, {auth.Machine, auth.Approver}, {auth.Auditor}} {
		if _, ok := errors.AsType[*auth.InvalidError](d.SetRoles(t.Context(), d.admin, "carla", wrong, civil.Date{})); !ok {
			t.Errorf("the roles %v were given", wrong)
		}
	}
	for _, sql := range []string{
		`UPDATE masp.users SET roles = '{machine,approver}' WHERE user_id = 'carla'`,
		`UPDATE masp.users SET roles = '{auditor}' WHERE user_id = 'carla'`,
	} {
		if _, err := d.db.Owner.Exec(t.Context(), sql); stateOf(err) != "23514" {
			t.Errorf("got %v, want that the database refuses: %s", err, sql)
		}
	}
}

func TestASecondFactorProvesASessionAnewForFiveMinutes(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who := d.enter("b.simon", auth.Approver)
	approve := func(p auth.Principal, act string) string {
		_, err := d.db.App.Exec(t.Context(), `SELECT masp.act_on_run('C-0', $1, NULL, $2)`, act, p.Secret())
		return stateOf(err)
	}
	const noRun = "P0002" // nothing else was wrong
	if got := approve(who.Principal, "approve"); got != noRun {
		t.Errorf("fresh: got %s", got)
	}
	d.after(auth.Fresh + 10*time.Second)
	if got := approve(who.Principal, "approve"); got != "MA090" {
		t.Errorf("after five minutes: got %s, want MA090", got)
	}
	if got := approve(who.Principal, "file"); got != noRun {
		t.Errorf("another act after five minutes: got %s", got)
	}
	_, err := d.NewToken(t.Context(), who.Principal, auth.TokenAsk{User: who.ID, Name: "x"})
	d.wants("a token from an open browser", err, auth.ErrStepUp)
	_, err = d.Reset(t.Context(), who.Principal, who.ID)
	d.wants("a way in from an open browser", err, auth.ErrStepUp)
	_, _, err = d.StepUp(t.Context(), who.Principal, "123")
	d.wants("a wrong code", err, auth.ErrLogin)
	d.after(2 * time.Second)
	code := auth.CodeAt(who.factor, d.now)
	_, proved, err := d.StepUp(t.Context(), who.Principal, code)
	d.must(err)
	if proved.ProvedAt.Sub(d.now).Abs() > 10*time.Second || approve(proved, "approve") != noRun {
		t.Errorf("got %+v, want another secret, proved now", proved)
	}
	_, _, err = d.StepUp(t.Context(), proved, code)
	d.wants("the same code again", err, auth.ErrLogin)
	d.after(11 * time.Second)
	if d.alive(who.Principal) || !d.alive(proved) {
		t.Error("the secret before proves somebody still, or the new one nobody")
	}
	list, err := d.Sessions(t.Context(), proved)
	if err != nil || len(list) != 1 || list[0].Until.Sub(morning).Round(time.Minute) != 10*time.Hour || list[0].Agent != "Firefox" {
		t.Errorf("got %+v, %v, want one session that ends when it would have", list, err)
	}
	d.wants("a token from a token", func() error {
		secret, err := d.NewToken(t.Context(), proved, auth.TokenAsk{User: who.ID, Name: "x"})
		d.must(err)
		own := d.who(secret)
		if got := approve(own, "approve"); got != "MA090" {
			t.Errorf("a token of who has a second factor approves: got %s, want MA090", got)
		}
		_, err = d.NewToken(t.Context(), own, auth.TokenAsk{User: who.ID, Name: "y"})
		return err
	}(), auth.ErrStepUp)
	token := d.add(auth.User{ID: "c.roy", Name: "C", Roles: []auth.Role{auth.Approver}})
	if got := approve(token, "approve"); got != noRun {
		t.Errorf("a person's token: got %s", got)
	}
	_, _, err = d.StepUp(t.Context(), token, code)
	d.wants("a token steps up", err, auth.ErrUnknown)
	if got := approve(d.add(auth.User{ID: "robot", Name: "R", Roles: []auth.Role{auth.Machine}}), "approve"); got != "MA012" {
		t.Errorf("a program's token: got %s, want MA012", got)
	}
	d.verified()
}

func TestATokenDoesWhatItWasMadeForUntilItsDay(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ask := auth.TokenAsk{User: "carla", Name: "logiciel métier", Scopes: []auth.Action{auth.ReadRuns}, Until: civil.MustParse("2026-11-12")}
	secret, err := d.NewToken(t.Context(), d.carla, ask)
	d.must(err)
	p := d.who(secret)
	if p.Means != auth.ByToken || !p.May(auth.ReadRuns) || p.May(auth.ApproveRuns) || !d.carla.May(auth.ApproveRuns) {
		t.Errorf("got %+v, want a token that reads runs", p)
	}
	if _, err := d.db.App.Exec(t.Context(), `SELECT masp.act_on_run('C-0', 'approve', NULL, $1)`, secret); stateOf(err) != "MA012" {
		t.Errorf("it approves: got %v, want MA012", err)
	}
	_, err = d.NewToken(t.Context(), p, ask)
	d.wants("it makes another", err, auth.ErrScope)
	_, err = d.Issue(t.Context(), p, "carla")
	d.wants("it makes one for everything", err, auth.ErrScope)
	_, err = d.Reset(t.Context(), p, "carla")
	d.wants("it gives a way in", err, auth.ErrScope)

	list, err := d.Tokens(t.Context(), d.carla, "carla")
	if err != nil || len(list) != 2 || list[1].Name != ask.Name || !slices.Equal(list[1].Scopes, ask.Scopes) || list[0].Scopes != nil || !list[0].Mine {
		t.Fatalf("got %+v, %v, want her two tokens", list, err)
	}
	other := d.add(carine)
	d.wants("a colleague reads the list (in production)", func() error {
		_, err := d.db.Owner.Exec(t.Context(), `SELECT masp.set_clock(NULL)`)
		d.must(err)
		d.must(d.EnterProduction(t.Context(), d.admin))
		_, err = d.Tokens(t.Context(), other, "carla")
		return err
	}(), auth.ErrRole)
	d.wants("a colleague ends it", d.EndToken(t.Context(), other, list[1].Key), auth.ErrNoCredential)
	d.must(d.EndToken(t.Context(), d.carla, list[1].Key))
	if d.alive(p) || !d.alive(d.carla) {
		t.Error("one token was ended: want the other alive")
	}
	d.verified()
}

func TestATokenEndsOnItsDayAndWithItsAuditor(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	auditor := d.add(auth.User{ID: "e.audit", Name: "É", Roles: []auth.Role{auth.Auditor}, Until: civil.MustParse("2026-11-30")})
	secret, err := d.NewToken(t.Context(), d.carla, auth.TokenAsk{User: "carla", Name: "dix jours", Until: civil.MustParse("2026-11-12")})
	d.must(err)
	tenDays := d.who(secret)
	d.after(10*24*time.Hour - time.Minute)
	if !d.alive(tenDays) {
		t.Error("the token of ten days has ended before")
	}
	if d.after(2 * time.Minute); d.alive(tenDays) {
		t.Error("the token of ten days lives on")
	}
	d.at(time.Date(2026, 11, 30, 22, 59, 0, 0, time.UTC)) // in Paris an hour later
	if !d.alive(auditor) {
		t.Error("the auditor has ended on his last day")
	}
	if d.after(time.Minute); d.alive(auditor) {
		t.Error("the auditor's token outlives the auditor")
	}
	for _, c := range []struct{ name, field, until string }{
		{"", "name", ""}, {"x", "until", "2026-11-30"}, {"x", "until", "2027-12-02"}, {strings.Repeat("x", 101), "name", ""},
	} {
		ask := auth.TokenAsk{User: "carla", Name: c.name}
		if c.until != "" {
			ask.Until = civil.MustParse(c.until)
		}
		_, err := d.NewToken(t.Context(), d.carla, ask)
		if invalid, ok := errors.AsType[*auth.InvalidError](err); !ok || invalid.Field != c.field {
			t.Errorf("%q until %q: got %v, want a wrong %s", c.name, c.until, err, c.field)
		}
	}
}

func TestAResetEndsTheTokensToo(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	who := d.enter("b.simon", auth.Approver)
	secret, err := d.NewToken(t.Context(), who.Principal, auth.TokenAsk{User: who.ID, Name: "x"})
	d.must(err)
	token := d.who(secret)
	_, err = d.Reset(t.Context(), d.admin, who.ID)
	d.must(err)
	if d.alive(token) || d.alive(who.Principal) {
		t.Error("a token or a session has outlived the reset")
	}
	d.verified()
}

func TestASecondFactorKeepsTheRealTimeWhenTheClockOfTheBooksIsMoved(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, err := d.db.Owner.Exec(t.Context(), `CREATE OR REPLACE FUNCTION masp.real_now() RETURNS timestamptz
		LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()'`) // as the migration has it
	d.must(err)
	_, err = d.db.Owner.Exec(t.Context(), `SELECT masp.set_clock('2031-05-05 10:00+02')`)
	d.must(err)
	link, offer := d.invite(auth.User{ID: "b.simon", Name: "B", Roles: []auth.Role{auth.Approver}})
	ask := auth.SetupAsk{Link: link, Password: password}
	ask.Code = auth.CodeAt(offer.Secret, time.Date(2031, 5, 5, 8, 0, 0, 0, time.UTC))
	_, _, err = d.Complete(t.Context(), ask)
	d.wants("the code of the moved clock", err, auth.ErrLogin)
	ask.Code = auth.CodeAt(offer.Secret, time.Now())
	_, _, err = d.Complete(t.Context(), ask)
	d.must(err)
}
