package imports

import (
	"masp/ledger/chain"
)

// Version 1 of the hashed forms of this package; see package chain for the encoding.
const digestVersion = 1

// contentHash is what makes two statements the same: account, number, days, balances and every
// fact of every line, whatever the file around them looks like.
func (st *statement) contentHash() chain.Hash {
	var tree chain.Tree
	line := chain.New(digestVersion, "statement line")
	for i := range st.lines {
		st.lines[i].encode(line.Reset())
		tree.Add(line.Sum())
	}
	root := tree.Root()
	return chain.New(digestVersion, "statement").
		Str(st.iban).Str(st.ref).Str(st.seq).Str(st.from.String()).Str(st.to.String()).
		Bool(st.balanced).Int(st.opening.Cents()).Int(st.closing.Cents()).
		Int(int64(len(st.lines))).Bytes(root[:]).Sum()
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
