package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
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
	check := func(name string, err error, detail string) api.Check {
		if err != nil {
			detail = inbox.KindOf(err)
		}
		return api.Check{Name: name, OK: err == nil, Detail: detail}
	}
	_, err := ledger.Today(ctx, v.house.db)
	checks := []api.Check{check("database", err, "")}
	if err != nil {
		return checks
	}
	checks = append(checks, check("migrations", migrations.Check(ctx, v.house.db), ""))
	looks, err := v.looks(ctx)
	if err != nil {
		return append(checks, check("imports", err, ""))
	}
	checks = append(checks, looks...)
	all, err := v.house.worklist.Statements(ctx)
	late := 0
	for _, d := range all {
		if d.Late {
			late++
		}
	}
	return append(checks, check("statements", err, fmt.Sprintf("%d of %d accounts late", late, len(all))))
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

// metrics are the figures of the moment.
func (v *service) metrics(ctx context.Context) ([]api.Metric, error) {
	f, err := v.store.Figures(ctx)
	if err != nil {
		return nil, err
	}
	jobs, err := v.store.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	all, err := v.house.worklist.Statements(ctx)
	if err != nil {
		return nil, err
	}
	one := func(name, help string, n int64) api.Metric {
		return api.Metric{Name: name, Help: help, Samples: []api.Sample{api.Count(n)}}
	}
	for _, d := range all {
		if d.Last.IsZero() {
			f.LastStatement[d.Account] = f.Open
		}
	}
	ages := api.Metric{
		Name: "masp_statement_age_days",
		Help: "Days since the last accepted statement of an account closed, or since the organisation opened when none came.",
	}
	for _, account := range slices.Sorted(maps.Keys(f.LastStatement)) {
		ages.Samples = append(ages.Samples, api.Count(f.LastStatement[account], label("account", account)))
	}
	late := int64(0)
	for _, d := range all {
		if d.Late {
			late++
		}
	}
	success := api.Metric{Name: "masp_job_last_success_timestamp_seconds", Help: "When a job last went well."}
	for _, j := range jobs {
		if j.Succeeded != nil {
			success.Samples = append(success.Samples, api.At(*j.Succeeded, label("job", j.Job)))
		}
	}
	return append([]api.Metric{
		ages,
		one("masp_statements_late", "Accounts whose statement is late.", late),
		one("masp_statements_held", "Statements that wait for something or somebody.", f.Held),
		one("masp_statements_importing", "Long statements of which not all lines are posted yet.", f.Importing),
		one("masp_statement_lines_left", "Lines of them that are not posted yet.", f.LinesLeft),
		one("masp_suspense_lines", "Bank lines that nobody has identified.", f.Suspense),
		one("masp_suspense_oldest_days", "Age of the oldest of them.", f.SuspenseDays),
		byOutcome("masp_import_files_total", "Files by what became of them.", f.Files),
		byOutcome("masp_job_runs_total", "Runs that did something or failed.", f.Runs),
		success,
	}, v.ownMetrics()...), nil
}

// ownMetrics are those of this process.
func (v *service) ownMetrics() []api.Metric {
	last := api.Metric{Name: "masp_import_last_duration_seconds", Help: "Time of the last look that handled a file, by this process."}
	v.lastLook.Range(func(source, took any) bool {
		last.Samples = append(last.Samples, api.Seconds(took.(time.Duration), label("job", source.(string))))
		return true
	})
	left := api.Metric{Name: "masp_inbox_left", Help: "Things in a source that nobody takes: no file, or written for over an hour."}
	v.left.Range(func(source, n any) bool {
		left.Samples = append(left.Samples, api.Count(int64(n.(int)), label("job", source.(string))))
		return true
	})
	pool := v.house.db.Stat()
	return []api.Metric{last, left, {
		Name: "masp_pool_connections", Help: "Connections to the database.", Samples: []api.Sample{
			api.Count(int64(pool.AcquiredConns()), label("state", "used")), api.Count(int64(pool.IdleConns()), label("state", "idle")),
			api.Count(int64(pool.MaxConns()), label("state", "limit")),
		},
	}}
}

func label(name, value string) api.Label { return api.Label{Name: name, Value: value} }

func byOutcome(name, help string, counts map[string]map[string]int64) api.Metric {
	m := api.Metric{Name: name, Help: help, Counter: true}
	for _, job := range slices.Sorted(maps.Keys(counts)) {
		for _, outcome := range slices.Sorted(maps.Keys(counts[job])) {
			m.Samples = append(m.Samples, api.Count(counts[job][outcome], label("job", job), label("outcome", outcome)))
		}
	}
	return m
}
