package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// shutMonth closes a month, or for a reason opens the last closed one again.
func (h *House) shutMonth(ctx context.Context, who auth.Principal, month civil.Month, reopen string) (done ledger.Closing, err error) {
	err = ledger.InTx(ctx, h.DB, func(tx pgx.Tx) error {
		if reopen != "" {
			done, err = h.Ledger.ReopenMonth(ctx, tx, month, who.ID, reopen)
		} else {
			done, err = h.Ledger.CloseMonth(ctx, tx, month, who.ID)
		}
		return err
	})
	return done, err
}

// noteExport keeps in the log of acts that the books went out; it is committed before the first byte.
func (h *House) noteExport(ctx context.Context, who auth.Principal, details map[string]string) error {
	return pgx.BeginFunc(ctx, h.DB, func(tx pgx.Tx) error {
		_, err := audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "ledger.export", ObjectType: "ledger", ObjectID: "only", Details: details,
		})
		return err
	})
}
