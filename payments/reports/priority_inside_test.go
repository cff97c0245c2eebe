package reports

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// invented is a question with small amounts, so that ties and one missing cent are common.
func invented(r *rand.Rand) payments.Question {
	q := payments.Question{
		Mandate: "M", RemitTo: "SELF", RemitOn: []civil.Date{civil.MustParse("2026-11-05")}, Policy: mandates.DefaultPolicy(),
		Available: money.Cents(r.Int64N(200)), FloorLeft: money.Cents(r.Int64N(4) * r.Int64N(20)),
	}
	q.Policy.Shortfall = []mandates.ShortfallPolicy{mandates.Stop, mandates.Skip}[r.IntN(2)]
	q.Policy.PartialClasses = nil
	for _, c := range []mandates.Class{mandates.Rent, mandates.RentalCharge, mandates.HousingOther} {
		if r.IntN(2) == 0 {
			q.Policy.PartialClasses = append(q.Policy.PartialClasses, c)
		}
	}
	order := q.Policy.ClassOrder[2:] // the contract orders what the law leaves free
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i := range r.IntN(9) {
		l := payments.DueLine{
			ID: fmt.Sprint(i), Class: mandates.Classes()[r.IntN(6)], Label: fmt.Sprint("Ligne ", i), Creditor: "P", Due: money.Cents(1 + r.Int64N(60)),
		}
		if l.Class == mandates.Reserve {
			l.Creditor = ""
		}
		if r.IntN(8) == 0 {
			l.Block = mandates.ContestedDebt
		}
		q.Lines = append(q.Lines, l)
	}
	return q
}

// judged is what the allocation did, as the transfers of a run would say it.
func judged(q payments.Question, a payments.Allotment) part {
	p := part{
		run: "C", mandate: q.Mandate, available: q.Available, remitted: a.RemitTotal, floor: q.FloorLeft, stops: q.Policy.Shortfall == mandates.Stop,
	}
	for _, c := range q.Policy.ClassOrder {
		p.order = append(p.order, string(c))
	}
	for i, l := range a.Lines {
		p.lines = append(p.lines, line{
			class: string(l.Class), label: l.Label, due: l.Due, paid: l.Paid, status: string(l.Status), reason: string(l.Reason), no: i,
		})
	}
	return p
}

// The rule and the allocation were written apart: on no question do they differ, and a cent that is taken
// from a rent is found wherever it went.
func TestTheAllocationNeverBreaksTheRuleAndACentTakenFromARentIsFound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 50))
	caught := 0
	for range 20_000 {
		q := invented(r)
		a := payments.Allocate(q)
		p := judged(q, a)
		if got := p.judge(); len(got) > 0 {
			t.Fatalf("got %+v\nquestion %+v\nallotment %+v", got, q, a)
		}
		for i, l := range p.lines {
			below := p.remitted.IsPositive()
			for _, other := range p.lines {
				below = below || !other.senior() && other.paid.IsPositive()
			}
			if !l.senior() || l.byLaw() || !l.paid.IsPositive() || !below {
				continue
			}
			p.lines[i].paid = l.paid.Sub(money.Cents(1))
			if got := p.judge(); len(got) == 0 || got[0].Rule != RentFirst {
				t.Fatalf("a cent of line %d was taken: got %+v\n%+v", i, got, p)
			}
			p.lines[i].paid = l.paid
			caught++
		}
	}
	if caught < 1000 {
		t.Errorf("only %d rents were robbed", caught)
	}
	t.Logf("20 000 questions, %d robbed rents found", caught)
}
