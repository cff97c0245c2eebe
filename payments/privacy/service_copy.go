package privacy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/papers"
)

// Copy is the file of a person as a ZIP, for herself: to the coordinator of the file, or who has opened
// it in the archive. It is an act, and a reading. Errors: ErrToken, ErrRole, ErrNoPerson.
func (s *Service) Copy(ctx context.Context, who auth.Principal, person string) (file []byte, err error) {
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var actor string
		if err := tx.QueryRow(ctx, `SELECT masp.note_copy($1, $2)`, who.Secret(), person).Scan(&actor); err != nil {
			return refused(err)
		}
		c := Copy{Person: person}
		mandates, err := mandatesOf(ctx, tx, person)
		if err != nil {
			return err
		}
		if err := c.read(ctx, tx, mandates); err != nil {
			return err
		}
		if c.statements, err = s.statements(unit.Joined(ctx, tx), mandates); err != nil {
			return err
		}
		if file, err = c.ZIP(); err != nil {
			return err
		}
		return copied(ctx, tx, who, actor, c, mandates, file)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNoPerson
	}
	if err != nil {
		return nil, fmt.Errorf("copy the file of %s: %w", person, err)
	}
	return file, nil
}

// copied notes the copy: a reading of each measure, and an act with the hash of what was given.
func copied(ctx context.Context, tx pgx.Tx, who auth.Principal, actor string, c Copy, mandates []string, file []byte) error {
	for _, m := range mandates {
		if _, err := tx.Exec(ctx, `SELECT masp.note_read($1, $2, 'person.copy', '')`, who.Secret(), m); err != nil {
			return refused(err)
		}
	}
	sum := sha256.Sum256(file)
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: actor, Action: "person.copy", ObjectType: "beneficiary", ObjectID: c.Person,
		Details: map[string]any{"sha256": hex.EncodeToString(sum[:]), "rows": c.Rows()},
	})
	return err
}

// statements are the account statements of the whole time of each measure that held money.
func (s *Service) statements(ctx context.Context, mandates []string) (sheets []sheet, err error) {
	for _, m := range mandates {
		from, err := firstDay(ctx, unit.Reader(ctx, s.DB), m)
		if err != nil {
			return nil, err
		}
		if from.IsZero() {
			continue
		}
		made, err := s.Papers.Make(ctx, papers.KindStatement, m, from, civil.Date{})
		if err != nil {
			return nil, err
		}
		paper := made.Paper()
		var html, pdf bytes.Buffer
		if err := errors.Join(paper.HTML(&html), paper.PDF(&pdf)); err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet{"releves/" + paper.Number + ".html", html.Bytes()}, sheet{"releves/" + paper.Number + ".pdf", pdf.Bytes()})
	}
	return sheets, nil
}

// firstDay is the day of the first entry of a measure; zero when it holds no money.
func firstDay(ctx context.Context, q unit.Querier, mandate string) (d civil.Date, err error) {
	err = q.QueryRow(ctx, `
		SELECT min(e.posted_on) FROM masp.entries e WHERE e.entry_no IN (SELECT masp.own_entries(ARRAY[$1::text]))`, mandate).Scan(&d)
	return d, err
}
