package imports

import (
	"masp/ledger/chain"
)

// Version 1 of the hashed forms of this package; see package chain for the encoding.
const digestVersion = 1

// contentHasher computes, line after line, what makes two statements the same: kind, account,
// number, days, balances and every fact of every line, whatever the file around them looks like.
type contentHasher struct {
	lines chain.Tree
	line  *chain.Encoder
	count int64
}

func (h *contentHasher) begin() {
	h.lines, h.count = chain.Tree{}, 0
	if h.line == nil {
		h.line = chain.New(digestVersion, "statement line")
	}
}

// add takes a line as the file gives it; the days that it leaves out are those of the statement.
func (h *contentHasher) add(l *Line) {
	l.encode(h.line.Reset())
	h.lines.Add(h.line.Sum())
	h.count++
}

// of is the hash of the statement whose lines were added.
func (h *contentHasher) of(st *statement) chain.Hash {
	root := h.lines.Root()
	return chain.New(digestVersion, "statement").
		Str(st.kind).Str(st.iban).Str(st.ref).Str(st.seq).Str(st.from.String()).Str(st.to.String()).
		Int(int64(st.page)).Bool(st.opens).Bool(st.closes).Int(st.opening.Cents()).Int(st.closing.Cents()).
		Int(h.count).Bytes(root[:]).Sum()
}

// encode writes every fact of a line.
func (l *Line) encode(e *chain.Encoder) {
	e.Int(int64(l.Rank)).Str(l.BookedOn.String()).Str(l.ValueOn.String()).Int(l.Amount.Cents()).
		Bool(l.Booked).Bool(l.Returned).Str(l.BankReference).Str(l.Code).Str(l.Text)
	e.Int(int64(len(l.Batches)))
	for _, b := range l.Batches {
		e.Str(b.MessageID).Str(b.PaymentInfoID).Int(int64(b.Count))
	}
	e.Int(int64(len(l.Details)))
	for _, d := range l.Details {
		e.Int(d.Amount.Cents()).Str(d.EndToEndID).Str(d.InstructionID).Str(d.PaymentInfoID).
			Str(d.MessageID).Str(d.Party).Str(d.Ultimate).Str(d.Purpose).Str(d.Text).Str(d.ReturnCode)
	}
}
