package invent

import (
	"fmt"
	"time"

	"masp/cmd/masp/internal/simbank"
)

// The days of the month after.
var (
	nextCAFDay     = simbank.CAFDay(2026, time.December)
	nextOtherDay   = simbank.On(2026, time.December, 7)
	nextRunDay     = simbank.On(2026, time.December, 9)
	nextRight      = simbank.On(2026, time.November, 1)
	nextBankNumber = 950_000_000 // of the transfers of the CAF: none of November is so high
)

// gain is what a payer pays a person every month.
type gain struct {
	person *person
	payer  string
	sum    Cents
}

// next plans the benefits of the month after, as they should be: its surprises are for whoever works on
// it. It draws nothing, so that November stays what it was.
func (b *builder) next() {
	for i, g := range b.gains {
		p, day := g.person, nextOtherDay
		name, number := payers[g.payer].names[p.who.Department], p.who.PayerNumbers[g.payer]
		in := simbank.Incoming{
			Payer: name, EndToEnd: fmt.Sprintf("%s%09d", g.payer[:3], nextBankNumber+i), AmountCents: int64(g.sum),
			Remittance: []string{fmt.Sprintf("PRESTATION %s 11/2026 DOSSIER %s", p.shape.benefitOf(g.payer), number)},
		}
		if g.payer == "CAF" {
			day = nextCAFDay
			in = simbank.CAF(name, nextBankNumber+i, number, plain(p.who.LastName), nextRight, int64(g.sum))
		}
		b.month.Next.credits = append(b.month.Next.credits, credit{p.iban, day, in})
	}
}

// Next is the month after, up to the day of its run.
type Next struct {
	RunOn simbank.Day

	credits []credit
}

// Prepare tells the bank what comes.
func (n Next) Prepare(bank *simbank.Bank) error {
	for _, c := range n.credits {
		if err := bank.Credit(c.iban, c.on, c.in); err != nil {
			return fmt.Errorf("prepare the next month: %w", err)
		}
	}
	return nil
}
