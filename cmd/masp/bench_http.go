package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/cmd/masp/internal/invent"
	"masp/cmd/masp/internal/simbank"
	"masp/imports/inbox"
	"masp/migrations"
)

// httpBench is a house of many persons behind the service, in this process.
type httpBench struct {
	*session
	*house
	owner, app string
	command    *benchHTTP
	month      *invent.Month
	tokens     map[string]string
	client     http.Client
	servers    []func()
	address    string
	onPool     []invent.Mandate
	proposed   string // the run whose pages are read
}

func (b *httpBench) close() {
	for _, stop := range slices.Backward(b.servers) {
		stop()
	}
}

func (b *httpBench) run() (httpFigures, error) {
	r := httpFigures{Persons: b.command.Persons}
	for _, step := range []struct {
		say string
		do  func() error
	}{
		{"chargement", b.fill},
		{"service", b.serve},
		{"lectures", func() error { return b.read(&r) }},
		{"pages", func() error { return b.pages(&r) }},
		{"écritures", func() error { return b.post(&r) }},
	} {
		b.out.say("%s…", step.say)
		if err := step.do(); err != nil {
			return r, err
		}
	}
	return r, nil
}

// fill loads the persons, and a statement whose credits nobody recognises: the work of the posts.
func (b *httpBench) fill() (err error) {
	b.house = &house{ownerURL: b.owner, appURL: b.app}
	if err := b.connect(b.ctx); err != nil {
		return err
	}
	b.servers = append(b.servers, b.house.close)
	owner, err := migrations.Open(b.ctx, b.owner, 1)
	if err != nil {
		return err
	}
	defer owner.Close()
	at := time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC)
	if _, err := owner.Exec(b.ctx, `SELECT masp.set_clock($1)`, at); err != nil {
		return fmt.Errorf("move the clock: %w", err)
	}
	b.month = invent.New(1, b.command.Persons)
	file, err := json.Marshal(b.month.Load)
	if err != nil {
		return err
	}
	loaded, err := b.house.load.Load(b.ctx, auth.Principal{}, file)
	if err != nil {
		return err
	}
	b.tokens = map[string]string{}
	for _, t := range loaded.Tokens {
		b.tokens[t.User] = t.Token
	}
	if _, err := owner.Exec(b.ctx, `ANALYZE`); err != nil {
		return err
	}
	b.pooled()
	return b.strangers()
}

// strangers brings the credits, all on the pooled account.
func (b *httpBench) strangers() error {
	pooled := b.month.Load.BankAccounts[0]
	account := simbank.Account{IBAN: pooled.IBAN, Holder: pooled.Holder, OpenedOn: simbank.On(2026, time.October, 31)}
	for _, m := range b.month.Load.Mandates {
		if m.BankAccount == pooled.ID {
			account.OpeningCents += int64(m.OpeningBalance)
		}
	}
	bank, day := simbank.New(simbank.Options{}), simbank.On(2026, time.November, 3)
	if err := bank.OpenAccount(account); err != nil {
		return err
	}
	for i := range 2 * b.command.Posts {
		in := simbank.Incoming{Payer: "M OU MME INCONNU", AmountCents: 100, Remittance: []string{fmt.Sprintf("MERCI %d", i)}}
		if err := bank.Credit(account.IBAN, day, in); err != nil {
			return err
		}
	}
	files, err := bank.EndOfDay(day)
	if err != nil {
		return err
	}
	for _, f := range files {
		got, err := b.imports.Import(b.ctx, auth.Operator, f.Name, bytes.NewReader(f.Bytes))
		if err != nil {
			return err
		}
		if got.Refuses() {
			return fmt.Errorf("the statement of the bench: %s", got.Message())
		}
	}
	return nil
}

// serve listens on the loopback as `masp serve` does, without its jobs.
func (b *httpBench) serve() error {
	v := &service{
		session: b.session, house: b.house, site: site(), log: newLog(io.Discard), command: &serveCommand{}, started: time.Now(),
	}
	web := api.Service{
		Kind: inbox.KindOf, Log: v.log, Plain: true, Observe: v.answers.Observe,
		Limits: api.Limits{PerSender: 1_000_000, Burst: 1_000_000, AtOnce: 256}, // one user is many clients here
	}
	if err := v.serveContract(b.ctx, &web); err != nil {
		return err
	}
	server, err := api.New(web)
	if err != nil {
		return err
	}
	b.client = http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * benchClients}}
	b.address, err = b.listen(server.Serve, server.Shutdown)
	return err
}

// listen serves on a port of its own until the end of the bench.
func (b *httpBench) listen(serve func(net.Listener) error, shutdown func(context.Context) error) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- serve(l) }()
	b.servers = append(b.servers, func() {
		b.client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), closeTime)
		defer cancel()
		if err := errors.Join(shutdown(ctx), <-ended); err != nil && !errors.Is(err, http.ErrServerClosed) {
			b.out.say("%v", err)
		}
	})
	return "http://" + l.Addr().String(), nil
}
