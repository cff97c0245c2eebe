package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"masp/imports/inbox"
	"masp/migrations/dbtest"
)

// mornings is a service whose days have the given steps.
func mornings(t *testing.T, db *dbtest.DB, steps ...dayStep) *service {
	t.Helper()
	h := &house{appURL: db.AppURL}
	if err := h.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	quiet := newPrinter(io.Discard, io.Discard, true)
	store := &inbox.Store{DB: h.db}
	return &service{
		session: &session{ctx: t.Context(), out: quiet}, house: h, log: newLog(io.Discard), store: store,
		jobs: &inbox.Jobs{Log: store, Grace: 50 * time.Millisecond}, steps: steps, stepLimit: 5 * time.Second,
		command: &serveCommand{},
	}
}

// diary keeps what the steps of several services did.
type diary struct {
	mu   sync.Mutex
	done []string
}

func (l *diary) step(name string, do func(context.Context) error) dayStep {
	return dayStep{name, func(s *session, _ *house) (any, string, error) {
		l.mu.Lock()
		l.done = append(l.done, name)
		l.mu.Unlock()
		return nil, "", do(s.ctx)
	}}
}

// all is what was done so far; a step that was left behind may go on.
func (l *diary) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.done)
}

func (l *diary) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done = nil
}

func well(context.Context) error { return nil }

func daily(t *testing.T) cron.Schedule {
	t.Helper()
	schedule, err := cron.ParseStandard("0 0 * * *")
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}

func TestAStepThatFailsPanicsOrHangsKeepsNoOtherFromItsWork(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	var l diary
	var broken atomic.Bool
	broken.Store(true)
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	v := mornings(t, d.db,
		l.step("fails", func(context.Context) error {
			if broken.Load() {
				return errors.New("FR7699999001000000000100189 is away")
			}
			return nil
		}),
		l.step("panics", func(context.Context) error {
			if broken.Load() {
				panic("Mme Roux")
			}
			return nil
		}),
		l.step("hangs", func(context.Context) error {
			if broken.Load() {
				<-never
			}
			return nil
		}),
		l.step("works", well))
	v.stepLimit = time.Second
	v.day(daily(t))
	if want := []string{"fails", "panics", "hangs", "works"}; !slices.Equal(l.all(), want) {
		t.Errorf("did %v, want %v", l.all(), want)
	}
	out, _ := d.run(exitFound, "jobs")
	d.wants(out, "day:fails", "en échec : other", "en échec : panic", "en échec : hung", "day:works", "à jour", "steps_fails_panics_hangs")
	if strings.Contains(out, "FR76") || strings.Contains(out, "Roux") {
		t.Errorf("the words of an error came through:\n%s", out)
	}
	if c := v.jobsCheck(t.Context()); !c.OK || !strings.Contains(c.Detail, "day:hangs (hung)") {
		t.Errorf("the check says %+v", c)
	}

	broken.Store(false)
	l.reset()
	v.stepLimit = 5 * time.Second
	v.day(daily(t)) // ten minutes later: only what is not done
	if want := []string{"fails", "panics", "hangs"}; !slices.Equal(l.all(), want) {
		t.Errorf("did %v again, want %v", l.all(), want)
	}
	v.day(daily(t))
	if len(l.all()) != 3 {
		t.Errorf("a day that is done was done again: %v", l.all())
	}
	d.run(exitOK, "jobs")
}

func TestADayIsDoneOnceByAllServicesTogetherAndThreeMissedDaysAreOne(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	var l diary
	var all []*service
	for range 4 {
		all = append(all, mornings(t, d.db, l.step("first", well), l.step("second", well), l.step("third", well)))
	}
	all[0].day(daily(t))
	// Three days ago was the last time that anybody was there.
	if _, err := d.db.Owner.Exec(t.Context(), `UPDATE masp.jobs SET done_up_to = done_up_to - interval '3 days'`); err != nil {
		t.Fatal(err)
	}
	l.reset()
	var busy sync.WaitGroup
	for _, v := range all {
		busy.Go(func() { v.day(daily(t)) })
	}
	busy.Wait()
	if want := []string{"first", "second", "third"}; !slices.Equal(l.all(), want) {
		t.Errorf("did %v, want each once, in order", l.all())
	}
	if n := d.count(`SELECT count(*) FROM masp.job_runs WHERE job = 'day:second' AND outcome = 'done'`); n != 2 {
		t.Errorf("the log has %d runs, want one for the first day and one for the three", n)
	}
}

func TestAStepThatADeadProcessHoldsIsNotTakenForDone(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	var l diary
	v := mornings(t, d.db, l.step("one", well), l.step("two", well))
	mine, err := v.store.Claim(t.Context(), "day:one", "dead", time.Hour, time.Time{})
	if err != nil || !mine {
		t.Fatal(mine, err)
	}
	v.day(daily(t))
	if n := d.count(`SELECT count(*) FROM masp.jobs WHERE job = 'day' AND done_up_to IS NULL`); n != 1 || !slices.Equal(l.all(), []string{"two"}) {
		t.Errorf("the day passes for done after %v", l.all())
	}
	if _, err := d.db.Owner.Exec(t.Context(), `UPDATE masp.jobs SET lease_until = clock_timestamp() - interval '1 s' WHERE holder = 'dead'`); err != nil {
		t.Fatal(err)
	}
	v.day(daily(t))
	if n := d.count(`SELECT count(*) FROM masp.jobs WHERE job = 'day' AND done_up_to IS NOT NULL`); n != 1 || !slices.Equal(l.all(), []string{"two", "one"}) {
		t.Errorf("the step was not made up for: %v", l.all())
	}
}

func TestOnlyTheOldTechnicalLogIsForgotten(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	v := mornings(t, d.db, daySteps[len(daySteps)-1])
	if _, err := d.db.Owner.Exec(t.Context(), `
		INSERT INTO masp.jobs (job) VALUES ('a'), ('b');
		INSERT INTO masp.job_runs (job, started_at, ended_at, outcome)
		SELECT job, masp.now() - age, masp.now() - age, 'done'
		  FROM (VALUES ('a', interval '13 months'), ('a', '11 months'), ('b', '14 months'), ('b', '13 months')) AS r (job, age)`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Super.Exec(t.Context(), `
		SET session_replication_role = replica;
		INSERT INTO masp.session_uses (credential_id, seen_at, idle, address, agent)
		SELECT n, masp.now(), '1 hour', '', '' FROM generate_series(901, 903, 2) n;
		INSERT INTO masp.credentials (credential_id, user_id, purpose, secret_hash, created_at, expires_at, revoked_at, proved_at)
		OVERRIDING SYSTEM VALUE
		SELECT n, 'x', 'session', sha256(n::text::bytea), began, began + interval '1 hour', NULL, began
		  FROM (VALUES (901, masp.now() - interval '13 months'), (903, masp.now() - interval '11 months')) AS c (n, began)`); err != nil {
		t.Fatal(err)
	}
	v.day(daily(t))
	if n := d.count(`SELECT sum(credential_id) FROM masp.session_uses`); n != 903 {
		t.Errorf("the uses of sessions add up to %d, want those of the one that ended last", n)
	}
	if n := d.count(`SELECT count(*) FROM masp.job_runs WHERE job IN ('a', 'b')`); n != 2 {
		t.Errorf("%d runs are left, want the young one and the last one of the other", n)
	}
}
