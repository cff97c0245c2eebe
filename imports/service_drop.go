package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
)

// The acts that give a held statement up and take it back; the last one counts.
const (
	actDrop   = "bank_statement.drop"
	actResume = "bank_statement.resume"
)

// Drop gives up a held statement that is wrong or one too many: a reasoned act of a user, proved
// by the secret that the principal carries. It stays stored, held as HeldDropped; nothing of it
// is posted and no retry takes it. Resume takes the act back.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) Drop(ctx context.Context, who auth.Principal, id int64, reason string) error {
	err := s.onHeld(ctx, who, id, actDrop, reason, func(tx pgx.Tx, st *statement) error {
		if st.held.reason == HeldDropped {
			return refuse("DROPPED", "Le relevé %d est déjà abandonné.", id)
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		st.held = dropped(who.ID, today, reason)
		return updateHold(ctx, tx, st)
	})
	if err != nil {
		return fmt.Errorf("drop held statement %d: %w", id, err)
	}
	return nil
}

// Resume takes back that a statement was given up, and tries again what waits: the statement is
// posted, or says what it waits for. It answers the statements that could follow. Errors: those
// of Drop.
func (s *Service) Resume(
	ctx context.Context, who auth.Principal, id int64, reason string,
) ([]StatementOutcome, error) {
	err := s.onHeld(ctx, who, id, actResume, reason, func(tx pgx.Tx, st *statement) error {
		if st.held.reason != HeldDropped {
			return refuse("NOT_DROPPED", "Le relevé %d n’est pas abandonné.", id)
		}
		read, err := s.readAgain(ctx, tx, st)
		if err != nil {
			return err
		}
		st.held = cmp.Or(read.held, unread) // the retry knows better
		return updateHold(ctx, tx, st)
	})
	if err != nil {
		return nil, fmt.Errorf("resume held statement %d: %w", id, err)
	}
	return s.RetryHeld(ctx, who.ID)
}

// onHeld does something to a locked held statement, as a user who is proved, and records it.
func (s *Service) onHeld(
	ctx context.Context, who auth.Principal, id int64, action, reason string,
	change func(pgx.Tx, *statement) error,
) error {
	if reason == "" {
		return refuse("REASON", "Écrivez pourquoi : cela reste dans le journal.")
	}
	return ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := prove(ctx, tx, who); err != nil {
			return err
		}
		st, err := lockHeld(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := change(tx, st); err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: action, ObjectType: "bank_statement",
			ObjectID: strconv.FormatInt(id, 10), After: st.hash, Reason: reason,
		})
		return err
	})
}

// prove asks the database whose secret it is, and whether that user may decide on bank money.
func prove(ctx context.Context, tx pgx.Tx, who auth.Principal) error {
	var may bool
	err := tx.QueryRow(ctx, `
		SELECT roles && ARRAY['coordinator', 'approver', 'accountant'] FROM masp.users
		 WHERE user_id = masp.user_of($1) AND user_id = $2`, who.Secret(), who.ID).Scan(&may)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrToken
	case err != nil:
		return fmt.Errorf("prove user %s: %w", who.ID, err)
	case !may:
		return ErrRole
	}
	return nil
}

// lockHeld reads a held statement, its account locked before it as an import does.
func lockHeld(ctx context.Context, tx pgx.Tx, id int64) (*statement, error) {
	_, err := tx.Exec(ctx, `
		SELECT FROM masp.bank_accounts a JOIN masp.bank_statements s ON s.account_iban = a.iban
		 WHERE s.statement_id = $1 FOR NO KEY UPDATE OF a`, id)
	if err != nil {
		return nil, fmt.Errorf("lock the account of statement %d: %w", id, err)
	}
	st := &statement{id: id}
	err = tx.QueryRow(ctx, `
		SELECT account_iban, reason, content_hash, number_again FROM masp.bank_statements
		 WHERE statement_id = $1 AND state = 'held' FOR UPDATE`, id).
		Scan(&st.iban, &st.held.reason, &st.hash, &st.numberAgain)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, refuse("NOT_HELD", "Aucun relevé en attente ne porte le numéro %d.", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read held statement %d: %w", id, err)
	}
	return st, nil
}

// readAgain reads a held statement again, from the bytes as they came.
func (s *Service) readAgain(ctx context.Context, tx pgx.Tx, st *statement) (*statement, error) {
	id, ordinal, err := placeOf(ctx, tx, st.id)
	if err != nil {
		return nil, err
	}
	w := s.work(ctx, "")
	w.tx = tx
	file, err := readStatements(w.stored(id)())
	if err != nil {
		return nil, fmt.Errorf("read a held statement again: %w", err)
	}
	if ordinal > len(file.statements) || file.statements[ordinal-1].hash != st.hash {
		return nil, fmt.Errorf("held statement %d is not what its file says", st.id)
	}
	return file.statements[ordinal-1], nil
}
