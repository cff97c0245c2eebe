package imports

import (
	"cmp"
	"context"
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
	// AtOnce is how many lines one transaction posts; 0 for DefaultAtOnce. A longer statement is
	// posted in several, and counts when the last of them has accepted it (decisions 13).
	AtOnce int
	// Progress is told, when it is set, how far the posting of a long statement is.
	Progress func(Progress)
}

// DefaultAtOnce is how many lines one transaction posts: enough to be fast, few enough to stay
// small in memory and to hold no lock for long.
const DefaultAtOnce = 10_000

// Progress is how far a long statement is, after a transaction: Done of its Lines are posted.
type Progress struct {
	Account, Ref string // IBAN, and the number of the statement
	Done, Lines  int
}

// Import reads a file of the bank and does what it says: statements are booked, a pain.002
// gives back what was rejected. Who is the user or program that hands it in, name the name of
// the file, which decides nothing.
//
// A file that cannot be kept is an Outcome that says refused, not an error: nothing of it is
// written. The same bytes twice, at once or a year later, are booked once. A file of few lines
// is one transaction: after an error nothing of it was done. A long one is stored first and then
// posted in several; after an error it is where the last of them left it, and the same file
// again, the next one, or RetryHeld goes on from there.
func (s *Service) Import(
	ctx context.Context, who, name string, content io.Reader,
) (Outcome, error) {
	out := emptyOutcome(nameOf(name))
	kept, err := spoolOf(content, cmp.Or(s.Limit, DefaultLimit))
	if err != nil {
		return refused(out, err)
	}
	done, err := s.importKept(ctx, who, out, kept)
	return done, errors.Join(err, kept.Close())
}

// importKept does what the bytes of a file say, whatever its format.
func (s *Service) importKept(
	ctx context.Context, who string, out Outcome, kept *spool,
) (Outcome, error) {
	out.SHA256 = hex.EncodeToString(kept.hash[:])
	file, err := readStatements(kept.reader())
	out.Format = file.format.String()
	switch {
	case err != nil && file.format.Family == familyReport:
		return s.importReport(ctx, who, out, kept)
	case err != nil && file.format.Archive() && kept.from == nil:
		return s.importArchive(ctx, who, out, kept)
	case err != nil:
		return refused(out, err)
	}
	if err := s.keepArchive(ctx, who, kept.from); err != nil {
		return Outcome{}, err
	}
	out.Reasons = append(out.Reasons, file.warnings...)
	out, err = s.importStatements(ctx, who, out, kept, file)
	if err != nil {
		return Outcome{}, fmt.Errorf("import bank file: %w", err)
	}
	return out, nil
}

func emptyOutcome(file string) Outcome {
	return Outcome{File: file, Reasons: []bankfile.Reason{}, Statements: []StatementOutcome{}}
}

// nameOf makes of the name of a file, which may hold any bytes, a text that can be stored.
func nameOf(name string) string {
	clean := strings.ReplaceAll(strings.ToValidUTF8(name, "?"), "\x00", "?")
	return firstOf(shorten(clean, 255), "sans nom")
}

// tooMuch are the limits of this package that a file may break, with what the user reads.
var tooMuch = map[error]bankfile.Reason{
	errTooLarge: {
		Code: "too_large", Outcome: bankfile.Refused,
		Message: "Fichier refusé : il dépasse la taille permise. Rien n’a été enregistré.",
	},
}

// refused makes of an error about the content the answer to the user; other errors stay errors.
func refused(out Outcome, err error) (Outcome, error) {
	out.Outcome = bankfile.Refused
	for limit, reason := range tooMuch {
		if errors.Is(err, limit) {
			out.Reasons = append(out.Reasons, reason)
			return out, nil
		}
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
	ctx context.Context, who string, out Outcome, kept *spool, file *staged,
) (Outcome, error) {
	w := s.work(ctx, who)
	var b *batch
	var stored storedFile
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) (err error) {
		stored, err = insertFile(ctx, tx, fileRow{
			name: out.File, bytes: kept, format: out.Format, outcome: file.outcome(),
			reasons: out.Reasons, by: who,
		})
		if err != nil || stored.known {
			return err
		}
		w.file, w.cursors[stored.id] = stored.id, &cursor{open: kept.reader}
		b, err = w.stage(tx, file)
		return err
	})
	if err != nil {
		return Outcome{}, err
	}
	if stored.known {
		w.file = 0
	} else {
		w.committed(b)
	}
	if b == nil || b.more {
		if err := w.advance(ibansOf(file.statements)); err != nil {
			return Outcome{}, err
		}
	}
	out.ReceivedAt, out.AlreadyKnown = stored.at, stored.known
	return out, w.report(&out, file)
}

func ibansOf(statements []*statement) []string {
	var ibans []string
	for _, st := range statements {
		ibans = append(ibans, st.iban)
	}
	slices.Sort(ibans)
	return slices.Compact(ibans)
}

// outcome is the judgement on the file by itself, as it is stored; what the chain of an
// account adds stands with each statement.
func (s *staged) outcome() bankfile.Outcome {
	worst := worstOf(s.warnings)
	for _, st := range s.statements {
		worst = max(worst, worstOf(st.warnings))
		if st.held.reason != "" && st.kind == kindBooked {
			worst = max(worst, bankfile.Held)
		}
	}
	return worst
}
