package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
)

// actSay is what the log of acts calls the words of a person. They follow no step of the run, so run_acts
// has no row for them.
const actSay = "run.say"

// Say keeps what the person of a device says herself of her part of a run that nobody has approved yet
// . It changes nothing of the run: who prepares it reads it there. It returns ErrNoRun for what
// is not hers, a *StateError once the run is approved, an *AskError for a line that is not there, or
// that she cannot refuse.
func (s *Service) Say(ctx context.Context, who auth.Principal, run string, c Comment) (said Comment, err error) {
	said = c
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT who, at FROM masp.say_of_run($1, $2, $3, $4, $5, $6)`,
			run, c.Mandate, c.key(), c.Text, c.Refuses, who.Secret()).Scan(&said.By, &said.At)
		if err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: said.By, Action: actSay, ObjectType: "run", ObjectID: run, Details: map[string]string{"mandate": c.Mandate},
		})
		return err
	})
	if err != nil {
		return Comment{}, fmt.Errorf("keep what the person says of run %s: %w", run, c.unsaid(run, err))
	}
	return said, nil
}

// unsaid is why words of a person were not kept.
func (c Comment) unsaid(run string, err error) error {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch refused.Code {
	case "P0002":
		return ErrNoRun
	case "MA014":
		return &StateError{Run: run, State: Approved, Act: actComment}
	case "MA150":
		return &AskError{"LINE_NOT_IN", c.key()}
	case "MA151":
		return &AskError{"REFUSES_RENT", "Loyer"}
	}
	return translate(err)
}
