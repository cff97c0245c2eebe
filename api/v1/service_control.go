package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
)

// noteSent keeps in the log of acts that a sample went out; it is committed before the first byte.
func (h *House) noteSent(ctx context.Context, who auth.Principal, action string, details map[string]string) error {
	return pgx.BeginFunc(ctx, h.DB, func(tx pgx.Tx) error {
		_, err := audit.Record(ctx, tx, audit.Act{Actor: who.ID, Action: action, ObjectType: "ledger", ObjectID: "only", Details: details})
		return err
	})
}
