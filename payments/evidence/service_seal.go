package evidence

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/ledger/unit"
)

// Seal seals the day as it stands now. It is an act of the log, which so carries the end of the books
// and of the reads; the seal's own file, which the caller brings out of the house, carries that act.
func (s *Service) Seal(ctx context.Context, actor string) (Seal, error) {
	var made Seal
	err := unit.Begin(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if made, err = ends(ctx, tx); err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: actor, Action: sealAction, ObjectType: "seal", ObjectID: made.Day().String(), After: made.Reads.Hash,
			Details: sealedEnds{made.Books.Batch, made.Books.Entry, made.Books.Head.String(), made.Reads.No, made.Reads.Hash.String()},
		})
		if err != nil {
			return err
		}
		return made.lastAct(ctx, tx)
	})
	if err != nil {
		return Seal{}, fmt.Errorf("seal the day: %w", err)
	}
	return made, nil
}

const sealAction = "seal.make"

// sealedEnds is what the act of a seal keeps.
type sealedEnds struct {
	Batch int64  `json:"batch"`
	Entry int64  `json:"entry"`
	Head  string `json:"head"`
	Read  int64  `json:"read"`
	Reads string `json:"reads"`
}

// ends reads where the books and the reads end.
func ends(ctx context.Context, tx pgx.Tx) (Seal, error) {
	s := Seal{Format: 1}
	err := tx.QueryRow(ctx, `
		SELECT o.name, coalesce(o.siren, ''), masp.now(), h.last_batch, h.last_entry, h.head, h.last_account, r.last_no, r.hash
		  FROM masp.organisations o, masp.chain_heads h, masp.read_heads r`).Scan(&s.Organisation, &s.SIREN, &s.At, &s.Books.Batch,
		&s.Books.Entry, &s.Books.Head, &s.Books.Accounts, &s.Reads.No, &s.Reads.Hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, errEmpty
	}
	if err != nil {
		return s, err
	}
	s.At = s.At.UTC()
	return s, tx.QueryRow(ctx, postingsBetween, 0, s.Books.Entry).Scan(&s.Books.Postings, &s.Books.Total)
}

// postingsBetween counts the postings after one entry and up to another.
const postingsBetween = `SELECT count(*), coalesce(sum(amount_cents), 0)::bigint FROM masp.postings WHERE entry_no > $1 AND entry_no <= $2`

// lastAct completes a seal by its own act.
func (s *Seal) lastAct(ctx context.Context, tx pgx.Tx) error {
	err := tx.QueryRow(ctx, `SELECT seq, hash, registers FROM masp.audit_log ORDER BY seq DESC LIMIT 1`).
		Scan(&s.Acts.No, &s.Acts.Hash, &s.Registers)
	s.Head = fmt.Sprintf("%d:%d:%s/%s", s.Books.Batch, s.Books.Entry, s.Books.Head, audit.Head{Seq: audit.Seq(s.Acts.No), Hash: s.Acts.Hash})
	return err
}
