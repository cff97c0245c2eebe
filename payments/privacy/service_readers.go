package privacy

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/unit"
)

// Readers says who has read the file of a person, the last reader first. The coordinator of the file and
// an approver ask; that they did is a reading too. Errors: ErrToken, ErrRole, ErrNoPerson.
func (s *Service) Readers(ctx context.Context, who auth.Principal, person string) (all []Reading, err error) {
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		mandates, err := mandatesOf(ctx, tx, person)
		if err != nil {
			return err
		}
		if len(mandates) == 0 {
			return ErrNoPerson
		}
		for _, m := range mandates {
			if err := s.mayRead(ctx, tx, who, m); err != nil {
				return err
			}
		}
		if all, err = readings(ctx, tx, mandates, ""); err != nil {
			return err
		}
		for _, m := range mandates {
			if _, err := tx.Exec(ctx, `SELECT masp.note_read($1, $2, 'file_reads', '')`, who.Secret(), m); err != nil {
				return refused(err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read who has read the file of %s: %w", person, err)
	}
	return all, nil
}

// mayRead lets an approver ask, and a coordinator of her own files.
func (s *Service) mayRead(ctx context.Context, q unit.Querier, who auth.Principal, mandate string) error {
	if who.Is(auth.Approver) {
		return nil
	}
	var own bool
	err := q.QueryRow(ctx, `SELECT $2 = ANY (r.mandates) FROM masp.reach_of($1) r`, who.Secret(), mandate).Scan(&own)
	if err == nil && (!own || !who.Is(auth.Coordinator)) {
		err = ErrRole
	}
	return err
}

// ReadBy says which files a user has read. An approver asks, and it is an act. Errors: ErrToken, ErrRole.
func (s *Service) ReadBy(ctx context.Context, who auth.Principal, user string) (all []Reading, err error) {
	err = s.watched(ctx, who, "user", user, func(tx pgx.Tx) error {
		all, err = readings(ctx, tx, nil, user)
		return err
	})
	return all, err
}

// Unusual lists the days on which somebody read many files more than usual, the last first. An
// approver asks, and it is an act. Errors: ErrToken, ErrRole.
func (s *Service) Unusual(ctx context.Context, who auth.Principal) (all []ManyFiles, err error) {
	err = s.watched(ctx, who, "organisation", "only", func(tx pgx.Tx) error {
		all, err = unusual(ctx, tx)
		return err
	})
	return all, err
}

func (s *Service) watched(ctx context.Context, who auth.Principal, kind, id string, read func(pgx.Tx) error) error {
	a := audit.Act{Action: "reads.look", ObjectType: kind, ObjectID: id}
	return s.act(ctx, a, func(tx pgx.Tx, a *audit.Act) error {
		if err := tx.QueryRow(ctx, `SELECT masp.keeper($1, '{approver}')`, who.Secret()).Scan(&a.Actor); err != nil {
			return err
		}
		return read(tx)
	})
}
