package bankfile

import (
	"errors"
	"slices"
	"strings"

	"masp/payments/xmlread"
)

// readLine reads the Ntry just opened.
func (r *camt) readLine() *Line {
	x := r.x
	x.Limit(entryLimit)
	e := entry{Line: Line{Rank: r.cur.sums.Entries + 1, statement: r.statements}}
	r.amounts, r.parts = r.amounts[:0], 0
	e.row, _ = x.Position()
	for at := x.Depth(); x.Child(at); {
		r.entryField(&e)
	}
	switch {
	case x.Err() != nil:
		return nil
	case !e.sum.set:
		r.fail(CodeNoAmount, "Ntry", "", errors.New("entry without amount"))
		return nil
	case e.side == noSide:
		r.fail(CodeSide, "Ntry", "", errors.New("entry without side"))
		return nil
	}
	r.settle(&e)
	r.cur.line(&e.Line, e.status)
	return &e.Line
}

// partsMost is how many transactions and batches a line may have: with less than 256 bytes
// of its limit for each of them they would be empty.
const partsMost = entryLimit / 256

// part counts one more of them; false when the line has too many.
func (r *camt) part() bool {
	if r.parts++; r.parts > partsMost {
		_ = r.x.Fail(xmlread.CodeTooLarge, "", errors.New("too many parts in one entry"))
	}
	return r.parts <= partsMost
}

// entry is a line while it is read.
type entry struct {
	Line
	sum    figure
	side   side
	status string
}

func (r *camt) entryField(e *entry) {
	x := r.x
	switch x.Name() {
	case "NtryRef":
		e.EntryReference = x.Value()
	case "Amt":
		r.amount(&e.sum)
	case "CdtDbtInd":
		r.side(&e.side)
	case "RvslInd":
		e.Reversal, e.ReversalStated = isTrue(x.Word()), true
	case "Sts":
		r.entryStatus(e)
	case "BookgDt":
		r.day(&e.BookedOn)
	case "ValDt":
		r.day(&e.ValueOn)
	case "AcctSvcrRef":
		e.BankReference = x.Value()
	case "BkTxCd":
		e.Code, e.ProprietaryCode = r.code()
	case "NtryDtls":
		r.entryDetails(e)
	case "AddtlNtryInf":
		e.Text = x.Value()
	}
}

// settle gives the amounts their signs and the details the currency of the line.
func (r *camt) settle(e *entry) {
	e.Amount, e.Currency = e.sum.value.signed(e.side), e.sum.currency
	for i := range e.Details {
		own := &r.amounts[i]
		if !own.set {
			continue
		}
		if own.side == noSide {
			own.side = e.side
		}
		d := &e.Details[i]
		d.Amount = own.pointer(own.side)
		if d.Currency = own.currency; d.Currency == "" {
			d.Currency = e.Currency
		}
	}
}

// entryStatus reads the status of a line, which a second one would contradict.
func (r *camt) entryStatus(e *entry) {
	status := r.status()
	if e.status != "" {
		r.fail(CodeTwice, "Sts", status, errors.New("second status"))
		return
	}
	e.status = status
}

// status reads Sts: a text up to version .06, a choice of Cd and Prtry from .07 on.
func (r *camt) status() string {
	x := r.x
	text := r.scratch[:0]
	for at := x.Depth(); x.Depth() >= at; {
		switch t := x.Next(); t.Kind {
		case xmlread.None:
			return ""
		case xmlread.Text:
			if len(text) < statusLength {
				text = append(text, t.Text...)
			}
		case xmlread.Start:
			text = append(text[:0], x.Bytes()...)
		}
	}
	r.scratch = text
	for _, known := range [...]string{"BOOK", "PDNG", "INFO"} {
		if string(text) == known {
			return known
		}
	}
	return strings.TrimSpace(string(text))
}

// statusLength is far more than any status takes; a longer text is not one.
const statusLength = 64

// code reads a bank transaction code.
func (r *camt) code() (iso TransactionCode, proprietary string) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Domn":
			iso = r.domain()
		case "Prtry":
			proprietary = r.either("Cd", "")
		}
	}
	return iso, proprietary
}

func (r *camt) domain() (c TransactionCode) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Cd":
			c.Domain = x.Word()
		case "Fmly":
			for within := x.Depth(); x.Child(within); {
				switch x.Name() {
				case "Cd":
					c.Family = x.Word()
				case "SubFmlyCd":
					c.SubFamily = x.Word()
				}
			}
		}
	}
	return c
}

func (r *camt) entryDetails(e *entry) {
	x := r.x
	for at := x.Depth(); x.Child(at) && r.part(); {
		switch x.Name() {
		case "Btch":
			e.Batches = append(e.Batches, r.batch())
		case "TxDtls":
			d, own := r.detail()
			if n := len(e.Details); n == cap(e.Details) && n > 0 {
				e.Details = slices.Grow(e.Details, n) // twice as many: a batch may have thousands
			}
			e.Details = append(e.Details, d)
			r.amounts = append(r.amounts, own)
		}
	}
}

func (r *camt) batch() (b BatchInfo) {
	x := r.x
	var sum figure
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "MsgId":
			b.MessageID = x.Value()
		case "PmtInfId":
			b.PaymentInfoID = x.Value()
		case "NbOfTxs":
			b.Count = r.count()
		case "TtlAmt":
			r.amount(&sum)
		}
	}
	b.Total = sum.pointer(credit)
	return b
}
