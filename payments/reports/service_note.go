package reports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
)

// Note notes activity, all of it or none, and answers how many facts are new. The same again is harmless.
//
// Errors: ErrToken, ErrRole, ErrConflict, ErrFuture, ErrActivity.
func (s *Service) Note(ctx context.Context, who auth.Principal, n Noted) (added int64, err error) {
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if added, err = n.insert(ctx, tx, who); err != nil || added == 0 {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "activity.note", ObjectType: "organisation", ObjectID: "only",
			Details: map[string]int64{
				"diagnostics": int64(len(n.Diagnostics)), "supports": int64(len(n.Supports)), "visits": int64(len(n.Visits)), "new": added,
			},
		})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("note activity: %w", err)
	}
	return added, nil
}
