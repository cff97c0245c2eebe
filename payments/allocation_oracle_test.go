package payments_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"masp/payments"
)

// The oracle reads the rules of the run a second time, sentence by sentence, in
// whole cents and without the words of the code that it checks.

type oracleLine struct {
	id             string
	paid           int64
	status, reason string
}

type oracleAnswer struct {
	lines                             []oracleLine
	reserved, remit, carry, shortfall int64
	parts                             []int64
}

func oracle(q payments.Question) oracleAnswer {
	var out oracleAnswer
	funds, floor := q.Available.Cents(), q.FloorLeft.Cents()
	seniorMissed, lowerStopped := false, false
	for _, class := range q.Policy.ClassOrder {
		senior := slices.Contains(q.Policy.SeniorClasses, class)
		for _, l := range q.Lines {
			if l.Class != class {
				continue
			}
			due, left := l.Due.Cents(), funds
			for _, done := range out.lines {
				left -= done.paid
			}
			limit := left
			if !senior {
				limit = max(0, left-floor)
			}
			row := oracleLine{id: l.ID}
			if l.Block != "" {
				row.status, row.reason = "BLOCKED", string(l.Block)
			} else if !senior && seniorMissed {
				row.status, row.reason = "BLOCKED", "RENT_FIRST"
			} else if !senior && lowerStopped {
				row.status, row.reason = "DEFERRED", "HIGHER_PRIORITY_UNPAID"
			} else if due <= limit {
				row.status, row.paid = "PAID", due
				if class == "RESERVE" {
					row.status = "RESERVED"
				}
			} else if slices.Contains(q.Policy.PartialClasses, class) && limit > 0 {
				row.status, row.reason, row.paid = "PARTIAL", "INSUFFICIENT_FUNDS", limit
			} else {
				row.status, row.reason = "DEFERRED", "INSUFFICIENT_FUNDS"
			}
			if l.Block == "" && row.paid < due {
				seniorMissed = seniorMissed || senior
				lowerStopped = lowerStopped || !senior && q.Policy.Shortfall == "STOP"
			}
			if class == "RESERVE" {
				out.reserved += row.paid
			}
			out.lines = append(out.lines, row)
		}
	}
	return oracleRemainder(q, out, seniorMissed)
}

func oracleRemainder(q payments.Question, out oracleAnswer, seniorMissed bool) oracleAnswer {
	out.carry = q.Available.Cents()
	waits := false
	for _, row := range out.lines {
		out.carry -= row.paid
		waits = waits || row.status == "PARTIAL" || row.status == "DEFERRED"
	}
	n := int64(len(q.RemitOn))
	if n == 0 {
		return out
	}
	if !seniorMissed {
		out.remit = out.carry
		if waits {
			out.remit = min(out.carry, q.FloorLeft.Cents())
		}
	}
	out.carry -= out.remit
	out.shortfall = max(0, q.FloorLeft.Cents()-out.remit)
	for rest := out.remit; n > 0 && rest > 0; n-- {
		part := (rest + n - 1) / n // what is left, shared over the days left, rounded up
		out.parts = append(out.parts, part)
		rest -= part
	}
	return out
}

// print is one text for both answers, so that a difference is read at once.
func (o oracleAnswer) print() string {
	var b strings.Builder
	for _, l := range o.lines {
		fmt.Fprintf(&b, "%s %d %s %s\n", l.id, l.paid, l.status, l.reason)
	}
	fmt.Fprintf(&b, "reserved %d person %d in %v carried %d floor lacks %d",
		o.reserved, o.remit, o.parts, o.carry, o.shortfall)
	return b.String()
}

func asOracle(a payments.Allotment) oracleAnswer {
	o := oracleAnswer{
		reserved: a.Reserved.Cents(), remit: a.RemitTotal.Cents(),
		carry: a.CarriedForward.Cents(), shortfall: a.FloorShortfall.Cents(),
	}
	for _, l := range a.Lines {
		o.lines = append(o.lines, oracleLine{l.ID, l.Paid.Cents(), string(l.Status), string(l.Reason)})
	}
	for _, r := range a.Remittances {
		o.parts = append(o.parts, r.Amount.Cents())
	}
	return o
}

func TestAllocateAgreesWithASecondReadingOfTheRules(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		got, want := asOracle(payments.Allocate(q)).print(), oracle(q).print()
		if got != want {
			return fmt.Sprintf("got\n%s\nwant\n%s", got, want)
		}
		return ""
	})
}

func BenchmarkAllocate(b *testing.B) {
	seeded := rand.New(rand.NewPCG(8, 50)).IntN
	questions := make([]payments.Question, 1000)
	for i := range questions {
		questions[i] = inventQuestion(seeded)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		payments.Allocate(questions[i%len(questions)])
		i++
	}
}
