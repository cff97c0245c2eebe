package export

import (
	"bytes"
	"strconv"
)

// csvFormat is both csv: the French one for people, the other for programs.
type csvFormat struct {
	french  bool
	comma   byte
	point   byte
	lineEnd string
	days    calendar
}

func newCSV(french bool) *csvFormat {
	if french {
		return &csvFormat{true, ';', ',', "\r\n", calendar{}}
	}
	return &csvFormat{false, ',', '.', "\n", calendar{}}
}

// The columns of csv and xlsx.
var (
	columns = []string{
		"entry", "journal", "journal_no", "line", "posted_on", "booked_on", "value_on", "account", "mandate",
		"kind", "source", "label", "debit", "credit", "reverses",
	}
	frenchColumns = []string{
		"Écriture", "Journal", "N° dans le journal", "Ligne", "Date", "Date banque", "Date valeur", "Compte", "Mandat",
		"Nature", "Pièce", "Libellé", "Débit", "Crédit", "Contre-passe",
	}
)

func (f *csvFormat) begin(b []byte) []byte {
	names := columns
	if f.french {
		b = append(b, "\ufeff"...)
		names = frenchColumns
	}
	for i, name := range names {
		if i > 0 {
			b = append(b, f.comma)
		}
		b = append(b, name...)
	}
	return append(b, f.lineEnd...)
}

func (f *csvFormat) entry(b []byte, e *entry, lines []line) []byte {
	for i := range lines {
		l := &lines[i]
		b = append(strconv.AppendInt(b, e.no, 10), f.comma)
		b = append(append(b, e.journal...), f.comma)
		b = append(strconv.AppendInt(b, e.inNo, 10), f.comma)
		b = append(strconv.AppendInt(b, int64(i+1), 10), f.comma)
		b = f.day(b, e.posted)
		b = f.day(b, e.booked)
		b = f.day(b, e.value)
		b = append(append(b, l.account.code...), f.comma)
		b = append(append(b, l.account.mandate()...), f.comma)
		if f.french {
			b = append(append(b, e.kindName()...), f.comma)
		} else {
			b = append(append(b, e.kind...), f.comma)
		}
		b = append(f.text(b, e.source), f.comma)
		b = append(f.text(b, e.label), f.comma)
		b = append(appendAmount(b, l.debit, f.point), f.comma)
		b = append(appendAmount(b, l.credit, f.point), f.comma)
		if e.reverses != 0 {
			b = strconv.AppendInt(b, e.reverses, 10)
		}
		b = append(b, f.lineEnd...)
	}
	return b
}

func (f *csvFormat) end(b []byte) []byte { return b }

func (f *csvFormat) day(b []byte, d day) []byte {
	t := f.days.text(d)
	if f.french {
		b = append(b, t.french...)
	} else {
		b = append(b, t.iso...)
	}
	return append(b, f.comma)
}

// text makes a text inert and quotes it where RFC 4180 wants it.
func (f *csvFormat) text(b, text []byte) []byte {
	inert := len(text) > 0 && indexByte("=+-@\t\r", text[0])
	quoted := bytes.IndexByte(text, f.comma) >= 0 || bytes.ContainsAny(text, "\"\r\n")
	if quoted {
		b = append(b, '"')
	}
	if inert {
		b = append(b, '\'')
	}
	if !quoted {
		return append(b, text...)
	}
	for _, c := range text {
		if c == '"' {
			b = append(b, '"')
		}
		b = append(b, c)
	}
	return append(b, '"')
}
