package mandates

import "masp/ledger/civil"

// Models of a bank account.
const (
	Individual = "INDIVIDUAL"
	Pooled     = "POOLED"
)

// BankAccount is where the money of a mandate lies.
type BankAccount struct {
	ID          string
	IBAN        string
	BIC         string // optional
	Holder      string
	Model       string // INDIVIDUAL or POOLED
	PainVersion string // "001.09" or "001.03": what its bank reads
}

// Situation is what a run must know of one mandate on one day.
type Situation struct {
	Mandate     string
	Beneficiary string // the person's reference
	Person      string // "Mme Roux Éva"
	Status      Status // on that day: a contract past its end is ENDED, one not begun PENDING_SIGNATURE
	Noted       Status // as the dossier has it: ACTIVE until the end is noted, which stops what waits
	BankAccount BankAccount
	Policy      Policy // the terms in force that day
	RemitTo     string // creditor ID of the person's own account; empty = nothing is remitted
	Remit       RemittancePlan
	Obligations []Obligation
}

// Payee is a creditor as a transfer needs him today.
type Payee struct {
	ID, Name, Kind string
	IBAN           string // the newest one that may be paid; empty when none may
	Version        int
	PaidBefore     bool // some transfer to this IBAN has been settled
	HeldUntil      civil.Date
	Beneficiary    string // whose own account it is, or empty
}

// Owned tells whether it is the own account of that person.
func (p Payee) Owned(person string) bool { return p.Beneficiary != "" && p.Beneficiary == person }

// Payable tells whether a transfer may be prepared.
func (p Payee) Payable() bool { return p.IBAN != "" }

// NoRun tells a person why no run pays a mandate of this status; empty when one may.
func (s Status) NoRun() string { return refusals[s] }

var refusals = map[Status]string{
	PendingSignature: "Le contrat n'est pas encore signé par tous ou n'a pas commencé : rien ne peut être payé.",
	Suspended:        "La mesure est suspendue : rien n'est payé avant la reprise.",
	Ended:            "La mesure est finie : le solde est à rendre à la personne.",
	Deceased:         "La personne est décédée : l'argent est gardé pour la succession.",
	Closed:           "La mesure est clôturée : son compte est à zéro.",
}
