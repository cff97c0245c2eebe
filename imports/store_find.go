package imports

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/ledger/unit"
)

// counted counts the rows of a search from its beginning.
func counted(ctx context.Context, q unit.Querier, where string, args ...any) (n int, err error) {
	if err = q.QueryRow(ctx, `SELECT count(*) `+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// none makes of a row that is not there an error of this package.
func none(err, is error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return is
	}
	return err
}

const (
	// What a restricted reader may not see of a file is left out: who brought it, its bytes.
	selectStatement = `
	SELECT s.statement_id, s.account_iban, coalesce(s.bank_account_id, ''), s.bank_ref, s.kind, coalesce(s.opening_cents, 0),
	       coalesce(s.closing_cents, 0), s.opening_on, s.closing_on, s.state, coalesce(s.reason, ''), coalesce(s.explanation, ''),
	       s.entries, s.posted_lines, f.name, encode(f.sha256, 'hex'), f.received_at, s.moved_cents `
	statementsWhere = `
	  FROM masp.bank_statements s JOIN masp.bank_files f USING (file_id)
	 WHERE ($1 = '' OR s.bank_account_id = $1) AND ($2 = '' OR s.state = $2) AND ($3 = '' OR s.kind = $3)
	   AND ($4 = '' OR s.reason = $4)`
)

func (look StatementSearch) args() []any {
	return []any{look.Account, look.State, look.Kind, look.Reason}
}

func statementFields(o *StoredStatement, opening, closing, moved *int64) []any {
	return []any{
		&o.ID, &o.Account, &o.BankAccount, &o.Ref, &o.Kind, opening, closing, &o.From, &o.To, &o.State, &o.Reason,
		&o.Explanation, &o.Lines, &o.Done, &o.File, &o.SHA256, &o.ReceivedAt, moved,
	}
}

func (o *StoredStatement) complete(opening, closing, moved int64) {
	o.Opening, o.Closing, o.Moved = money.Cents(opening), money.Cents(closing), money.Cents(moved)
	if o.State == stateImporting {
		o.Reason, o.Explanation = HeldImporting, onItsWay(o.Done, o.Lines)
	}
}

func findStatements(ctx context.Context, q unit.Querier, look StatementSearch) ([]StoredStatement, error) {
	rows, err := q.Query(ctx, selectStatement+statementsWhere+`
		AND ($5 = 0 OR s.statement_id < $5) ORDER BY s.statement_id DESC LIMIT $6`, append(look.args(), look.Before, look.Most)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o StoredStatement, err error) {
		var opening, closing, moved int64
		err = row.Scan(statementFields(&o, &opening, &closing, &moved)...)
		o.complete(opening, closing, moved)
		return o, err
	})
}

func findStatement(ctx context.Context, q unit.Querier, id int64) (o StoredStatement, err error) {
	var opening, closing, moved int64
	fields := append(statementFields(&o, &opening, &closing, &moved), &o.Posted, &o.Matched, &o.Suspense, &o.Ignored, &o.Benefits)
	err = q.QueryRow(ctx, selectStatement+`, n.posted, n.matched, n.suspense, n.ignored, n.benefits
		  FROM masp.bank_statements s JOIN masp.bank_files f USING (file_id)
		 CROSS JOIN LATERAL (
		       SELECT count(*) FILTER (WHERE l.state = 'posted') AS posted, count(*) FILTER (WHERE l.state = 'matched') AS matched,
		              count(*) FILTER (WHERE l.state = 'suspense') AS suspense, count(*) FILTER (WHERE l.state = 'ignored') AS ignored,
		              coalesce(sum((SELECT count(*) FROM masp.receipts r
		                             WHERE r.line_id = l.line_id AND r.amount_cents > 0)), 0)::bigint AS benefits
		         FROM masp.bank_lines l WHERE l.statement_id = s.statement_id) n
		 WHERE s.statement_id = $1`, id).Scan(fields...)
	o.complete(opening, closing, moved)
	return o, none(err, ErrNoStatement)
}

// findOriginal reads where the bytes of the file of a statement are, and how to name them.
func findOriginal(ctx context.Context, q unit.Querier, statement int64) (o Original, err error) {
	err = q.QueryRow(ctx, `
		SELECT f.file_id, f.name, encode(f.sha256, 'hex'), f.size
		  FROM masp.bank_statements s JOIN masp.bank_files f USING (file_id) WHERE s.statement_id = $1`, statement,
	).Scan(&o.file, &o.Name, &o.SHA256, &o.Size)
	return o, none(err, ErrNoStatement)
}

func replacedBy(ctx context.Context, q unit.Querier, id int64) (by int64, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce(max(new_statement), 0) FROM masp.statement_replacements WHERE old_statement = $1`, id).Scan(&by)
	return by, err
}

const (
	selectLine = `
	SELECT l.line_id, l.statement_id, s.bank_account_id, l.rank, l.booked_on, l.value_on, l.amount_cents, l.counterparty, l.text,
	       l.bank_reference, l.end_to_end_id, l.code, coalesce(l.return_reason, ''), l.state, l.recognised_by, coalesce(l.entry_no, 0) `
	linesWhere = `
	  FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id)
	 WHERE ($1 = '' OR s.bank_account_id = $1) AND ($2 = '' OR l.state = $2)
	   AND ($3 = '' OR strpos(lower(concat_ws(' ', l.counterparty, l.text, l.end_to_end_id, l.bank_reference)), lower($3)) > 0)
	   AND ($4::bigint = 0 OR l.statement_id = $4) AND ($5::date IS NULL OR l.booked_on >= $5) AND ($6::date IS NULL OR l.booked_on <= $6)
	   AND ($7::bigint IS NULL OR l.amount_cents = $7) AND ($8::bigint IS NULL OR l.amount_cents IN ($8, -$8))`
)

func (look LineSearch) args() []any {
	var amount, either any
	if look.Amount != nil {
		amount = look.Amount.Cents()
	}
	if look.EitherWay != nil {
		either = look.EitherWay.Cents()
	}
	return []any{look.Account, look.State, look.Text, look.Statement, dayOf(look.From), dayOf(look.To), amount, either}
}

func lineFields(l *StoredLine, cents *int64) []any {
	return []any{
		&l.ID, &l.Statement, &l.BankAccount, &l.Rank, &l.BookedOn, &l.ValueOn, cents, &l.Counterparty, &l.Text, &l.Reference,
		&l.EndToEnd, &l.Code, &l.ReturnCode, &l.State, &l.Why, &l.Entry,
	}
}

func findLines(ctx context.Context, q unit.Querier, look LineSearch) ([]StoredLine, error) {
	rows, err := q.Query(ctx, selectLine+linesWhere+`
		AND ($9::bigint = 0 OR l.line_id < $9) ORDER BY l.line_id DESC LIMIT $10`, append(look.args(), look.Before, look.Most)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l StoredLine, err error) {
		var cents int64
		err = row.Scan(lineFields(&l, &cents)...)
		l.Amount = money.Cents(cents)
		return l, err
	})
}

func findLine(ctx context.Context, q unit.Querier, id int64) (d LineDetail, err error) {
	var cents, open int64
	fields := append(lineFields(&d.StoredLine, &cents), &d.Ref, &d.File, &d.SHA256, &open, &d.Suggestions)
	err = q.QueryRow(ctx, selectLine+`, s.bank_ref, f.name, encode(f.sha256, 'hex'), coalesce(i.open_cents, 0), coalesce(i.suggestions, '[]')
		  FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id) JOIN masp.bank_files f USING (file_id)
		  LEFT JOIN masp.suspense_items i USING (line_id) WHERE l.line_id = $1`, id).Scan(fields...)
	d.Amount, d.Open = money.Cents(cents), money.Cents(open)
	return d, none(err, ErrNoLine)
}

// receiptsOfLine adds up what persons received by a line and nobody has taken back.
func receiptsOfLine(ctx context.Context, q unit.Querier, line int64) ([]UndoReceipt, error) {
	rows, err := q.Query(ctx, `
		SELECT mandate_id, benefit, period, sum(amount_cents)::bigint FROM masp.receipts WHERE line_id = $1
		 GROUP BY 1, 2, 3 HAVING sum(amount_cents) <> 0 ORDER BY min(receipt_id)`, line)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanReceipt)
}

func transfersOfLine(ctx context.Context, q unit.Querier, line int64) ([]LineTransfer, error) {
	rows, err := q.Query(ctx, `
		SELECT i.end_to_end_id, i.mandate_id, m.meaning, m.amount_cents
		  FROM masp.line_matches m JOIN masp.instructions i USING (instruction_id)
		 WHERE m.line_id = $1 AND m.undone_by IS NULL ORDER BY m.entry_no, m.instruction_id`, line)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t LineTransfer, err error) {
		var cents int64
		err = row.Scan(&t.EndToEndID, &t.Mandate, &t.Meaning, &cents)
		t.Amount = money.Cents(cents)
		return t, err
	})
}

func placeOfLine(ctx context.Context, q unit.Querier, line int64) (file int64, ordinal, rank int, size int64, err error) {
	err = q.QueryRow(ctx, `
		SELECT s.file_id, s.ordinal, l.rank, f.size FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id)
		  JOIN masp.bank_files f USING (file_id) WHERE l.line_id = $1`, line).Scan(&file, &ordinal, &rank, &size)
	return file, ordinal, rank, size, none(err, ErrNoLine)
}

// findMatches reads the three ways of saying what a line is, each by its newest entries; of one entry
// when it is named. What was recognised of a line and undone is told by its undo.
func findMatches(ctx context.Context, q unit.Querier, look MatchSearch, entry int64) ([]Match, error) {
	const asked = ` AND ($1 = '' OR s.bank_account_id = $1) AND ($2::bigint = 0 OR l.line_id = $2)
		   AND ($3::boolean IS NULL OR (u.undo_id IS NOT NULL) = $3)`
	const page = ` ORDER BY 1 DESC LIMIT $6)`
	within := func(of string) string {
		return ` AND ($4::bigint = 0 OR ` + of + ` < $4) AND ($5::bigint = 0 OR ` + of + ` = $5)` + page
	}
	recognised := `
		(SELECT l.entry_no, l.line_id, 0::bigint AS assignment, 'RECOGNISED' AS by, l.recognised_by AS what,
		        coalesce(u.amount_cents, masp.recognised_cents(l.line_id)) AS cents, coalesce(u.undone_by, '') AS undone_by, coalesce(u.reason, '') AS reason
		   FROM masp.bank_lines l JOIN masp.bank_statements s USING (statement_id) LEFT JOIN masp.match_undos u ON u.undone_entry = l.entry_no
		  WHERE l.entry_no IS NOT NULL AND (u.undo_id IS NOT NULL OR masp.recognised_cents(l.line_id) <> 0)` + asked + within("l.entry_no") + `
		UNION ALL
		(SELECT n.entry_no, l.line_id, 0, 'NOTICE', 'expliqué par un avis de la banque', l.amount_cents, coalesce(u.undone_by, ''), coalesce(u.reason, '')
		   FROM masp.notice_uses n JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		   LEFT JOIN masp.match_undos u ON u.undone_entry = n.entry_no WHERE true` + asked + within("n.entry_no") + `
		UNION ALL`
	if look.Said {
		recognised = ""
	}
	rows, err := q.Query(ctx, `SELECT * FROM (`+recognised+`
		(SELECT a.entry_no, l.line_id, a.assignment_id AS assignment, a.assigned_by AS by,
		        concat_ws(' ', nullif(a.mandate_id, ''), nullif(a.benefit, ''), to_char(a.period, 'YYYY-MM'), i.end_to_end_id) AS what, a.amount_cents AS cents,
		        coalesce(u.undone_by, '') AS undone_by, coalesce(u.reason, '') AS reason
		   FROM masp.suspense_assignments a JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		   LEFT JOIN masp.instructions i USING (instruction_id)
		   LEFT JOIN masp.match_undos u ON u.undone_entry = a.entry_no WHERE true`+asked+within("a.entry_no")+`
		) m ORDER BY entry_no DESC LIMIT $6`, look.Account, look.Line, look.Undone, look.Before, entry, look.Most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Match, err error) {
		var cents int64
		err = row.Scan(&m.Entry, &m.Line, &m.Assignment, &m.By, &m.What, &cents, &m.UndoneBy, &m.UndoneFor)
		m.Amount = money.Cents(cents)
		return m, err
	})
}
