package export

import (
	"bytes"
	"strconv"
	"strings"

	"masp/ledger/civil"
)

// fecFormat is the tax office's file of entries (art. A47 A-1 LPF).
type fecFormat struct {
	days      calendar
	at        int64 // the last instant whose day was asked
	validated string
}

var fecFields = []string{
	"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
	"PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
}

func (f *fecFormat) begin(b []byte) []byte {
	return append(append(b, strings.Join(fecFields, "\t")...), "\r\n"...)
}

func (f *fecFormat) entry(b []byte, e *entry, lines []line) []byte {
	posted, piece := f.days.text(e.posted).compact, e.booked
	if piece == noDay {
		piece = e.posted
	}
	for i := range lines {
		l := &lines[i]
		b = append(append(b, e.journal...), '\t')
		b = append(append(b, e.journalName()...), '\t')
		b = append(strconv.AppendInt(b, e.inNo, 10), '\t')
		b = append(append(b, posted...), '\t')
		b = append(append(b, l.account.fecFields()...), '\t')
		b = append(appendPlain(b, e.source, ""), '\t')
		b = append(append(b, f.days.text(piece).compact...), '\t')
		if len(bytes.TrimSpace(e.label)) == 0 { // erased, or never there
			b = append(b, e.kindName()...)
		} else {
			b = appendPlain(b, e.label, "")
		}
		b = append(appendAmount(append(b, '\t'), l.debit, ','), '\t')
		b = appendAmount(b, l.credit, ',')
		b = append(append(b, "\t\t\t"...), f.validatedOn(e)...)
		b = append(b, "\t\t\r\n"...)
	}
	return b
}

func (f *fecFormat) end(b []byte) []byte { return b }

// validatedOn is the day of the seal. The entries of a batch share it.
func (f *fecFormat) validatedOn(e *entry) string {
	if f.validated == "" || e.at != f.at {
		f.at, f.validated = e.at, compact(civil.FromTime(e.instant(), civil.Paris))
	}
	return f.validated
}

// fecFields are CompteNum to CompAuxLib.
func (a *account) fecFields() []byte {
	if a.fec != nil {
		return a.fec
	}
	number, auxiliary, name := a.pcg+a.owner, "", ""
	if a.pcg == "467" {
		number, auxiliary, name = a.pcg+a.sub, a.owner, a.person
		if name == "" {
			name = a.owner
		}
	}
	for i, field := range []string{number, a.name(), auxiliary, name} {
		if i > 0 {
			a.fec = append(a.fec, '\t')
		}
		a.fec = appendPlain(a.fec, []byte(field), "")
	}
	return a.fec
}
