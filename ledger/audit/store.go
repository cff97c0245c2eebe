package audit

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/chain"
)

// Querier is what reading needs: a pool, a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Record appends an act to the log in the caller's transaction, as its last step (see the package
// documentation for the order of locks). A rollback takes the act back.
func Record(ctx context.Context, tx pgx.Tx, a Act) (Seq, error) {
	details, err := a.check()
	if err != nil {
		return 0, fmt.Errorf("record act: %w", err)
	}
	const query = `SELECT seq FROM masp.record_act($1, $2, $3, $4, $5, $6, $7, $8)`
	var seq Seq
	err = tx.QueryRow(ctx, query, a.Actor, a.Action, a.ObjectType, a.ObjectID,
		orNull(a.Before), orNull(a.After), a.Reason, details).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("record act %s: %w", a.Action, err)
	}
	return seq, nil
}

// HeadOf returns the end of the log.
func HeadOf(ctx context.Context, q Querier) (Head, error) {
	var h Head
	const query = `SELECT last_seq, hash FROM masp.audit_heads`
	if err := q.QueryRow(ctx, query).Scan(&h.Seq, &h.Hash); err != nil {
		return Head{}, fmt.Errorf("read the head of the audit log: %w", err)
	}
	return h, nil
}

// Read gives the acts from one number on, oldest first, to yield until it returns false.
func Read(ctx context.Context, q Querier, from Seq, yield func(Recorded) bool) error {
	const query = `
		SELECT seq, at, actor, action, object_type, object_id,
		       coalesce(before_hash, decode(repeat('00', 32), 'hex')),
		       coalesce(after_hash, decode(repeat('00', 32), 'hex')),
		       reason, details, registers, prev_hash, hash
		  FROM masp.audit_log WHERE seq >= $1 ORDER BY seq`
	rows, err := q.Query(ctx, query, from)
	if err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Recorded
		err := rows.Scan(&r.Seq, &r.At, &r.Actor, &r.Action, &r.ObjectType, &r.ObjectID,
			&r.Before, &r.After, &r.Reason, &r.Details, &r.Registers, &r.Prev, &r.Hash)
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		if !yield(r) {
			return nil
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	return nil
}

func orNull(h chain.Hash) any {
	if h.IsZero() {
		return nil
	}
	return h[:]
}
