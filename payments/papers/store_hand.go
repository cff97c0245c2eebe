package papers

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger/unit"
)

// refusals are the words of the database (migration 0033) in ours.
var refusals = map[string]error{
	"MA010": ErrToken, "MA140": ErrRole, "MA141": ErrDay, "MA142": ErrNotOver, "MA143": ErrDead,
	"handed_once": ErrTwice, "recipient_is_known": ErrRecipient, "means_is_known": ErrRecipient,
	"other_recipient_is_named": ErrRecipient, "paper_is_known": ErrKind,
}

// insert writes the row by its door, which asks for the secret.
func (h *Handed) insert(ctx context.Context, tx pgx.Tx, who auth.Principal) error {
	err := tx.QueryRow(ctx, `SELECT masp.hand_over_paper($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		who.Secret(), h.Mandate, string(h.Kind), h.From, h.To, h.Fingerprint[:], string(h.Recipient), string(h.Means), h.On, h.Note).
		Scan(&h.No)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		for _, word := range []string{refused.Code, refused.ConstraintName} {
			if known := refusals[word]; known != nil {
				return known
			}
		}
	}
	return err
}

func handedOver(ctx context.Context, q unit.Querier, mandate string) ([]Handed, error) {
	rows, err := q.Query(ctx, `
		SELECT paper_no, mandate_id, kind, from_on, to_on, content_hash, recipient, means, handed_on, note, recorded_by, recorded_at
		  FROM masp.handed_papers WHERE mandate_id = $1 ORDER BY handed_on, paper_no`, mandate)
	if err != nil {
		return nil, fmt.Errorf("list the papers of %s: %w", mandate, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Handed, err error) {
		err = row.Scan(&h.No, &h.Mandate, (*string)(&h.Kind), &h.From, &h.To, &h.Fingerprint, (*string)(&h.Recipient),
			(*string)(&h.Means), &h.On, &h.Note, &h.RecordedBy, &h.RecordedAt)
		return h, err
	})
}
