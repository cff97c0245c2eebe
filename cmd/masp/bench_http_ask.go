package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"masp/imports"
	"masp/ledger/civil"
)

// reader is a coordinator who approves too: she sees everybody.
const reader = "a.morel"

// readings are what is read: a mandate, and its account statement.
var readings = []string{"/v1/mandates/%s", "/v1/mandates/%s/account_statement?from=2026-10-31&to=2026-11-30"}

// read asks for mandates and statements at a steady pace.
func (b *httpBench) read(r *httpFigures) error {
	paths := make([]string, 0, len(readings)*len(b.month.Load.Mandates))
	for _, m := range b.month.Load.Mandates {
		for _, page := range readings {
			paths = append(paths, fmt.Sprintf(page, m.ID))
		}
	}
	r.RSSBefore = residentKiB()
	got, err := b.pace(int(b.command.For/time.Second)*benchRate, func(i int) error {
		_, err := b.send(http.MethodGet, b.address+paths[i*7919%len(paths)], "", http.StatusOK)
		return err
	})
	r.Requests, r.Errors, r.RSSAfter = len(got.took), got.errors, residentKiB()
	r.P50, r.P95, r.P99 = got.at(50), got.at(95), got.at(99)
	return err
}

// paced is how long many readings took, in order, and how many failed.
type paced struct {
	took   []time.Duration
	errors int
}

func (p paced) at(percent int) time.Duration { return p.took[len(p.took)*percent/100] }

// pace asks so many times at a steady pace, whether the answers keep up or not: a late answer is late from
// the moment at which it was due.
func (b *httpBench) pace(times int, ask func(i int) error) (paced, error) {
	took := make([]time.Duration, times)
	var failed atomic.Int64
	var first sync.Once
	var what error
	var all sync.WaitGroup
	start := time.Now()
	for i := range times {
		due := start.Add(time.Duration(i) * time.Second / benchRate)
		time.Sleep(time.Until(due))
		all.Go(func() {
			err := ask(i)
			if took[i] = time.Since(due); err != nil {
				failed.Add(1)
				first.Do(func() { what = err })
			}
		})
		if b.ctx.Err() != nil {
			break
		}
	}
	all.Wait()
	if what != nil {
		b.out.say("%v", what)
	}
	slices.Sort(took)
	return paced{took, int(failed.Load())}, b.ctx.Err()
}

// send asks the service and wants a status.
func (b *httpBench) send(method, url, body string, want int) ([]byte, error) {
	q, err := http.NewRequestWithContext(b.ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Authorization", "Bearer "+b.tokens[reader])
	if method == http.MethodPost {
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("Idempotency-Key", url)
	}
	answer, err := b.client.Do(q)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s: %d %s", url, answer.StatusCode, text)
	}
	return text, err
}

// post says of half of the strangers' credits whose they are through the API, and of the others through
// a bare handler, by turns.
func (b *httpBench) post(r *httpFigures) error {
	sealed, err := b.sealedLines()
	if err != nil {
		return err
	}
	items, err := b.imports.Suspense(b.ctx)
	if err != nil {
		return err
	}
	if len(sealed) != len(items) || len(items) < 2*b.command.Posts {
		return fmt.Errorf("%d lines by the API, %d by the service", len(sealed), len(items))
	}
	slices.SortFunc(items, func(a, b imports.SuspenseItem) int { return int(a.Line - b.Line) })
	bare, err := b.serveBare()
	if err != nil {
		return err
	}
	var posted, raw, percents []int
	each := b.command.Posts / benchRounds
	for round := range benchRounds {
		first := 2 * round * each
		through, err := b.clients(each, func(i int) error {
			at := b.address + "/v1/suspense/" + sealed[first+i] + "/assignments"
			_, err := b.send(http.MethodPost, at, b.assignment(i), http.StatusCreated)
			return err
		})
		if err != nil {
			return err
		}
		direct, err := b.clients(each, func(i int) error {
			_, err := b.send(http.MethodPost, fmt.Sprintf("%s/%d", bare, items[first+each+i].Line), b.assignment(i), http.StatusCreated)
			return err
		})
		if err != nil {
			return err
		}
		posted, raw, percents = append(posted, through), append(raw, direct), append(percents, 100*through/max(1, direct))
	}
	r.Posted, r.Bare, r.Percent = median(posted), median(raw), median(percents)
	return nil
}

// sealedLines are the addresses of what is in suspense, in the order of their numbers.
func (b *httpBench) sealedLines() (lines []string, err error) {
	for cursor := ""; ; {
		text, err := b.send(http.MethodGet, b.address+"/v1/suspense?limit=500"+cursor, "", http.StatusOK)
		if err != nil {
			return nil, err
		}
		var page struct {
			Data []struct{ Line string }
			Next string `json:"next_cursor"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return nil, err
		}
		for _, item := range page.Data {
			lines = append(lines, item.Line)
		}
		if page.Next == "" {
			return lines, nil
		}
		cursor = "&cursor=" + page.Next
	}
}

// assignment is whose a credit is: of the persons on the pooled account by turns.
func (b *httpBench) assignment(i int) string {
	pooled := b.pooled()
	m := pooled[i%len(pooled)]
	return fmt.Sprintf(`{"mandate": %q, "benefit": %q, "period": "2026-10", "reason": "vu avec l'organisme"}`, m.ID, m.Authorised[0])
}

// clients lets many do something so many times, and answers how often in a second.
func (b *httpBench) clients(times int, do func(int) error) (perSecond int, err error) {
	var next atomic.Int64
	errs := make([]error, benchClients)
	var all sync.WaitGroup
	start := time.Now()
	for client := range benchClients {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(times) && errs[client] == nil; i = next.Add(1) - 1 {
				errs[client] = do(int(i))
			}
		})
	}
	all.Wait()
	return int(int64(times) * int64(time.Second) / int64(time.Since(start))), errors.Join(errs...)
}

func median(all []int) int {
	slices.Sort(all)
	return all[len(all)/2]
}

// residentKiB is the memory of this process, after what is dead has been given back.
func residentKiB() (kib int) {
	debug.FreeOSMemory()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if n, _ := fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &kib); n == 1 {
			break
		}
	}
	return kib
}

// asked is the assignment of a bare request.
type asked struct {
	Mandate, Benefit, Reason string
	Period                   civil.Month
}
