package imports

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// earlierAlike finds the statements of an account in the books that have lines like these. A line
// is booked so many days after its statement closes at most, so older statements have none.
func earlierAlike(
	ctx context.Context, tx pgx.Tx, account string, counted map[movement]int,
) ([]earlier, error) {
	var asked []movement
	var days, values []time.Time
	var cents []int64
	var references, ends, batches, texts []string
	var first civil.Date
	for m := range counted {
		asked = append(asked, m)
		days, values = append(days, m.bookedOn.Time()), append(values, m.valueOn.Time())
		cents, references = append(cents, m.amount.Cents()), append(references, m.reference)
		ends, batches = append(ends, m.endToEnd), append(batches, m.batch)
		texts = append(texts, m.text)
		if first.IsZero() || m.bookedOn.Before(first) {
			first = m.bookedOn
		}
	}
	rows, err := tx.Query(ctx, `
		SELECT s.statement_id, s.bank_ref, s.page, s.closing_on, s.opening_cents, s.closing_cents, s.entries,
		       array_agg(DISTINCT n.no - 1)
		  FROM unnest($3::date[], $4::date[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[]) WITH ORDINALITY
		       AS n (booked_on, value_on, amount_cents, bank_reference, end_to_end_id, payment_info_id, text, no)
		  JOIN masp.bank_lines l USING (booked_on, value_on, amount_cents, bank_reference, end_to_end_id,
		                                payment_info_id, text)
		  JOIN masp.bank_statements s USING (statement_id)
		 WHERE s.bank_account_id = $1 AND s.state <> 'held' AND s.closing_on >= $2 AND l.state <> 'ignored'
		 GROUP BY s.statement_id ORDER BY s.statement_id`,
		account, first.AddDays(-aheadAtMost).Time(), days, values, cents, references, ends, batches, texts)
	if err != nil {
		return nil, fmt.Errorf("look for lines already booked: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e earlier, err error) {
		var opening, closing int64
		var alike []int64
		err = row.Scan(&e.id, &e.ref, &e.page, &e.to, &opening, &closing, &e.entries, &alike)
		e.opening, e.closing = money.Cents(opening), money.Cents(closing)
		for _, no := range alike {
			e.alike = append(e.alike, asked[no])
		}
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for lines already booked: %w", err)
	}
	return found, nil
}
