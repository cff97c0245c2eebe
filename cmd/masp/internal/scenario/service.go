package scenario

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
)

// Env is where one story is played: a migrated database without an organisation, by its two
// roles. The owner's is for the clock alone.
type Env struct {
	App, Owner *pgxpool.Pool
}

// house is the services of production on that database.
type house struct {
	Env
	ledger   *ledger.Ledger
	auth     *auth.Service
	mandates *mandates.Service
	load     *load.Service
	payments *payments.Service
	imports  *imports.Service
}

func newHouse(env Env) *house {
	h := &house{Env: env, ledger: ledger.New(env.App), auth: &auth.Service{DB: env.App}}
	h.mandates = &mandates.Service{DB: env.App, Ledger: h.ledger}
	h.load = &load.Service{DB: env.App, Ledger: h.ledger}
	h.payments = &payments.Service{DB: env.App, Ledger: h.ledger}
	h.imports = &imports.Service{DB: env.App, Ledger: h.ledger, Payments: h.payments}
	return h
}

// setClock moves the clock of the database to the morning of a day.
func (h *house) setClock(ctx context.Context, day civil.Date) error {
	at := time.Date(day.Year(), day.Month_(), day.Day(), 8, 0, 0, 0, civil.Paris)
	if _, err := h.Owner.Exec(ctx, `SELECT masp.set_clock($1)`, at); err != nil {
		return fmt.Errorf("move the clock to %s: %w", day, err)
	}
	return nil
}
