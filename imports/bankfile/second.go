package bankfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"masp/ledger/money"
)

// SecondOpinion is what an independent reader understands of a file, held against what this
// package understands of it.
type SecondOpinion struct {
	// Compared tells whether both have read the file to its end; Reason says in French why not.
	Compared bool   `json:"compared"`
	Reason   string `json:"reason,omitempty"`
	// What was compared, until the end or the place where the second reader gave up.
	Statements int `json:"statements"`
	Entries    int `json:"entries"`
	Details    int `json:"details"`
	// Differences are the first that were met, DifferenceCount is how many there are.
	Differences     []Difference `json:"differences"`
	DifferenceCount int          `json:"difference_count"`
}

// Difference is one thing that the two readers understand differently.
type Difference struct {
	Place  string `json:"place"` // as of a [Line], or the name of the statement
	What   string `json:"what"`  // in French
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
}

// differencesShown is how many differences an opinion lists.
const differencesShown = 20

// French says in a sentence how the comparison ended.
func (o SecondOpinion) French() string {
	what := fmt.Sprintf("relevés comparés : %d, écritures : %d, opérations : %d",
		o.Statements, o.Entries, o.Details)
	switch {
	case !o.Compared && o.Statements == 0 && o.Entries == 0:
		return "Second lecteur : rien n’est comparé. " + o.Reason
	case !o.Compared:
		return "Second lecteur : " + what + " ; puis il s’arrête. " + o.Reason
	case o.DifferenceCount == 0:
		return "Second lecteur : identiques (" + what + ")."
	}
	return fmt.Sprintf("Second lecteur : ils diffèrent, %d fois (%s).", o.DifferenceCount, what)
}

// SecondReader reads a file of size bytes twice, here and with the types of
// moov-io/iso20022, and compares line by line: accounts, balances, counts, sums, amounts,
// days, references and texts. The other reader knows camt.052, .053 and .054 in version
// 001.08 alone; what it cannot read it says. Both hold one line at a time.
func SecondReader(ctx context.Context, r io.ReaderAt, size int64) SecondOpinion {
	c := comparison{SecondOpinion: SecondOpinion{Differences: []Difference{}}}
	ours, format, err := Open(io.NewSectionReader(r, 0, size))
	switch {
	case err != nil:
		return c.give("Le fichier est refusé ou n’est pas un relevé : il n’y a rien à comparer.")
	case format.Version != secondVersion:
		return c.give("Il ne lit que les camt.052, camt.053 et camt.054 de version " +
			secondVersion + " ; ceci est un " + format.String() + ".")
	}
	c.theirs = newTheirs(io.NewSectionReader(r, 0, size), items[format.Family])
	for {
		event, err := ours.Next()
		switch {
		case errors.Is(err, io.EOF):
			c.Compared = true
			return c.SecondOpinion
		case err != nil:
			return c.give("Le fichier est refusé : il n’y a rien à comparer.")
		case ctx.Err() != nil:
			return c.give("La comparaison a été arrêtée.")
		}
		if err := c.take(event); err != nil {
			return c.give("Il ne sait pas lire la suite (" + err.Error() + ").")
		}
	}
}

// SecondReaderOf is SecondReader on a file of the disk.
func SecondReaderOf(ctx context.Context, path string) SecondOpinion {
	c := SecondOpinion{Differences: []Difference{}}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return c.give("Ce n’est pas un fichier ordinaire.")
	}
	f, err := os.Open(path)
	if err != nil {
		return c.give("Le fichier ne peut pas être lu.")
	}
	defer f.Close() //nolint:errcheck // the file is only read
	return SecondReader(ctx, f, info.Size())
}

// secondVersion is the one version that the second reader knows.
const secondVersion = "001.08"

func (c *SecondOpinion) give(reason string) SecondOpinion {
	c.Reason = reason
	return *c
}

// comparison holds each event of ours against what the other reader has at that place.
type comparison struct {
	SecondOpinion
	theirs *theirs
	sums   Sums   // of the open statement, as the other reader has it
	booked fields // of the last line, kept for its room
	other  fields
}

func (c *comparison) take(event Event) error {
	switch e := event.(type) {
	case LineEvent:
		line, err := c.theirs.line()
		if err != nil {
			return err
		}
		if line == nil {
			return errors.New("une écriture de moins")
		}
		c.line(e.Line, line)
	case StatementEnd:
		end, err := c.theirs.end()
		if err != nil {
			return err
		}
		c.end(e, end)
	case FileEnd:
		return c.theirs.finish()
	}
	return nil
}

func (c *comparison) line(ours, theirs *Line) {
	c.Entries++
	c.Details += len(ours.Details)
	c.sums.Entries++
	c.sums.Details += len(theirs.Details)
	switch {
	case theirs.Status != Booked:
		c.sums.NotBooked++
	case theirs.Amount.Sign() >= 0:
		c.sums.Credits = c.sums.Credits.Add(theirs.Amount)
	default:
		c.sums.Debits = c.sums.Debits.Sub(theirs.Amount)
	}
	c.booked, c.other = c.booked[:0], c.other[:0]
	c.booked.line(ours)
	c.other.line(theirs)
	c.compare(ours.Place())
}

func (c *comparison) end(ours StatementEnd, theirs Statement) {
	c.Statements++
	if p := (page{ours.Statement.Page, ours.Statement.LastPage}); p.cut() {
		ours.Statement.Opening, ours.Statement.Closing = nil, nil // a choice of ours among many
		theirs.Opening, theirs.Closing = nil, nil
	}
	c.booked, c.other = c.booked[:0], c.other[:0]
	c.booked.statement(ours.Statement, ours.Sums)
	c.other.statement(theirs, c.sums)
	c.compare("relevé " + ours.Statement.ID)
	c.sums = Sums{}
}

// compare counts the fields that differ. Two lists of another length differ in a count of
// theirs, which stands before the fields that one has more.
func (c *comparison) compare(place string) {
	for i := range min(len(c.booked), len(c.other)) {
		ours, theirs := c.booked[i], c.other[i]
		if ours == theirs {
			continue
		}
		if c.DifferenceCount++; len(c.Differences) < differencesShown {
			c.Differences = append(c.Differences, Difference{
				Place: place, What: ours.what, Ours: ours.text, Theirs: theirs.text,
			})
		}
	}
}

// field is one thing that a reader has understood, as a text.
type field struct{ what, text string }

type fields []field

func (f *fields) add(what, text string) {
	if text = strings.TrimSpace(text); text == "" {
		text = "absent"
	}
	*f = append(*f, field{what, text})
}

func (f *fields) line(l *Line) {
	f.add("opérations", fmt.Sprint(len(l.Details)))
	f.add("montant", l.Amount.String())
	f.add("devise", l.Currency)
	f.add("état", l.Status.String())
	f.add("date de comptabilisation", l.BookedOn.String())
	f.add("date de valeur", l.ValueOn.String())
	f.add("référence de la banque", l.BankReference)
	f.add("référence de l’écriture", l.EntryReference)
	f.add("code", l.Code.String()+" "+l.ProprietaryCode)
	f.add("libellé", l.Text)
	for i := range l.Details {
		f.detail(&l.Details[i])
	}
}

func (f *fields) detail(d *Detail) {
	f.add("montant d’une opération", optional(d.Amount))
	f.add("identifiant de bout en bout", d.EndToEndID)
	f.add("identifiant d’instruction", d.InstructionID)
	f.add("identifiant de lot", d.PaymentInfoID)
	f.add("identifiant de message", d.MessageID)
	f.add("identifiant de transaction", d.TxID)
	f.add("motif du virement", strings.Join(d.Remittance, " / "))
	if d.Return == nil {
		f.add("motif de retour", "")
	} else {
		f.add("motif de retour", "retour "+d.Return.Code)
	}
}

func (f *fields) statement(s Statement, sums Sums) {
	f.add("numéro", s.ID)
	f.add("compte", s.Account.ID())
	f.add("écritures", fmt.Sprint(sums.Entries, ", dont non comptabilisées ", sums.NotBooked))
	f.add("opérations", fmt.Sprint(sums.Details))
	f.add("crédits", sums.Credits.String())
	f.add("débits", sums.Debits.String())
	f.balance("solde de départ", s.Opening)
	f.balance("solde final", s.Closing)
}

func (f *fields) balance(what string, b *Balance) {
	if b == nil {
		f.add(what, "")
		return
	}
	f.add(what, b.Type+" "+b.Amount.String()+" "+b.On.String())
}

func optional(v *money.Exact) string {
	if v == nil {
		return ""
	}
	return v.String()
}
