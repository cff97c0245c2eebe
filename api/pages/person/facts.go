package person

import (
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Facts are what her first page says, as the contract answers it (PersonView).
type Facts struct {
	First       string `json:"first_name"`
	Name        string
	Status      string
	Day         civil.Date
	From        civil.Date   `json:"contract_from"`
	BankSeenOn  civil.Date   `json:"bank_known_through"`
	LookedAt    time.Time    `json:"looked_at"`
	BankLate    bool         `json:"bank_late"`
	Balance     money.Amount // what we hold
	Reserved    money.Amount // set aside
	Planned     money.Amount // for others, until her next benefit
	ForRent     money.Amount `json:"kept_for_rent"` // the part of it for the home
	Available   money.Amount // what is left
	Missing     money.Amount
	Rent        *Rent
	Landlord    *Income     `json:"paid_to_landlord"`
	Next        *Next       `json:"next_for_you"`
	Income      *Income     `json:"next_benefit"`
	Late        []string    `json:"late_payers"`
	Lower       *Lower      `json:"lower"`
	Coming      []ComingDay `json:"coming"`
	Debts       bool        // she owes something
	Received    bool        // a benefit has come
	Coordinator string
	Phone       string
}

// Rent is the rent that she asks about.
type Rent struct {
	Month     civil.Month
	DueOn     civil.Date `json:"due_on"`
	Due, Paid money.Amount
	State     string
	On        civil.Date
}

// Next is the next money for an account of hers.
type Next struct {
	On     civil.Date
	Amount money.Amount
	State  string
}

// Income is what a payer pays.
type Income struct {
	Payer  string
	On     civil.Date
	Amount money.Amount
}

// Lower is a payer who has paid less than the month before.
type Lower struct {
	Payer       string
	Now, Before money.Amount
}

// ComingDay is money that will come or leave.
type ComingDay struct {
	On         civil.Date
	What       string
	Payer      string
	Mine, Sure bool
	In, Out    money.Amount
}
