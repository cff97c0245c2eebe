package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// lockDeceasedInCredit locks the mandates of the deceased whose own account holds money, and for
// which nothing was moved today.
func lockDeceasedInCredit(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.mandate_id
		  FROM masp.mandates m
		  JOIN masp.accounts a ON a.code = '467:' || m.mandate_id
		  JOIN masp.account_balances b USING (account_id)
		 WHERE m.status = 'DECEASED' AND b.credit_cents > b.debit_cents AND NOT EXISTS (
		       SELECT FROM masp.entries e WHERE e.source = 'death ' || m.mandate_id || ' ' || masp.today())
		 ORDER BY m.mandate_id FOR NO KEY UPDATE OF m`)
	if err != nil {
		return nil, fmt.Errorf("look for money of the deceased: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
