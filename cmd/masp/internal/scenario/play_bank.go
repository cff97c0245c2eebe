package scenario

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"masp/cmd/masp/internal/simbank"
	"masp/imports"
	"masp/imports/bankfile"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// importer is who hands in what the bank sends.
const importer = "banque"

// settle lets the bank debit what is due today, in the order in which it left.
func (p *player) settle(ctx context.Context) error {
	due := p.desk.Due(bankDay(p.today))
	if len(due) == 0 {
		return nil
	}
	left, err := p.posted(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(due, func(a, b string) int { return slices.Index(left, a) - slices.Index(left, b) })
	for _, id := range due {
		if err := p.desk.Debit(id, bankDay(p.today)); err != nil {
			return err
		}
	}
	return nil
}

// credit lets the bank book a credit. How it splits, the payer's list says, unless the whole is
// nobody's yet. The list names its transfer by the payer's own number, for a day may bring two
// credits that are alike in all else.
func (p *player) credit(ctx context.Context, c Credit) error {
	if !c.Amount.IsPositive() {
		return nil
	}
	in := simbank.Incoming{
		Payer: c.Payer, Remittance: []string{c.Reference}, AmountCents: c.Amount.Cents(),
	}
	if len(c.Parts) > 1 || c.Parts[0].Mandate != "" {
		p.lists++
		in.EndToEnd = fmt.Sprintf("BORDEREAU-%06d", p.lists)
		if _, err := p.imports.Announce(ctx, p.preparer, p.names.advice(c, in.EndToEnd)); err != nil {
			return err
		}
	}
	return p.desk.Credit(p.iban(c.Bank), bankDay(p.today), in)
}

// advice is the payer's list of a credit, under the number of its transfer.
func (n *names) advice(c Credit, transfer string) imports.Advice {
	a := imports.Advice{
		BankAccount: n.banks.ours[c.Bank], Payer: c.Payer, Reference: transfer, Amount: c.Amount, On: c.Date,
	}
	for _, part := range c.Parts {
		if part.Amount.IsPositive() {
			a.Parts = append(a.Parts, imports.AdvicePart{
				Mandate: n.mandates.ours[part.Mandate], Benefit: part.Benefit, Period: part.Period, Amount: part.Amount,
			})
		}
	}
	return a
}

func (p *player) iban(bank string) string {
	for _, a := range p.story.BankAccounts {
		if a.Code == bank {
			return a.IBAN.String()
		}
	}
	return ""
}

// failure lets the bank refuse a transfer at once, or give it back with the statements.
func (p *player) failure(ctx context.Context, f Failure) error {
	id, known := p.names.endToEnd[f.Payment]
	if !known {
		return &RefusedError{f.Payment, "Ce virement n'est pas parti : il ne peut être ni rejeté ni retourné."}
	}
	if creditor := p.names.paid[f.Payment]; !slices.Contains(p.doubted, creditor) {
		p.doubted = append(p.doubted, creditor)
	}
	var report []byte
	var err error
	if f.Kind == TypeReturn {
		err = p.desk.Return(id, f.Reason, bankDay(p.today))
	} else {
		report, err = p.desk.Refuse(id, f.Reason, bankDay(p.today))
	}
	switch {
	case err != nil:
		return &RefusedError{f.Payment, "La banque ne peut pas : un rejet précède le débit, un retour le suit, une fois."}
	case f.Kind == TypeReturn:
		return nil // it stands in the statement
	}
	return p.bring(ctx, simbank.File{Name: "pain002-" + id + ".xml", Bytes: report})
}

// payeeOf is the payee of the story behind one of our creditors.
func (p *player) payeeOf(creditor string) Payee {
	id := p.names.payees.theirs[creditor]
	return p.story.Payees[slices.IndexFunc(p.story.Payees, func(o Payee) bool { return o.ID == id })]
}

// confirmAgain has two persons confirm the IBANs that the bank has doubted: the story pays them
// again.
func (p *player) confirmAgain(ctx context.Context) error {
	for _, creditor := range p.doubted {
		payee := p.payeeOf(creditor)
		const why = "RIB revu avec le destinataire"
		_, err := p.mandates.ProposeIBAN(ctx, p.preparer, creditor, payee.IBAN, why)
		switch {
		case errors.Is(err, mandates.ErrSameIBAN):
			continue // the transfer failed for another reason than its IBAN
		case err != nil:
			return err
		}
		if _, err := p.mandates.ConfirmIBAN(ctx, p.approver, creditor); err != nil {
			return err
		}
	}
	p.doubted = nil
	return nil
}

// bankWrites imports what the bank has booked today.
func (p *player) bankWrites(ctx context.Context) error {
	for _, f := range p.desk.Statements() {
		if err := p.bring(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// bring imports one file of the bank, which must be taken whole.
func (p *player) bring(ctx context.Context, f simbank.File) error {
	out, err := p.imports.Import(ctx, importer, f.Name, bytes.NewReader(f.Bytes))
	if err != nil {
		return err
	}
	if out.Outcome > bankfile.AcceptedWithWarnings {
		return fmt.Errorf("the import of %s: %s", f.Name, out.Message())
	}
	return nil
}

// identify says whose an unidentified credit is.
func (p *player) identify(ctx context.Context, i Identify) error {
	waiting, err := p.imports.Suspense(ctx)
	if err != nil {
		return err
	}
	for _, item := range waiting {
		if item.Text != blanks(i.Credit) {
			continue
		}
		_, err := p.imports.AssignSuspense(ctx, p.preparer, item.Line, imports.Assignment{
			Mandate: p.names.mandates.ours[i.Mandate], Benefit: i.Benefit, Period: i.Period,
			Reason: "confirmé par le payeur",
		})
		return err
	}
	return &RefusedError{i.Credit, "Aucun crédit non identifié ne porte cette référence."}
}

// take gives the bytes of a payment file, and nothing else, to the bank.
func (p *player) take(content []byte, name string) error {
	if p.given[name] {
		return nil
	}
	p.given[name] = true
	day := bankDay(p.today)
	p.later = append(p.later, civil.AddTARGET(p.today, 1))
	return p.desk.Take(content, day)
}
