package export

import (
	"strconv"
	"time"
)

// jsonFormat is one object a line, in the words of the HTTP service (JournalEntry) as far as the books
// know them; what an entry has not is left out. reverses_number is the number of another entry.
type jsonFormat struct{ days calendar }

func (f *jsonFormat) begin(b []byte) []byte { return b }

func (f *jsonFormat) entry(b []byte, e *entry, lines []line) []byte {
	b = strconv.AppendInt(append(b, `{"number":`...), e.no, 10)
	b = append(append(append(b, `,"journal":"`...), e.journal...), '"')
	b = strconv.AppendInt(append(b, `,"journal_number":`...), e.inNo, 10)
	b = append(append(append(b, `,"kind":"`...), e.kind...), '"')
	b = f.day(b, `,"posted_on":"`, e.posted)
	b = f.day(b, `,"booked_on":"`, e.booked)
	b = f.day(b, `,"value_on":"`, e.value)
	b = appendJSON(append(b, `,"source":`...), e.source)
	b = appendJSON(append(b, `,"label":`...), e.label)
	b = appendJSON(append(b, `,"by":`...), e.actor)
	b = append(e.instant().AppendFormat(append(b, `,"at":"`...), time.RFC3339Nano), '"')
	b = append(appendAmount(append(b, `,"amount":"`...), lines[0].debit+lines[0].credit, '.'), '"')
	if e.reverses != 0 {
		b = strconv.AppendInt(append(b, `,"reverses_number":`...), e.reverses, 10)
	}
	b = append(b, `,"postings":[`...)
	for i, p := range e.postings {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, `{"debit":"`...), p.debit.code...)
		b = append(append(b, `","credit":"`...), p.credit.code...)
		b = append(appendAmount(append(b, `","amount":"`...), p.cents, '.'), `"}`...)
	}
	return append(b, "]}\n"...)
}

func (f *jsonFormat) end(b []byte) []byte { return b }

func (f *jsonFormat) day(b []byte, name string, d day) []byte {
	if d == noDay {
		return b
	}
	return append(append(append(b, name...), f.days.text(d).iso...), '"')
}

const hex = "0123456789abcdef"

// appendJSON writes a text as JSON does; what the database gives is valid UTF-8.
func appendJSON(b, text []byte) []byte {
	b = append(b, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
