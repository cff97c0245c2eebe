package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// holderOfIBAN is whose an IBAN is; neither for a stranger's.
type holderOfIBAN struct{ person, ours bool }

// whoseIBAN looks for an IBAN among those that are or were of persons, and among our accounts.
func whoseIBAN(ctx context.Context, tx pgx.Tx, iban string) (holderOfIBAN, error) {
	var k holderOfIBAN
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM masp.creditor_ibans v JOIN masp.creditors c USING (creditor_id)
		                WHERE v.iban = $1 AND c.kind = 'BENEFICIARY'),
		       EXISTS (SELECT FROM masp.bank_accounts WHERE iban = $1)`, iban).Scan(&k.person, &k.ours)
	if err != nil {
		return k, fmt.Errorf("read whose an IBAN is: %w", err)
	}
	return k, nil
}
