package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Querier is what reading needs: a pool, a connection or a transaction. A statement read outside a
// transaction is still consistent, because lines are never rewritten.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// AccountStatement reads the movements posted from one day to another, both included. An account
// without any posting has an empty statement.
func (l *Ledger) AccountStatement(
	ctx context.Context, q Querier, code Code, from, to civil.Date,
) (AccountStatement, error) {
	s, id, before, last, err := statementEnds(ctx, q, code, from, to)
	if err != nil || last == 0 {
		return s, err
	}
	rows, err := statementRows(ctx, q, id, before+1, last)
	if err != nil {
		return s, fmt.Errorf("read statement of %s: %w", code, err)
	}
	s.Lines = gather(rows, code)
	s.total()
	s.Closing = s.Opening
	if n := len(s.Lines); n > 0 {
		s.Closing = s.Lines[n-1].Balance
	}
	return s, nil
}

// StatementPart reads the same account with some of its lines alone: at most so many, after the line of a
// number. Its memory does not grow with the account.
func (l *Ledger) StatementPart(
	ctx context.Context, q Querier, code Code, from, to civil.Date, after int64, most int,
) (AccountStatement, error) {
	s, id, before, last, err := statementEnds(ctx, q, code, from, to)
	if err != nil || last == 0 {
		return s, err
	}
	if s.Closing, err = balanceAt(ctx, q, code, id, last); err != nil {
		return s, err
	}
	if err := q.QueryRow(ctx, sumOfLines, id, before+1, last, code.debitNatural()).Scan(&s.In, &s.Out); err != nil {
		return s, fmt.Errorf("sum the lines of %s: %w", code, err)
	}
	// The last line may be of a hub of which more rows follow: one more line tells that it is whole.
	for next := max(before, after) + 1; next <= last && len(s.Lines) <= most; next += int64(most) + 1 {
		rows, err := statementRows(ctx, q, id, next, min(last, next+int64(most)))
		if err != nil {
			return s, fmt.Errorf("read lines of %s: %w", code, err)
		}
		s.Lines = gatherOnto(s.Lines, rows, code)
	}
	s.Lines = s.Lines[:min(most, len(s.Lines))]
	return s, nil
}

// sumOfLines sums what came in and what left by the lines of an account, those of a hub as one.
const sumOfLines = `
	SELECT coalesce(sum(greatest(moved, 0)), 0)::bigint, coalesce(sum(greatest(-moved, 0)), 0)::bigint FROM (
	    SELECT sum(CASE WHEN $4 THEN m.cents ELSE -m.cents END) AS moved
	      FROM (SELECT p.entry_no, p.debit_seq AS seq, p.amount_cents AS cents, 'D' AS side FROM masp.postings p
	             WHERE p.debit_account = $1 AND p.debit_seq BETWEEN $2 AND $3
	             UNION ALL
	            SELECT p.entry_no, p.credit_seq, -p.amount_cents, 'C' FROM masp.postings p
	             WHERE p.credit_account = $1 AND p.credit_seq BETWEEN $2 AND $3) m
	      JOIN masp.entries e USING (entry_no)
	     GROUP BY m.entry_no, CASE WHEN e.hub = m.side THEN 0 ELSE m.seq END) lines`

// statementEnds reads the balance that an account has before some days, and the numbers of the lines before the
// first one and of the last one: 0 when it has none until then.
func statementEnds(
	ctx context.Context, q Querier, code Code, from, to civil.Date,
) (s AccountStatement, id, before, last int64, err error) {
	s = AccountStatement{Code: code, From: from, To: to}
	const query = `
		SELECT a.account_id, masp.account_seq_on(a.account_id, $2::date - 1),
		       masp.account_seq_on(a.account_id, $3)
		  FROM masp.accounts a WHERE a.code = $1`
	err = q.QueryRow(ctx, query, code, from, to).Scan(&id, &before, &last)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, 0, 0, 0, nil
	}
	if err != nil {
		return s, 0, 0, 0, fmt.Errorf("read statement of %s: %w", code, err)
	}
	s.Opening, err = balanceAt(ctx, q, code, id, before)
	return s, id, before, last, err
}

// Page reads the newest lines of an account, or those older than a cursor: at most limit lines. It
// costs the same on a long account as on a short one, and one question to the database unless lines
// of a hub fill the page.
func (l *Ledger) Page(ctx context.Context, q Querier, code Code, older int64, limit int) (Page, error) {
	if older <= 0 {
		older = math.MaxInt64
	}
	var lines []StatementLine
	var rows []statementRow
	for span := limit + 1; older > 1 && len(lines) <= limit; span *= 2 {
		more, err := rowsBefore(ctx, q, code, older, span)
		if err != nil {
			return Page{}, fmt.Errorf("read page of %s: %w", code, err)
		}
		if len(more) == 0 {
			older = 1
			break
		}
		rows = append(more, rows...)
		lines = gather(rows, code)
		older = rows[0].line.Seq
	}
	// The oldest line may be the end of a hub line that began earlier: it opens the next page.
	p := Page{}
	if older > 1 || len(lines) > limit {
		lines = lines[max(1, len(lines)-limit):]
		p.Older = firstSeq(rows, lines[0])
	}
	slices.Reverse(lines)
	p.Lines = lines
	return p, nil
}

// firstSeq is the number of the first posting that a line sums.
func firstSeq(rows []statementRow, l StatementLine) int64 {
	for i := range rows {
		if rows[i].line.No == l.No && (rows[i].onHub || rows[i].line.Seq == l.Seq) {
			return rows[i].line.Seq
		}
	}
	return l.Seq
}

// statementRows reads lines first to last of an account.
func statementRows(ctx context.Context, q Querier, id, first, last int64) ([]statementRow, error) {
	if last < first {
		return nil, nil
	}
	const query = `SELECT ` + rowColumns + ` FROM masp.account_lines($1, $2, $3) l`
	rows, err := q.Query(ctx, query, id, first, last)
	if err != nil {
		return nil, err
	}
	return collectRows(rows, int(last-first+1))
}

// rowsBefore reads the last lines of an account that come before a line, at most count of them. It
// finds the account in the same question: the lines are those of one instant.
func rowsBefore(ctx context.Context, q Querier, code Code, before int64, count int) ([]statementRow, error) {
	const query = `
		SELECT ` + rowColumns + `
		  FROM masp.accounts a JOIN masp.account_balances b USING (account_id),
		       LATERAL (SELECT least(b.seq, $2::bigint - 1) AS last) s,
		       masp.account_lines(a.account_id, s.last - $3::bigint + 1, s.last) l
		 WHERE a.code = $1
		 ORDER BY l.seq`
	rows, err := q.Query(ctx, query, code, before, int64(count))
	if err != nil {
		return nil, err
	}
	return collectRows(rows, count)
}

const rowColumns = `l.seq, l.entry_no, l.journal, l.journal_no, l.posted_on, l.booked_on, l.value_on,
	l.kind, l.source, l.label, l.debit_cents, l.after_cents, l.on_hub`

// collectRows reads the columns rowColumns of about as many rows as expected.
func collectRows(rows pgx.Rows, expected int) ([]statementRow, error) {
	list := make([]statementRow, 0, min(expected, maxExpected))
	var r statementRow
	_, err := pgx.ForEachRow(rows, []any{
		&r.line.Seq, &r.line.No, (*string)(&r.line.Journal), &r.line.InNo, &r.line.PostedOn,
		&r.line.BookedOn, &r.line.ValueOn, (*string)(&r.line.Kind), &r.line.Source, &r.line.Label,
		&r.debit, &r.after, &r.onHub,
	}, func() error {
		list = append(list, r)
		return nil
	})
	return list, err
}

// maxExpected bounds what is set aside for rows before they come.
const maxExpected = 1 << 10

// balanceAt is the balance after line seq, in the account's own direction. An auditor, who does not
// see the lines before his period, is given the balance that it begins with.
func balanceAt(ctx context.Context, q Querier, code Code, id, seq int64) (money.Amount, error) {
	var after money.Amount
	if seq == 0 {
		return after, nil
	}
	const query = `
		SELECT coalesce(
		  (SELECT debit_after FROM masp.postings WHERE debit_account = $1 AND debit_seq = $2),
		  (SELECT credit_after FROM masp.postings WHERE credit_account = $1 AND credit_seq = $2),
		  masp.audited_opening($1, $2))`
	if err := q.QueryRow(ctx, query, id, seq).Scan(&after); err != nil {
		return after, fmt.Errorf("read balance of %s: %w", code, err)
	}
	if code.debitNatural() {
		return after, nil
	}
	return after.Neg(), nil
}
