package export

import (
	"strconv"
)

// jsonFormat is one object a line. Its words are those of the HTTP service.
type jsonFormat struct{ days calendar }

func (f *jsonFormat) begin(b []byte) []byte { return b }

func (f *jsonFormat) entry(b []byte, e *entry, _ []line) []byte {
	b = strconv.AppendInt(append(b, `{"entry":`...), e.no, 10)
	b = append(append(append(b, `,"journal":"`...), e.journal...), '"')
	b = strconv.AppendInt(append(b, `,"journal_no":`...), e.inNo, 10)
	b = f.day(append(b, `,"posted_on":`...), e.posted)
	b = f.day(append(b, `,"booked_on":`...), e.booked)
	b = f.day(append(b, `,"value_on":`...), e.value)
	b = append(append(append(b, `,"kind":"`...), e.kind...), '"')
	b = appendJSON(append(b, `,"source":`...), e.source)
	b = appendJSON(append(b, `,"label":`...), e.label)
	b = appendJSON(append(b, `,"actor":`...), e.actor)
	b = append(b, `,"reverses":`...)
	if e.reverses == 0 {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendInt(b, e.reverses, 10)
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

func (f *jsonFormat) day(b []byte, d day) []byte {
	if d == noDay {
		return append(b, "null"...)
	}
	return append(append(append(b, '"'), f.days.text(d).iso...), '"')
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
