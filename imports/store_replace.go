package imports

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/ledger/unit"
)

// acceptedByID reads a statement of the books with all that its replacement depends on. Its account is
// locked by the caller, when it is that of the new one.
func acceptedByID(ctx context.Context, tx pgx.Tx, id int64) (*accepted, error) {
	o := &accepted{id: id}
	var opening, closing int64
	var replaced bool
	err := tx.QueryRow(ctx, `
		SELECT s.bank_account_id, s.account_iban, s.bank_ref, s.chain_no, s.opening_cents, s.closing_cents, s.opening_on, s.closing_on,
		       k.locked_through, EXISTS (SELECT FROM masp.statement_replacements r WHERE r.old_statement = s.statement_id)
		  FROM masp.bank_statements s LEFT JOIN masp.bank_locks k USING (bank_account_id)
		 WHERE s.statement_id = $1 AND s.state = 'accepted'`, id).
		Scan(&o.account, &o.iban, &o.ref, &o.chainNo, &opening, &closing, &o.from, &o.to, &o.locked, &replaced)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, refuse("NOT_ACCEPTED", "Aucun relevé enregistré ne porte le numéro %d.", id)
	case err != nil:
		return nil, fmt.Errorf("read statement %d: %w", id, err)
	case replaced:
		return nil, refuse("REPLACED", "Le relevé %d est déjà remplacé.", id)
	}
	o.opening, o.closing = money.Cents(opening), money.Cents(closing)
	if err := o.readAfter(ctx, tx); err != nil {
		return nil, err
	}
	return o, o.readLines(ctx, tx)
}

// readAfter looks for the statement behind it.
func (o *accepted) readAfter(ctx context.Context, tx pgx.Tx) error {
	var after earlierOrLater
	err := tx.QueryRow(ctx, `
		SELECT statement_id, bank_ref, closing_on FROM masp.bank_statements
		 WHERE bank_account_id = $1 AND (chain_no > $2 OR state = 'importing')
		 ORDER BY chain_no NULLS LAST LIMIT 1`, o.account, o.chainNo).Scan(&after.id, &after.ref, &after.to)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look behind statement %d: %w", o.id, err)
	}
	o.after = &after
	return nil
}

// readLines reads the lines that were posted, with what persons, notices and clearings did to them since.
func (o *accepted) readLines(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT l.line_id, l.entry_no, l.booked_on, ARRAY(
		       SELECT 'La ligne ' || l.line_id || ' a été attribuée par ' || a.assigned_by || ' : annulez-le d’abord (masp match undo '
		              || l.line_id || ' --assignment ' || a.assignment_id || ').'
		         FROM masp.suspense_assignments a WHERE a.line_id = l.line_id
		          AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.assignment_id = a.assignment_id)
		        UNION ALL
		       SELECT 'La ligne ' || l.line_id || ' est expliquée par un avis de la banque : annulez-le d’abord (masp match undo ' || l.line_id || ').'
		         FROM masp.notice_uses n WHERE n.line_id = l.line_id
		          AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.undone_entry = n.entry_no)
		        UNION ALL
		       SELECT 'Le rapprochement de la ligne ' || l.line_id || ' a été annulé par ' || u.undone_by
		              || ' : corrigez ce relevé ligne par ligne (masp suspense).'
		         FROM masp.match_undos u WHERE u.line_id = l.line_id AND u.line_entry IS NOT NULL
		        UNION ALL
		       SELECT 'La ligne ' || l.line_id || ' repart vers son expéditeur par la campagne ' || i.run_id || '.'
		         FROM masp.suspense_returns r JOIN masp.instructions i USING (instruction_id)
		        WHERE r.line_id = l.line_id AND i.state IN ('draft', 'approved', 'scheduled', 'in_transit', 'settled')
		        UNION ALL
		       SELECT 'Les lignes ' || c.debit_line || ' et ' || c.credit_line || ' se compensent : annulez-le d’abord (masp suspense clear '
		              || c.debit_line || ' ' || c.credit_line || ' --undo).'
		         FROM masp.suspense_clearings c WHERE l.line_id IN (c.debit_line, c.credit_line) AND c.undoes IS NULL
		          AND NOT EXISTS (SELECT FROM masp.suspense_clearings n WHERE n.undoes = c.clearing_id))
		  FROM masp.bank_lines l WHERE l.statement_id = $1 AND l.state <> 'ignored' ORDER BY l.rank`, o.id)
	if err != nil {
		return fmt.Errorf("read the lines of statement %d: %w", o.id, err)
	}
	o.lines, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l replacedLine, err error) {
		err = row.Scan(&l.id, &l.entry, &l.bookedOn, &l.touched)
		return l, err
	})
	if err != nil {
		return fmt.Errorf("read the lines of statement %d: %w", o.id, err)
	}
	return nil
}

// replaceStatement writes the replacement through the door that asks for the secret.
func replaceStatement(ctx context.Context, tx pgx.Tx, secret string, old, by int64, reason string) error {
	if _, err := tx.Exec(ctx, `SELECT masp.replace_statement($1, $2, $3, $4)`, secret, old, by, reason); err != nil {
		return fmt.Errorf("write the replacement: %w", err)
	}
	return nil
}

// heldInFile finds the statement of a file that waits on the account of an accepted one.
func (s *Service) heldInFile(ctx context.Context, old int64, statements []StatementOutcome) (int64, error) {
	var iban string
	err := unit.Reader(ctx, s.DB).QueryRow(ctx, `SELECT account_iban FROM masp.bank_statements WHERE statement_id = $1`, old).Scan(&iban)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, refuse("NOT_ACCEPTED", "Aucun relevé enregistré ne porte le numéro %d.", old)
	}
	if err != nil {
		return 0, fmt.Errorf("read statement %d: %w", old, err)
	}
	var found int64
	for _, st := range statements {
		if st.Account != iban || st.State != stateHeld {
			continue
		}
		if found != 0 {
			return 0, refuse("SEVERAL", "Le fichier a plusieurs relevés de ce compte qui attendent.")
		}
		found = st.ID
	}
	if found == 0 {
		return 0, refuse("NOTHING_HELD", "Aucun relevé de ce compte n’attend dans ce fichier : il n’y a rien à remplacer.")
	}
	return found, nil
}
