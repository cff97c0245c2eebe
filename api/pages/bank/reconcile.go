package bank

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// figures are the two sides of a bank account.
type figures struct {
	Bank         money.Amount `json:"bank"`
	BankOn       civil.Date   `json:"bank_on"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`
}

// day is a bank account on a day.
type day struct {
	BankAccount string       `json:"bank_account"`
	Day         civil.Date   `json:"day"`
	State       string       `json:"state"`
	Difference  money.Amount `json:"difference"`
	Revision    int          `json:"revision"`
	figures
}

// standing is a bank account today.
type standing struct {
	day
	Now           figures    `json:"now"`
	ReconciledTo  civil.Date `json:"reconciled_through"`
	LockedThrough civil.Date `json:"locked_through"`
	Since         civil.Date `json:"first_day_of_difference"`
}

// status is where every account stands.
type status struct {
	Day        civil.Date   `json:"day"`
	OK         bool         `json:"ok"`
	Difference money.Amount `json:"difference"`
	Accounts   []standing   `json:"accounts"`
}
