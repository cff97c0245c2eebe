package simbank

import (
	"fmt"
	"strings"
)

// Receive takes a payment file handed over on a day and answers with the
// pain.002 of the same generation (.03 for .03, .10 for .09): ACTC when the
// whole file is taken, PART or RJCT with ISO reasons otherwise. A file refused
// whole leaves no trace, so that it may be corrected and sent again under the
// same MsgId. The error is for bytes that cannot be answered: not a pain.001, no
// MsgId, more than one root, a DOCTYPE.
func (b *Bank) Receive(pain001 []byte, on Day) ([]byte, error) {
	f, err := readFile(pain001)
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	r := report{version: f.version(), on: on, file: f.Header}
	orders, refused := b.examine(f, on)
	if refused != nil {
		r.status, r.reason = "RJCT", *refused
		return b.writeReport(r), nil
	}
	b.received[f.Header.MsgID] = true
	taken := 0
	for i, o := range orders {
		group, accepted := b.screen(o, f.Groups[i])
		r.groups = append(r.groups, group)
		if taken += len(accepted.Transfers); len(accepted.Transfers) > 0 {
			b.orders = append(b.orders, accepted)
		}
	}
	r.status = overall(r.groups, taken)
	return b.writeReport(r), nil
}

// overall is the status of the file: ACTC, PART, or RJCT when nothing is left.
func overall(groups []groupReport, taken int) string {
	if taken == 0 {
		return "RJCT"
	}
	for _, g := range groups {
		if g.status != "ACSP" {
			return "PART"
		}
	}
	return "ACTC"
}

// examine reads all the orders of a file, or tells why the file is refused.
func (b *Bank) examine(f paymentFile, on Day) ([]order, *reason) {
	if b.received[f.Header.MsgID] {
		return nil, &reason{"DU01", "message already received"}
	}
	if len(f.Groups) == 0 {
		return nil, &reason{"FF01", "no payment"}
	}
	var orders []order
	var count int
	var sum int64
	for _, g := range f.Groups {
		o, refused := readOrder(f, g, on)
		if refused == nil {
			refused = checkTotals(g.NbOfTxs, g.CtrlSum, len(o.Transfers), o.total())
		}
		if refused != nil {
			return nil, refused
		}
		orders, count, sum = append(orders, o), count+len(o.Transfers), sum+o.total()
	}
	if f.Header.NbOfTxs == "" || f.Header.CtrlSum == "" {
		return nil, &reason{"AM10", "the header states no total"}
	}
	return orders, checkTotals(f.Header.NbOfTxs, f.Header.CtrlSum, count, sum)
}

// checkTotals compares the stated number and sum with the content; a group may
// leave them out.
func checkTotals(number, total string, count int, sum int64) *reason {
	if n, err := parseCount(number); number != "" && (err != nil || n != count) {
		return &reason{"AM18", fmt.Sprintf("%d transactions are present", count)}
	}
	if s, err := parseCents(total, totalDigits); total != "" && (err != nil || s != sum) {
		return &reason{"AM10", "the sum of the amounts is " + centsText(sum)}
	}
	return nil
}

// readOrder turns the text of a PmtInf into an order.
func readOrder(f paymentFile, g paymentGroup, on Day) (order, *reason) {
	o := order{Version: f.version(), MessageID: f.Header.MsgID, ID: g.ID, Debtor: g.Debtor}
	requested, err := ParseDay(strings.TrimSpace(g.Requested.Text + g.Requested.Date))
	if err != nil {
		return o, &reason{"DT01", "requested execution date"}
	}
	if !isReference(g.ID) || g.Method != "TRF" || len(g.Transfers) == 0 {
		return o, &reason{"FF01", "payment information incomplete"}
	}
	o.DebitOn = max(requested.NextTARGET(), on.AddTARGET(1))
	o.Batch = g.Batch == "true" || g.Batch == "1"
	for _, t := range g.Transfers {
		read, refused := readTransfer(t)
		if refused != nil {
			return o, refused
		}
		o.Transfers = append(o.Transfers, read)
	}
	return o, nil
}

func readTransfer(t transferText) (transfer, *reason) {
	cents, err := parseCents(t.Amount.Text, transferDigits)
	switch {
	case err != nil || cents == 0:
		return transfer{}, &reason{"FF01", "amount of a transfer"}
	case t.Amount.Currency != "EUR":
		return transfer{}, &reason{"AM03", "currency of a transfer"}
	case !isReference(t.EndToEndID), t.InstrID != "" && !isReference(t.InstrID):
		return transfer{}, &reason{"FF01", "reference of a transfer"}
	case !isText(t.Creditor, 70):
		return transfer{}, &reason{"FF01", "name of a creditor"}
	case len(t.Remittance) > 1, len(t.Remittance) == 1 && !isText(t.Remittance[0], 140):
		return transfer{}, &reason{"FF01", "remittance information"}
	}
	return transfer{t.InstrID, t.EndToEndID, cents, t.Creditor, t.CreditorIBAN, t.Remittance}, nil
}

// screen separates the transfers that the bank takes from those that it refuses.
func (b *Bank) screen(o order, text paymentGroup) (groupReport, order) {
	g := groupReport{id: o.ID, number: text.NbOfTxs, sum: text.CtrlSum, status: "ACSP"}
	accepted := o
	accepted.Transfers = nil
	if b.byIBAN[o.Debtor] == nil {
		g.status, g.reason = "RJCT", reason{"AC02", "debtor account not held here"}
		return g, accepted
	}
	for _, t := range o.Transfers {
		why := b.refusal(t)
		if why.code == "" {
			accepted.Transfers = append(accepted.Transfers, t)
		}
		g.transfers = append(g.transfers, transferReport{t, why})
	}
	switch len(accepted.Transfers) {
	case len(o.Transfers):
		g.transfers = nil // a group taken whole has no list, as banks do
	case 0:
		g.status = "RJCT"
	default:
		g.status = "PART"
	}
	return g, accepted
}

// refusal tells why the bank does not take a transfer; no code means it does.
func (b *Bank) refusal(t transfer) reason {
	if code := b.rejects[t.CreditorIBAN]; code != "" {
		return reason{code, reasonTexts[code]}
	}
	if !isIBAN(t.CreditorIBAN) {
		return reason{"AC01", reasonTexts["AC01"]}
	}
	return reason{}
}

func (o order) total() (sum int64) {
	for _, t := range o.Transfers {
		sum += t.Cents
	}
	return sum
}
