package invent

import (
	"fmt"
	"slices"
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

// What the month after has of its own, by the number of the person: too little, nothing, a rent that rises.
var (
	nextShort   = []int{12, 13}
	nextMissing = []int{14}
	nextRises   = []int{16, 17, 18, 19}
)

const nextRise = 1500 // cents

// next plans the benefits of the month after. It draws nothing, so that November stays what it was.
func (b *builder) next() {
	for i, g := range b.gains {
		p, day := g.person, nextOtherDay
		if slices.Contains(nextMissing, p.number) {
			continue
		}
		if slices.Contains(nextShort, p.number) {
			g.sum = g.sum * 2 / 5
		}
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
	b.month.Next.Rises = b.rises()
}

// Next is the month after, up to the day of its run.
type Next struct {
	RunOn simbank.Day
	Rises []Rise

	credits []credit
}

// Rise is a rent that goes up from the first day of the month.
type Rise struct {
	Obligation string
	Amount     Cents
	From       simbank.Day
}

// rises finds the rents that go up.
func (b *builder) rises() (all []Rise) {
	for _, o := range b.month.Load.Obligations {
		for _, number := range nextRises {
			if o.ID == reference("O", number)+"-RENT" {
				all = append(all, Rise{o.ID, o.Amount + nextRise, simbank.On(2026, time.December, 1)})
			}
		}
	}
	return all
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
