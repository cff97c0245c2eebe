package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"masp/api"
)

// pageFigures is how fast one kind of page is, beside the reading of the contract that it rests on.
type pageFigures struct {
	Page   string        `json:"page"`
	Errors int           `json:"errors"`
	P50    time.Duration `json:"p50_ns"`
	P95    time.Duration `json:"p95_ns"`
	P99    time.Duration `json:"p99_ns"`
	// The reading alone, in the same minute.
	Reading    string        `json:"reading"`
	ReadingP50 time.Duration `json:"reading_p50_ns"`
	ReadingP95 time.Duration `json:"reading_p95_ns"`
}

// benchedPages are pages that many read at once; %s is a mandate.
var benchedPages = []struct {
	page, reading string
	person        bool
}{
	{"/moi", "/v1/me/account", true},
	{"/beneficiaires/%s", "/v1/mandates/%s", false},
	{"/accueil", "/v1/alerts?limit=50", false},
}

// readers is how many persons have entered by their card.
const readers = 40

// pages measures pages at the pace of the readings, each for a tenth of their time.
func (b *httpBench) pages(r *httpFigures) error {
	secrets, err := b.devices()
	if err != nil {
		return err
	}
	for _, p := range benchedPages {
		secret := func(i int) string {
			if p.person {
				return secrets[i%len(secrets)]
			}
			return b.tokens[reader]
		}
		at := func(pattern string, i int) string {
			if p.person || pattern[len(pattern)-2:] != "%s" {
				return pattern
			}
			return fmt.Sprintf(pattern, b.month.Load.Mandates[i*7919%len(b.month.Load.Mandates)].ID)
		}
		times := max(benchRate, int(b.command.For/time.Second)*benchRate/10)
		page, err := b.pace(times, func(i int) error { return b.visit(at(p.page, i), secret(i)) })
		if err != nil {
			return err
		}
		reading, err := b.pace(times, func(i int) error { return b.visit(at(p.reading, i), secret(i)) })
		if err != nil {
			return err
		}
		r.Pages = append(r.Pages, pageFigures{
			p.page, page.errors, page.at(50), page.at(95), page.at(99), p.reading, reading.at(50), reading.at(95),
		})
	}
	return nil
}

// devices lets persons enter by their cards.
func (b *httpBench) devices() (secrets []string, err error) {
	who, err := b.auth.Authenticate(b.ctx, b.tokens[reader])
	if err != nil {
		return nil, err
	}
	for _, m := range b.month.Load.Mandates[:min(readers, len(b.month.Load.Mandates))] {
		card, err := b.auth.PrintCard(b.ctx, who, m.Beneficiary)
		if err != nil {
			return nil, err
		}
		secret, _, err := b.auth.Enter(b.ctx, card.Code, "192.0.2.7")
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

// visit reads a page as a browser does.
func (b *httpBench) visit(path, secret string) error {
	q, err := http.NewRequestWithContext(b.ctx, http.MethodGet, b.address+path, http.NoBody)
	if err != nil {
		return err
	}
	q.Header.Set("Accept", "text/html,application/json")
	q.AddCookie(&http.Cookie{Name: api.PlainCookieName, Value: secret}) //nolint:gosec // G124: sent, not kept
	answer, err := b.client.Do(q)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err = io.Copy(io.Discard, answer.Body); err == nil && (answer.StatusCode != http.StatusOK || answer.Request.URL.Path != q.URL.Path) {
		err = fmt.Errorf("%s: %d at %s", path, answer.StatusCode, answer.Request.URL.Path)
	}
	return err
}
