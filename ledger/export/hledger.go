package export

import (
	"slices"
	"strconv"
)

// hledgerFormat is a journal of plain-text accounting: one transaction per entry.
type hledgerFormat struct {
	days     calendar
	accounts map[int64]*account
}

func (f *hledgerFormat) begin(b []byte) []byte { return append(b, "commodity 1000.00 EUR\n"...) }

// What the syntax reads otherwise in a description or in a tag.
const hledgerMarks = ";|,"

func (f *hledgerFormat) entry(b []byte, e *entry, lines []line) []byte {
	b = append(append(b, '\n'), f.days.text(e.posted).iso...)
	b = append(append(append(b, " * ("...), e.journal...), '-')
	b = append(strconv.AppendInt(b, e.inNo, 10), ") "...)
	b = append(appendPlain(b, e.label, hledgerMarks), "\n    ; entry:"...)
	b = append(append(strconv.AppendInt(b, e.no, 10), ", kind:"...), e.kind...)
	b = append(appendPlain(append(b, ", source:"...), e.source, hledgerMarks), '\n')
	for i := range lines {
		l := &lines[i]
		b = append(append(append(b, "    "...), l.account.code...), "  "...)
		b = append(appendAmount(b, l.debit-l.credit, '.'), " EUR\n"...)
	}
	return b
}

// end declares the accounts that were used: --strict looks for them anywhere in the journal.
func (f *hledgerFormat) end(b []byte) []byte {
	var codes []string
	for _, a := range f.accounts {
		if a.used {
			codes = append(codes, a.code)
		}
	}
	slices.Sort(codes)
	b = append(b, '\n')
	for _, code := range codes {
		b = append(append(append(b, "account "...), code...), '\n')
	}
	return b
}
