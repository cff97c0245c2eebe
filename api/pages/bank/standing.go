package bank

import (
	"slices"
	"strings"

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

// BankGap is what the bank has more than the books.
func (f figures) BankGap() money.Amount { return f.Bank.Sub(f.Books) }

// Of is the money of the persons as the account says it: without what is under way or unidentified.
func (f figures) Of() money.Amount { return f.Books.Sub(f.InTransit).Sub(f.Unidentified) }

// PersonsGap is what the account says more than the accounts of the persons.
func (f figures) PersonsGap() money.Amount { return f.Of().Sub(f.Persons) }

// day is a bank account on a day.
type day struct {
	BankAccount string       `json:"bank_account"`
	Day         civil.Date   `json:"day"`
	State       string       `json:"state"`
	Difference  money.Amount `json:"difference"`
	Revision    int          `json:"revision"`
	figures
}

var dayWords = map[string]string{
	"BALANCED": "Sans écart", "DIFFERENCE": "Écart", "NO_STATEMENT": "Pas encore de relevé", "IMPORTING": "Relevé en cours",
}

// What says the state in words.
func (d day) What() string { return dayWords[d.State] }

// Differs tells that the two sides are not the same.
func (d day) Differs() bool { return d.State == "DIFFERENCE" }

// Unknown tells that the bank has said nothing yet.
func (d day) Unknown() bool { return d.State == "NO_STATEMENT" }

// standing is a bank account today.
type standing struct {
	day
	Now           figures    `json:"now"`
	ReconciledTo  civil.Date `json:"reconciled_through"`
	LockedThrough civil.Date `json:"locked_through"`
	Since         civil.Date `json:"first_day_of_difference"`
	Causes        []cause    `json:"causes"`
	Withheld      int        `json:"withheld"`
}

// cause is an entry that moved the account, with what the bank says of it.
type cause struct {
	CountsOn civil.Date   `json:"counts_on"`
	Kind     string       `json:"kind"`
	Books    money.Amount `json:"books"`
	Bank     money.Amount `json:"bank"`
	Persons  money.Amount `json:"persons"`
	Line     *lineAt      `json:"bank_line"`
	Suspect  bool         `json:"suspect"`
}

// What says the movement in words.
func (c cause) What() string { return kinds[c.Kind] }

// lineAt is where the bank says something.
type lineAt struct {
	Line string `json:"line"`
	Ref  string `json:"ref"`
	Rank int    `json:"rank"`
}

// status is where every account stands.
type status struct {
	Day        civil.Date   `json:"day"`
	OK         bool         `json:"ok"`
	Difference money.Amount `json:"difference"`
	Accounts   []standing   `json:"accounts"`
}

// proof is all accounts together, as an approval asks for them.
type proof struct {
	Day        civil.Date   `json:"day"`
	OK         bool         `json:"ok"`
	Accounts   int          `json:"accounts"`
	Differing  int          `json:"differing"`
	Difference money.Amount `json:"difference"`
	Since      civil.Date   `json:"first_day_of_difference"`
	figures
}

// Of many accounts a page lists the first, and only when one of them differs: all of their histories are
// read for it.
const (
	mostAccounts = 50
	fewAccounts  = 20
)

// sort brings the accounts that differ to the front.
func (s *status) sort() {
	slices.SortStableFunc(s.Accounts, func(a, b standing) int {
		switch {
		case a.Differs() == b.Differs():
			return strings.Compare(a.BankAccount, b.BankAccount)
		case a.Differs():
			return -1
		}
		return 1
	})
}

// one finds an account; without a name all of them together.
func (s *status) one(account string) *standing {
	if account == "" && len(s.Accounts) > 1 {
		return s.all()
	}
	for i, a := range s.Accounts {
		if account == "" || a.BankAccount == account {
			return &s.Accounts[i]
		}
	}
	return nil
}

// all is every account together: the sums, and the earliest of their days. An account of which the bank
// has said nothing yet has no part in it.
func (s *status) all() *standing {
	whole := &standing{day: day{State: "BALANCED"}}
	first := true
	for _, a := range s.Accounts {
		if a.Unknown() {
			continue
		}
		sum, now := &whole.Now, a.Now
		sum.Bank, sum.Books, sum.Persons = sum.Bank.Add(now.Bank), sum.Books.Add(now.Books), sum.Persons.Add(now.Persons)
		sum.InTransit, sum.Unidentified = sum.InTransit.Add(now.InTransit), sum.Unidentified.Add(now.Unidentified)
		if !a.Since.IsZero() && (whole.Since.IsZero() || a.Since.Before(whole.Since)) {
			whole.Since = a.Since
		}
		if first || a.ReconciledTo.Before(whole.ReconciledTo) {
			whole.ReconciledTo = a.ReconciledTo
		}
		if first || a.LockedThrough.Before(whole.LockedThrough) {
			whole.LockedThrough = a.LockedThrough
		}
		first = false
	}
	if first {
		whole.State = "NO_STATEMENT"
	}
	return whole
}
