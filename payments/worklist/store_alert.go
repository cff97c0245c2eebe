package worklist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/money"
)

// RaiseTx adds alerts in their order, inside the caller's transaction. One whose source is known
// already is left as it is, closed or not.
func RaiseTx(ctx context.Context, tx pgx.Tx, alerts ...Alert) error {
	_, err := raise(ctx, tx, alerts)
	return err
}

// raise answers how many alerts were new.
func raise(ctx context.Context, tx pgx.Tx, alerts []Alert) (fresh int, err error) {
	if len(alerts) == 0 {
		return 0, nil
	}
	n := len(alerts)
	days, cents := make([]time.Time, n), make([]int64, n)
	codes, whose, subjects := make([]string, n), make([]string, n), make([]string, n)
	texts, sources, details := make([]string, n), make([]string, n), make([]string, n)
	for i, a := range alerts {
		more, err := json.Marshal(a.Details)
		if err != nil {
			return 0, fmt.Errorf("raise alert %s: %w", a.Source, err)
		}
		days[i], cents[i], codes[i], whose[i] = a.On.Time(), a.Amount.Cents(), a.Code, a.Mandate
		subjects[i], texts[i], sources[i], details[i] = a.Subject, a.Text, a.Source, string(more)
	}
	done, err := tx.Exec(ctx, `
		INSERT INTO masp.alerts (on_day, code, mandate_id, subject, amount_cents, text, source, details)
		SELECT on_day, code, nullif(mandate, ''), subject, cents, words, source,
		       CASE details WHEN 'null' THEN '{}' ELSE details::jsonb END
		  FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])
		       WITH ORDINALITY AS a (on_day, code, mandate, subject, cents, words, source, details, place)
		 ORDER BY place
		    ON CONFLICT (source) DO NOTHING`, days, codes, whose, subjects, cents, texts, sources, details)
	if err != nil {
		return 0, fmt.Errorf("raise %d alerts: %w", n, err)
	}
	return int(done.RowsAffected()), nil
}

const selectItems = `
	SELECT a.alert_id, a.on_day, a.code, coalesce(a.mandate_id, ''), a.subject, a.amount_cents, a.text, a.source, a.details,
	       coalesce(a.assigned_to, m.coordinator, ''), a.snoozed_until, a.closed_at, coalesce(a.closed_by, ''),
	       coalesce(a.closed_reason, ''),
	       (SELECT count(*) FROM masp.alerts b WHERE b.code = a.code AND b.mandate_id = a.mandate_id
	           AND b.subject = a.subject AND b.alert_id < a.alert_id)
	  FROM masp.alerts a LEFT JOIN masp.mandates m USING (mandate_id) `

func scanItem(row pgx.CollectableRow) (Item, error) {
	var i Item
	var cents int64
	err := row.Scan(
		&i.ID, &i.On, &i.Code, &i.Mandate, &i.Subject, &cents, &i.Text, &i.Source, &i.Details,
		&i.User, &i.SnoozedUntil, &i.ClosedAt, &i.ClosedBy, &i.Reason, &i.Before,
	)
	i.Amount, i.Kind = money.Cents(cents), KindOf(i.Code)
	return i, err
}

// whichItems chooses the alerts of a filter: $1 to $10 are those of its args.
const whichItems = `
	  FROM masp.alerts a
	 CROSS JOIN LATERAL (SELECT CASE WHEN a.code = ANY ($5) THEN 0 WHEN a.code = ANY ($6) THEN 2 ELSE 1 END AS place) rank
	 WHERE ($1 = '' OR a.mandate_id = $1) AND ($2 = '' OR a.code = $2)
	   AND ($3 = '' OR $3 = coalesce(a.assigned_to, (SELECT m.coordinator FROM masp.mandates m WHERE m.mandate_id = a.mandate_id)))
	   AND CASE $4 WHEN 'all' THEN true
	       WHEN 'closed' THEN a.closed_at IS NOT NULL
	       WHEN 'asleep' THEN a.closed_at IS NULL AND a.snoozed_until > (SELECT masp.today())
	       ELSE a.closed_at IS NULL AND coalesce(a.snoozed_until <= (SELECT masp.today()), true) END
	   AND ($7::int IS NULL OR rank.place = $7)
	   AND ($8::text[] IS NULL OR a.mandate_id = ANY ($8) OR a.mandate_id IS NULL AND a.assigned_to = $9)
	   AND ($10::text[] IS NULL OR a.mandate_id IS NULL OR a.mandate_id <> ALL ($10)) `

func (f Filter) args() []any {
	args := []any{f.Mandate, f.Code, f.User, string(f.State), codesOf(Urgent), codesOf(Note), nil, nil, "", nil}
	if f.Severity != "" {
		args[6] = Item{Kind: Kind{Severity: f.Severity}}.Place().Rank
	}
	if f.Only != nil {
		args[7], args[8] = append([]string{}, f.Only.Mandates...), f.Only.User
	}
	if len(f.Without) > 0 {
		args[9] = f.Without
	}
	return args
}

// list reads the alerts of a filter: open before closed, the urgent first, then the oldest. What is told of
// each is read of those alone that the list holds.
func list(ctx context.Context, q ledger.Querier, f Filter) ([]Item, error) {
	args := append(f.args(), nil, f.After.Closed, f.After.Rank, f.After.On, f.After.ID)
	if f.Most > 0 {
		args[10] = f.Most
	}
	rows, err := q.Query(ctx, selectItems+`
		 WHERE a.alert_id = ANY (ARRAY(
		       SELECT a.alert_id `+whichItems+`
		          AND ($15 = 0 OR (a.closed_at IS NOT NULL, rank.place, a.on_day, a.alert_id) > ($12, $13::int, $14, $15))
		        ORDER BY a.closed_at IS NOT NULL, rank.place, a.on_day, a.alert_id LIMIT $11))
		 ORDER BY a.closed_at IS NOT NULL, CASE WHEN a.code = ANY ($5) THEN 0 WHEN a.code = ANY ($6) THEN 2 ELSE 1 END,
		          a.on_day, a.alert_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	items, err := pgx.CollectRows(rows, scanItem)
	if err != nil {
		return nil, fmt.Errorf("list alerts: %w", err)
	}
	return items, nil
}

// count counts the alerts of a filter, wherever they stand.
func count(ctx context.Context, q ledger.Querier, f Filter) (n int, err error) {
	if err = q.QueryRow(ctx, `SELECT count(*)`+whichItems, f.args()...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count alerts: %w", err)
	}
	return n, nil
}

// lockOpen reads an alert that is still open and keeps it still.
func lockOpen(ctx context.Context, tx pgx.Tx, id int64) (Item, error) {
	rows, err := tx.Query(ctx, selectItems+`WHERE a.alert_id = $1 FOR UPDATE OF a`, id)
	if err != nil {
		return Item{}, err
	}
	item, err := pgx.CollectExactlyOneRow(rows, scanItem)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Item{}, ErrNoAlert
	case err == nil && item.ClosedAt != nil:
		return Item{}, ErrClosed
	}
	return item, err
}

// change is one act of a person on an alert: SQL of the columns that he owns, with the id as $1.
func change(ctx context.Context, tx pgx.Tx, id int64, set string, args ...any) error {
	_, err := tx.Exec(ctx, `UPDATE masp.alerts SET `+set+` WHERE alert_id = $1`, append([]any{id}, args...)...)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case refused.Code == "MA026":
			return ErrClosed
		case refused.ConstraintName == "alerts_assigned_to_fkey":
			return ErrNoUser
		}
	}
	return err
}

// CureTx closes the open alerts of these sources without a person, because the facts have cured
// them, and answers how many there were. The caller records the act.
func CureTx(ctx context.Context, tx pgx.Tx, reason string, sources ...string) (int, error) {
	done, err := tx.Exec(ctx, `
		UPDATE masp.alerts SET closed_at = masp.now(), closed_reason = $2
		 WHERE source = ANY ($1) AND closed_at IS NULL`, sources, reason)
	if err != nil {
		return 0, fmt.Errorf("close alerts that are cured: %w", err)
	}
	return int(done.RowsAffected()), nil
}

// living tells whether a user exists and may still act.
func living(ctx context.Context, tx pgx.Tx, user string) (is bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM masp.users WHERE user_id = $1 AND disabled_at IS NULL)`, user).Scan(&is)
	return is, err
}
