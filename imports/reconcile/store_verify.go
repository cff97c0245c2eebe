package reconcile

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
)

// monthOfNothing asks for every month.
var monthOfNothing = civil.Month{}

// allStored reads every stored day, in the order of the last entries that they rest on.
func allStored(ctx context.Context, q ledger.Querier) ([]storedDay, error) {
	rows, err := q.Query(ctx, selectDays+`ORDER BY r.last_entry, r.bank_account_id, r.day, r.revision`)
	if err != nil {
		return nil, fmt.Errorf("read stored days: %w", err)
	}
	days, err := pgx.CollectRows(rows, scanDay)
	if err != nil {
		return nil, fmt.Errorf("read stored days: %w", err)
	}
	return days, nil
}

// allBatches names a row of each batch of stored rows.
func allBatches(ctx context.Context, q ledger.Querier) (map[int64]string, error) {
	rows, err := q.Query(ctx, `
		SELECT batch, 'reconciliations ' || min(bank_account_id || ' ' || day) FROM masp.reconciliations GROUP BY batch
		UNION SELECT batch, 'beneficiary_months ' || min(mandate_id || ' ' || month) FROM masp.beneficiary_months GROUP BY batch`)
	if err != nil {
		return nil, fmt.Errorf("read the batches of reconciliations: %w", err)
	}
	batches := map[int64]string{}
	var batch int64
	var place string
	_, err = pgx.ForEachRow(rows, []any{&batch, &place}, func() error {
		batches[batch] = place
		return nil
	})
	return batches, err
}
