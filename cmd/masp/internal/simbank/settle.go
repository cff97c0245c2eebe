package simbank

import "fmt"

// move is a line planned for a day that does not come from an order.
type move struct {
	On    Day
	IBAN  string
	Entry entry
}

// take removes and returns the elements of a list that are due.
func take[T any](list *[]T, due func(T) bool) []T {
	var now, later []T
	for _, x := range *list {
		if due(x) {
			now = append(now, x)
		} else {
			later = append(later, x)
		}
	}
	*list = later
	return now
}

// bookDay books what is due on a TARGET day and returns the late refusals.
func (b *Bank) bookDay(day Day) []report {
	for _, m := range take(&b.moves, func(m move) bool { return m.On <= day }) {
		b.book(b.byIBAN[m.IBAN], m.Entry, day)
	}
	var refused []report
	for _, o := range take(&b.orders, func(o order) bool { return o.DebitOn <= day }) {
		if uncovered := b.settle(o, day); len(uncovered) > 0 {
			refused = append(refused, lateRefusal(o, uncovered, reason{"AM04", reasonTexts["AM04"]}, day))
		}
	}
	return refused
}

// settle debits an order and returns the transfers that had no cover.
func (b *Bank) settle(o order, day Day) []transfer {
	a := b.byIBAN[o.Debtor]
	if o.Batch || a.BatchBooking {
		if a.Balance < o.total() {
			return o.Transfers
		}
		b.book(a, batchEntry(a, o), day)
		for _, t := range o.Transfers {
			b.planReturnOf(a, o, t, day)
		}
		return nil
	}
	var uncovered []transfer
	for _, t := range o.Transfers {
		if a.Balance < t.Cents {
			uncovered = append(uncovered, t)
			continue
		}
		b.book(a, b.singleEntry(a, o, t), day)
		b.planReturnOf(a, o, t, day)
	}
	return uncovered
}

// lateRefusal is the report that refuses transfers after their order was taken.
func lateRefusal(o order, transfers []transfer, why reason, day Day) report {
	g := groupReport{id: o.ID, status: "PART"}
	r := report{
		version: o.Version, on: day, late: true, status: "PART",
		file: fileHeader{MsgID: o.MessageID},
	}
	if len(transfers) == len(o.Transfers) {
		g.status = "RJCT"
	}
	for _, t := range transfers {
		g.transfers = append(g.transfers, transferReport{t, why})
	}
	r.groups = []groupReport{g}
	return r
}

func outgoing(a *account, o order, t transfer) detail {
	return detail{
		InstrID: t.InstrID, EndToEndID: t.EndToEndID, PmtInfID: o.ID, Cents: -t.Cents,
		Debtor: a.Holder, Creditor: t.Creditor, CreditorIBAN: t.CreditorIBAN, Remittance: t.Remittance,
	}
}

// singleEntry is the debit of one transfer. One out of DropEvery loses its
// EndToEndId and keeps only its InstrId or, every other time, its PmtInfId.
func (b *Bank) singleEntry(a *account, o order, t transfer) entry {
	d := outgoing(a, o, t)
	b.singles++
	every := b.options.DropEvery
	if every > 0 && (b.singles+b.options.Seed)%uint64(every) == 0 {
		b.dropped++
		d.EndToEndID = "NOTPROVIDED"
		if d.InstrID != "" && b.dropped%2 == 1 {
			d.PmtInfID = ""
		} else {
			d.InstrID = ""
		}
	}
	return entry{
		Cents: d.Cents, Code: codeTransferOut, Label: "VIR SEPA EMIS " + t.Creditor, Details: []detail{d},
	}
}

// batchEntry is the one debit of a whole PmtInf.
func batchEntry(a *account, o order) entry {
	e := entry{
		Cents: -o.total(), Code: codeBatchOut,
		MessageID: o.MessageID, PmtInfID: o.ID, Count: len(o.Transfers),
		Label: fmt.Sprintf("REMISE DE %d VIREMENTS SEPA", len(o.Transfers)),
	}
	if a.BatchDetails {
		for _, t := range o.Transfers {
			e.Details = append(e.Details, outgoing(a, o, t))
		}
	}
	return e
}

// planReturnOf books the return of a transfer in advance, if one is planned.
func (b *Bank) planReturnOf(a *account, o order, t transfer, debited Day) {
	plan, ok := b.returns[t.CreditorIBAN]
	if !ok {
		return
	}
	b.moves = append(b.moves, move{debited.AddTARGET(plan.After), a.IBAN, returnEntry(a, o, t, plan.Reason)})
}

// returnEntry is the credit of a transfer that comes back: without RvslInd, its reason beside it.
func returnEntry(a *account, o order, t transfer, code string) entry {
	d := outgoing(a, o, t)
	d.Cents, d.PmtInfID, d.InstrID, d.ReturnReason = t.Cents, "", "", code
	return entry{Cents: t.Cents, Code: codeReturn, Label: "VIR SEPA RETOURNE " + code, Details: []detail{d}}
}
