package auth_test

import (
	"testing"
	"time"

	"masp/api/auth"
)

// proveTwice steps a session up, and again as a second click does: with the secret before.
func proveTwice(d *desk) (before *entered, after auth.Principal) {
	d.t.Helper()
	before = d.enter("h.lefevre", auth.Approver)
	d.after(6 * time.Minute)
	code := auth.CodeAt(before.factor, d.now)
	secret, after, err := d.StepUp(d.t.Context(), before.Principal, code)
	d.must(err)
	late, err := d.Authenticate(d.t.Context(), before.Secret())
	d.must(err)
	if late.Key != after.Key || late.ProvedAt.Equal(after.ProvedAt) {
		d.t.Errorf("the second click is %+v, want the session %+v without its fresh proof", late, after)
	}
	again, proved, err := d.StepUp(d.t.Context(), late, code)
	d.must(err)
	if again != secret || !proved.ProvedAt.Equal(after.ProvedAt) {
		d.t.Errorf("the second click with its code is %+v, want the secret and the proof of the first", proved)
	}
	return before, after
}

func TestASecondClickIsTheSameSessionForTenSeconds(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	before, after := proveTwice(d)
	list, err := d.Sessions(t.Context(), before.Principal)
	if err != nil || len(list) != 1 || !list[0].Mine {
		t.Errorf("the secret before sees %+v, %v, want its own session alone", list, err)
	}
	var acts int
	d.must(d.db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM masp.audit_log WHERE action = 'session.prove'`).Scan(&acts))
	if acts != 1 {
		t.Errorf("two clicks are %d acts, want 1", acts)
	}
	d.after(9 * time.Second)
	if !d.alive(before.Principal) {
		t.Error("after nine seconds it proves nobody")
	}
	d.after(2 * time.Second)
	_, _, err = d.StepUp(t.Context(), before.Principal, auth.CodeAt(before.factor, d.now.Add(time.Minute)))
	d.wants("the secret before, eleven seconds later", err, auth.ErrUnknown)
	if d.alive(before.Principal) || !d.alive(after) {
		t.Error("after eleven seconds the secret before proves somebody, or the session is over")
	}
	d.verified()
}

func TestTheSecretBeforeEndsWithItsSession(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	before, after := proveTwice(d)
	d.must(d.Logout(t.Context(), after))
	if d.alive(before.Principal) {
		t.Error("who has left is here by the secret before")
	}
}
