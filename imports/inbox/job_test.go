package inbox

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// desk is a database with jobs whose leases are short.
func desk(t *testing.T) (*Jobs, *Store, *dbtest.DB) {
	t.Helper()
	db := dbtest.New(t)
	store := &Store{DB: db.App}
	return &Jobs{Log: store, Lease: 300 * time.Millisecond, Grace: 50 * time.Millisecond}, store, db
}

var job = Job{Name: "folder", Limit: time.Minute}

func nothing(context.Context) (Tally, error) { return Tally{}, nil }

func TestOneOfManyProcessesRunsAJob(t *testing.T) {
	t.Parallel()
	jobs, _, _ := desk(t)
	var ran, at, most atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			did, err := jobs.Run(t.Context(), job, func(context.Context) (Tally, error) {
				most.Store(max(most.Load(), at.Add(1)))
				time.Sleep(20 * time.Millisecond)
				at.Add(-1)
				return Tally{}, nil
			})
			if err != nil {
				t.Error(err)
			}
			if did {
				ran.Add(1)
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 || ran.Load() < 1 {
		t.Errorf("%d ran, %d at once", ran.Load(), most.Load())
	}
}

func TestTheLeaseOfADeadProcessEndsAndOfALivingOneDoesNot(t *testing.T) {
	t.Parallel()
	jobs, store, _ := desk(t)
	if mine, err := store.Claim(t.Context(), "folder", "dead", 200*time.Millisecond, time.Time{}); !mine || err != nil {
		t.Fatal(mine, err)
	}
	must(t, store.Begin(t.Context(), "folder"))
	if ran, err := jobs.Run(t.Context(), job, nothing); ran || err != nil {
		t.Errorf("ran %t, %v beside a living lease", ran, err)
	}
	time.Sleep(250 * time.Millisecond)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ran, err := jobs.Run(t.Context(), job, func(context.Context) (Tally, error) {
			time.Sleep(900 * time.Millisecond) // three times the lease, which is renewed
			return Tally{Taken: 2}, nil
		})
		if !ran || err != nil {
			t.Errorf("ran %t, %v after the dead one", ran, err)
		}
	}()
	time.Sleep(600 * time.Millisecond)
	if ran, err := jobs.Run(t.Context(), job, nothing); ran || err != nil {
		t.Errorf("ran %t, %v while another works", ran, err)
	}
	<-done
	runs, err := store.Runs(t.Context(), 10)
	if err != nil || len(runs) != 2 || runs[0].Outcome != "done" || runs[0].Taken != 2 || runs[1].Outcome != "interrupted" {
		t.Errorf("the log says %+v, %v", runs, err)
	}
}

func TestAJobThatPanicsOrHangsHasFailedAndTheNextOneRuns(t *testing.T) {
	t.Parallel()
	jobs, store, _ := desk(t)
	if _, err := jobs.Run(t.Context(), job, func(context.Context) (Tally, error) { panic("ours") }); !errors.Is(err, errPanic) {
		t.Errorf("got %v, want a panic", err)
	}
	release := make(chan struct{})
	defer close(release)
	short := Job{Name: "folder", Limit: 20 * time.Millisecond}
	_, err := jobs.Run(t.Context(), short, func(context.Context) (Tally, error) { <-release; return Tally{}, nil })
	if !errors.Is(err, ErrHung) {
		t.Errorf("got %v, want ErrHung", err)
	}
	status, err := store.Jobs(t.Context())
	if err != nil || len(status) != 1 || status[0].Failing != "hung" || status[0].Running {
		t.Errorf("got %+v, %v", status, err)
	}
	if ran, err := jobs.Run(t.Context(), job, nothing); !ran || err != nil {
		t.Errorf("the next one: ran %t, %v", ran, err)
	}
	if status, err = store.Jobs(t.Context()); err != nil || status[0].Failing != "" || status[0].Succeeded == nil {
		t.Errorf("got %+v, %v; want it well again", status, err)
	}
}

func TestAJobWhoseLeaseIsTakenEnds(t *testing.T) {
	t.Parallel()
	jobs, _, db := desk(t)
	_, err := jobs.Run(t.Context(), job, func(ctx context.Context) (Tally, error) {
		_, err := db.Owner.Exec(ctx, `UPDATE masp.jobs SET holder = 'another'`)
		must(t, err)
		<-ctx.Done()
		return Tally{}, ctx.Err()
	})
	if !errors.Is(err, errLeaseLost) {
		t.Errorf("got %v, want errLeaseLost", err)
	}
}

func TestATickIsDoneOnceAndAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	jobs, store, _ := desk(t)
	runs := 0
	at := func(due time.Time, fail error) {
		t.Helper()
		_, err := jobs.Run(t.Context(), Job{Name: "day", Limit: time.Minute, Due: due}, func(context.Context) (Tally, error) {
			runs++
			return Tally{}, fail
		})
		if !errors.Is(err, fail) {
			t.Errorf("got %v, want %v", err, fail)
		}
	}
	monday := time.Date(2026, 11, 9, 4, 30, 0, 0, time.UTC)
	at(monday, nil)
	at(monday, nil)
	if runs != 1 {
		t.Errorf("one tick ran %d times", runs)
	}
	thursday := monday.AddDate(0, 0, 3) // two were missed: each run does everything that is due
	broken := errors.New("broken")
	for range 5 {
		at(thursday, broken)
	}
	at(thursday, nil)
	at(thursday, nil)
	if runs != 7 {
		t.Errorf("ran %d times, want 7: failures are tried again, a tick is done once", runs)
	}
	log, err := store.Runs(t.Context(), 10)
	if err != nil || len(log) != 1 || log[0].Times != 5 || log[0].Error != "other" {
		t.Errorf("the log says %+v, %v; want one row for five failures", log, err)
	}
}

func TestAnAlertIsRaisedOnceAndTakenBack(t *testing.T) {
	t.Parallel()
	_, store, db := desk(t)
	count := func(where string) (n int) {
		t.Helper()
		must(t, db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM masp.alerts WHERE `+where).Scan(&n))
		return n
	}
	must(t, store.Tell(t.Context(), Stuck, "folder", "")) // nothing to take back
	for range 3 {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := store.Tell(t.Context(), Stuck, "folder", "coincé"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := count(`closed_at IS NULL`); n != 1 {
			t.Errorf("%d alerts are open, want 1", n)
		}
		must(t, store.Tell(t.Context(), Stuck, "folder", ""))
	}
	if open, all := count(`closed_at IS NULL`), count(`true`); open != 0 || all != 3 {
		t.Errorf("%d of %d alerts are open, want none of three", open, all)
	}
}

func TestTheFiguresCanBeReadByTheProgram(t *testing.T) {
	t.Parallel()
	jobs, store, _ := desk(t)
	_, err := jobs.Run(t.Context(), job, func(context.Context) (Tally, error) { return Tally{Taken: 3, Refused: 1}, nil })
	must(t, err)
	f, err := store.Figures(t.Context())
	if err != nil || f.Files["folder"]["taken"] != 3 || f.Files["folder"]["refused"] != 1 || f.Runs["folder"]["done"] != 1 {
		t.Errorf("got %+v, %v", f, err)
	}
}
