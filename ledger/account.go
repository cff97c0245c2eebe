package ledger

import (
	"regexp"
	"strings"
)

// Code names an account of the books: "512:BANK" a bank account, "467:M21" the funds held for a
// mandate, "467:M21:ESTATE" a part of them that may not be managed, "471:UNIDENTIFIED" receipts
// nobody has identified yet, "580:OUT" transfers that the bank has not debited yet.
type Code string

// The two accounts that every organisation has once.
const (
	InTransit Code = "580:OUT"
	Suspense  Code = "471:UNIDENTIFIED"
)

// SubAccount sets a part of a mandate's funds apart, because it may not be managed.
type SubAccount string

// The sub-accounts of a mandate.
const (
	Restricted  SubAccount = "RESTRICTED"  // a resource that the contract does not name
	Restitution SubAccount = "RESTITUTION" // received after the end of the measure
	Undue       SubAccount = "UNDUE"       // a benefit for a month at or after the death
	Estate      SubAccount = "ESTATE"      // what belongs to the heirs
)

// Bank is the account 512 of a bank account.
func Bank(id string) Code { return Code("512:" + id) }

// Mandate is the account 467 of a mandate: the funds held for one person.
func Mandate(id string) Code { return Code("467:" + id) }

// Sub is a sub-account of a mandate's account 467.
func Sub(mandate string, sub SubAccount) Code { return Code("467:" + mandate + ":" + string(sub)) }

var codeGrammar = regexp.MustCompile(`^((512|471|580):[A-Z0-9][A-Z0-9-]{0,23}|` +
	`467:[A-Z0-9][A-Z0-9-]{0,23}(:(RESTRICTED|RESTITUTION|UNDUE|ESTATE))?)$`)

// Valid tells whether c is written as an account code.
func (c Code) Valid() bool { return codeGrammar.MatchString(string(c)) }

// PCG is the number of the French chart of accounts: "512", "467", "471" or "580".
func (c Code) PCG() string {
	pcg, _, _ := strings.Cut(string(c), ":")
	return pcg
}

// Owner is the bank account or mandate that the account is kept for.
func (c Code) Owner() string {
	_, rest, _ := strings.Cut(string(c), ":")
	owner, _, _ := strings.Cut(rest, ":")
	return owner
}

// hasFloor tells whether the account may never be in debit: nobody spends what is not held for
// him (467), and nothing settles that was not sent (580).
func (c Code) hasFloor() bool { return c.PCG() == "467" || c.PCG() == "580" }

// debitNatural tells on which side the account grows: a bank account in debit, the others in
// credit.
func (c Code) debitNatural() bool { return c.PCG() == "512" }
