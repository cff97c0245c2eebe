package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"masp/api/auth"
	"masp/cmd/masp/internal/invent"
	"masp/cmd/masp/internal/simbank"
	"masp/imports"
	"masp/imports/inbox"
	"masp/ledger/civil"
	"masp/migrations"
	"masp/migrations/cluster"
	"masp/payments"
)

type demoCommand struct {
	Seed    uint64 `default:"1" help:"Graine de l'association inventée."`
	Persons int    `default:"44" help:"Nombre de personnes (16 au moins)."`
	Open    bool   `help:"Ouvre ensuite les pages, jusqu'à Ctrl-C, au mois suivant."`
	Listen  string `env:"MASP_LISTEN" default:"127.0.0.1:8080" help:"Adresse des pages (avec --open)." placeholder:"ADRESSE"`
}

// demo is one month of an invented association: the same services as every day, a clock
// that the owner moves, and a bank that knows only the files we release.
type demo struct {
	*session
	*house
	seed      uint64
	month     *invent.Month
	bank      *simbank.Bank
	owner     *pool
	dir       string // of the demonstration
	inbox     string // what the bank sends
	outbox    string // what we send
	people    map[string]auth.Principal
	today     simbank.Day
	delivered map[string]bool // files of ours that the bank has
	corrected map[string]bool // creditors whose IBAN was replaced
	runs      []string
	started   time.Time
}

// Run plays the month.
func (c *demoCommand) Run(s *session) error {
	d := &demo{
		session: s, seed: c.Seed, month: invent.New(c.Seed, c.Persons), started: time.Now(),
		people: make(map[string]auth.Principal), delivered: make(map[string]bool), corrected: make(map[string]bool),
	}
	defer d.close()
	if err := d.prepare(); err != nil {
		return err
	}
	defer d.owner.Close()
	if err := d.play(); err != nil || !c.Open {
		return err
	}
	return d.open(c.Listen)
}

// close stops the database of the demonstration; its data stay for a look.
func (d *demo) close() {
	if d.house != nil {
		d.house.close()
	}
}

// prepare makes an empty house: folders, database, bank.
func (d *demo) prepare() (err error) {
	state, err := d.settings.stateDir()
	if err != nil {
		return err
	}
	d.dir = filepath.Join(state, "demo")
	d.inbox, d.outbox = filepath.Join(d.dir, "banque"), filepath.Join(d.dir, "virements")
	d.settings.Outbox = d.outbox
	d.house = &house{ownerURL: d.settings.OwnerURL, appURL: d.settings.DatabaseURL}
	if err := d.emptyFolders(); err != nil {
		return err
	}
	if d.settings.private() {
		err = d.startClean()
	} else {
		err = d.useTheirs()
	}
	if err != nil {
		return err
	}
	if err := d.connect(d.ctx); err != nil {
		return err
	}
	d.owner, err = migrations.Open(d.ctx, d.ownerURL, 1)
	d.bank = simbank.New(simbank.Options{Seed: d.seed})
	if err != nil {
		return err
	}
	return d.month.Prepare(d.bank)
}

// startClean runs a private PostgreSQL without what an earlier demonstration left.
func (d *demo) startClean() error {
	dir := filepath.Join(d.dir, "cluster")
	if err := cluster.Wipe(d.ctx, dir); err != nil {
		return err
	}
	return d.startPrivate(d.ctx, dir)
}

// emptyFolders wipes what an earlier demonstration left.
func (d *demo) emptyFolders() error {
	// Others may pass through, not read: root's PostgreSQL runs as another user.
	if err := cluster.MakeFolder(d.dir); err != nil {
		return err
	}
	for _, dir := range []string{d.inbox, d.outbox} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return err
		}
	}
	return nil
}

// useTheirs plays on a server of the user's, which must be empty (decisions 8).
func (d *demo) useTheirs() error {
	if d.settings.OwnerURL == "" {
		return errNoOwner
	}
	owner, err := migrations.Open(d.ctx, d.settings.OwnerURL, 1)
	if err != nil {
		return err
	}
	defer owner.Close()
	var taken bool
	err = owner.QueryRow(d.ctx, `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'masp')`).Scan(&taken)
	if err != nil {
		return err
	}
	if taken {
		return errNotEmpty
	}
	_, err = migrations.Apply(d.ctx, d.settings.OwnerURL, d.settings.DatabaseURL)
	return err
}

// setClock moves the clock of the database, as the owner alone can.
func (d *demo) setClock(day simbank.Day, hour int) error {
	date, err := civil.Parse(day.String())
	if err != nil {
		return err
	}
	at := time.Date(date.Year(), date.Month_(), date.Day(), hour, 0, 0, 0, civil.Paris)
	if _, err := d.owner.Exec(d.ctx, `SELECT masp.set_clock($1)`, at); err != nil {
		return fmt.Errorf("move the clock to %s: %w", day, err)
	}
	d.today = day
	return nil
}

// load loads the organisation and has its creditors confirmed by two persons.
func (d *demo) load() (err error) {
	var file bytes.Buffer
	if err := d.month.WriteLoad(&file); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.dir, "association.json"), file.Bytes(), 0o640); err != nil { //nolint:gosec // the owner's group may read
		return err
	}
	result, err := d.house.load.Load(d.ctx, auth.Principal{}, file.Bytes())
	if err != nil {
		return err
	}
	for _, t := range result.Tokens {
		if d.people[t.User], err = d.auth.Authenticate(d.ctx, t.Token); err != nil {
			return err
		}
	}
	for _, id := range []string{coordinatorID, approverID} {
		if _, err := d.mandates.SignLoad(d.ctx, d.people[id], result.SHA256); err != nil {
			return err
		}
	}
	d.out.print("  %d personnes, %d comptes bancaires, %d destinataires, %d échéances ; %s confiés à l'ouverture.",
		result.Counts.Mandates, result.Counts.BankAccounts, result.Counts.Creditors, result.Counts.Obligations,
		result.OpeningTotal.French())
	d.out.print("  Les IBAN des destinataires sont confirmés par deux personnes : Angèle Morel et Hélène Lefèvre.")
	return nil
}

// The invented persons who act.
const (
	coordinatorID = "a.morel"
	colleagueID   = "k.benali"
	approverID    = "h.lefevre"
	accountantID  = "s.marchand"
)

// receive imports what the bank has put into the folder, oldest first; what is there
// already is known by its content.
func (d *demo) receive() ([]imports.Outcome, error) {
	files, err := filesOf(d.inbox)
	if err != nil {
		return nil, err
	}
	var outcomes []imports.Outcome
	for _, path := range files {
		o, err := d.importOne(d.house, path)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, o)
		if err := inbox.PutAway(d.ctx, d.inbox, filepath.Base(path), o, time.Now()); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// bankWrites puts a file of the bank into the folder.
func (d *demo) bankWrites(name string, content []byte) error {
	return os.WriteFile(filepath.Join(d.inbox, name), content, 0o640) //nolint:gosec // the owner's group may read
}

// handOver writes released files and gives their bytes, and nothing else, to the bank.
func (d *demo) handOver(files []payments.PaymentFile) error {
	for _, f := range files {
		if d.delivered[f.Name] {
			continue
		}
		path, err := writeOnce(d.outbox, f.Name, f.Content)
		if err != nil {
			return err
		}
		released, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		answer, err := d.bank.Receive(released, d.today)
		if err != nil {
			return fmt.Errorf("the bank reads %s: %w", f.Name, err)
		}
		if err := d.bankWrites("pain002-"+f.MessageID+".xml", answer); err != nil {
			return err
		}
		d.delivered[f.Name] = true
	}
	return nil
}

// cancelled lets a long month stop between two days.
func (d *demo) cancelled() error { return context.Cause(d.ctx) }

// errNotEmpty is a demonstration on a database that holds something.
var errNotEmpty = errors.New("the database is not empty")
