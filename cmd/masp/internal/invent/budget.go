package invent

import (
	"fmt"
	"slices"

	"masp/cmd/masp/internal/simbank"
)

// line is an obligation to try, with the debt that it repays, if any.
type line struct {
	suffix, class, creditor string
	amount                  Cents
	label, reference        string
	debt, block             string
}

// budget draws the lines of a person. Rent and charges come first; the others
// are added while the income pays them over the living floor.
func (b *builder) budget(p *person) {
	rent := p.shape.rent + 10*b.between(-300, 300)
	charges := p.shape.charges + b.between(-900, 900)
	p.landlord = b.landlordOf(p)
	lease := fmt.Sprintf("BAIL %05d", 10_000+b.rng.IntN(80_000))
	label := "Loyer"
	if p.shape.allowance > 0 {
		label = "Loyer résiduel"
	}
	residual := rent - p.shape.allowance
	b.add(p, line{
		suffix: "RENT", class: "RENT", creditor: p.landlord, amount: residual,
		label: label, reference: lease,
	})
	b.add(p, line{
		suffix: "CHARGE", class: "RENTAL_CHARGE", creditor: p.landlord, amount: charges,
		label: "Charges locatives", reference: lease,
	})

	left := p.income() - residual - charges
	p.mandate.Policy = Policy{LivingFloor: left * 55 / 100 / 1000 * 1000, Shortfall: "STOP"}
	room := left - p.mandate.Policy.LivingFloor
	for _, l := range b.lowerLines(p, lease) {
		switch {
		case l.block != "":
			b.add(p, l) // the law holds it: it takes no room
		case l.amount <= room:
			b.add(p, l)
			room -= l.amount
		}
	}
	p.mandate.Remittance = b.remittance(p)
}

// landlordOf gives a social landlord, or one of the person's own. The landlord
// whose bank account is wrong has one tenant.
func (b *builder) landlordOf(p *person) string {
	if p.shape.private {
		return b.privateLandlord(p.number)
	}
	return b.pick(socialLandlords[p.who.Department])
}

func (p *person) income() (sum Cents) {
	for _, gain := range p.shape.benefits {
		sum += gain.amount
	}
	return sum
}

// lowerLines are the lines below rent and charges, in their order.
func (b *builder) lowerLines(p *person, lease string) []line {
	p.energy = b.energyOf(p)
	customer := fmt.Sprintf("CLIENT %06d", 100_000+b.rng.IntN(900_000))
	lines := []line{
		{
			suffix: "INS", class: "HOUSING_OTHER", creditor: b.pick(insurers),
			amount: b.between(890, 1690), label: "Assurance habitation",
		},
		{
			suffix: "ENERGY", class: "HOUSING_OTHER", creditor: p.energy,
			amount: 50 * b.between(70, 130), label: "Électricité, mensualité",
		},
		{
			suffix: "WATER", class: "HOUSING_OTHER", creditor: b.pick(waters),
			amount: b.between(1150, 2300), label: "Eau, mensualité",
		},
		{
			suffix: "TEL", class: "OTHER_BILL", creditor: b.pick(telecoms),
			amount: []Cents{999, 1299, 1599, 1999}[b.rng.IntN(4)], label: "Téléphone",
		},
	}
	if p.shape.children {
		lines = append(lines, line{
			suffix: "CANT", class: "OTHER_BILL", creditor: b.pick(canteens),
			amount: b.between(2800, 6400), label: "Cantine",
		})
	}
	for i := range lines {
		lines[i].reference = customer
	}
	if debt, ok := b.debt(p, lease); ok {
		lines = slices.Insert(lines, 3, debt)
	}
	if b.rng.IntN(3) == 0 {
		lines = append(lines, line{
			suffix: "PROV", class: "RESERVE",
			amount: 500 * b.between(2, 5), label: "Provision pour la régularisation des charges",
		})
	}
	return lines
}

// energyOf gives a supplier; the one that closed its account has one customer.
func (b *builder) energyOf(p *person) string {
	if p.surprise != supplierReturned {
		return b.pick(energies)
	}
	id := reference("C-NRJ", 90)
	b.addCreditor(id, "Lumière d'Autrefois", "ENERGY", branchCreditor)
	return id
}

// debt draws a debt with its plan, if the person has one.
func (b *builder) debt(p *person, lease string) (line, bool) {
	kind, l := b.debtKind(p, lease)
	if kind == "" {
		return line{}, false
	}
	l.suffix, l.class, l.debt = "PLAN", "DEBT_PLAN", reference("D", p.number)
	l.amount = 500 * b.between(4, 8)
	paid, rest := Cents(b.rng.IntN(9)), Cents(6+b.rng.IntN(20))
	d := Debt{
		ID: l.debt, Mandate: p.mandate.ID, Creditor: l.creditor, Kind: kind,
		Principal: (paid + rest) * l.amount, Outstanding: rest * l.amount, Instalment: l.amount,
		BornOn: p.mandate.Contract.Start - simbank.Day(90+b.rng.IntN(400)),
	}
	if p.surprise == debtContested {
		d.ContestedOn = opening - 40
	}
	b.month.Load.Debts = append(b.month.Load.Debts, d)
	return l, true
}

// debtKind draws the kind of a debt, "" for none; two persons carry one that
// the law blocks.
func (b *builder) debtKind(p *person, lease string) (string, line) {
	choice := b.rng.IntN(6)
	switch {
	case p.surprise == debtContested:
		return "OTHER", line{label: "Dette contestée", creditor: b.pick(lenders), block: "CONTESTED_DEBT"}
	case p.surprise == debtFrozen:
		return "CONSUMER_CREDIT", line{
			label:    "Crédit gelé par la commission",
			creditor: b.pick(lenders), block: "OVER_INDEBTEDNESS_FREEZE",
		}
	case choice == 0:
		return "RENT_ARREARS", line{
			label: "Plan d'apurement du loyer", creditor: p.landlord, reference: lease,
		}
	case choice == 1:
		return "ENERGY_ARREARS", line{label: "Échéancier d'électricité", creditor: p.energy}
	case choice == 2:
		return "FSL_LOAN", line{label: "Prêt du fonds de solidarité", creditor: b.pick(publicFund)}
	case choice == 3:
		return "CONSUMER_CREDIT", line{label: "Crédit à la consommation", creditor: b.pick(lenders)}
	}
	return "", line{}
}

// dueDays: everything of the month is due before the run.
var dueDays = map[string]int{
	"RENT": 5, "RENTAL_CHARGE": 5, "HOUSING_OTHER": 8, "DEBT_PLAN": 10, "OTHER_BILL": 10, "RESERVE": 10,
}

func (b *builder) add(p *person, l line) {
	o := Obligation{
		ID: reference("O", p.number) + "-" + l.suffix, Mandate: p.mandate.ID, Class: l.class,
		Amount: l.amount, Label: l.label, Reference: l.reference, Frequency: "MONTHLY",
		DueDay: dueDays[l.class], From: p.mandate.Contract.Start, Debt: l.debt, Block: l.block,
	}
	if l.creditor != "" {
		o.Creditor = &l.creditor
	}
	b.month.Load.Obligations = append(b.month.Load.Obligations, o)
}

// remittance draws the rhythm of what goes to the person, from the run on.
func (b *builder) remittance(p *person) *Remittance {
	r := &Remittance{To: p.self}
	switch b.rng.IntN(4) {
	case 0:
		r.Days = []int{10}
	case 1:
		r.Days = []int{10, 25}
	case 2:
		r.Days = []int{10, 17, 24}
	default:
		r.Weekly = 4
	}
	return r
}
