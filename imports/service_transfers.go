package imports

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/payments"
)

// Transfer is one of our transfers, as the payments tell of it.
type Transfer = payments.UnderWay

// Transfers is what this package asks of the payments: which transfers the bank may speak of,
// and to be told what it said. *payments.Service keeps it; tests of recognition need none.
type Transfers interface {
	UnderWayTx(ctx context.Context, tx pgx.Tx, bankAccount string) ([]Transfer, error)
	FindSentTx(
		ctx context.Context, tx pgx.Tx, bankAccount string, endToEndIDs []string,
	) ([]Transfer, error)
	FindByReportTx(
		ctx context.Context, tx pgx.Tx, messageID, paymentInfoID, endToEndID string,
	) ([]Transfer, error)
	MarkSettledTx(ctx context.Context, tx pgx.Tx, settled []payments.Settlement) error
	MarkReturnedTx(ctx context.Context, tx pgx.Tx, f payments.Failure) error
	ProposeReturnTx(
		ctx context.Context, tx pgx.Tx, who auth.Principal, r payments.SenderReturn,
		reserve func(instruction int64) error,
	) (payments.Run, error)
	UndoingTx(ctx context.Context, tx pgx.Tx, entry int64) ([]payments.Undoing, error)
	UndoAnswerTx(ctx context.Context, tx pgx.Tx, u payments.Undoing, entry int64) error
	RejectTx(ctx context.Context, tx pgx.Tx, r payments.Rejection) (ledger.Posted, error)
}
