package imports

import (
	"errors"
	"fmt"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// SuspenseItem is a bank line that is still unidentified, in part or in whole.
type SuspenseItem struct {
	Line         int64        `json:"line"`
	BankAccount  string       `json:"bank_account"`
	BookedOn     civil.Date   `json:"booked_on"`
	Days         int          `json:"days"`   // since then
	Amount       money.Amount `json:"amount"` // of the line, signed: in is positive
	Open         money.Amount `json:"open"`   // still unidentified, signed like the line
	Counterparty string       `json:"counterparty"`
	Text         string       `json:"text"`
	Why          string       `json:"why"`        // French: why nothing was recognised
	Suggestion   string       `json:"suggestion"` // French, may be empty
	// Suggestions are what the line may be, the likeliest first, as known when it came.
	Suggestions []Suggestion `json:"suggestions"`

	Owner    string         `json:"owner"`            // the user who looks after it; empty for nobody
	Deadline civil.Date     `json:"deadline"`         // the day on which it is late
	Reserved money.Amount   `json:"reserved"`         // of Open: on its way back to the sender, not approved yet
	Return   string         `json:"return,omitempty"` // the run that gives it back
	Notes    []SuspenseNote `json:"notes"`            // what was tried, the oldest first
}

// SuspenseNote is what somebody did about a line: a note, or a change of its owner.
type SuspenseNote struct {
	Act   string    `json:"act"` // GIVE, UNASSIGN or NOTE
	Owner string    `json:"owner,omitempty"`
	Note  string    `json:"note"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	// From is whose the line is, where somebody takes it for himself from another; not stored.
	From string `json:"-"`
}

// What somebody may do about a line in suspense, beside saying what it is.
const (
	SuspenseGive     = "GIVE" // to somebody, or to oneself
	SuspenseUnassign = "UNASSIGN"
	SuspenseNoted    = "NOTE"
)

// Assignment says what an unidentified line is. Money that came in is a benefit (or
// mandates.RefundOfPayment) of a mandate, or a transfer of ours that came back; money that left is
// one of our transfers.
type Assignment struct {
	Mandate string
	Benefit string
	Period  civil.Month // month of the right, may be unknown
	// Amount is the part that is identified, without sign; zero for all that is open.
	Amount money.Amount
	// Transfer is the end-to-end reference of the transfer that a debit executes, or that a
	// mandates.RefundOfPayment gives back (R-034; may be unknown). A credit with a transfer and no
	// benefit is the return of that transfer.
	Transfer string
	// Suggestion takes the mandate, benefit, month and transfer of that suggestion of the line,
	// from 1, where they are not given; 0 for none.
	Suggestion int
	// Reason is why the person is sure: "vu avec la CAF". It stands in the log of acts.
	Reason string
}

// Assigned is what an assignment did.
type Assigned struct {
	ID      int64        `json:"assignment"`
	Entry   int64        `json:"entry"`
	Account string       `json:"account"`
	Amount  money.Amount `json:"amount"`
	Open    money.Amount `json:"open"` // what is left unidentified, signed
	// Alert says that the money went to an account of its own, and why: RESOURCE_NOT_ELIGIBLE,
	// CREDIT_AFTER_END, BENEFIT_AFTER_DEATH. Who identified it reads it here; what then waits
	// too long is told by the deadlines of the day.
	Alert string `json:"alert,omitempty"`
}

// What may be refused.
var (
	// ErrNotInSuspense: the line does not exist or is identified already.
	ErrNotInSuspense = errors.New("the line is not in suspense")
	// ErrRole: the user may not decide on bank money (coordinator, approver or accountant may).
	ErrRole = errors.New("the role of the user does not allow this act")
	// ErrToken: the act needs the secret of a living user.
	ErrToken = errors.New("this act needs the token of a living user")
)

// errReserved refuses what would take money that is on its way back to its sender.
var errReserved = refuse("RESERVED", "Ce montant de la ligne repart vers son expéditeur : "+
	"annulez d’abord cette campagne (masp suspense list la nomme), ou identifiez moins.")

// RefusedError is an act of a person that cannot be right; French says what to do.
type RefusedError struct{ Code, French string }

// Error is the stable code.
func (e *RefusedError) Error() string { return "refused: " + e.Code }

// MovedOn tells that the act was right once, and that the state of things is another one by now: done
// already, or in the way. The other refusals are broken rules.
func (e *RefusedError) MovedOn() bool { return movedOn[e.Code] }

var movedOn = map[string]bool{
	"ADVICE_TWICE": true, "DOES_NOT_FOLLOW": true, "DROPPED": true, "IN_THE_WAY": true, "NOTHING_TO_UNDO": true, "NOT_CONFLICT": true,
	"NOT_DROPPED": true, "NOT_HELD": true, "NOT_IN_TRANSIT": true, "NOT_SETTLED": true, "OWNED": true, "PAGES": true, "REFUNDED": true,
	"RESERVED": true, "RULE_ENDED": true, "RULE_OVERLAPS": true, "TOO_LONG": true, "WHICH_MATCH": true,
}

// refuse makes the refusal of an act.
func refuse(code, format string, args ...any) error {
	return &RefusedError{Code: code, French: fmt.Sprintf(format, args...)}
}

// part is how much of an open item an assignment takes, signed like the item.
func (a Assignment) part(open money.Amount) (money.Amount, error) {
	part := a.Amount
	if part.IsZero() {
		return open, nil
	}
	if part.IsNegative() || part.Cmp(open.Abs()) > 0 {
		return part, refuse("AMOUNT", "Il reste %s à identifier : le montant %s ne convient pas.",
			open.Abs().French(), part.French())
	}
	if open.IsNegative() {
		part = part.Neg()
	}
	return part, nil
}

// isReturn tells that a credit is said to be a transfer of ours that came back.
func (a Assignment) isReturn() bool { return a.Transfer != "" && a.Benefit == "" && a.Mandate == "" }

// check refuses an assignment that says too little, or both things at once.
func (a Assignment) check(open money.Amount) error {
	switch {
	case a.Reason == "":
		return refuse("REASON", "Écrivez pourquoi vous en êtes sûr : cela reste dans le journal.")
	case open.IsPositive() && a.isReturn():
		return nil
	case open.IsPositive() && (a.Mandate == "" || a.Benefit == ""):
		return refuse("BENEFIT", "Indiquez le mandat et la prestation de cet argent.")
	case open.IsPositive() && a.Transfer != "" && a.Benefit != mandates.RefundOfPayment:
		return refuse(
			"SIDE", "C’est une entrée d’argent : indiquez une prestation, ou le seul virement qui est revenu.",
		)
	case open.IsNegative() && a.Transfer == "":
		return refuse(
			"TRANSFER",
			"C’est une sortie d’argent : indiquez la référence du virement qu’elle exécute.",
		)
	case open.IsNegative() && a.Benefit != "":
		return refuse("SIDE", "Un débit s’identifie par la référence d’un virement, sans prestation.")
	}
	_, err := a.part(open)
	return err
}
