package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"

	"masp/api"
	"masp/api/pages"
	"masp/imports/inbox"
)

type serveCommand struct {
	sourceFlags
	netFlags
	Every time.Duration `env:"MASP_INBOX_EVERY" default:"5s" help:"Temps entre deux regards sur le dossier (le serveur SFTP : douze fois plus)." placeholder:"DURÉE"`
	DayAt string        `env:"MASP_DAY_AT" default:"30 4 * * *" help:"Quand faire « masp day », au format cron, en UTC ; un jour manqué est rattrapé au démarrage." placeholder:"CRON"`
	Grace time.Duration `env:"MASP_STOP_GRACE" default:"6s" help:"À l'arrêt, temps laissé au travail et aux réponses en cours ; au-delà le travail est repris au démarrage suivant." placeholder:"DURÉE"`
}

// listenError is an address that somebody else uses, or that is none.
type listenError struct{ cause error }

func (e *listenError) Error() string { return "listen: " + e.cause.Error() }

func (e *listenError) Unwrap() error { return e.cause }

// French says what to change.
func (e *listenError) French() string {
	return "L'adresse du service n'est pas libre, ou n'en est pas une (MASP_LISTEN, par exemple 127.0.0.1:8080)."
}

// service is the running program: its jobs and what they have done.
type service struct {
	session *session // of the jobs: its context outlives the wish to stop
	house   *house
	site    *pages.Site
	log     *slog.Logger
	store   *inbox.Store
	jobs    *inbox.Jobs
	command *serveCommand
	started time.Time

	stopping atomic.Bool
	gate     sync.Mutex // between a job that begins and the wish to stop
	busy     sync.WaitGroup
	lastLook sync.Map // by source: how long its last look with a file took
	left     sync.Map // by source: how many things nobody takes
	answers  api.Histogram

	steps     []dayStep // of a day
	stepLimit time.Duration
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(s *session) error {
	day, err := cron.ParseStandard(c.DayAt)
	if err != nil {
		return &wrongSettingError{
			"MASP_DAY_AT", "« " + c.DayAt + " » n'est pas un horaire : minute, heure, jour, mois, jour de semaine, en UTC (30 4 * * *).",
		}
	}
	if _, err := c.sources(s.settings); err != nil {
		return err
	}
	if err := c.check(s.settings); err != nil {
		return err
	}
	if err := s.makeOutbox(); err != nil {
		return err
	}
	listener, err := c.listener()
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // closed by the server, when it came that far
	return s.with(func(h *house) error {
		if h.auth.Key, err = s.settings.key(); err != nil {
			return err
		}
		return c.on(s, h, site(), served{listener, day, s.out.stdout})
	})
}

// served is where a service listens, when its day begins, and where its log goes.
type served struct {
	listener net.Listener
	day      cron.Schedule
	log      io.Writer
}

// on serves an open house.
func (c *serveCommand) on(s *session, h *house, site *pages.Site, at served) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.ctx))
	defer cancel()
	v := &service{
		session: s.quiet(ctx), house: h, site: site, log: newLog(at.log), store: &inbox.Store{DB: h.db},
		command: c, started: time.Now(), steps: serveSteps, stepLimit: stepLimit,
	}
	v.jobs = &inbox.Jobs{Log: v.store}
	return v.serve(s.ctx, at.listener, at.day, cancel)
}

// serve starts the jobs and the server, and stops both: nothing new begins, the work in hand and
// the answers under way end, each in the same few seconds.
func (v *service) serve(stop context.Context, listener net.Listener, day cron.Schedule, cancel func()) error {
	web, err := v.web()
	if err != nil {
		return err
	}
	server, err := api.New(web)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	schedule, err := v.schedule(day)
	if err != nil {
		return err
	}
	v.log.Info("started", "address", listener.Addr().String())
	select {
	case err = <-served:
	case <-stop.Done():
	}
	v.gate.Lock()
	v.stopping.Store(true)
	v.gate.Unlock()
	server.Stopping()
	closing, end := context.WithTimeout(context.WithoutCancel(stop), v.command.Grace+closeTime)
	defer end()
	closed := make(chan error, 1)
	go func() { closed <- server.Shutdown(closing) }()
	v.finishWork(schedule, cancel)
	err = errors.Join(err, <-closed)
	v.log.Info("stopped")
	return err
}

// closeTime is for a transaction that is taken back.
const closeTime = 3 * time.Second

// finishWork lets the jobs end; those that do not in their time are taken back.
func (v *service) finishWork(schedule *cron.Cron, cancel func()) {
	schedule.Stop()
	done := make(chan struct{})
	go func() { v.busy.Wait(); close(done) }()
	select {
	case <-done:
		return
	case <-time.After(v.command.Grace):
	}
	v.log.Warn("the work in hand is taken back")
	cancel()
	select {
	case <-done:
	case <-time.After(closeTime):
	}
}

// schedule starts every job at once, which makes up for what was missed, and then at its times.
func (v *service) schedule(day cron.Schedule) (*cron.Cron, error) {
	words := cronWords{v.log}
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(words),
		// SkipIfStillRunning outside: a panic inside it would keep the job from ever running again.
		cron.WithChain(cron.SkipIfStillRunning(words), cron.Recover(words)))
	sources, err := v.command.sources(v.session.settings)
	if err != nil {
		return nil, err
	}
	for i, source := range sources {
		every := v.command.Every
		if source.Name() != "folder" {
			every *= 12
		}
		c.Schedule(cron.Every(every), v.counted(v.looker(i)))
	}
	c.Schedule(cron.Every(followEvery), v.counted(v.follow))
	daily := v.counted(func() { v.day(day) })
	c.Schedule(day, daily)
	c.Schedule(cron.Every(dayRetry), daily)
	for _, entry := range c.Entries() {
		v.busy.Go(entry.WrappedJob.Run)
	}
	// What a process that was killed had begun goes on once its lease is over.
	time.AfterFunc(inbox.LeaseTime, v.counted(v.follow))
	c.Start()
	return c, nil
}

// counted is a job that the stop waits for, and that does not begin after it.
func (v *service) counted(do func()) cron.FuncJob {
	return func() {
		if v.begins() {
			defer v.busy.Done()
			do()
		}
	}
}

// begins counts a job in, unless the service stops.
func (v *service) begins() bool {
	v.gate.Lock()
	defer v.gate.Unlock()
	if v.stopping.Load() {
		return false
	}
	v.busy.Add(1)
	return true
}
