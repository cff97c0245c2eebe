package payments

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/payments/mandates"
)

// loggedFile is a file as the log of acts keeps it.
type loggedFile struct {
	digest   chain.Hash
	released bool // at its building
}

// proveFiles compares each payment file with its digest in the log of acts, makes its bytes
// again from the transfers that it holds, and holds its way to the bank against the acts.
func proveFiles(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	logged, err := readFileLog(ctx, tx)
	if err != nil {
		return fmt.Errorf("prove files: %w", err)
	}
	maker, err := remaker(ctx, tx)
	if err != nil {
		return fmt.Errorf("prove files: %w", err)
	}
	runs, err := listRuns(ctx, tx)
	if err != nil {
		return fmt.Errorf("prove files: %w", err)
	}
	for _, run := range runs {
		if err := maker.proveRun(ctx, tx, run, logged, report); err != nil {
			return fmt.Errorf("prove the files of run %s: %w", run.ID, err)
		}
	}
	for id := range logged {
		report(ledger.Finding{Code: "FILE_MISSING", Place: id, Text: "ce fichier de virements a disparu"})
	}
	return nil
}

func readFileLog(ctx context.Context, tx pgx.Tx) (map[string]loggedFile, error) {
	logged := make(map[string]loggedFile)
	err := audit.Read(ctx, tx, 0, func(r audit.Recorded) bool {
		if r.ObjectType == "payment_file" && r.Action == "file.build" {
			logged[r.ObjectID] = loggedFile{digest: r.After, released: r.Details == `{"released":true}`}
		}
		return true
	})
	return logged, err
}

// remaker makes the bytes of files again.
func remaker(ctx context.Context, tx pgx.Tx) (fileMaker, error) {
	var m fileMaker
	rows, err := tx.Query(ctx, `SELECT name FROM masp.organisations`)
	if err != nil {
		return m, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) == 0 {
		return m, err
	}
	m.initiator = names[0]
	m.accounts, err = mandates.BankAccountsTx(ctx, tx)
	return m, err
}

func (m fileMaker) proveRun(
	ctx context.Context, tx pgx.Tx, run Run, logged map[string]loggedFile, report func(ledger.Finding),
) error {
	files, err := filesWithContent(ctx, tx, run.ID)
	if err != nil {
		return err
	}
	held, err := batchesOfRun(ctx, tx, run.ID)
	if err != nil {
		return err
	}
	acts, err := readActs(ctx, tx, run.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		why := f.fault(logged[f.MessageID])
		if why == "" && !f.takenBack(held[f.ID]) {
			why = m.remade(f, held[f.ID])
		}
		if why == "" {
			why = f.wayFault(run, acts, logged[f.MessageID].released, stopped(held[f.ID]))
		}
		if why != "" {
			report(ledger.Finding{Code: "FILE_CHANGED", Place: f.Name, Text: why})
		}
		delete(logged, f.MessageID)
	}
	return nil
}

// fault says in French what is wrong with a stored file; empty when nothing is.
func (f PaymentFile) fault(logged loggedFile) string {
	switch {
	case chain.Hash(sha256.Sum256(f.Content)) != f.SHA256:
		return "les octets de ce fichier ne sont plus ceux qui ont été créés"
	case f.digest() != logged.digest:
		return "ce fichier n'est plus celui qui est inscrit au journal des actes"
	}
	return ""
}

// remade says in French whether the transfers of a file still make its bytes.
func (m fileMaker) remade(f PaymentFile, batches []batch) string {
	content, err := m.write(f, batches)
	if err != nil || !bytes.Equal(content, f.Content) {
		return "ce fichier ne contient pas exactement les virements qui lui sont attribués"
	}
	return ""
}

// handedBy tells whether somebody handed the file over when it says so: with the first hand-over
// after it was released. A file that left when it was made has an instant without fractions: within
// that second nobody can tell which was first.
func (f PaymentFile) handedBy(acts []Act, atBuilding bool) bool {
	var known, due bool
	var doubt time.Duration
	if atBuilding {
		doubt = time.Second
	}
	for _, a := range acts {
		if a.What != actHandOver || a.At.Before(f.ReleasedAt) || f.ReleasedAt.IsZero() || f.Void {
			continue
		}
		late := a.At.Sub(f.ReleasedAt) >= doubt
		due = due || late && (f.HandedAt.IsZero() || a.At.Before(f.HandedAt))
		known = known || a.At.Equal(f.HandedAt)
	}
	return known == !f.HandedAt.IsZero() && !due
}

// takenBack tells whether the draft was edited after the file became void: some of its transfers
// are no more, and its bytes are those that the log of acts keeps.
func (f PaymentFile) takenBack(batches []batch) bool {
	n := 0
	for _, b := range batches {
		n += len(b.transfers)
	}
	return f.Void && n < f.Transfers
}

// stopped tells whether some transfer of a file has not left: then the file is void, and another
// one holds the rest.
func stopped(batches []batch) bool {
	return slices.ContainsFunc(batches, func(b batch) bool {
		return slices.ContainsFunc(b.transfers, func(t Instruction) bool {
			return t.State == InstructionCancelled || t.State == InstructionScheduled
		})
	})
}

// wayFault says in French whether the way of a file to the bank is the one that the acts tell.
func (f PaymentFile) wayFault(run Run, acts []Act, atBuilding, stopped bool) string {
	var filed time.Time
	voided := stopped || run.State == Cancelled
	for _, a := range acts {
		switch {
		case a.What == actReopen || a.What == actStop || a.What == actVoid:
			voided = true
		case a.What == actFile && filed.IsZero(): // again, it writes a file that left when it was made
			filed = a.At
		}
	}
	released := filed
	switch {
	case atBuilding:
		released = f.BuiltAt
	case f.Void && f.ReleasedAt.IsZero():
		released = time.Time{}
	}
	switch {
	case f.Void && !voided, !f.Void && run.State == Cancelled:
		return "ce fichier est dit sans valeur alors que sa campagne ne l'est pas, ou le contraire"
	case !f.ReleasedAt.Equal(released):
		return "ce fichier n'est pas parti au moment que disent les actes"
	case !f.handedBy(acts, atBuilding):
		return "ce fichier n'a pas été remis à la banque au moment que disent les actes"
	}
	return ""
}
