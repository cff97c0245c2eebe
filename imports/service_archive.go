package imports

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/imports/bankfile"
	"masp/ledger"
	"masp/ledger/audit"
)

// archive is the ZIP that a file came in. It is stored once, before the first of its files that
// is kept, and not at all when it has none.
type archive struct {
	name  string
	bytes *spool
	id    int64 // 0 until it is stored
}

// importArchive imports the files of a ZIP one after the other, each as a file of its own: one
// that is refused takes nothing from the others, and the same archive again goes on where the
// first time was interrupted.
func (s *Service) importArchive(
	ctx context.Context, who string, out Outcome, kept *spool,
) (Outcome, error) {
	from := &archive{name: out.File, bytes: kept}
	for m, err := range bankfile.Members(kept, kept.size, bankfile.DefaultArchiveLimits) {
		if err != nil && m.Number == 0 {
			return refused(out, err)
		}
		member := emptyOutcome(nameOf(out.File + " › " + m.Name))
		switch {
		case err != nil:
			member, err = refused(member, err)
		case m.Note:
			member.Outcome, member.Reasons = noted.Outcome, []bankfile.Reason{noted}
		default:
			member, err = s.importMember(ctx, who, member, m.Content, from)
		}
		if err != nil {
			return Outcome{}, fmt.Errorf("file %d of the archive: %w", m.Number, err)
		}
		out.Members = append(out.Members, member)
	}
	out.gather()
	return out, nil
}

// noted says of a file of an archive that nothing is done with it, and why nothing need be.
var noted = bankfile.Reason{
	Code: "ignored", Outcome: bankfile.AcceptedWithWarnings, Message: "Ignoré : un texte, pas un fichier de la banque.",
}

// isNote tells that a file of an archive is ignored.
func isNote(reasons []bankfile.Reason) bool {
	return len(reasons) == 1 && reasons[0].Code == noted.Code
}

func (s *Service) importMember(
	ctx context.Context, who string, out Outcome, content io.Reader, from *archive,
) (Outcome, error) {
	kept, err := spoolOf(content, bankfile.DefaultArchiveLimits.Total)
	if err != nil {
		return refused(out, err)
	}
	defer kept.Close() //nolint:errcheck // it was only read
	kept.from = from
	return s.importKept(ctx, who, out, kept)
}

// keepArchive stores the archive of a file that is about to be kept.
func (s *Service) keepArchive(ctx context.Context, who string, from *archive) error {
	if from == nil || from.id != 0 {
		return nil
	}
	return ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		stored, err := insertFile(ctx, tx, fileRow{
			name: from.name, bytes: from.bytes, format: "ZIP", outcome: bankfile.Accepted,
			reasons: []bankfile.Reason{}, by: who,
		})
		if err != nil {
			return err
		}
		if !stored.known {
			err = record(ctx, tx, audit.Act{
				Actor: who, Action: "bank_file.import", ObjectType: "bank_file",
				ObjectID: strconv.FormatInt(stored.id, 10),
			}, sealed{File: stored.id})
		}
		from.id = stored.id
		return err
	})
}

// gather sums up what became of the files of an archive: refused when all are, held when a
// person has to look at one. Its reasons name the files that were refused.
func (o *Outcome) gather() {
	o.AlreadyKnown = true
	taken := 0
	for _, m := range o.Members {
		if isNote(m.Reasons) {
			o.Reasons = append(o.Reasons, bankfile.Reason{
				Code: noted.Code, Outcome: noted.Outcome, Message: noted.Message, Place: m.File,
			})
			o.Outcome = max(o.Outcome, noted.Outcome)
			continue
		}
		o.Statements = append(o.Statements, m.Statements...)
		o.Released = append(o.Released, m.Released...)
		o.AlreadyKnown = o.AlreadyKnown && m.AlreadyKnown
		if m.Outcome != bankfile.Refused {
			taken++
			o.Outcome = max(o.Outcome, m.Outcome)
			o.ReceivedAt = m.ReceivedAt
		}
	}
	switch {
	case taken > 0 && o.refusedMembers() == 0:
		return
	case taken == 0:
		o.AlreadyKnown = false
		o.Outcome = bankfile.Refused
		o.Reasons = append(o.Reasons, bankfile.Reason{
			Code: "archive_refused", Outcome: bankfile.Refused, Message: o.unpacked(),
		})
	default:
		o.Outcome = bankfile.Held
	}
	for _, m := range o.Members {
		if m.Outcome == bankfile.Refused {
			o.Reasons = append(o.Reasons, ofMember(m.File, m.Reasons, o.Outcome)...)
		}
	}
}

// ofMember are the reasons of one file of an archive as those of the archive, which they make
// wait or refuse.
func ofMember(name string, reasons []bankfile.Reason, archive bankfile.Outcome) []bankfile.Reason {
	var all []bankfile.Reason
	for _, r := range reasons {
		if r.Outcome >= bankfile.Held {
			r.Place, r.Outcome = joined(name, r.Place), archive
			all = append(all, r)
		}
	}
	return all
}

func joined(name, place string) string {
	if place == "" {
		return name
	}
	return name + ", " + place
}

// Refuses tells that the file, or one in the archive that it is, was refused: nothing of that
// one was stored.
func (o *Outcome) Refuses() bool { return o.Outcome == bankfile.Refused || o.refusedMembers() > 0 }

func (o *Outcome) refusedMembers() (n int) {
	for _, m := range o.Members {
		if m.Outcome == bankfile.Refused {
			n++
		}
	}
	return n
}

// unpacked counts the files of an archive.
func (o *Outcome) unpacked() string {
	text := "Archive de " + plural(len(o.Members), "fichier", "fichiers")
	if n := o.refusedMembers(); n > 0 {
		text += ", dont " + plural(n, "refusé", "refusés")
	}
	for _, r := range o.Reasons {
		if isNote([]bankfile.Reason{r}) {
			text += " (ignoré : " + r.Place + ")"
		}
	}
	return text + "."
}
