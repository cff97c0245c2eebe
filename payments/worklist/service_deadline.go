package worklist

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
)

// Told is what the deadlines of a day have changed in the list.
type Told struct {
	Raised int `json:"raised"` // alerts that are new
	Cured  int `json:"cured"`  // alerts that the facts have closed
}

// Deadlines tells what the calendar makes true today and closes what is true no longer, in one
// transaction. A daily job calls it; twice on one day is harmless.
func (s *Service) Deadlines(ctx context.Context) (Told, error) {
	var told Told
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		// Two jobs at once tell one after the other: a fact is closed by whoever saw it last.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('masp.deadlines'))`); err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		if told.Cured, err = cure(ctx, tx); err != nil {
			return err
		}
		for _, d := range deadlines {
			facts, err := factsOf(ctx, tx, d, today)
			if err != nil {
				return err
			}
			fresh, over, err := tell(ctx, tx, d.code, facts)
			if err != nil {
				return err
			}
			told.Raised, told.Cured = told.Raised+fresh, told.Cured+over
		}
		if told.Cured == 0 {
			return nil
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: "system", Action: "alert.cure", ObjectType: "worklist", ObjectID: today.String(), Details: told,
		})
		return err
	})
	if err != nil {
		return Told{}, fmt.Errorf("tell the deadlines of the day: %w", err)
	}
	return told, nil
}

// tell makes the open alerts of a rule those that are true, and answers how many are new and over.
func tell(ctx context.Context, tx pgx.Tx, code string, facts []Alert) (fresh, over int, err error) {
	if err := again(ctx, tx, facts); err != nil {
		return 0, 0, err
	}
	if over, err = closeOthers(ctx, tx, code, facts); err != nil {
		return 0, 0, err
	}
	fresh, err = raise(ctx, tx, facts)
	return fresh, over, err
}
