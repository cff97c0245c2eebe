package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"masp/api"
	"masp/payments"
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

// benchedPage is a page that many read at once, and the reading that it rests on; %s is what it asks for.
type benchedPage struct {
	page, reading string
	asks          func(b *httpBench, i int) string // nil asks for nothing
	person        bool
}

var benchedPages = []benchedPage{
	{page: "/moi", reading: "/v1/me/account", person: true},
	{page: "/beneficiaires/%s", reading: "/v1/mandates/%s", asks: aMandate},
	{page: "/accueil", reading: "/v1/alerts?limit=50"},
	{page: "/recherche?q=%s", reading: "/v1/search?q=%s", asks: aName},
	{page: "/recherche?q=%s", reading: "/v1/search?q=%s", asks: aMandate},
	{page: "/recherche?q=%s", reading: "/v1/search?q=%s", asks: anIBANEnd},
	{page: "/recherche?q=%s", reading: "/v1/search?q=%s", asks: anAmount},
	{page: "/recherche?q=%s", reading: "/v1/search?q=%s", asks: aReference},
	{page: "/beneficiaires", reading: "/v1/mandates?limit=50"},
	{page: "/beneficiaires?nom=%s", reading: "/v1/mandates?limit=50&q=%s", asks: aName},
	{page: "/destinataires", reading: "/v1/creditors?limit=50"},
	{page: "/destinataires?etat=to_confirm", reading: "/v1/creditors?limit=50&state=to_confirm"},
	{page: "/campagnes", reading: "/v1/payment_runs?limit=50"},
	{page: "/campagnes/%s", reading: "/v1/payment_runs/%s", asks: aRun},
	{page: "/campagnes/%s/verifier", reading: "/v1/payment_runs/%s", asks: aRun},
	{page: "/prestations", reading: "/v1/benefit_days?limit=50"},
	{page: "/banque", reading: "/v1/suspense_ages"},
	{page: "/banque/comptes", reading: "/v1/bank_accounts?limit=50"},
	{page: "/banque/attente", reading: "/v1/suspense?limit=50"},
	{page: "/banque/rapprochement", reading: "/v1/proof"},
	{page: "/controle", reading: "/v1/proof"},
	{page: "/controle/balance", reading: "/v1/balance?limit=50"},
	{page: "/controle/grand-livre?compte=%s", reading: "/v1/accounts/%s/lines?limit=50", asks: pooledAccount},
	{page: "/controle/iban", reading: "/v1/iban_changes?limit=50"},
}

// readers is how many persons have entered by their card.
const readers = 40

// spread goes through n things in an order that is none.
func spread(i, n int) int { return i * 7919 % n }

func aMandate(b *httpBench, i int) string {
	all := b.month.Load.Mandates
	return all[spread(i, len(all))].ID
}

func aName(b *httpBench, i int) string {
	all := b.month.Load.Beneficiaries
	return all[spread(i, len(all))].LastName
}

func anIBANEnd(b *httpBench, i int) string {
	all := b.month.Load.Creditors
	iban := all[spread(i, len(all))].IBAN
	return iban[len(iban)-4:]
}

func anAmount(b *httpBench, i int) string {
	all := b.month.Load.Obligations
	cents := all[spread(i, len(all))].Amount
	return fmt.Sprintf("%d,%02d", cents/100, cents%100)
}

func aReference(b *httpBench, i int) string {
	all := b.month.Load.Obligations
	for i := spread(i, len(all)); ; i = (i + 1) % len(all) {
		if all[i].Reference != "" {
			return all[i].Reference
		}
	}
}

func pooledAccount(b *httpBench, _ int) string { return "512:" + b.month.Load.BankAccounts[0].ID }

func aRun(b *httpBench, _ int) string { return b.proposed }

// proposes is a run of two hundred mandates: that of a large team.
func (b *httpBench) proposes() error {
	who, err := b.auth.Authenticate(b.ctx, b.tokens[reader])
	if err != nil {
		return err
	}
	var mandates []string
	for _, m := range b.month.Load.Mandates[:min(200, len(b.month.Load.Mandates))] {
		mandates = append(mandates, m.ID)
	}
	run, err := b.payments.Propose(b.ctx, who, payments.Ask{Mandates: mandates})
	b.proposed = run.ID
	return err
}

// pages measures pages at the pace of the readings, each for a thirtieth of their time.
func (b *httpBench) pages(r *httpFigures) error {
	secrets, err := b.devices()
	if err != nil {
		return err
	}
	if err := b.proposes(); err != nil {
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
			if p.asks == nil {
				return pattern
			}
			return fmt.Sprintf(pattern, url.QueryEscape(p.asks(b, i)))
		}
		times := max(benchRate/10, int(b.command.For/time.Second)*benchRate/30)
		page, err := b.pace(times, func(i int) error { return b.visit(at(p.page, i), secret(i)) })
		if err != nil {
			return err
		}
		reading, err := b.pace(times, func(i int) error { return b.visit(at(p.reading, i), secret(i)) })
		if err != nil {
			return err
		}
		r.Pages = append(r.Pages, pageFigures{
			at(p.page, 0), page.errors, page.at(50), page.at(95), page.at(99), at(p.reading, 0), reading.at(50), reading.at(95),
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
