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

// selectOutcome reads statements as an import answers for them.
const selectOutcome = `
	SELECT s.statement_id, s.account_iban, coalesce(s.bank_account_id, ''), s.bank_ref,
	       coalesce(s.opening_cents, 0), coalesce(s.closing_cents, 0), s.opening_on, s.closing_on,
	       s.state, coalesce(s.reason, ''), coalesce(s.explanation, ''), s.entries, s.content_hash,
	       n.posted, n.matched, n.suspense, n.ignored, n.benefits, f.name, f.received_at
	  FROM masp.bank_statements s
	  JOIN masp.bank_files f USING (file_id)
	 CROSS JOIN LATERAL (
	       SELECT count(*) FILTER (WHERE l.state = 'posted') AS posted,
	              count(*) FILTER (WHERE l.state = 'matched') AS matched,
	              count(*) FILTER (WHERE l.state = 'suspense') AS suspense,
	              count(*) FILTER (WHERE l.state = 'ignored') AS ignored,
	              (SELECT count(*) FROM masp.receipts r JOIN masp.bank_lines b USING (line_id)
	                WHERE b.statement_id = s.statement_id) AS benefits
	         FROM masp.bank_lines l WHERE l.statement_id = s.statement_id) n `

type storedOutcome struct {
	StatementOutcome
	hash chain.Hash
}

func scanOutcome(row pgx.CollectableRow) (storedOutcome, error) {
	var o storedOutcome
	var opening, closing int64
	err := row.Scan(&o.ID, &o.Account, &o.BankAccount, &o.Ref, &opening, &closing, &o.From, &o.To,
		&o.State, &o.Reason, &o.Explanation, &o.Lines, &o.hash,
		&o.Posted, &o.Matched, &o.Suspense, &o.Ignored, &o.Benefits, &o.File, &o.ReceivedAt)
	o.Opening, o.Closing = money.Cents(opening), money.Cents(closing)
	return o, err
}

// knownStatements finds the statements that are stored already, by their content.
func knownStatements(
	ctx context.Context, tx pgx.Tx, statements []*statement,
) (map[chain.Hash]StatementOutcome, error) {
	var ibans, refs []string
	var hashes [][]byte
	for _, st := range statements {
		ibans, refs, hashes = append(
			ibans, st.iban,
		), append(
			refs, st.ref,
		), append(
			hashes, st.hash[:],
		)
	}
	rows, err := tx.Query(ctx, selectOutcome+`
		WHERE (s.account_iban, s.bank_ref, s.content_hash) IN
		      (SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]))`, ibans, refs, hashes)
	if err != nil {
		return nil, fmt.Errorf("find known statements: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanOutcome)
	if err != nil {
		return nil, fmt.Errorf("find known statements: %w", err)
	}
	known := map[chain.Hash]StatementOutcome{}
	for _, o := range found {
		known[o.hash] = o.StatementOutcome
	}
	return known, nil
}

// heldStatements reads, without their lines, the statements of an account that may still be
// accepted when what they wait for comes. They are locked: nobody drops them meanwhile.
func heldStatements(ctx context.Context, tx pgx.Tx, iban string) ([]*statement, error) {
	rows, err := tx.Query(ctx, `
		SELECT statement_id, ordinal, account_iban, bank_ref, sequence, opening_cents, closing_cents,
		       opening_on, closing_on, content_hash, reason, explanation
		  FROM masp.bank_statements
		 WHERE state = 'held' AND account_iban = $1 AND reason = ANY ($2) AND opening_cents IS NOT NULL
		   AND closing_on IS NOT NULL
		 ORDER BY closing_on, statement_id FOR UPDATE`, iban, curable)
	if err != nil {
		return nil, fmt.Errorf("read held statements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*statement, error) {
		st := &statement{balanced: true}
		var opening, closing int64
		err := row.Scan(&st.id, &st.ordinal, &st.iban, &st.ref, &st.seq, &opening, &closing,
			&st.from, &st.to, &st.hash, &st.held.reason, &st.held.explanation)
		st.opening, st.closing = money.Cents(opening), money.Cents(closing)
		return st, err
	})
}

// numberIsUsed is the last day of an accepted statement of the account that bears the number
// with another content, within the time in which a bank does not use a number twice; zero when
// there is none.
func numberIsUsed(ctx context.Context, tx pgx.Tx, st *statement) (civil.Date, error) {
	rows, err := tx.Query(ctx, `
		SELECT closing_on FROM masp.bank_statements
		 WHERE state = 'accepted' AND account_iban = $1 AND bank_ref = $2 AND content_hash <> $3`,
		st.iban, st.ref, st.hash[:])
	if err != nil {
		return civil.Date{}, fmt.Errorf("look for statement %s: %w", st.ref, err)
	}
	days, err := pgx.CollectRows(rows, pgx.RowTo[civil.Date])
	if err != nil {
		return civil.Date{}, fmt.Errorf("look for statement %s: %w", st.ref, err)
	}
	for _, day := range days {
		if near(day, st.to) {
			return day, nil
		}
	}
	return civil.Date{}, nil
}

// linkOf is where the chain of an account stands. Before its first statement that is the
// balance of the books, the opening entries.
func (s *Service) linkOf(ctx context.Context, tx pgx.Tx, account bankAccount) (link, error) {
	var at link
	var closing int64
	err := tx.QueryRow(ctx, `
		SELECT chain_no, closing_cents, closing_on FROM masp.bank_statements
		 WHERE bank_account_id = $1 AND chain_no IS NOT NULL
		 ORDER BY chain_no DESC LIMIT 1`, account.id).Scan(&at.no, &closing, &at.on)
	at.closing = money.Cents(closing)
	if errors.Is(err, pgx.ErrNoRows) {
		at.closing, err = s.Ledger.Balance(ctx, tx, ledger.Bank(account.id))
	}
	if err != nil {
		return link{}, fmt.Errorf("read the last statement of %s: %w", account.id, err)
	}
	return at, nil
}

// insertStatement stores a statement of the file, held or accepted.
func insertStatement(ctx context.Context, tx pgx.Tx, file int64, st *statement) error {
	state := stateAccepted
	if st.chainNo == 0 {
		state = stateHeld
	}
	var opening, closing any
	if st.balanced {
		opening, closing = st.opening.Cents(), st.closing.Cents()
	}
	err := tx.QueryRow(
		ctx,
		`
		INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, sequence,
		       opening_cents, closing_cents, opening_on, closing_on, entries, content_hash, state, reason, explanation, chain_no)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		RETURNING statement_id`,
		file,
		st.ordinal,
		orNull(st.account),
		st.iban,
		st.ref,
		st.seq,
		opening,
		closing,
		dayOf(st.from),
		dayOf(st.to),
		len(st.lines),
		st.hash[:],
		state,
		orNull(st.held.reason),
		orNull(st.held.explanation),
		numberOrNull(st.chainNo),
	).Scan(&st.id)
	if err != nil {
		return fmt.Errorf("store statement %s of %s: %w", st.ref, st.account, err)
	}
	return nil
}

// acceptStatement lets a statement that was held take its place in the chain.
func acceptStatement(ctx context.Context, tx pgx.Tx, st *statement) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.bank_statements
		   SET state = 'accepted', reason = NULL, explanation = NULL, bank_account_id = $2, chain_no = $3
		 WHERE statement_id = $1`, st.id, st.account, st.chainNo)
	if err != nil {
		return fmt.Errorf("accept held statement %d: %w", st.id, err)
	}
	return nil
}

// updateHold brings the reason of a held statement up to date.
func updateHold(ctx context.Context, tx pgx.Tx, st *statement) error {
	_, err := tx.Exec(
		ctx,
		`UPDATE masp.bank_statements SET reason = $2, explanation = $3 WHERE statement_id = $1`,
		st.id,
		st.held.reason,
		st.held.explanation,
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
