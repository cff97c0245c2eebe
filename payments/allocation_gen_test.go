package payments_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// dice draws a number from 0 to n-1: from rapid, which shrinks, or from a seed, which is fast.
type dice func(n int) int

// inventQuestion draws a question with small amounts, so that ties, exact fits
// and one missing cent are common.
func inventQuestion(roll dice) payments.Question {
	q := payments.Question{
		Mandate: "M", RemitTo: "SELF", Policy: inventPolicy(roll),
		Available: money.Cents(int64(roll(200))),
		FloorLeft: money.Cents(int64(roll(4) * roll(20))),
	}
	for i := range roll(9) {
		q.Lines = append(q.Lines, inventLine(roll, i))
	}
	for i := range roll(5) {
		q.RemitOn = append(q.RemitOn, civil.MustParse("2026-11-05").AddDays(7*i))
	}
	return q
}

func inventPolicy(roll dice) mandates.Policy {
	p := mandates.DefaultPolicy()
	p.Shortfall = []mandates.ShortfallPolicy{mandates.Stop, mandates.Skip}[roll(2)]
	p.PartialClasses = nil
	for _, c := range []mandates.Class{mandates.Rent, mandates.RentalCharge, mandates.HousingOther} {
		if roll(2) == 0 {
			p.PartialClasses = append(p.PartialClasses, c)
		}
	}
	for i := 2; i < len(p.ClassOrder); i++ { // the contract orders what the law leaves free
		j := 2 + roll(i-1)
		p.ClassOrder[i], p.ClassOrder[j] = p.ClassOrder[j], p.ClassOrder[i]
	}
	return p
}

func inventLine(roll dice, i int) payments.DueLine {
	l := payments.DueLine{
		ID: fmt.Sprintf("l%d", i), Class: mandates.Classes()[roll(6)], Label: fmt.Sprintf("Ligne %d", i),
		Creditor: fmt.Sprintf("P%d", roll(3)), Due: money.Cents(int64(roll(60))),
	}
	if l.Class == mandates.Reserve {
		l.Creditor = ""
	}
	if l.Class == mandates.DebtPlan {
		l.Debt = "D1"
	}
	if roll(8) == 0 {
		l.Block = mandates.ContestedDebt
	}
	return l
}

// forAll asks a property of a hundred questions that shrink, then of thousands
// from a fixed seed (a hundred times more with MASP_LONG=1).
func forAll(t *testing.T, property func(payments.Question) string) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		q := inventQuestion(func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "roll") })
		if wrong := property(q); wrong != "" {
			rt.Fatalf("%s\nquestion %+v", wrong, q)
		}
	})
	rounds := 20_000
	if os.Getenv("MASP_LONG") != "" {
		rounds *= 100
	}
	seeded := rand.New(rand.NewPCG(8, 50)).IntN
	for range rounds {
		q := inventQuestion(seeded)
		if wrong := property(q); wrong != "" {
			t.Fatalf("%s\nquestion %+v", wrong, q)
		}
	}
}

// paidOf is the payment of each line by ID.
func paidOf(a payments.Allotment) map[string]int64 {
	paid := map[string]int64{}
	for _, l := range a.Lines {
		paid[l.ID] = l.Paid.Cents()
	}
	return paid
}

// short tells whether a line waits for money.
func short(l payments.AllottedLine) bool {
	return l.Status == payments.Partial || l.Status == payments.Deferred
}

func someSeniorShort(a payments.Allotment) bool {
	return slices.ContainsFunc(a.Lines, func(l payments.AllottedLine) bool { return l.Senior && short(l) })
}
