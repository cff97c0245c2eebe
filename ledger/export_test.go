package ledger

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// VerifyTx verifies inside the caller's transaction: tests tamper in it and roll back.
func VerifyTx(ctx context.Context, tx pgx.Tx, o VerifyOptions) (Report, error) {
	var r Report
	err := verifyAll(ctx, tx, o, &r)
	return r, err
}
