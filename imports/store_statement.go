package imports

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// selectOutcome reads statements as an import answers for them. The receipts are looked up line
// by line: those that wait have no lines, and cost nothing however many receipts there are.
const selectOutcome = `
	SELECT s.statement_id, s.file_id, s.account_iban, coalesce(s.bank_account_id, ''), s.bank_ref, s.kind,
	       coalesce(s.opening_cents, 0), coalesce(s.closing_cents, 0), s.opening_on, s.closing_on,
	       s.state, coalesce(s.reason, ''), coalesce(s.explanation, ''), s.entries, s.posted_lines, s.content_hash,
	       n.posted, n.matched, n.suspense, n.ignored, n.benefits, f.name, f.received_at
	  FROM masp.bank_statements s
	  JOIN masp.bank_files f USING (file_id)
	 CROSS JOIN LATERAL (
	       SELECT count(*) FILTER (WHERE l.state = 'posted') AS posted,
	              count(*) FILTER (WHERE l.state = 'matched') AS matched,
	              count(*) FILTER (WHERE l.state = 'suspense') AS suspense,
	              count(*) FILTER (WHERE l.state = 'ignored') AS ignored,
	              coalesce(sum((SELECT count(*) FROM masp.receipts r
	                             WHERE r.line_id = l.line_id AND r.amount_cents > 0)), 0)::bigint AS benefits
	         FROM masp.bank_lines l WHERE l.statement_id = s.statement_id) n `

type storedOutcome struct {
	StatementOutcome
	hash chain.Hash
	file int64
}

func scanOutcome(row pgx.CollectableRow) (storedOutcome, error) {
	var o storedOutcome
	var opening, closing int64
	err := row.Scan(&o.ID, &o.file, &o.Account, &o.BankAccount, &o.Ref, &o.Kind, &opening, &closing,
		&o.From, &o.To, &o.State, &o.Reason, &o.Explanation, &o.Lines, &o.Done, &o.hash,
		&o.Posted, &o.Matched, &o.Suspense, &o.Ignored, &o.Benefits, &o.File, &o.ReceivedAt)
	o.Opening, o.Closing = money.Cents(opening), money.Cents(closing)
	if o.State == stateImporting {
		o.Reason, o.Explanation = HeldImporting, onItsWay(o.Done, o.Lines)
	}
	return o, err
}

// knownStatements finds statements as they are stored, by their content.
func knownStatements(
	ctx context.Context, q ledger.Querier, statements []*statement,
) (map[chain.Hash]storedOutcome, error) {
	n := len(statements)
	ibans, refs, hashes := make([]string, n), make([]string, n), make([][]byte, n)
	for i, st := range statements {
		ibans[i], refs[i], hashes[i] = st.iban, st.ref, st.hash[:]
	}
	rows, err := q.Query(ctx, selectOutcome+`
		WHERE (s.account_iban, s.bank_ref, s.content_hash) IN
		      (SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]))`, ibans, refs, hashes)
	if err != nil {
		return nil, fmt.Errorf("find known statements: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanOutcome)
	if err != nil {
		return nil, fmt.Errorf("find known statements: %w", err)
	}
	known := map[chain.Hash]storedOutcome{}
	for _, o := range found {
		known[o.hash] = o
	}
	return known, nil
}

// waitingStatements reads, without their lines, the statements of accounts of which more may be
// posted, and the notices that are not taken in. They are locked: nobody drops them meanwhile.
func waitingStatements(ctx context.Context, tx pgx.Tx, ibans []string) ([]*statement, error) {
	const columns = `
		SELECT statement_id, file_id, ordinal, kind, account_iban, bank_ref, sequence,
		       coalesce(opening_cents, 0), coalesce(closing_cents, 0), opening_cents IS NOT NULL, closing_cents IS NOT NULL,
		       moved_cents, page, last_page, opening_on, closing_on,
		       entries, posted_lines, state = 'importing', number_again, content_hash,
		       coalesce(reason, ''), coalesce(explanation, '')
		  FROM masp.bank_statements `
	booked, err := scanStatements(ctx, tx, columns+`
		 WHERE kind = 'BOOKED' AND state <> 'accepted' AND account_iban = ANY ($1)
		   AND (state = 'importing' OR reason = ANY ($2))
		 ORDER BY closing_on, statement_id FOR UPDATE`, ibans, curable)
	if err != nil {
		return nil, err
	}
	notices, err := scanStatements(ctx, tx, columns+`
		 WHERE kind = 'NOTICE' AND posted_lines < entries AND account_iban = ANY ($1)
		 ORDER BY statement_id FOR UPDATE`, ibans)
	return append(notices, booked...), err
}

func scanStatements(
	ctx context.Context, tx pgx.Tx, query string, args ...any,
) ([]*statement, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read waiting statements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*statement, error) {
		st := &statement{}
		var opening, closing, moved int64
		err := row.Scan(&st.id, &st.file, &st.ordinal, &st.kind, &st.iban, &st.ref, &st.seq,
			&opening, &closing, &st.opens, &st.closes, &moved, &st.page, &st.lastPage,
			&st.from, &st.to, &st.entries, &st.posted, &st.importing,
			&st.numberAgain, &st.hash, &st.held.reason, &st.held.explanation)
		st.opening, st.closing, st.moved = money.Cents(opening), money.Cents(closing), money.Cents(moved)
		return st, err
	})
}

// numbered is a statement in the books that bears a number.
type numbered struct {
	id        int64
	iban, ref string
	page      int
	closed    civil.Date
}

// sameNumbers finds the statements in the books that bear the number of one of these, with
// another content.
func sameNumbers(ctx context.Context, tx pgx.Tx, all []*statement) ([]numbered, error) {
	var ids []int64
	for _, st := range all {
		ids = append(ids, st.id)
	}
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT s.statement_id, s.account_iban, s.bank_ref, s.page, s.closing_on
		  FROM masp.bank_statements w
		  JOIN masp.bank_statements s ON s.account_iban = w.account_iban AND s.bank_ref = w.bank_ref
		   AND s.content_hash <> w.content_hash AND s.state <> 'held'
		 WHERE w.statement_id = ANY ($1) ORDER BY s.statement_id DESC`, ids)
	if err != nil {
		return nil, fmt.Errorf("look for the numbers of statements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n numbered, err error) {
		err = row.Scan(&n.id, &n.iban, &n.ref, &n.page, &n.closed)
		return n, err
	})
}

// linksOf is where the chain of each account stands. Before its first statement that is the
// balance of the books, the opening entries.
func (s *Service) linksOf(
	ctx context.Context, tx pgx.Tx, accounts []bankAccount,
) (map[string]link, error) {
	var ids []string
	for _, a := range accounts {
		ids = append(ids, a.id)
	}
	rows, err := tx.Query(ctx, `
		SELECT a.id, s.chain_no, s.closing_cents, s.closing_on
		  FROM unnest($1::text[]) AS a (id)
		 CROSS JOIN LATERAL (SELECT chain_no, closing_cents, closing_on FROM masp.bank_statements
		        WHERE bank_account_id = a.id AND chain_no IS NOT NULL ORDER BY chain_no DESC LIMIT 1) s`, ids)
	if err != nil {
		return nil, fmt.Errorf("read the last statements: %w", err)
	}
	links := map[string]link{}
	var id string
	var at link
	var closing int64
	_, err = pgx.ForEachRow(rows, []any{&id, &at.no, &closing, &at.on}, func() error {
		at.closing = money.Cents(closing)
		links[id] = at
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the last statements: %w", err)
	}
	for _, id := range ids {
		if _, begun := links[id]; begun {
			continue
		}
		held, err := s.Ledger.Balance(ctx, tx, ledger.Bank(id))
		if err != nil {
			return nil, fmt.Errorf("read the balance of %s: %w", id, err)
		}
		links[id] = link{closing: held}
	}
	return links, nil
}

// insertStatements stores the statements of a file, none of them posted yet. Those that came
// before, with another file or in this one, are left out.
func insertStatements(ctx context.Context, tx pgx.Tx, file int64, all []*statement) error {
	batch := &pgx.Batch{}
	for _, st := range all {
		var opening, closing any
		if st.opens {
			opening = st.opening.Cents()
		}
		if st.closes {
			closing = st.closing.Cents()
		}
		batch.Queue(
			`
		INSERT INTO masp.bank_statements (file_id, ordinal, kind, account_iban, bank_ref, sequence, opening_cents,
		       closing_cents, opening_on, closing_on, entries, content_hash, state, reason, explanation, bank_account_id,
		       moved_cents, page, last_page)
		SELECT $1, $2::int, $3, $4, $5, $6, $7::bigint, $8::bigint, $9::date, $10::date, $11::int, $12, 'held', $13, $14, $15, $16::bigint, $17::int, $18::boolean
		 WHERE NOT EXISTS (SELECT FROM masp.bank_statements WHERE account_iban = $4 AND bank_ref = $5 AND content_hash = $12)
		    ON CONFLICT ON CONSTRAINT statement_once DO NOTHING`,
			file, st.ordinal, st.kind, st.iban, st.ref, st.seq, opening, closing, dayOf(st.from), dayOf(st.to),
			st.entries, st.hash[:], st.held.reason, st.held.explanation, orNull(st.account),
			st.moved.Cents(), st.page, st.lastPage,
		)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("store %d statements: %w", len(all), err)
	}
	return nil
}

// updateStatements brings statements to where they are now: accepted, on their way, or held
// for another reason.
func updateStatements(ctx context.Context, tx pgx.Tx, all []*statement) error {
	batch := &pgx.Batch{}
	for _, st := range all {
		batch.Queue(`
			UPDATE masp.bank_statements
			   SET state = $2, reason = $3, explanation = $4, bank_account_id = $5, chain_no = $6,
			       posted_lines = $7, number_again = $8
			 WHERE statement_id = $1`,
			st.id, st.state(), orNull(st.held.reason), orNull(st.held.explanation),
			orNull(st.account), numberOrNull(st.chainNo), st.posted, st.numberAgain)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("update %d statements: %w", len(all), err)
	}
	return nil
}

// fillPages writes the balances and days that follow from the pages of a whole statement.
func fillPages(ctx context.Context, tx pgx.Tx, pages []*statement) error {
	batch := &pgx.Batch{}
	for _, st := range pages {
		batch.Queue(`
			UPDATE masp.bank_statements SET opening_cents = $2, closing_cents = $3, opening_on = $4, closing_on = $5,
			       reason = $6, explanation = $7 WHERE statement_id = $1`,
			st.id, st.opening.Cents(), st.closing.Cents(), dayOf(st.from), dayOf(st.to), st.held.reason, st.held.explanation)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("join the pages of statement %s: %w", pages[0].ref, err)
	}
	return nil
}

// updateHold brings the reason of a held statement up to date.
func updateHold(ctx context.Context, tx pgx.Tx, st *statement) error {
	_, err := tx.Exec(
		ctx,
		`UPDATE masp.bank_statements SET reason = $2, explanation = $3, number_again = $4 WHERE statement_id = $1`,
		st.id,
		st.held.reason,
		st.held.explanation,
		st.numberAgain,
	)
	if err != nil {
		return fmt.Errorf("explain held statement %d: %w", st.id, err)
	}
	return nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func numberOrNull(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// dayOf gives a day as the database keeps it, nothing when there is none.
func dayOf(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.Time()
}

// placeOf is the file of a stored statement and its place in it.
func placeOf(ctx context.Context, tx pgx.Tx, id int64) (file int64, ordinal int, err error) {
	err = tx.QueryRow(ctx, `SELECT file_id, ordinal FROM masp.bank_statements WHERE statement_id = $1`, id).
		Scan(&file, &ordinal)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, 0, fmt.Errorf("statement %d is not stored", id)
	}
	return file, ordinal, err
}
