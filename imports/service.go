package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/imports/bankfile"
	"masp/ledger"
)

// Service brings what the bank says into the books of one organisation.
type Service struct {
	DB       *pgxpool.Pool
	Ledger   *ledger.Ledger
	Payments Transfers
	// Limit is the largest file, in bytes; 0 for DefaultLimit.
	Limit int64
}

// Import reads a file of the bank and does what it says: statements are booked, a pain.002
// gives back what was rejected. Who is the user or program that hands it in, name the name of
// the file, which decides nothing.
//
// A file that cannot be kept is an Outcome that says refused, not an error: nothing of it is
// written. The same bytes twice, at once or a year later, are booked once. Everything that a
// file does is one transaction: after an error nothing of it was done, and it can come again.
func (s *Service) Import(
	ctx context.Context, who, name string, content io.Reader,
) (Outcome, error) {
	limit := s.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	file, err := stage(content, limit)
	out := Outcome{
		File: nameOf(name), Format: file.format.String(), Reasons: []bankfile.Reason{},
		Statements: []StatementOutcome{},
	}
	if err != nil && file.raw != nil && file.format.Family == familyReport {
		return s.importReport(ctx, who, out, file.raw)
	}
	if err != nil {
		return refused(out, err)
	}
	digest := sha256.Sum256(file.raw)
	out.SHA256 = hex.EncodeToString(digest[:])
	out.Reasons = append(out.Reasons, file.warnings...)
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		attempt := out
		attempt.Reasons = slices.Clone(out.Reasons)
		err := s.importStatements(ctx, tx, who, file, &attempt)
		if err == nil {
			out = attempt
		}
		return err
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("import bank file: %w", err)
	}
	return out, nil
}

// nameOf makes of the name of a file, which may hold any bytes, a text that can be stored.
func nameOf(name string) string {
	clean := strings.ReplaceAll(strings.ToValidUTF8(name, "?"), "\x00", "?")
	return firstOf(shorten(clean, 255), "sans nom")
}

// refused makes of an error about the content the answer to the user; other errors stay errors.
func refused(out Outcome, err error) (Outcome, error) {
	out.Outcome = bankfile.Refused
	if errors.Is(err, errTooLarge) {
		out.Reasons = append(
			out.Reasons,
			bankfile.Reason{
				Code: "too_large", Outcome: bankfile.Refused,
				Message: "Fichier refusé : il dépasse la taille permise. Rien n’a été enregistré.",
			},
		)
		return out, nil
	}
	format, ok := errors.AsType[*bankfile.FormatError](err)
	if !ok {
		return Outcome{}, fmt.Errorf("import bank file: %w", err)
	}
	out.Reasons = append(out.Reasons, bankfile.Reason{
		Code: format.Code, Message: format.French(),
		Place: format.Place(), Outcome: bankfile.Refused,
	})
	return out, nil
}

// importStatements stores a file of statements and books those that continue their accounts.
func (s *Service) importStatements(
	ctx context.Context, tx pgx.Tx, who string, file *staged, out *Outcome,
) error {
	stored, err := insertFile(ctx, tx, fileRow{
		name:    out.File,
		raw:     file.raw,
		format:  out.Format,
		outcome: file.outcome(),
		reasons: out.Reasons,
		by:      who,
	})
	if err != nil {
		return err
	}
	out.ReceivedAt, out.AlreadyKnown = stored.at, stored.known
	if stored.known {
		return s.knownFile(ctx, tx, who, file, out)
	}
	b, err := s.begin(ctx, tx, who, stored.id)
	if err != nil {
		return err
	}
	if err := b.take(file.statements); err != nil {
		return err
	}
	if err := b.finish("bank_file.import", "bank_file", stored.id); err != nil {
		return err
	}
	b.report(out)
	return nil
}

// knownFile answers for bytes that came before, with what has become of their statements.
// Those that wait are judged again: whoever hands a file in a second time has cured something.
func (s *Service) knownFile(
	ctx context.Context, tx pgx.Tx, who string, file *staged, out *Outcome,
) (err error) {
	if out.Released, err = s.retry(ctx, tx, who, ibansOf(file.statements)); err != nil {
		return err
	}
	known, err := knownStatements(ctx, tx, file.statements)
	if err != nil {
		return err
	}
	for _, read := range file.statements {
		st := known[read.hash]
		st.AlreadyKnown = true
		out.Statements = append(out.Statements, st)
		if st.Waits() {
			out.Outcome = bankfile.Held
		}
	}
	return nil
}

// outcome is the judgement on the file by itself, as it is stored; what the chain of an
// account adds stands with each statement.
func (f *staged) outcome() bankfile.Outcome {
	worst := bankfile.Accepted
	for _, reason := range f.warnings {
		worst = max(worst, reason.Outcome)
	}
	for _, st := range f.statements {
		if len(st.warnings) > 0 {
			worst = max(worst, bankfile.AcceptedWithWarnings)
		}
		if st.held.reason != "" {
			worst = max(worst, bankfile.Held)
		}
	}
	return worst
}
