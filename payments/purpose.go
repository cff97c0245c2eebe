package payments

import (
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Purpose is why a run exists; the word stands in the database.
type Purpose string

// The purposes. The first three are runs of lines; each of the others is a payout, which is one
// transfer of money that no run shares out.
const (
	MonthlyRun   Purpose = "MONTHLY"         // everything that is due, the plan of the contract (default)
	OffCycle     Purpose = "OFF_CYCLE"       // between two months: what is asked for and nothing else
	Emergency    Purpose = "EMERGENCY"       // like OFF_CYCLE; the same two signatures (decisions 4)
	ManualRun    Purpose = "MANUAL"          // dues paid by hand to one payee, with evidence
	PassThrough  Purpose = "PASS_THROUGH"    // all that may not be managed, to the person or back to its sender
	Restitution  Purpose = "RESTITUTION"     // the balance, to the person, after the end
	RefundPayer  Purpose = "REFUND_TO_PAYER" // undue benefits, on a written claim
	EstatePayout Purpose = "ESTATE_PAYOUT"   // the balance of the deceased, with proof
)

var frenchPurposes = map[Purpose]string{ //nolint:gosec // words for people: PASS_THROUGH is no password
	MonthlyRun: "campagne du mois", OffCycle: "paiement hors campagne", Emergency: "paiement urgent",
	ManualRun:   "paiement à la main",
	PassThrough: "reversement à la personne", Restitution: "restitution du solde à la personne",
	RefundPayer: "remboursement à l'organisme", EstatePayout: "versement à la succession",
}

// French is the purpose as a page prints it.
func (p Purpose) French() string { return frenchPurposes[p] }

// ofLines tells whether runs of this purpose pay lines.
func (p Purpose) ofLines() bool {
	return p == MonthlyRun || p == OffCycle || p == Emergency || p == ManualRun
}

// Means is how a payment by hand is made; the word stands in the database.
type Means string

// The means. Whatever is not one of them is a transfer.
const (
	Cheque      Means = "CHEQUE"
	CashVoucher Means = "CASH_VOUCHER"
	PrepaidCard Means = "PREPAID_CARD"
	OtherMeans  Means = "OTHER"
)

var frenchMeans = map[Means]string{
	Cheque: "chèque", CashVoucher: "bon d'achat", PrepaidCard: "carte prépayée", OtherMeans: "autre moyen",
}

// French is the means as a page prints it; empty for a transfer.
func (m Means) French() string { return frenchMeans[m] }

// Ask is what a coordinator asks for.
type Ask struct {
	Month    civil.Month // whose dues are proposed; zero = the month of On
	On       civil.Date  // day of the run, any calendar day; zero = today
	Mandates []string    // in the order of payment; none is refused, unless All says everybody
	All      bool        // every measure that runs, by reference; then Mandates are empty
	Purpose  Purpose     // of a run of lines; empty = MONTHLY
	// Lines are the only dues that a run of another purpose than MONTHLY pays, in this order: none,
	// nil or not, is none. A MONTHLY run pays all that is due, and takes no list.
	Lines []LineAsk
	// Remit says, by mandate, who gets what is left, and when. A MONTHLY run follows the plan of
	// the contract for the mandates that it does not name; the other runs remit them nothing.
	Remit map[string]Remit
	// Means and Evidence are those of a MANUAL run, which pays dues of one payee.
	Means    Means
	Evidence string
}

// LineAsk names one due.
type LineAsk struct {
	Obligation string
	DueOn      civil.Date
}

// Remit is where and when what is left goes.
type Remit struct {
	To string       // own account of the person
	On []civil.Date // equal parts, the first take the extra cent; any calendar day from that of the run
}

// Suppose is what WhatIf takes for true.
type Suppose struct {
	Obligations []mandates.Obligation // new ones, or with the ID of an old one in its place
	Credits     []SupposedCredit
	Debts       []SupposedDebt
}

// SupposedDebt is a debt that does not exist yet, paid once by the run: what a month of its plan
// would change.
type SupposedDebt struct {
	Mandate  string
	Creditor string
	Amount   money.Amount // euros of one instalment, positive
}

// SupposedCredit is money that has not come; a negative amount is a benefit that stays away.
type SupposedCredit struct {
	Mandate string
	Amount  money.Amount
}
