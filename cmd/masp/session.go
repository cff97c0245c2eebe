package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/migrations"
	"masp/migrations/cluster"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/worklist"
)

// databaseName is the database of the private cluster.
const databaseName = "masp"

// The database as the other files of the program see it: this one is its only door.
type (
	pool = pgxpool.Pool
	tx   = pgx.Tx
)

// session is what every command gets: settings, output, and the house when it asks for it.
type session struct {
	ctx      context.Context
	settings Settings
	out      *printer
}

// house is the wired program: one organisation, its services, its database.
type house struct {
	db       *pool
	views    *pool  // what is read under row-level security
	ownerURL string // empty at a server of the user's without MASP_OWNER_URL
	appURL   string
	server   *cluster.Cluster // nil at a server of the user's
	ledger   *ledger.Ledger
	auth     *auth.Service
	mandates *mandates.Service
	load     *load.Service
	payments *payments.Service
	imports  *imports.Service
	worklist *worklist.Service

	reconcile *reconcile.Service
}

// open connects to the organisation's database and refuses one that is unsafe, owned by
// the application role, or of another version of the program.
func (s *session) open() (*house, error) {
	h := &house{ownerURL: s.settings.OwnerURL, appURL: s.settings.DatabaseURL}
	if s.settings.private() {
		dir, err := s.settings.stateDir()
		if err != nil {
			return nil, err
		}
		if err := h.startPrivate(s.ctx, filepath.Join(dir, "cluster")); err != nil {
			h.close()
			return nil, err
		}
	}
	if err := h.connect(s.ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// startPrivate runs the program's own PostgreSQL; its schema follows the program.
func (h *house) startPrivate(ctx context.Context, dir string) (err error) {
	if h.server, err = cluster.Open(ctx, dir, cluster.Options{}); err != nil {
		return err
	}
	h.ownerURL, h.appURL = h.server.OwnerURL(databaseName), h.server.AppURL(databaseName)
	if err := h.server.CreateDatabase(ctx, databaseName); err != nil {
		return err
	}
	_, err = migrations.Apply(ctx, h.ownerURL, h.appURL)
	return err
}

// connect opens the pool and wires the services.
func (h *house) connect(ctx context.Context) (err error) {
	if h.db, err = h.pool(ctx); err != nil {
		return err
	}
	if h.views, err = h.pool(ctx); err != nil {
		return err
	}
	if err := migrations.Guard(ctx, h.db); err != nil {
		return err
	}
	if err := migrations.Check(ctx, h.db); err != nil {
		return err
	}
	h.ledger = ledger.New(h.db)
	h.auth = &auth.Service{DB: h.db, Views: h.views}
	h.mandates = &mandates.Service{DB: h.db, Ledger: h.ledger}
	h.load = &load.Service{DB: h.db, Ledger: h.ledger}
	h.payments = &payments.Service{DB: h.db, Ledger: h.ledger}
	h.worklist = &worklist.Service{DB: h.db}
	h.imports = &imports.Service{DB: h.db, Ledger: h.ledger, Payments: h.payments}
	h.reconcile = &reconcile.Service{DB: h.db, Ledger: h.ledger, Imports: h.imports}
	return nil
}

// pool connects when it is first used.
func (h *house) pool(ctx context.Context) (*pool, error) {
	if h.server == nil {
		return migrations.Open(ctx, h.appURL, 0)
	}
	return migrations.OpenBy(ctx, h.appURL, 0, h.server.Dial)
}

// close lets go of the database; the last one to use the private server stops it.
func (h *house) close() {
	for _, p := range []*pool{h.views, h.db} {
		if p != nil {
			p.Close()
		}
	}
	if h.server != nil {
		_ = h.server.Close()
	}
}

// read gives one consistent view of the books.
func (h *house) read(ctx context.Context, use func(tx) error) error {
	return ledger.Snapshot(ctx, h.db, use)
}

// write does several things in one transaction.
func (h *house) write(ctx context.Context, use func(tx) error) error {
	return pgx.BeginFunc(ctx, h.db, use)
}

// with opens the house for the time of one use.
func (s *session) with(use func(*house) error) error {
	h, err := s.open()
	if err != nil {
		return err
	}
	defer h.close()
	return use(h)
}

// errNoToken is a human act without the person's own token.
var errNoToken = errors.New("this act needs your own token")

// person answers who acts, by his own token.
func (s *session) person(h *house) (auth.Principal, error) {
	secret, err := s.settings.token()
	if err != nil {
		return auth.Principal{}, fmt.Errorf("read the token: %w", err)
	}
	if secret == "" {
		return auth.Principal{}, errNoToken
	}
	who, err := h.auth.Authenticate(s.ctx, secret)
	if err == nil && who.Means == auth.ByDevice {
		return auth.Principal{}, auth.ErrUnknown // a person reads her own pages, and runs no command
	}
	if err == nil && who.Scopes != nil {
		return auth.Principal{}, auth.ErrScope // its actions are those of the service, not commands
	}
	return who, err
}

// withPerson opens the house for an act of a person.
func (s *session) withPerson(use func(*house, auth.Principal) error) error {
	return s.with(func(h *house) error {
		who, err := s.person(h)
		if err != nil {
			return err
		}
		return use(h, who)
	})
}

// withAnyone opens the house for an act that wants a person in production only: without a
// token the operator acts, and the database decides.
func (s *session) withAnyone(use func(*house, auth.Principal) error) error {
	return s.with(func(h *house) error {
		who, err := s.person(h)
		if err != nil && !errors.Is(err, errNoToken) {
			return err
		}
		return use(h, who)
	})
}
