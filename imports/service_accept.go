package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
)

const actAccept = "bank_statement.accept"

// Accept takes a statement although another one bears its number, or has lines like its own: a
// reasoned act of a user who knows from the bank that both are right. It must continue its account; it is posted at once.
// It answers the statements that could follow. Errors: those of Drop.
func (s *Service) Accept(
	ctx context.Context, who auth.Principal, id int64, reason string,
) ([]StatementOutcome, error) {
	err := s.onHeld(ctx, who, id, actAccept, reason, func(tx pgx.Tx, st *statement) error {
		if st.held.reason != HeldConflict && st.held.reason != HeldOverlap {
			return refuse("NOT_CONFLICT",
				"Le relevé %d n’attend pas à cause de son numéro ni de lignes déjà enregistrées.", id)
		}
		read, err := s.readAgain(ctx, tx, st)
		if err != nil {
			return err
		}
		accounts, err := lockAccounts(ctx, tx, []string{read.iban})
		if err != nil {
			return err
		}
		links, err := s.linksOf(ctx, tx, accounts)
		if err != nil {
			return err
		}
		if at := links[accounts[0].id]; !at.continues(read) {
			return refuse("DOES_NOT_FOLLOW", "Le relevé %d ne suit pas le dernier de son compte. %s",
				id, at.why(read).explanation)
		}
		st.held, st.numberAgain = unread, true
		return updateHold(ctx, tx, st)
	})
	if err != nil {
		return nil, fmt.Errorf("accept held statement %d: %w", id, err)
	}
	return s.RetryHeld(ctx, who.ID)
}
