package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// readHead finds the account on which the money of a mandate lay when the month was stored, or lies now.
func (s *Sheet) readHead(ctx context.Context, q ledger.Querier) error {
	err := q.QueryRow(ctx, `
		SELECT a.bank_account_id, a.model FROM masp.mandates m JOIN masp.bank_accounts a ON a.bank_account_id = coalesce(
		       (SELECT x.bank_account_id FROM masp.beneficiary_months x WHERE x.mandate_id = m.mandate_id AND x.month = $2
		         ORDER BY x.computed_at DESC LIMIT 1), m.bank_account_id)
		 WHERE m.mandate_id = $1`, s.Mandate, s.Month.First().Time()).Scan(&s.Account, &s.Model)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNoMandate
	}
	if err != nil {
		return fmt.Errorf("read mandate %s: %w", s.Mandate, err)
	}
	return nil
}

// readMoves reads what was held before the month and every entry in it. An entry that only moves
// money between the sub-accounts of the person is none.
func (s *Sheet) readMoves(ctx context.Context, q ledger.Querier) error {
	var cents int64
	err := q.QueryRow(ctx, `
		SELECT coalesce(sum(persons), 0)::bigint FROM masp.agreement_moves WHERE mandate_id = $1 AND day < $2`,
		s.Mandate, s.Month.First().Time()).Scan(&cents)
	if err != nil {
		return fmt.Errorf("read what mandate %s had: %w", s.Mandate, err)
	}
	s.Opening = money.Cents(cents)
	rows, err := q.Query(ctx, `
		SELECT m.entry_no, m.day, m.kind, m.source, m.cents, coalesce(l.line_id, 0), coalesce(f.name, ''),
		       coalesce(encode(f.sha256, 'hex'), ''), coalesce(t.bank_ref, ''), coalesce(l.rank, 0), l.booked_on,
		       coalesce(l.amount_cents, 0)
		  FROM (SELECT entry_no, day, kind, source, sum(persons)::bigint AS cents FROM masp.agreement_moves
		         WHERE mandate_id = $1 AND day BETWEEN $2 AND $3
		         GROUP BY 1, 2, 3, 4 HAVING sum(persons) <> 0) m
		  LEFT JOIN masp.entries e USING (entry_no)
		  LEFT JOIN masp.bank_lines l ON l.line_id = coalesce(
		       (SELECT o.line_id FROM masp.bank_lines o WHERE o.entry_no = coalesce(e.reverses, e.entry_no)),
		       (SELECT a.line_id FROM masp.suspense_assignments a WHERE a.entry_no = coalesce(e.reverses, e.entry_no)),
		       (SELECT x.line_id FROM masp.instructions i JOIN masp.line_matches x USING (instruction_id)
		         WHERE i.posted_entry = e.entry_no AND x.meaning = 'SETTLED' AND x.undone_by IS NULL))
		  LEFT JOIN masp.bank_statements t USING (statement_id)
		  LEFT JOIN masp.bank_files f USING (file_id)
		 ORDER BY m.day, m.entry_no`, s.Mandate, s.Month.First().Time(), s.Month.Last().Time())
	if err != nil {
		return fmt.Errorf("read the month of mandate %s: %w", s.Mandate, err)
	}
	s.Moves, err = pgx.CollectRows(rows, scanMove)
	return err
}

func scanMove(row pgx.CollectableRow) (SheetMove, error) {
	var m SheetMove
	var l BankLine
	var cents, line int64
	err := row.Scan(&m.Entry, &m.Day, &m.Kind, &m.Source, &cents, &l.Line, &l.File, &l.SHA256, &l.Statement, &l.Rank,
		&l.BookedOn, &line)
	l.Amount = money.Cents(line)
	m.In, m.Out = money.Cents(max(cents, 0)), money.Cents(max(-cents, 0))
	if l.Line != 0 {
		m.Line = &l
	}
	return m, err
}

// underWay picks the transfers that had left the money of a person by a day ($2) and that the bank had
// neither debited nor refused, by the entries up to a number ($3).
const underWay = `t.sent_on <= $2::date AND t.posted_entry <= $3
	   AND (t.settled_day <= $2::date AND t.settled_entry <= $3) IS NOT TRUE
	   AND (t.failed_day <= $2::date AND t.failed_entry <= $3) IS NOT TRUE`

// readPending reads the transfers under way at the end of the month.
func (s *Sheet) readPending(ctx context.Context, q ledger.Querier, upTo int64) error {
	rows, err := q.Query(ctx, `
		SELECT t.end_to_end_id, t.creditor_name, t.posted_entry, t.sent_on, t.amount_cents
		  FROM masp.transfer_days t WHERE t.mandate_id = $1 AND `+underWay+` ORDER BY t.posted_entry`,
		s.Mandate, s.Month.Last().Time(), upTo)
	if err != nil {
		return fmt.Errorf("read the transfers of mandate %s: %w", s.Mandate, err)
	}
	s.Transfers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Pending, error) {
		var p Pending
		var cents int64
		err := row.Scan(&p.Reference, &p.Payee, &p.Entry, &p.SentOn, &cents)
		p.Amount = money.Cents(cents)
		return p, err
	})
	return err
}

// readReceipts reads the benefits that came within the month, and what was set aside at its end.
func (s *Sheet) readReceipts(ctx context.Context, q ledger.Querier) error {
	rows, err := q.Query(ctx, `
		SELECT benefit, period, received_on, entry_no, amount_cents FROM masp.receipts
		 WHERE mandate_id = $1 AND received_on BETWEEN $2 AND $3 ORDER BY received_on, receipt_id`,
		s.Mandate, s.Month.First().Time(), s.Month.Last().Time())
	if err != nil {
		return fmt.Errorf("read the benefits of mandate %s: %w", s.Mandate, err)
	}
	s.Receipts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Receipt, error) {
		var r Receipt
		var period civil.Date
		var cents int64
		err := row.Scan(&r.Benefit, &period, &r.On, &r.Entry, &cents)
		if !period.IsZero() {
			r.Period = period.MonthOf()
		}
		r.Amount = money.Cents(cents)
		return r, err
	})
	if err != nil {
		return err
	}
	var reserved int64
	err = q.QueryRow(ctx, `
		SELECT coalesce(sum(amount_cents), 0)::bigint FROM masp.reserve_movements WHERE mandate_id = $1 AND on_day <= $2`,
		s.Mandate, s.Month.Last().Time()).Scan(&reserved)
	s.Reserved = money.Cents(reserved)
	return err
}
