package scenario

import (
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// Story is a worked month: who is there, and what happens. Names between its parts resolve.
type Story struct {
	Name, Title  string
	OpeningDate  civil.Date // first day played
	AsOf         civil.Date // last day played
	BankAccounts []BankAccount
	Mandates     []Mandate
	Payees       []Payee
	Debts        []Debt
	Expected     []Expected
	Events       []Event // in the order of the file; later ones than AsOf are not played

	raw []byte // the file, for the places of what the law refuses
}

// BankAccount holds the money of one person or of many.
type BankAccount struct {
	Code, Owner string
	IBAN        sepa.IBAN
	Model       string // mandates.Individual or mandates.Pooled
}

// Mandate is one person's measure as the story opens.
type Mandate struct {
	ID, Beneficiary, Department string
	Level                       mandates.Level
	Start, End                  civil.Date // of the contract
	Bank                        string     // code of a bank account
	Opening, OpeningReserve     money.Amount
	Benefits                    []string // authorised, by code
	Policy                      Policy
}

// Policy ranks the lines of a mandate.
type Policy struct {
	ClassOrder, Senior, Partial []mandates.Class
	LivingFloor                 money.Amount // per calendar month
	Shortfall                   mandates.ShortfallPolicy
}

// Payee is who receives transfers. Its kind is a word in capitals; those of
// mandates.CreditorKind are known to the services.
type Payee struct {
	ID, Name, Kind string
	IBAN           sepa.IBAN
}

// Debt is what a person owes as the story opens. Its kind is a word in capitals.
type Debt struct {
	ID, Mandate, Creditor, Kind string
	Outstanding, Instalment     money.Amount // Instalment is zero without a plan
	ContestedOn, BornBefore     civil.Date   // zero when not said
	Recovery                    mandates.Recovery
}

// Expected is a benefit expected for a month of right.
type Expected struct {
	Mandate, Benefit string
	Period           civil.Month
	Amount           money.Amount
	On               civil.Date
}

// uses lists who pays whom, or owes whom, in a story.
func (s Story) uses() []ownAccount {
	var all []ownAccount
	for _, d := range s.Debts {
		all = append(all, ownAccount{d.Creditor, d.Mandate})
	}
	for _, e := range s.Events {
		switch e := e.(type) {
		case Payout:
			all = append(all, ownAccount{e.Payee, e.Mandate})
		case Run:
			for _, m := range e.Mandates {
				all = append(all, ownAccount{e.Remittance[m].Payee, m})
			}
			for _, l := range e.Lines {
				all = append(all, ownAccount{l.Payee, l.Mandate})
				for _, share := range l.Shares {
					all = append(all, ownAccount{l.Payee, share.Mandate})
				}
			}
		}
	}
	return all
}

// Types of an event.
const (
	TypeCredit       = "CREDIT"
	TypeIdentify     = "IDENTIFY"
	TypeWithholding  = "WITHHOLDING"
	TypeRun          = "RUN"
	TypeReject       = "REJECT"
	TypeReturn       = "RETURN"
	TypePassThrough  = "PASS_THROUGH"
	TypeEndOfMeasure = "END_OF_MEASURE"
	TypeRestitute    = "RESTITUTE"
	TypeDeath        = "DEATH"
	TypeRefundPayer  = "REFUND_PAYER"
	TypeEstatePayout = "ESTATE_PAYOUT"
)

// Event is one of Credit, Identify, Withheld, Run, Failure, Payout, EndOfMeasure, Death.
type Event interface {
	Day() civil.Date // on which it is played
	Type() string
}

// Credit is money received, and how it splits over benefits.
type Credit struct {
	Date                   civil.Date
	Bank, Payer, Reference string
	Amount                 money.Amount
	Parts                  []Part // their sum is Amount
}

// Part of a credit: Mandate is empty while nobody knows whose it is.
type Part struct {
	Mandate, Benefit string
	Period           civil.Month // zero when not said
	Amount           money.Amount
}

// Identify says whose an unidentified credit is.
type Identify struct {
	Date             civil.Date
	Credit           string // the Reference of a Credit
	Mandate, Benefit string
	Period           civil.Month // zero when not said
}

// Withheld is a part of a benefit that the payer kept for a debt.
type Withheld struct {
	Date          civil.Date
	Mandate, Debt string
	Amount        money.Amount
}

// Run is a run of payments.
type Run struct {
	ID         string
	Date       civil.Date
	Mandates   []string
	Lines      []Line
	Remittance map[string]Remittance // by mandate
	Proposed   bool                  // computed only: nothing else of it exists
	Adjustment *Adjustment           // nil when nobody changed anything before approval
}

// Line is what is due; Mandate is empty when Shares split it.
type Line struct {
	ID, Mandate, Label string
	Class              mandates.Class
	Payee              string // empty for a reserve
	Due                money.Amount
	Debt               string // empty when it is no instalment
	Block              string // the reason of the law that holds it, or empty
	ReissueOf          string // the failed payment that it replaces, or empty
	Shares             []Share
}

// Share is one mandate's part of a line.
type Share struct {
	Mandate string
	Weight  int64 // positive
}

// Remittance is where and when what remains goes to the person.
type Remittance struct {
	Payee string
	Dates []civil.Date
}

// Adjustment records who changed what of a run before its approval.
type Adjustment struct {
	Line, By, Reason string
	From, To         money.Amount
}

// Failure is a payment that did not reach its payee: a REJECT or a RETURN.
type Failure struct {
	Kind    string // TypeReject (before settlement) or TypeReturn (after)
	Date    civil.Date
	Payment string
	Reason  string // ISO 20022 code
}

// Payout is a transfer outside any run: PASS_THROUGH, RESTITUTE, REFUND_PAYER or
// ESTATE_PAYOUT.
type Payout struct {
	Kind                       string
	ID, Mandate, Payee, Reason string
	Date                       civil.Date
	Sub                        string       // of PASS_THROUGH: RESTRICTED or RESTITUTION
	Amount                     money.Amount // of REFUND_PAYER; otherwise the whole account leaves
}

// EndOfMeasure ends a mandate.
type EndOfMeasure struct {
	Date            civil.Date
	Mandate, Reason string
}

// Death of a beneficiary, played on the day it is known.
type Death struct {
	KnownOn, DiedOn civil.Date
	Mandate         string
}

// Day is the day of the bank.
func (e Credit) Day() civil.Date { return e.Date }

// Day is the day of the decision.
func (e Identify) Day() civil.Date { return e.Date }

// Day is the day of the benefit.
func (e Withheld) Day() civil.Date { return e.Date }

// Day is any calendar day.
func (e Run) Day() civil.Date { return e.Date }

// Day is the day of the bank.
func (e Failure) Day() civil.Date { return e.Date }

// Day is any calendar day.
func (e Payout) Day() civil.Date { return e.Date }

// Day is the last day of the measure.
func (e EndOfMeasure) Day() civil.Date { return e.Date }

// Day is the day on which the death is known.
func (e Death) Day() civil.Date { return e.KnownOn }

// Type is TypeCredit.
func (Credit) Type() string { return TypeCredit }

// Type is TypeIdentify.
func (Identify) Type() string { return TypeIdentify }

// Type is TypeWithholding.
func (Withheld) Type() string { return TypeWithholding }

// Type is TypeRun.
func (Run) Type() string { return TypeRun }

// Type is TypeReject or TypeReturn.
func (e Failure) Type() string { return e.Kind }

// Type is that of one of the four transfers outside a run.
func (e Payout) Type() string { return e.Kind }

// Type is TypeEndOfMeasure.
func (EndOfMeasure) Type() string { return TypeEndOfMeasure }

// Type is TypeDeath.
func (Death) Type() string { return TypeDeath }
