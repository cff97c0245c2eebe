package check

import (
	"time"

	"masp/ledger/chain"
)

// The encodings, as LISEZMOI.txt spells them out.

func day(e *chain.Encoder, text string) {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		e.Null()
		return
	}
	e.Int(d.Unix() / (24 * 60 * 60))
}

func number(e *chain.Encoder, n int64) {
	if n == 0 {
		e.Null()
		return
	}
	e.Int(n)
}

func micros(text string) int64 {
	at, err := time.Parse(instant, text)
	if err != nil {
		return -1 // no hash has it
	}
	return at.UnixMicro()
}

func (b *book) leafOf(e *entry) chain.Hash {
	h := b.encoders.entry.Reset()
	h.Int(e.No).Str(e.Journal).Int(e.JournalNo).Str(e.Kind).Str(e.Hub)
	day(h, e.PostedOn)
	day(h, e.BookedOn)
	day(h, e.ValueOn)
	h.Str(e.Source).Bytes(e.Content[:])
	number(h, e.Reverses)
	h.Str(e.Actor).Bytes(e.Commitment[:]).Int(micros(e.At)).Int(int64(len(e.Lines)))
	for _, l := range e.Lines {
		h.Str(l.Debit).Str(l.Credit).Int(l.Cents).Int(l.DebitSeq).Int(l.DebitAfter).Int(l.CreditSeq).Int(l.CreditAfter)
	}
	return h.Sum()
}

func (b *book) contentOf(e *entry) chain.Hash {
	h := b.encoders.content.Reset()
	h.Str(e.Journal).Str(e.Kind)
	day(h, e.BookedOn)
	day(h, e.ValueOn)
	h.Str(e.Source)
	number(h, e.Reverses)
	h.Int(int64(len(e.Lines)))
	for _, l := range e.Lines {
		h.Str(l.Debit).Str(l.Credit).Int(l.Cents)
	}
	return h.Sum()
}

func (a *act) sum(h *chain.Encoder) chain.Hash {
	h.Reset().Int(a.Seq).Int(micros(a.At)).Str(a.Actor).Str(a.Action).Str(a.ObjectType).Str(a.ObjectID)
	for _, of := range []*chain.Hash{a.Before, a.After} {
		if of == nil {
			h.Null()
		} else {
			h.Bytes(of[:])
		}
	}
	return h.Str(a.Reason).Str(a.Details).Bytes(a.Registers[:]).Bytes(a.Prev[:]).Sum()
}

func (r *read) sum(h *chain.Encoder) chain.Hash {
	return h.Reset().Int(r.No).Int(micros(r.At)).Str(r.User).Str(r.Person).Str(r.Mandate).Str(r.What).Str(r.Request).
		Bytes(r.Prev[:]).Sum()
}
