package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/money"
)

// The codes of the findings of this package.
const (
	foundRead    = "READ_BROKEN"     // a read of a personal file that is not what it was
	foundSealAct = "SEAL_ACT_BROKEN" // the end that the act of a seal keeps is not that of the books or the reads
	foundDaySeal = "DAY_SEAL_BROKEN" // a seal that left the house knows another past
)

// Checks are the proofs of this package for `masp verify`: the log of reads, and what the acts of the
// seals keep.
func Checks() []ledger.Check { return []ledger.Check{checkReads, checkSealActs} }

// Against is the proof that the past is the one of these seals, the oldest first.
func Against(seals []Seal) ledger.Check {
	return func(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
		return checkSeals(ctx, tx, seals, report)
	}
}

// checkReads computes the chain of the reads again.
func checkReads(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, readsFrom, 0)
	if err != nil {
		return fmt.Errorf("check the reads: %w", err)
	}
	e, last := chain.New(1, "read"), End{}
	var no int64
	var hash, prev chain.Hash
	var at time.Time
	var b readBody
	found := func(no int64, text string) {
		report(ledger.Finding{Code: foundRead, Place: fmt.Sprintf("file_reads %d", no), Text: text})
	}
	_, err = pgx.ForEachRow(rows, []any{&no, &hash, &at, &b.User, &b.Person, &b.Mandate, &b.What, &b.Request, &prev}, func() error {
		e.Reset().Int(no).Int(at.UnixMicro()).Str(b.User).Str(b.Person).Str(b.Mandate).Str(b.What).Str(b.Request).Bytes(prev[:])
		switch {
		case no != last.No+1:
			found(last.No+1, "la lecture manque")
		case prev != last.Hash:
			found(no, "la lecture ne suit pas l'empreinte de la précédente")
		case e.Sum() != hash:
			found(no, "la lecture a été modifiée : son empreinte ne correspond plus")
		}
		last = End{no, hash}
		return nil
	})
	if err != nil {
		return fmt.Errorf("check the reads: %w", err)
	}
	var head End
	err = tx.QueryRow(ctx, `SELECT last_no, hash FROM masp.read_heads`).Scan(&head.No, &head.Hash)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		found(last.No, "la tête du journal des lectures manque")
	case err != nil:
		return fmt.Errorf("check the reads: %w", err)
	case head != last:
		found(last.No+1, fmt.Sprintf("la tête du journal des lectures (n° %d) n'est pas la dernière lecture (n° %d)", head.No, last.No))
	}
	return nil
}

// checkSealActs holds the ends that the acts of the seals keep against the books and the reads.
func checkSealActs(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, `SELECT seq, details FROM masp.audit_log WHERE object_type = 'seal' AND action = $1 ORDER BY seq`, sealAction)
	if err != nil {
		return fmt.Errorf("check the acts of seals: %w", err)
	}
	type sealAct struct {
		Seq     int64
		Details string
	}
	acts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealAct])
	if err != nil {
		return fmt.Errorf("check the acts of seals: %w", err)
	}
	for _, a := range acts {
		found := func(text string) {
			report(ledger.Finding{Code: foundSealAct, Place: fmt.Sprintf("audit_log %d", a.Seq), Text: text})
		}
		var kept sealedEnds
		if err := json.Unmarshal([]byte(a.Details), &kept); err != nil {
			found("ce que l'acte du sceau a gardé ne se lit pas")
			continue
		}
		books, err := chain.ParseHash(kept.Head)
		reads, err2 := chain.ParseHash(kept.Reads)
		if err := errors.Join(err, err2); err != nil {
			found("ce que l'acte du sceau a gardé ne se lit pas")
			continue
		}
		s := Seal{Books: Books{Batch: kept.Batch, Entry: kept.Entry, Head: books}, Reads: End{kept.Read, reads}}
		if why, err := s.broken(ctx, tx); err != nil {
			return err
		} else if why != "" {
			found(why)
		}
	}
	return nil
}

// checkSeals holds the seals that left the house against everything: the first that breaks is named.
func checkSeals(ctx context.Context, tx pgx.Tx, seals []Seal, report func(ledger.Finding)) error {
	var entry, postings int64
	var total money.Amount
	for _, s := range seals {
		why, err := s.broken(ctx, tx)
		if err == nil && why == "" {
			why, err = s.actBroken(ctx, tx)
		}
		if err != nil {
			return err
		}
		if s.Books.Entry >= entry { // of what the seal before has not counted
			var n int64
			var more money.Amount
			if err := tx.QueryRow(ctx, postingsBetween, entry, s.Books.Entry).Scan(&n, &more); err != nil {
				return fmt.Errorf("count the postings: %w", err)
			}
			entry, postings, total = s.Books.Entry, postings+n, total.Add(more)
			if why == "" && (postings != s.Books.Postings || total != s.Books.Total) {
				why = fmt.Sprintf("%d lignes pour %s jusqu'à l'écriture %d, le sceau en a compté %d pour %s",
					postings, total.French(), entry, s.Books.Postings, s.Books.Total.French())
			}
		}
		if why != "" {
			report(ledger.Finding{Code: foundDaySeal, Place: s.FileName(), Text: "sceau du " + s.Day().French() + " : " + why})
		}
	}
	return nil
}

// broken says in French how the books or the reads are not those of a seal; empty when they are.
func (s Seal) broken(ctx context.Context, tx pgx.Tx) (string, error) {
	var entry int64
	var head chain.Hash
	err := tx.QueryRow(ctx, `SELECT last_entry, head FROM masp.seals WHERE batch_no = $1`, s.Books.Batch).Scan(&entry, &head)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && s.Books.Batch > 0:
		return fmt.Sprintf("la fin des livres manque : le lot %d (écriture %d) y était", s.Books.Batch, s.Books.Entry), nil
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return "", fmt.Errorf("compare a seal: %w", err)
	case entry != s.Books.Entry || head != s.Books.Head:
		return fmt.Sprintf("les livres ont été réécrits : la tête du lot %d n'est plus la même", s.Books.Batch), nil
	}
	hash, known, err := hashOf(ctx, tx, `SELECT hash FROM masp.file_reads WHERE read_no = $1`, s.Reads.No)
	switch {
	case err != nil:
		return "", err
	case !known:
		return fmt.Sprintf("la fin du journal des lectures manque : la lecture %d y était", s.Reads.No), nil
	case hash != s.Reads.Hash:
		return fmt.Sprintf("le journal des lectures a été réécrit : la lecture %d n'est plus la même", s.Reads.No), nil
	}
	return "", nil
}

// actBroken says the same of the acts.
func (s Seal) actBroken(ctx context.Context, tx pgx.Tx) (string, error) {
	hash, known, err := hashOf(ctx, tx, `SELECT hash FROM masp.audit_log WHERE seq = $1`, s.Acts.No)
	switch {
	case err != nil:
		return "", err
	case !known:
		return fmt.Sprintf("la fin du journal des actes manque : l'acte %d y était", s.Acts.No), nil
	case hash != s.Acts.Hash:
		return fmt.Sprintf("le journal des actes a été réécrit : l'acte %d n'est plus le même", s.Acts.No), nil
	}
	registers, _, err := hashOf(ctx, tx, `SELECT registers FROM masp.audit_log WHERE seq = $1`, s.Acts.No)
	if err == nil && registers != s.Registers {
		return fmt.Sprintf("les empreintes des tables ne sont plus celles de l'acte %d", s.Acts.No), nil
	}
	return "", err
}

// hashOf reads a hash by its number; before the first it is zero.
func hashOf(ctx context.Context, tx pgx.Tx, sql string, no int64) (h chain.Hash, known bool, err error) {
	if no == 0 {
		return h, true, nil
	}
	err = tx.QueryRow(ctx, sql, no).Scan(&h)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, false, nil
	}
	if err != nil {
		return h, false, fmt.Errorf("compare a seal: %w", err)
	}
	return h, true, nil
}
