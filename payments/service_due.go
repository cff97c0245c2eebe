package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// FallDue writes what has fallen due until today for every measure that runs or is suspended, whether
// a run has asked for it or not: a rent that nobody proposes is unpaid all the same.
// It tells rents of past months that no run has proposed, each once. It answers how many dues are
// new; a daily job calls it, and twice on one day is harmless.
func (s *Service) FallDue(ctx context.Context) (written int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		ids, err := mandates.LockAllTx(ctx, tx)
		if err != nil {
			return err
		}
		situations, err := mandates.SituationsTx(ctx, tx, today, ids)
		if err != nil {
			return err
		}
		spans, err := mandates.SpansTx(ctx, tx, ids)
		if err != nil {
			return err
		}
		var dues []mandates.DueOn
		for _, one := range situations {
			dues = append(dues, one.Within(spans[one.Mandate], today)...)
		}
		if written, err = addDues(ctx, tx, dues); err != nil {
			return err
		}
		forgotten, err := forgottenRents(ctx, tx, today)
		if err != nil {
			return err
		}
		if err := worklist.RaiseTx(ctx, tx, forgotten...); err != nil || written == 0 {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: "system", Action: "due.write", ObjectType: "dues", ObjectID: today.String(),
			Details: map[string]int{"written": written},
		})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("write what has fallen due: %w", err)
	}
	return written, nil
}
