package invent

import (
	"fmt"

	"masp/cmd/masp/internal/simbank"
)

type credit struct {
	iban string
	on   simbank.Day
	in   simbank.Incoming
}

type debit struct {
	iban string
	on   simbank.Day
	out  simbank.Outgoing
}

type plan struct{ iban, reason string }

// payers are the days and the names of those who pay benefits.
var payers = map[string]struct {
	day   simbank.Day
	names map[string]string // by department
}{
	"CAF": {cafDay, map[string]string{
		"34": "CAF DE L HERAULT", "91": "CAF DE L ESSONNE", "26": "CAF DE LA DROME",
	}},
	"MSA": {msaDay, map[string]string{
		"34": "MSA DU LANGUEDOC", "91": "MSA ILE DE FRANCE", "26": "MSA ARDECHE DROME LOIRE",
	}},
	"CARSAT": {pensionDay, map[string]string{
		"34": "CARSAT LANGUEDOC ROUSSILLON", "91": "CARSAT ILE DE FRANCE", "26": "CARSAT RHONE ALPES",
	}},
	"DEPARTEMENT": {departmentDay, map[string]string{
		"34": "PAIERIE DEPARTEMENTALE DE L HERAULT", "91": "PAIERIE DEPARTEMENTALE DE L ESSONNE",
		"26": "PAIERIE DEPARTEMENTALE DE LA DROME",
	}},
}

// benefits writes what the person may expect, and what really arrives: one
// transfer per payer for all its benefits.
func (b *builder) benefits(p *person) {
	load := &b.month.Load
	var order []string
	sums := map[string]Cents{}
	for _, gain := range p.shape.benefits {
		if sums[gain.payer] == 0 {
			order = append(order, gain.payer)
		}
		sums[gain.payer] += gain.amount
		p.mandate.Authorised = append(p.mandate.Authorised, gain.code)
		load.Expected = append(load.Expected, Expected{
			Mandate: p.mandate.ID, Benefit: gain.code, Period: period, Payer: gain.payer,
			Amount: gain.amount, ExpectedOn: payers[gain.payer].day,
		})
	}
	if p.shape.allowance > 0 {
		load.Expected = append(load.Expected, Expected{
			Mandate: p.mandate.ID, Benefit: "APL", Period: "2026-11", Payer: "CAF",
			Amount: p.shape.allowance, ExpectedOn: landlordDay, ThirdParty: true,
		})
	}
	for _, payer := range order {
		b.gains = append(b.gains, gain{p, payer, sums[payer]})
		b.receive(p, payer, sums[payer])
	}
	b.surprise(p)
}

// receive plans the transfer of a payer, as the person's surprise bends it.
func (b *builder) receive(p *person, payer string, sum Cents) {
	c := credit{p.iban, payers[payer].day, b.transfer(p, payer, sum)}
	switch p.surprise {
	case shortBenefit:
		c.in.AmountCents = 9640
		b.note(c.on, p, "La CAF ne verse que 96,40 € de RSA : le loyer ne peut pas être payé en entier.")
	case lateBenefit:
		c.on = lateDay
		b.note(c.on, p, "Le RSA attendu le 5 n'arrive que le 17.")
	case numberMissing:
		c.in.Remittance = []string{"PRESTATIONS 10/2026"}
		b.month.Unknown = Unknown{p.iban, p.mandate.ID, p.shape.benefits[0].code, period, c.on, sum}
		b.note(c.on, p, "La MSA verse sur le compte commun sans numéro : à identifier.")
	}
	b.month.credits = append(b.month.credits, c)
}

// transfer writes a transfer as its payer does.
func (b *builder) transfer(p *person, payer string, sum Cents) simbank.Incoming {
	name, number := payers[payer].names[p.who.Department], p.who.PayerNumbers[payer]
	b.bank += 1 + b.rng.IntN(50)
	if payer == "CAF" {
		return simbank.CAF(name, b.bank, number, plain(p.who.LastName), right, int64(sum))
	}
	text := fmt.Sprintf("PRESTATION %s 10/2026 DOSSIER %s", p.shape.benefitOf(payer), number)
	return simbank.Incoming{
		Payer: name, EndToEnd: fmt.Sprintf("%s%09d", payer[:3], b.bank), AmountCents: int64(sum),
		Remittance: []string{text},
	}
}

func (s shape) benefitOf(payer string) string {
	for _, gain := range s.benefits {
		if gain.payer == payer {
			return gain.code
		}
	}
	return ""
}

// surprise plans what the bank does to the persons who carry a surprise.
func (b *builder) surprise(p *person) {
	m := b.month
	switch p.surprise {
	case wageReceived:
		m.credits = append(m.credits, credit{p.iban, msaDay, simbank.Incoming{
			Payer: "SARL PROPRETE DU PARC", EndToEnd: "PAIE102026", AmountCents: 41237, Purpose: "SALA",
			Remittance: []string{"SALAIRE OCTOBRE 2026"},
		}})
		b.note(msaDay, p, "Un salaire de 412,37 € arrive : il n'est pas géré et revient à la personne.")
	case landlordRejected:
		m.rejects = append(m.rejects, plan{m.ibanOf(p.landlord), "AC01"})
		b.note(runDay, p, "La banque refuse le loyer : le compte du bailleur est faux (AC01).")
	case supplierReturned:
		m.returns = append(m.returns, plan{m.ibanOf(p.energy), "AC04"})
		b.note(runDay.AddTARGET(3), p, "Le virement d'électricité revient : le compte est clôturé (AC04).")
	case feeTaken:
		m.debits = append(m.debits, debit{p.iban, feeDay, simbank.Outgoing{
			Label: "FRAIS DE TENUE DE COMPTE", AmountCents: 250,
		}})
		b.note(feeDay, p, "La banque prend 2,50 € de frais sur le compte de la personne.")
	case strangerPaid:
		m.credits = append(m.credits, credit{p.iban, pensionDay, simbank.Incoming{
			Payer: "M OU MME INCONNU", AmountCents: 6000, Remittance: []string{"REMBOURSEMENT MERCI"},
		}})
		b.note(pensionDay, p, "Un inconnu verse 60,00 € : la somme attend d'être identifiée.")
	case debtContested:
		b.note(runDay, p, "La dette est contestée : elle ne peut pas être payée.")
	case debtFrozen:
		b.note(runDay, p, "Le dossier de surendettement est recevable : la dette est gelée.")
	}
}

func (b *builder) note(on simbank.Day, p *person, text string) {
	b.month.Surprises = append(b.month.Surprises, Surprise{on, p.mandate.ID, text})
}

// Prepare opens the accounts at the bank and tells it the whole month.
func (m *Month) Prepare(bank *simbank.Bank) error {
	for _, a := range m.accounts {
		if err := bank.OpenAccount(a); err != nil {
			return fmt.Errorf("prepare month: %w", err)
		}
	}
	for _, c := range m.credits {
		if err := bank.Credit(c.iban, c.on, c.in); err != nil {
			return fmt.Errorf("prepare month: %w", err)
		}
	}
	for _, d := range m.debits {
		if err := bank.Debit(d.iban, d.on, d.out); err != nil {
			return fmt.Errorf("prepare month: %w", err)
		}
	}
	for _, r := range m.rejects {
		bank.PlanReject(r.iban, r.reason)
	}
	for _, r := range m.returns {
		bank.PlanReturn(r.iban, r.reason, 2)
	}
	return nil
}
