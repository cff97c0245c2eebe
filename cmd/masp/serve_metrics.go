package main

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"time"

	"masp/api"
	"masp/imports/inbox"
)

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
	house, err := v.houseMetrics(ctx)
	if err != nil {
		return nil, err
	}
	now, err := v.store.Now(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]api.Metric{
		ages,
		one("masp_statements_late", "Accounts whose statement is late.", late),
		one("masp_statements_held", "Statements that wait for something or somebody.", f.Held),
		one("masp_statements_importing", "Long statements of which not all lines are posted yet.", f.Importing),
		one("masp_statement_lines_left", "Lines of them that are not posted yet.", f.LinesLeft),
		one("masp_suspense_lines", "Bank lines that nobody has identified.", f.Suspense),
		one("masp_suspense_oldest_days", "Age of the oldest of them.", f.SuspenseDays),
		byOutcome("masp_import_files_total", "Files by what became of them.", f.Files),
		byOutcome("masp_job_runs_total", "Runs that did something or failed.", f.Runs),
	}, jobMetrics(jobs, now), house, v.ownMetrics(), v.processMetrics()), nil
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
	return []api.Metric{last, left, v.answers.Metric()}
}

// jobMetrics say of each job when it last went well, and whether it fails since.
func jobMetrics(jobs []inbox.JobStatus, now time.Time) []api.Metric {
	at := api.Metric{Name: "masp_job_last_success_timestamp_seconds", Help: "When a job last went well."}
	age := api.Metric{Name: "masp_job_last_success_age_seconds", Help: "How long ago that was."}
	failing := api.Metric{Name: "masp_job_failing", Help: "1 when the last run of a job failed."}
	for _, j := range jobs {
		of, fails := label("job", j.Job), int64(0)
		if j.Succeeded != nil {
			at.Samples = append(at.Samples, api.At(*j.Succeeded, of))
			age.Samples = append(age.Samples, api.Count(int64(now.Sub(*j.Succeeded)/time.Second), of))
		}
		if j.Failing != "" {
			fails = 1
		}
		failing.Samples = append(failing.Samples, api.Count(fails, of))
	}
	return []api.Metric{at, age, failing}
}

// houseMetrics say how the organisation stands: whether the books are what the bank says, and what
// waits for somebody.
func (v *service) houseMetrics(ctx context.Context) ([]api.Metric, error) {
	f, err := readFigures(ctx, v.house.db)
	if err != nil {
		return nil, err
	}
	gaps := api.Metric{
		Name: "masp_proof_gap_cents",
		Help: "Per account: bank - books, and books - (in transit + unidentified + persons). None while a statement is on its way.",
	}
	for _, g := range f.gaps {
		if !g.importing {
			gaps.Samples = append(gaps.Samples, api.Count(g.bank, label("account", g.account), label("between", "bank_books")),
				api.Count(g.persons, label("account", g.account), label("between", "books_persons")))
		}
	}
	runs := api.Metric{Name: "masp_runs", Help: "Payment runs by state."}
	for _, state := range slices.Sorted(maps.Keys(f.runs)) {
		runs.Samples = append(runs.Samples, api.Count(f.runs[state], label("state", state)))
	}
	held := int64(0)
	if f.held {
		held = 1
	}
	return append(archiveMetrics(f.archive),
		gaps, runs,
		one("masp_exceptions_open", "Exceptions of runs that nobody has decided.", f.exceptions),
		one("masp_alerts_open", "Alerts that are open.", f.alerts),
		one("masp_restored_hold", "1 while a restored house holds back every payment file.", held),
	), nil
}

// archiveMetrics say what a lost machine would take with it; nothing where the server archives nothing.
func archiveMetrics(a *archive) []api.Metric {
	if a == nil {
		return nil
	}
	return []api.Metric{
		one("masp_archive_age_seconds", "Time since a part of the server's log left this machine last.", a.age),
		one("masp_archive_failing", "1 when the last try failed.", a.fails),
	}
}

// processMetrics are those of the pool and of the Go program.
func (v *service) processMetrics() []api.Metric {
	pool := v.house.db.Stat()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	counter := func(name, help string, n int64) api.Metric {
		m := one(name, help, n)
		m.Counter = true
		return m
	}
	return []api.Metric{
		{
			Name: "masp_pool_connections", Help: "Connections to the database.", Samples: []api.Sample{
				api.Count(int64(pool.AcquiredConns()), label("state", "used")), api.Count(int64(pool.IdleConns()), label("state", "idle")),
				api.Count(int64(pool.MaxConns()), label("state", "limit")),
			},
		},
		counter("masp_pool_waits_total", "Times that a connection had to be waited for.", pool.EmptyAcquireCount()),
		counter("masp_pool_cancelled_waits_total", "Times that this was in vain.", pool.CanceledAcquireCount()),
		{
			Name: "masp_pool_acquire_seconds_total", Help: "Time until connections were had.", Counter: true,
			Samples: []api.Sample{api.Seconds(pool.AcquireDuration())},
		},
		one("masp_goroutines", "Goroutines of this process.", int64(runtime.NumGoroutine())),
		one("masp_memory_heap_bytes", "Memory that the program uses.", int64(memory.HeapAlloc)),   //nolint:gosec // far below the largest int64
		one("masp_memory_system_bytes", "Memory that it has from the system.", int64(memory.Sys)), //nolint:gosec // the same
		one("masp_uptime_seconds", "Age of this process.", int64(time.Since(v.started)/time.Second)),
	}
}

func one(name, help string, n int64) api.Metric {
	return api.Metric{Name: name, Help: help, Samples: []api.Sample{api.Count(n)}}
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
