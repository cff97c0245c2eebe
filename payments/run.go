package payments

import (
	"slices"
	"time"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// RunState is where a run stands; the word stands in the database (decisions 6).
type RunState string

// The states of a run, in the order of its life.
const (
	Draft      RunState = "draft"
	InReview   RunState = "in_review"
	Approved   RunState = "approved"
	Filed      RunState = "filed"
	HandedOver RunState = "handed_over"
	Settled    RunState = "settled"
	Cancelled  RunState = "cancelled"
)

var frenchRunStates = map[RunState]string{
	Draft: "Brouillon", InReview: "À vérifier", Approved: "Approuvée", Filed: "Fichier créé",
	HandedOver: "Remis à la banque", Settled: "Exécutée", Cancelled: "Annulée",
}

// French is the state as a page prints it.
func (s RunState) French() string { return frenchRunStates[s] }

// Run is one proposal of payments, approved as a whole.
type Run struct {
	ID          string // "C-2026-11-1"
	Number      int64  // of the organisation's life; stands in the bank's identifiers
	Month       civil.Month
	On          civil.Date // the day for which it was computed
	State       RunState
	Purpose     Purpose
	Evidence    string     // for a payout that needs one: the written claim, the notary's deed
	ContentHash chain.Hash // what the approver signs
	CreatedAt   time.Time
	SubmittedAt time.Time // zero until submitted
	Mandates    []RunMandate
	Acts        []Act
	Files       []PaymentFile // without their bytes
	Needed      int           // signatures of persons who did not prepare it
	Comments    []Comment     // what the persons said, in the order of their days
}

// RunMandate is the part of a run that concerns one mandate, or none: a SenderReturn.
type RunMandate struct {
	Mandate   string
	Person    string
	Refused   Refusal // why nothing was computed; empty when something was
	Available money.Amount
	FloorLeft money.Amount
	Reserved  money.Amount
	Remit     money.Amount
	Carried   money.Amount
	Shortfall money.Amount
	Plan      Remit // where and when what is left goes; without days nothing does
	Lines     []RunLine
	Transfers []Instruction
	rentOpen  money.Amount // rent and charges of the month that are due and that this run does not hold

	Exceptions  []Exception  // what somebody must look at, the blocking ones first
	Adjustments []Adjustment // what coordinators changed, in their order
}

// Refusal is why a mandate is left out of a run: the word of its status (ENDED, DECEASED,
// SUSPENDED, PENDING_SIGNATURE, CLOSED), or the reason below.
type Refusal string

// RentIBANNotOpen is rent whose account may not be paid yet.
const RentIBANNotOpen Refusal = "RENT_IBAN_NOT_CONFIRMED"

// French says what to do about it.
func (r Refusal) French() string {
	if r == RentIBANNotOpen {
		return "L'IBAN du bailleur n'est pas confirmé, ou la banque l'a refusé (masp creditor list le dit) : " +
			"faites confirmer le bon, puis proposez de nouveau."
	}
	return mandates.Status(r).NoRun()
}

// RunLine is one thing due, with the decision and its reason.
type RunLine struct {
	No          int
	Obligation  string
	DueOn       civil.Date
	Class       mandates.Class
	Creditor    string
	Label       string
	Due, Paid   money.Amount
	Status      Status
	Reason      Reason
	Explanation string // French, kept as it was shown
	ForPerson   string // the same in the person's words
	Why         Why
	Debt        string
}

// Act is what somebody did to a run.
type Act struct {
	No          int
	User        string
	What        string
	ContentHash chain.Hash
	At          time.Time
}

// InstructionState is where one transfer stands (decisions 6).
type InstructionState string

// The states of an instruction.
const (
	InstructionDraft     InstructionState = "draft"
	InstructionScheduled InstructionState = "scheduled"
	InTransit            InstructionState = "in_transit"
	InstructionSettled   InstructionState = "settled"
	Rejected             InstructionState = "rejected"
	Returned             InstructionState = "returned"
	InstructionCancelled InstructionState = "cancelled"
)

// Instruction is one transfer to one creditor for one mandate.
type Instruction struct {
	ID          int64
	Run         string
	Mandate     string // empty for money out of 471, which is nobody's yet
	Kind        ledger.Kind
	Account     ledger.Code // the account of the person that pays
	BankAccount string
	Creditor    string
	Name        string // of the creditor, as the bank will read it
	IBAN        string
	IBANVersion int
	Means       Means // empty: a transfer; else paid by hand, to no IBAN
	Amount      money.Amount
	LeaveOn     civil.Date // it is posted and its file leaves; any calendar day
	ExecuteOn   civil.Date // asked of the bank: the banking day on or after LeaveOn
	Reference   string     // what the creditor reads
	EndToEndID  string
	State       InstructionState
	Reason      string // of a reject or return
	Covers      []InstructionCover
}

// InstructionCover is the part of a transfer that pays one line.
type InstructionCover struct {
	Line       int
	Obligation string
	DueOn      civil.Date
	Amount     money.Amount
	Debt       string
}

// Instructions returns the transfers of all mandates, in their order.
func (r Run) Instructions() []Instruction {
	n := 0
	for _, m := range r.Mandates {
		n += len(m.Transfers)
	}
	all := make([]Instruction, 0, n)
	for _, m := range r.Mandates {
		all = append(all, m.Transfers...)
	}
	return all
}

// Signatures is how many persons have signed the run as it was last submitted.
func (r Run) Signatures() int {
	n := 0
	for _, a := range r.Acts {
		switch a.What {
		case actSubmit:
			n = 0
		case actApprove:
			n++
		}
	}
	return n
}

// Moved tells whether the bank carries the transfer out on another day than it leaves.
func (i Instruction) Moved() bool { return i.ExecuteOn != i.LeaveOn }

// ids are the references of the mandates; none for money that nobody has identified.
func (r Run) ids() []string {
	ids := make([]string, 0, len(r.Mandates))
	for _, m := range r.Mandates {
		if m.Mandate != "" {
			ids = append(ids, m.Mandate)
		}
	}
	return ids
}

// waitsForMoney tells whether the purse, not the law, left something unpaid.
func (m RunMandate) waitsForMoney() bool {
	return slices.ContainsFunc(m.Lines, func(l RunLine) bool {
		return (l.Status == Partial || l.Status == Deferred) && !l.Reason.byHand() || l.Reason == RentFirst
	})
}

// Total is the sum of the transfers, in euros.
func (r Run) Total() money.Amount {
	var sum money.Amount
	for _, i := range r.Instructions() {
		sum = sum.Add(i.Amount)
	}
	return sum
}
