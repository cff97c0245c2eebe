package worklist

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// Found is one alert with its state of today.
type Found struct {
	Item
	State State // Open, Asleep or Closed
}

// Find reads one alert, or ErrNoAlert.
func (s *Service) Find(ctx context.Context, id int64) (f Found, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectItems+`WHERE a.alert_id = $1`, id)
		if err != nil {
			return err
		}
		if f.Item, err = pgx.CollectExactlyOneRow(rows, scanItem); errors.Is(err, pgx.ErrNoRows) {
			return ErrNoAlert
		}
		if err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		f.State = f.StateOn(today)
		return err
	})
	if err != nil {
		return Found{}, fmt.Errorf("read alert %d: %w", id, err)
	}
	return f, nil
}
