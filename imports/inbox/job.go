package inbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// Job is what the service does by itself, again and again.
type Job struct {
	Name  string
	Limit time.Duration // a run that lasts longer is given up
	// Due is the instant of its calendar that a run is for; a job that is done up to it is not run.
	// Zero: whenever it is asked.
	Due time.Time
}

// Tally is what a run did, for the log.
type Tally struct{ Taken, Held, Refused, Failed int }

// Count adds the files of a look.
func (t *Tally) Count(l Look) {
	for _, h := range l.Files {
		switch {
		case h.again, h.Kept:
		case !h.Booked:
			t.Failed++
		case placeOf(h.Outcome) == Refused:
			t.Refused++
		case placeOf(h.Outcome) == Held:
			t.Held++
		default:
			t.Taken++
		}
	}
}

// Jobs runs jobs, one process at a time each.
type Jobs struct {
	Log   Log
	Lease time.Duration // of one renewal; LeaseTime when 0
	Grace time.Duration // for a run whose time is over to end by itself; 10 s when 0
}

// LeaseTime is how long the work of a dead process waits for another one.
const LeaseTime = 15 * time.Second

var errLeaseLost = errors.New("another process has taken over the job")

// Log is the log of runs and the leases, in the database.
type Log interface {
	// Claim takes the lease of a job; false when another holds it, or the job is done up to due.
	Claim(ctx context.Context, job, holder string, lease time.Duration, due time.Time) (bool, error)
	// Renew keeps the lease; false when it was lost.
	Renew(ctx context.Context, job, holder string, lease time.Duration) (bool, error)
	// End gives the lease back and writes down what the run did; kind is empty when it went well.
	End(ctx context.Context, job, holder string, due time.Time, t Tally, kind string) error
}

// Run does the work of a job unless another process is at it. The error is of the work, of the
// lease, or ErrHung when the work goes on after its time: then it is left behind.
func (j *Jobs) Run(ctx context.Context, job Job, work func(context.Context) (Tally, error)) (ran bool, err error) {
	lease := j.Lease
	if lease == 0 {
		lease = LeaseTime
	}
	holder := rand.Text()
	if ran, err = j.Log.Claim(ctx, job.Name, holder, lease, job.Due); !ran || err != nil {
		return false, err
	}
	limited, cancel := context.WithTimeout(ctx, job.Limit)
	defer cancel()
	held, lose := context.WithCancelCause(limited)
	defer lose(nil)
	go j.keep(held, lose, job.Name, holder, lease)
	tally, err := j.watched(held, work)
	if lost := context.Cause(held); errors.Is(lost, errLeaseLost) {
		return true, errLeaseLost // the other one writes the log
	}
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	kind := ""
	if err != nil {
		kind = kindOf(err)
	}
	return true, errors.Join(err, j.Log.End(end, job.Name, holder, job.Due, tally, kind))
}

// keep renews the lease until the work is done; when it is lost, the work ends.
func (j *Jobs) keep(ctx context.Context, lose context.CancelCauseFunc, job, holder string, lease time.Duration) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// A database that is away for a moment is no reason: the work will see it, if it lasts.
			if mine, err := j.Log.Renew(ctx, job, holder, lease); err == nil && !mine {
				lose(errLeaseLost)
				return
			}
		}
	}
}

// watched does the work; a panic is an error, and so is work that does not end.
func (j *Jobs) watched(ctx context.Context, work func(context.Context) (Tally, error)) (Tally, error) {
	type answer struct {
		tally Tally
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("%w: %v", errPanic, p)
			}
			answers <- a
		}()
		a.tally, a.err = work(ctx)
	}()
	select {
	case a := <-answers:
		return a.tally, a.err
	case <-ctx.Done():
	}
	grace := j.Grace
	if grace == 0 {
		grace = 10 * time.Second
	}
	select {
	case a := <-answers:
		return a.tally, a.err
	case <-time.After(grace):
		return Tally{}, ErrHung
	}
}
