package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/audit"
	"masp/ledger/civil"
)

// CloseMonth closes a month that is over: nothing can be posted into it any more. Months are closed
// one after the other; the first one may be any. The act is recorded in the audit log, so this
// comes last in the caller's transaction. ErrNotNext when it is not the month's turn.
func (l *Ledger) CloseMonth(ctx context.Context, tx pgx.Tx, m civil.Month, actor string) (Closing, error) {
	return act(ctx, tx, "CLOSE", m, actor, "")
}

// ReopenMonth reopens the last closed month, for a reason that the audit log keeps. Days of the
// books still never go back. ErrNotNext when it is not the last closed month.
func (l *Ledger) ReopenMonth(ctx context.Context, tx pgx.Tx, m civil.Month, actor, reason string) (Closing, error) {
	if reason == "" {
		return Closing{}, fmt.Errorf("reopen %s: a reason is missing", m)
	}
	return act(ctx, tx, "REOPEN", m, actor, reason)
}

func act(ctx context.Context, tx pgx.Tx, what string, m civil.Month, actor, reason string) (Closing, error) {
	if m.IsZero() || actor == "" {
		return Closing{}, fmt.Errorf("%s month: month or actor is missing", what)
	}
	const query = `SELECT ` + closingColumns + ` FROM masp.close_books($1, $2, $3) AS c`
	c, err := scanClosing(tx.QueryRow(ctx, query, what, m.First(), actor))
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "MA018" {
		return Closing{}, fmt.Errorf("%s %s: %w (%s)", what, m, ErrNotNext, refused.Message)
	}
	if err != nil {
		return Closing{}, fmt.Errorf("%s %s: %w", what, m, err)
	}
	_, err = audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: c.action(), ObjectType: closingObject, ObjectID: c.id(),
		After: c.hash(), Reason: reason, Details: map[string]string{"month": m.String()},
	})
	if err != nil {
		return Closing{}, fmt.Errorf("%s %s: %w", what, m, err)
	}
	return c, nil
}

const closingColumns = `c.closing_no, c.act = 'REOPEN', c.month, c.closed_before, c.closed_through,
	c.last_entry, c.head, c.actor, c.closed_at`

func scanClosing(row pgx.Row) (Closing, error) {
	var c Closing
	var month civil.Date
	var at time.Time
	err := row.Scan(&c.No, &c.Reopened, &month, &c.ClosedBefore, &c.ClosedThrough,
		&c.LastEntry, &c.Head, &c.Actor, &at)
	c.Month, c.At = month.MonthOf(), at.UTC()
	return c, err
}

// ClosedThrough is the last day of the last closed month, zero when no month is closed.
func (l *Ledger) ClosedThrough(ctx context.Context, q Querier) (civil.Date, error) {
	var through civil.Date
	err := q.QueryRow(ctx, `SELECT closed_through FROM masp.chain_heads`).Scan(&through)
	if err != nil {
		return through, fmt.Errorf("read closed months: %w", err)
	}
	return through, nil
}

// Head reads how far the books and the log of acts go.
func (l *Ledger) Head(ctx context.Context, q Querier) (Head, error) {
	var h Head
	const query = `
		SELECT c.last_batch, c.last_entry, c.head, a.last_seq, a.hash
		  FROM masp.chain_heads c, masp.audit_heads a`
	err := q.QueryRow(ctx, query).Scan(&h.Batch, &h.LastEntry, &h.Hash, &h.Acts.Seq, &h.Acts.Hash)
	if err != nil {
		return Head{}, fmt.Errorf("read the head of the books: %w", err)
	}
	return h, nil
}
