package main

import (
	"errors"
	"os"

	"masp/api/auth"
	"masp/cmd/masp/internal/invent"
	"masp/cmd/masp/internal/simbank"
	"masp/migrations"
	"masp/payments/mandates/load"
)

type seedCommand struct{}

// errSeeded is a database that holds something already.
var errSeeded = errors.New("the database holds an organisation")

// seeded is what the seed has made: the same references each time, the secrets never.
type seeded struct {
	Organisation string       `json:"organisation"`
	Today        string       `json:"today"` // by the clock of the books
	Mandates     []string     `json:"mandates"`
	Runs         []seededRun  `json:"runs"`
	Tokens       []load.Token `json:"tokens"`
}

type seededRun struct {
	Run   string `json:"run"`
	State string `json:"state"`
}

// Run fills an empty database with the example organisation and its first month, to try the service
// on: nothing of it is real.
func (c *seedCommand) Run(s *session) error {
	return s.with(func(h *house) error {
		if h.ownerURL == "" {
			return errNoOwner
		}
		dir, err := os.MkdirTemp("", "masp-seed-*")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		p := &seed{demo: demo{
			session: s, house: h, month: &invent.Month{}, dir: dir, inbox: dir + "/in", outbox: dir + "/out",
			people: map[string]auth.Principal{}, delivered: map[string]bool{}, corrected: map[string]bool{},
			bank: simbank.New(simbank.Options{Seed: 1}),
		}}
		if p.owner, err = migrations.Open(s.ctx, h.ownerURL, 1); err != nil {
			return err
		}
		defer p.owner.Close()
		if err := p.play(); err != nil {
			return err
		}
		return s.out.data(p.made, p.print)
	})
}

func (p *seed) print() {
	p.out.print("%s : %s, le %s.", p.made.Organisation, plural(len(p.made.Mandates), "mandat", "mandats"), p.made.Today)
	for _, run := range p.made.Runs {
		p.out.print("%s %s", run.Run, run.State)
	}
	for _, t := range p.made.Tokens {
		p.out.print("%s %s", t.User, t.Token)
	}
	p.out.say("Personnes et argent inventés ; jetons affichés une seule fois. Ensuite : masp serve")
}
