package payments

import (
	"slices"
	"strings"
	"unicode/utf8"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Payout is one transfer that no run shares out. To is a creditor; Amount zero is the whole
// account, and only a refund may be a part of it; On zero is today.
type Payout struct {
	Purpose  Purpose
	Mandate  string
	Sub      ledger.SubAccount // of a PASS_THROUGH: RESTRICTED or RESTITUTION; of an ESTATE_PAYOUT: UNDUE, that nobody claimed
	To       string
	Amount   money.Amount
	On       civil.Date
	Evidence string // the written claim, the proof of the heirs
}

// account is where the money leaves from.
func (p Payout) account() ledger.Code {
	switch p.Purpose {
	case PassThrough:
		return ledger.Sub(p.Mandate, p.Sub)
	case RefundPayer:
		return ledger.Sub(p.Mandate, ledger.Undue)
	case EstatePayout:
		if p.Sub == ledger.Undue {
			return ledger.Sub(p.Mandate, ledger.Undue)
		}
		return ledger.Sub(p.Mandate, ledger.Estate)
	default:
		return ledger.Mandate(p.Mandate)
	}
}

// kind is the kind of its entry: the words are the same.
func (p Payout) kind() ledger.Kind { return ledger.Kind(p.Purpose) }

// refuseTo refuses a payee who is not whom the law names: the person herself, the sender of what may
// not be managed, who pays benefits, who settles or inherits an estate.
func (p Payout) refuseTo(sit mandates.Situation, to mandates.Payee) error {
	may := func(kinds ...mandates.CreditorKind) bool {
		return slices.Contains(kinds, mandates.CreditorKind(to.Kind))
	}
	switch {
	case p.Purpose == RefundPayer && !may(mandates.BenefitPayer, mandates.PublicBody):
		return &AskError{"NOT_A_PAYER", p.To}
	case p.Purpose == EstatePayout && !may(mandates.Notary, mandates.Heir, mandates.OtherKind):
		return &AskError{"NOT_AN_HEIR", p.To}
	case p.Purpose == RefundPayer, p.Purpose == EstatePayout, to.Owned(sit.Beneficiary):
		return nil
	case p.Purpose != PassThrough || !may(p.passesTo(sit.Noted)...):
		return &AskError{"NOT_THE_PERSON", p.To}
	case !p.proven():
		return &AskError{"EVIDENCE_MISSING", "retour à l'expéditeur"}
	}
	return nil
}

// passesTo are the kinds of payee, beside the person herself, whom a PASS_THROUGH may reach: who sent
// the money in error, and of somebody who has died the notary or the heirs.
func (Payout) passesTo(status mandates.Status) []mandates.CreditorKind {
	kinds := []mandates.CreditorKind{
		mandates.BenefitPayer, mandates.PublicBody, mandates.OtherCreditor, mandates.OtherKind,
	}
	if status == mandates.Deceased {
		kinds = append(kinds, mandates.Notary, mandates.Heir)
	}
	return kinds
}

// leastEvidence is how many characters name a document.
const leastEvidence = 10

// proven tells whether the evidence names a document.
func (p Payout) proven() bool {
	return utf8.RuneCountInString(strings.TrimSpace(p.Evidence)) >= leastEvidence
}

// reference is what the payee reads; it names neither measure nor benefit.
func (p Payout) reference() string { return "Virement " + p.On.FrenchShort() }

// check refuses what makes no sense whatever the books say.
func (p Payout) check() error {
	switch {
	case p.Purpose.ofLines() || p.Purpose.French() == "":
		return &AskError{"PAYOUT_UNKNOWN", string(p.Purpose)}
	case p.Purpose == PassThrough && p.Sub != ledger.Restricted && p.Sub != ledger.Restitution:
		return &AskError{"SUB_UNKNOWN", string(p.Sub)}
	case (p.Purpose == RefundPayer || p.Purpose == EstatePayout) && !p.proven():
		return &AskError{"EVIDENCE_MISSING", p.Purpose.French()}
	case p.Amount.IsNegative() || p.Purpose != RefundPayer && !p.Amount.IsZero():
		return &AskError{"NOT_THE_WHOLE", p.Purpose.French()}
	}
	return nil
}

// refuse tells what the mandate or the payee forbid.
func (p Payout) refuse(sit mandates.Situation, to mandates.Payee) error {
	switch {
	case p.Purpose == Restitution && sit.Noted != mandates.Ended:
		return &AskError{"STILL_ACTIVE", p.Mandate}
	case !to.Payable():
		return &AskError{"CREDITOR_CLOSED", p.To}
	}
	return p.refuseTo(sit, to)
}

// amount is what leaves of what the account holds.
func (p Payout) amount(held money.Amount) (money.Amount, error) {
	switch {
	case !held.IsPositive():
		return held, &AskError{"NOTHING_THERE", string(p.account())}
	case p.Amount.IsZero():
		return held, nil
	case p.Amount.Cmp(held) > 0:
		return held, &ShortError{Mandate: p.Mandate, Available: held, Need: p.Amount}
	}
	return p.Amount, nil
}
