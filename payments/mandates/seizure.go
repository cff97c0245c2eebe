package mandates

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Unseizable is one credit that no seizure may take.
type Unseizable struct {
	On      civil.Date // on which the bank booked it
	Benefit string
	Label   string
	Item    string // where the law names the benefit
	Payer   string // who is known to pay it; empty when the catalogue names several
	Period  civil.Month
	Amount  money.Amount // euros
}

// SeizureProof is what a bank is shown when it has seized an account in a person's name: the
// credits that stay the person's, and the balance that stays in any case, once a month and not on
// top of them.
type SeizureProof struct {
	Mandate, Person, IBAN string
	From, To              civil.Date
	Floor                 money.Amount // SBI of the last day, a month; zero when no row holds
	Credits               []Unseizable // by day
	Total                 money.Amount
}

// firstFloor is the SBI that an organisation starts with: the RSA of one person.
var firstFloor = struct {
	from   civil.Date
	amount money.Amount
}{civil.MustParse("2026-04-01"), money.Cents(651_69)}
