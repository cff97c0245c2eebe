package ledger

import "strings"

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

// maxOwner is the longest name of a bank account or mandate in a code, in characters.
const maxOwner = 24

// Valid tells whether c is written as an account code:
//
//	(512|467|471|580):[A-Z0-9][A-Z0-9-]{0,23}
//
// and, for 467 only, ":" and a sub-account.
func (c Code) Valid() bool {
	pcg, rest, ok := strings.Cut(string(c), ":")
	if !ok || pcg != "512" && pcg != "467" && pcg != "471" && pcg != "580" {
		return false
	}
	owner, sub, hasSub := strings.Cut(rest, ":")
	if hasSub {
		switch SubAccount(sub) {
		case Restricted, Restitution, Undue, Estate:
		default:
			return false
		}
	}
	if hasSub && pcg != "467" || owner == "" || len(owner) > maxOwner || owner[0] == '-' {
		return false
	}
	for i := range len(owner) {
		b := owner[i]
		if (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '-' {
			return false
		}
	}
	return true
}

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
