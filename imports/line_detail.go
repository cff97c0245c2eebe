package imports

import (
	"strings"

	"masp/imports/bankfile"
)

// readDetail keeps of a transaction what recognition needs. The party is the other side: the
// debtor of money that comes in, the creditor of money that leaves. An amount that is no
// amount in cents or no euros, or that goes against the line, is left unknown: then the
// transactions do not add up, and the line is judged as a whole.
func readDetail(d *bankfile.Detail, incoming bool) Detail {
	detail := Detail{
		EndToEndID: d.EndToEndID, InstructionID: d.InstructionID,
		PaymentInfoID: d.PaymentInfoID, MessageID: d.MessageID,
		Party: d.CreditorName, Ultimate: d.UltimateCreditor, Purpose: d.Purpose,
		Returned: d.Returned(),
	}
	if incoming {
		detail.Party, detail.Ultimate = d.DebtorName, d.UltimateDebtor
	}
	texts := append([]string{}, d.Remittance...)
	detail.Text = strings.Join(nonEmpty(append(texts, d.StructuredRef, d.Text)), " ")
	if d.Return != nil {
		detail.ReturnCode = firstOf(d.Return.Code, "NARR")
		detail.Text = strings.Join(nonEmpty([]string{detail.Text, d.Return.Text}), " ")
	}
	if d.Amount == nil || d.Currency != "" && d.Currency != euro {
		return detail
	}
	amount, err := d.Amount.Amount()
	if err == nil && (amount.IsZero() || amount.IsPositive() == incoming) {
		detail.Amount = amount.Abs()
	}
	return detail
}

// nonEmpty drops the texts that say nothing.
func nonEmpty(texts []string) []string {
	kept := texts[:0]
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}
