package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"masp/api/auth"
	"masp/imports/inbox"
)

const (
	lookLimit   = time.Hour        // a file of a million entries takes minutes
	dayLimit    = 4 * time.Hour    // of all steps of a day
	stepLimit   = 30 * time.Minute // of one
	followEvery = 10 * time.Minute // held statements and late ones are looked at again
	followLimit = 30 * time.Minute
	dayRetry    = 10 * time.Minute // after a day that failed
)

// looker is the job of one source. A look that hangs is left behind with its box.
func (v *service) looker(source int) func() {
	var box *inbox.Box
	return func() {
		if box == nil {
			sources, err := v.command.sources(v.session.settings) // secrets are read again
			if err != nil || source >= len(sources) {
				v.log.Error("job", "job", "source", "code", messageOf(err).code)
				return
			}
			box = v.house.boxOf(sources[source], v.command.sourceFlags)
			box.GoOn = func() bool { return !v.stopping.Load() }
			box.Begin = func(ctx context.Context) error { return v.store.Begin(ctx, box.Source.Name()) }
		}
		err := v.look(box)
		if errors.Is(err, inbox.ErrHung) {
			box = nil
		}
	}
}

// look is one look at a source, logged when it did something or failed.
func (v *service) look(box *inbox.Box) error {
	name, start := box.Source.Name(), time.Now()
	var look inbox.Look
	err := v.run(inbox.Job{Name: name, Limit: lookLimit}, func(ctx context.Context) (t inbox.Tally, err error) {
		look, err = box.Look(ctx)
		t.Count(look)
		return t, err
	})
	if errors.Is(err, inbox.ErrHung) {
		return err // look is still being written
	}
	for _, f := range look.Files {
		v.log.Info("file", "job", name, "sha256", f.Outcome.SHA256, "outcome", f.Outcome.Outcome.String(),
			"place", string(f.Place), "code", codeOf(f), "known", f.Outcome.AlreadyKnown)
	}
	if before, _ := v.left.Swap(name, len(look.Left)); before != len(look.Left) && len(look.Left) > 0 {
		v.log.Warn("things that nobody takes are left alone", "job", name, "count", len(look.Left))
	}
	if len(look.Files) > 0 {
		v.lastLook.Store(name, time.Since(start))
		v.follow()
	}
	return err
}

// codeOf says in a word what kept a file from being taken: an accident, or the reason of a refusal.
func codeOf(f inbox.Handled) string {
	if f.Error == "" && f.Outcome.Refuses() && len(f.Outcome.Reasons) > 0 {
		return f.Outcome.Reasons[len(f.Outcome.Reasons)-1].Code
	}
	return f.Error
}

// run does a job under its lease and logs how it failed.
func (v *service) run(job inbox.Job, work func(context.Context) (inbox.Tally, error)) error {
	_, err := v.jobs.Run(v.session.ctx, job, work)
	if err != nil {
		v.log.Error("job", "job", job.Name, "code", inbox.KindOf(err))
	}
	return err
}

// follow lets statements follow that waited, and tells which ones are late.
func (v *service) follow() {
	_ = v.run(inbox.Job{Name: "follow", Limit: followLimit}, func(ctx context.Context) (inbox.Tally, error) {
		_, retried := v.house.imports.RetryHeld(ctx, auth.Operator)
		_, told := v.house.worklist.LateStatements(ctx)
		return inbox.Tally{}, errors.Join(retried, told)
	}) // logged, and done again in ten minutes
}

// dayError names the steps of a day that have failed.
type dayError struct{ steps []string }

func (e *dayError) Error() string { return "steps failed: " + strings.Join(e.steps, ", ") }

// Kind names them in the log of runs.
func (e *dayError) Kind() string { return "steps_" + strings.Join(e.steps, "_") }

// day does what a morning does, each step of it a job of its own: once for each tick of the
// calendar over all processes. A day that was missed is made up for by the next one, whose steps do
// everything that is due, in the order of its dates.
func (v *service) day(schedule cron.Schedule) {
	due := lastTick(schedule, time.Now().UTC())
	if due.IsZero() {
		return
	}
	_ = v.run(inbox.Job{Name: "day", Limit: dayLimit, Due: due}, func(ctx context.Context) (inbox.Tally, error) {
		for _, step := range v.steps {
			if err := v.step(ctx, step, due); err != nil && ctx.Err() == nil {
				v.log.Error("job", "job", jobOf(step), "code", inbox.KindOf(err))
			}
		}
		if ctx.Err() != nil {
			return inbox.Tally{}, context.Cause(ctx)
		}
		return inbox.Tally{}, v.undone(ctx, due)
	}) // logged; what is not done is done again in ten minutes
}

// stepPrefix begins the name of the job of a step.
const stepPrefix = "day:"

func jobOf(step dayStep) string { return stepPrefix + step.name }

// step does one step under its lease; one that fails, panics or hangs keeps no other from its work.
func (v *service) step(ctx context.Context, step dayStep, due time.Time) error {
	job := inbox.Job{Name: jobOf(step), Limit: v.stepLimit, Due: due}
	_, err := v.jobs.Run(ctx, job, func(ctx context.Context) (inbox.Tally, error) {
		if err := v.store.Begin(ctx, job.Name); err != nil {
			return inbox.Tally{}, err
		}
		_, _, err := step.do(v.session.quiet(ctx), v.house)
		return inbox.Tally{}, err
	})
	return err
}

// undone names the steps that are not done, also one that a process which has died still holds.
func (v *service) undone(ctx context.Context, due time.Time) error {
	jobs, err := v.store.Jobs(ctx)
	if err != nil {
		return err
	}
	var left []string
	for _, step := range v.steps {
		if !slices.ContainsFunc(jobs, func(j inbox.JobStatus) bool {
			return j.Job == jobOf(step) && j.DoneUpTo != nil && !j.DoneUpTo.Before(due)
		}) {
			left = append(left, step.name)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return &dayError{left}
}

// lastTick is the newest instant of a calendar that is not in the future; the zero time when none
// lies in the last eight days.
func lastTick(schedule cron.Schedule, now time.Time) (last time.Time) {
	for next := schedule.Next(now.AddDate(0, 0, -8)); !next.IsZero() && !next.After(now); next = schedule.Next(next) {
		last = next
	}
	return last
}

// longest is how old the last look at a source may be for the service to be ready.
func (c *serveCommand) longest() time.Duration { return max(2*time.Minute, 30*c.Every) }
