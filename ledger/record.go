package ledger

import (
	"masp/ledger/chain"
	"masp/ledger/civil"
)

// hashVersion is the version of the three encodings below, stored with each entry. A change
// needs a new number, and the old one stays readable (doc.go, "The chain").
const hashVersion = 1

// noDay stands for a missing day.
const noDay = int64(-1 << 62)

// record is an entry as it is sealed: every column of its row and of its postings.
type record struct {
	no, journalNo, reverses int64
	at                      int64 // microseconds since 1970 UTC
	posted, booked, value   int64 // days since 1970, or noDay
	journal, kind, hub      string
	source, actor           string
	content, commitment     chain.Hash
	lines                   []line
}

// line is a posting as it is sealed; lines are numbered from 1 in their order.
type line struct {
	debit, credit          string
	amount                 int64
	debitSeq, debitAfter   int64
	creditSeq, creditAfter int64
}

// hashers keeps one encoder for each kind of record; it is not safe for concurrent use.
type hashers struct{ entry, content, label *chain.Encoder }

func newHashers() *hashers {
	return &hashers{
		chain.New(hashVersion, "entry"), chain.New(hashVersion, "content"), chain.New(hashVersion, "label"),
	}
}

// leaf is the hash of an entry in the chain.
func (h *hashers) leaf(r *record) chain.Hash {
	e := h.entry.Reset()
	e.Int(r.no).Str(r.journal).Int(r.journalNo).Str(r.kind).Str(r.hub)
	day(e, r.posted)
	day(e, r.booked)
	day(e, r.value)
	e.Str(r.source).Bytes(r.content[:])
	orNull(e, r.reverses)
	e.Str(r.actor).Bytes(r.commitment[:]).Int(r.at).Int(int64(len(r.lines)))
	for i := range r.lines {
		l := &r.lines[i]
		e.Str(l.debit).Str(l.credit).Int(l.amount).
			Int(l.debitSeq).Int(l.debitAfter).Int(l.creditSeq).Int(l.creditAfter)
	}
	return e.Sum()
}

// contentOf is the hash of what the caller asked for, by which a repeated source is recognised. The
// posting day and the actor are left out, because a repetition may come later and by another hand;
// the label, because an unsalted hash would outlive its erasure and could be guessed.
func (h *hashers) contentOf(r *record) chain.Hash {
	e := h.content.Reset()
	e.Str(r.journal).Str(r.kind)
	day(e, r.booked)
	day(e, r.value)
	e.Str(r.source)
	orNull(e, r.reverses)
	e.Int(int64(len(r.lines)))
	for i := range r.lines {
		l := &r.lines[i]
		e.Str(l.debit).Str(l.credit).Int(l.amount)
	}
	return e.Sum()
}

// commit is the salted commitment to a label: it proves the text while that exists, and tells
// nothing once salt and text are gone.
func (h *hashers) commit(salt []byte, label string) chain.Hash {
	return h.label.Reset().Bytes(salt).Str(label).Sum()
}

func day(e *chain.Encoder, d int64) {
	if d == noDay {
		e.Null()
		return
	}
	e.Int(d)
}

func orNull(e *chain.Encoder, no int64) {
	if no == 0 {
		e.Null()
		return
	}
	e.Int(no)
}

const secondsPerDay = 24 * 60 * 60

func dayOf(d civil.Date) int64 {
	if d.IsZero() {
		return noDay
	}
	return d.Time().Unix() / secondsPerDay
}

func (r *record) fill(e *Entry) {
	r.journal, r.kind, r.hub = string(e.Journal), string(e.Kind), string(e.hub)
	r.booked, r.value = dayOf(e.BookedOn), dayOf(e.ValueOn)
	r.source, r.actor, r.reverses = e.Source, e.Actor, e.Reverses
	r.lines = r.lines[:0]
	for _, p := range e.Postings {
		r.lines = append(r.lines, line{
			debit: string(p.Debit), credit: string(p.Credit), amount: p.Amount.Cents(),
		})
	}
}
