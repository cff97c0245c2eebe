package privacy

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
)

// Removed is an original file whose bytes went with a person.
type Removed struct {
	File string `json:"file"`
	On   string `json:"removed_on"`
	By   string `json:"removed_by"`
}

// Pseudonymise takes proposed persons out of the house: all of the list, or none. The house is proved
// before; what the proof would find after, because of the erasing alone, is noted with the hash of what
// stays there. Writers wait until it is done. Errors: ErrToken, ErrRole, ErrNotDue, ErrKept,
// ErrUnproved, ErrBreaks.
func (s *Service) Pseudonymise(ctx context.Context, who auth.Principal, persons []string) error {
	return s.each(ctx, persons, func(ctx context.Context, person string) error {
		err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error { return s.erase(ctx, tx, who, person) })
		if err != nil {
			return fmt.Errorf("pseudonymise %s: %w", person, refused(err))
		}
		return nil
	})
}

func (s *Service) erase(ctx context.Context, tx pgx.Tx, who auth.Principal, person string) error {
	actor, err := s.proved(ctx, tx, who)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `SELECT masp.pseudonymise($1, $2)`, who.Secret(), person); err != nil {
		return err
	}
	a := audit.Act{Actor: actor, Action: "person.pseudonymise", ObjectType: "beneficiary", ObjectID: person}
	if _, err := audit.Record(ctx, tx, a); err != nil {
		return err
	}
	found, err := ledger.VerifyErasedTx(ctx, tx, ledger.VerifyOptions{Checks: s.Checks})
	if err != nil {
		return err
	}
	codes, places := make([]string, len(found.Findings)), make([]string, len(found.Findings))
	for i, f := range found.Findings {
		codes[i], places[i] = f.Code, f.Place
	}
	var noted int64
	if err := tx.QueryRow(ctx, `SELECT masp.note_erasures($1, $2, $3)`, who.Secret(), codes, places).Scan(&noted); err != nil {
		return err
	}
	a.Action, a.Details = "person.erasures", map[string]any{"places": noted}
	_, err = audit.Record(ctx, tx, a)
	return err
}

// proved keeps every writer waiting, and the house from being erased while it is not proved.
func (s *Service) proved(ctx context.Context, tx pgx.Tx, who auth.Principal) (actor string, err error) {
	if err := tx.QueryRow(ctx, `SELECT masp.hold_house($1)`, who.Secret()).Scan(&actor); err != nil {
		return "", err
	}
	report, err := ledger.VerifyTx(ctx, tx, ledger.VerifyOptions{Checks: s.Checks})
	if err != nil {
		return "", err
	}
	if !report.OK() {
		return "", fmt.Errorf("%w: %s", ErrUnproved, report.Findings[0].Code)
	}
	return actor, nil
}

// RemovedFiles lists the original files that went with persons, for who reads the proof.
func (s *Service) RemovedFiles(ctx context.Context) ([]Removed, error) {
	rows, err := s.DB.Query(ctx, `
		SELECT DISTINCT ON (e.place) coalesce(f.name, e.place), e.erased_on::text, e.erased_by
		  FROM masp.erasures e LEFT JOIN masp.bank_files f ON e.place = 'bank_files ' || f.file_id
		 WHERE e.code = 'FILE_CHANGED' ORDER BY e.place, e.erasure_no`)
	if err != nil {
		return nil, fmt.Errorf("list the removed files: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Removed])
}
