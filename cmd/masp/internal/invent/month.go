package invent

import (
	"fmt"
	"math/rand/v2"
	"time"

	"masp/cmd/masp/internal/simbank"
)

// Smallest is the least number of persons: room for every surprise.
const Smallest = 16

// Month is an invented association and its November 2026.
type Month struct {
	Load Load
	// RunOn is the day on which the month's run pays best: all ordinary
	// benefits have arrived. SecondRunOn follows the late ones.
	RunOn, SecondRunOn simbank.Day
	// LastDay is the last day on which something is known to happen.
	LastDay   simbank.Day
	Surprises []Surprise
	Unknown   Unknown
	Next      Next

	accounts []simbank.Account
	credits  []credit
	debits   []debit
	rejects  []plan
	returns  []plan
}

// Surprise is something that does not go as planned.
type Surprise struct {
	On      simbank.Day
	Mandate string
	Text    string // a French sentence
}

// Unknown is the truth about the benefit that arrives without a number: what a
// coordinator finds out by a telephone call.
type Unknown struct {
	IBAN, Mandate, Benefit, Period string
	On                             simbank.Day
	Amount                         Cents
}

// Days of the month. The organisation opens on the eve, Saturday 31 October.
var (
	opening       = simbank.On(2026, time.October, 31)
	cafDay        = simbank.CAFDay(2026, time.November)
	msaDay        = simbank.On(2026, time.November, 6)
	departmentDay = simbank.On(2026, time.November, 6)
	pensionDay    = simbank.On(2026, time.November, 9)
	runDay        = simbank.On(2026, time.November, 10)
	feeDay        = simbank.On(2026, time.November, 13)
	lateDay       = simbank.On(2026, time.November, 17)
	landlordDay   = simbank.On(2026, time.November, 25)
	lastDay       = simbank.On(2026, time.November, 30)
	right         = simbank.On(2026, time.October, 1)
)

// period is the month of right of the benefits paid in November.
const period = "2026-10"

// builder draws a month.
type builder struct {
	rng      *rand.Rand
	month    *Month
	known    map[string]bool // creditors
	accounts map[int]int     // last account number by branch
	numbers  int             // last allocataire number
	bank     int             // last transfer number of the CAF
	gains    []gain          // what is paid every month
}

// New draws an association of size persons (at least Smallest) from a seed. One
// person in six is on the pooled account, the others have an account each.
func New(seed uint64, size int) *Month {
	b := &builder{
		rng:   rand.New(rand.NewPCG(seed, 271)), //nolint:gosec // a repeatable draw, not a secret
		month: &Month{RunOn: runDay, SecondRunOn: lateDay + 1, LastDay: lastDay, Next: Next{RunOn: nextRunDay}},
		known: map[string]bool{}, accounts: map[int]int{},
	}
	b.bank = 100_000_000 + b.rng.IntN(800_000_000)
	b.month.Load = Load{
		Version:      1,
		Organisation: Organisation{"Association Le Fil de l'Eau (exemple inventé)", opening},
		Users:        users,
	}
	b.openPooledAccount()
	for i := range max(size, Smallest) {
		b.addPerson(i)
	}
	b.next()
	return b.month
}

// users are the coordinators, those who check them, and who keeps their accounts.
var users = []User{
	{"a.morel", "Angèle Morel", []string{"coordinator", "approver"}, ""},
	{"k.benali", "Karim Benali", []string{"coordinator"}, ""},
	{"h.lefevre", "Hélène Lefèvre", []string{"coordinator", "approver"}, ""},
	{"s.marchand", "Simon Marchand", []string{"accountant"}, ""},
	{"j.vasseur", "Judith Vasseur", []string{"auditor"}, "2027-12-31"},
	{"i.garnier", "Inès Garnier", []string{"admin"}, ""},
}

func reference(prefix string, number int) string { return fmt.Sprintf("%s-%04d", prefix, number) }

func (b *builder) nextIBAN(branch int) string {
	b.accounts[branch]++
	return iban(branch, 1000+7*b.accounts[branch])
}

// between draws an amount from low to high, both included.
func (b *builder) between(low, high Cents) Cents {
	return low + Cents(b.rng.Int64N(int64(high-low)+1))
}
