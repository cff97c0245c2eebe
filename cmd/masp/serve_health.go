package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"masp/api"
	"masp/imports/inbox"
	"masp/ledger"
	"masp/migrations"
)

// quiet is the session of a job: it prints nothing.
func (s *session) quiet(ctx context.Context) *session {
	return &session{ctx: ctx, settings: s.settings, out: newPrinter(io.Discard, io.Discard, true)}
}

// logged are the attributes that may stand in a log; whatever else is given is dropped, so that no
// name, path, IBAN or amount comes in by an oversight.
var logged = []string{
	slog.TimeKey, slog.LevelKey, slog.MessageKey, "request_id", "method", "route", "status", "duration_ms",
	"address", "job", "code", "sha256", "outcome", "place", "known", "count",
}

func newLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if !slices.Contains(logged, a.Key) {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// cronWords keeps the scheduler's own words out of the log, but for a panic.
type cronWords struct{ log *slog.Logger }

func (w cronWords) Info(string, ...any) {}

func (w cronWords) Error(error, string, ...any) { w.log.Error("job", "code", "panic") }

// ready says how each thing stands that the service needs. What is late is told, but keeps nobody
// away: a service that is not asked any more makes no statement come.
func (v *service) ready(ctx context.Context) []api.Check {
	_, err := ledger.Today(ctx, v.house.db)
	checks := append([]api.Check{checked("database", err, "")}, v.localChecks()...)
	if err != nil {
		return checks
	}
	checks = append(checks, checked("schema", migrations.Check(ctx, v.house.db), ""), v.clockCheck(ctx))
	looks, err := v.looks(ctx)
	if err != nil {
		return append(checks, checked("imports", err, ""))
	}
	checks = append(checks, looks...)
	all, err := v.house.worklist.Statements(ctx)
	late := 0
	for _, d := range all {
		if d.Late {
			late++
		}
	}
	return append(checks, checked("statements", err, fmt.Sprintf("%d of %d accounts late", late, len(all))), v.jobsCheck(ctx))
}

// troubleWords say what an open alert means for the service.
var troubleWords = map[string]string{
	inbox.SourceFailed: "cannot be read", inbox.Stuck: "files cannot be put away",
}

// looks checks the age of the last look at each source, and that no trouble with it lasts: the
// alert comes with the third look in a row that fails, or the first file that cannot be put away.
func (v *service) looks(ctx context.Context) ([]api.Check, error) {
	sources, err := v.command.sources(v.session.settings)
	if err != nil {
		return nil, err
	}
	jobs, err := v.store.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	now, err := v.store.Now(ctx)
	if err != nil {
		return nil, err
	}
	troubles, err := v.store.Troubles(ctx)
	if err != nil {
		return nil, err
	}
	var checks []api.Check
	for _, source := range sources {
		c := api.Check{Name: "import_" + source.Name(), OK: time.Since(v.started) < v.command.longest(), Detail: "no look yet"}
		for _, j := range jobs {
			if j.Job != source.Name() {
				continue
			}
			if j.Succeeded != nil {
				age := now.Sub(*j.Succeeded)
				c.OK = c.OK || age < v.command.longest() || j.Running
				c.Detail = fmt.Sprintf("last look %d s ago", int(age.Seconds()))
			}
			if j.Failing != "" {
				c.Detail += ", failing: " + j.Failing
			}
		}
		for _, code := range troubles[source.Name()] {
			c.OK = false
			c.Detail += ", " + troubleWords[code]
		}
		checks = append(checks, c)
	}
	return checks, nil
}
