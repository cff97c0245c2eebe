package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// SenderReturn is money that nobody could identify and that goes back to who sent it. To is
// a creditor whose IBAN a second person has confirmed: French statements do not show it. Evidence
// names the document that says it is the sender's.
type SenderReturn struct {
	BankAccount string
	To          string
	Amount      money.Amount // euros, positive
	Received    civil.Date   // the payee recognises the money by it
	On          civil.Date   // zero is today
	Evidence    string
}

// ProposeReturnTx keeps, as a draft, a run of one transfer out of 471 that names no mandate: whose
// money it is nobody knows. It is submitted, approved by a second person and filed like any run.
// Reserve is called with the number of the transfer before the draft is signed: PostgreSQL posts no
// transfer out of 471 that is not reserved for a line of the bank. It returns an *AskError or a
// *PastError.
func (s *Service) ProposeReturnTx(
	ctx context.Context, tx pgx.Tx, who auth.Principal, r SenderReturn, reserve func(int64) error,
) (Run, error) {
	run, err := composeReturn(ctx, tx, r)
	if err != nil {
		return Run{}, fmt.Errorf("propose a return to the sender: %w", err)
	}
	plan, err := writeRun(ctx, tx, &run, whole(run.Mandates))
	if err != nil {
		return Run{}, fmt.Errorf("propose a return to the sender: %w", translate(err))
	}
	if err := reserve(run.Mandates[0].Transfers[0].ID); err != nil {
		return Run{}, err
	}
	done, err := s.act(ctx, tx, deed{who: who, run: run.ID, what: actPropose, seen: run.ContentHash, plan: plan}, nil)
	if err != nil {
		return Run{}, fmt.Errorf("propose a return to the sender: %w", translate(err))
	}
	run.Acts = []Act{done}
	return run, nil
}

func composeReturn(ctx context.Context, tx pgx.Tx, r SenderReturn) (Run, error) {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return Run{}, err
	}
	if r.On.IsZero() {
		r.On = today
	}
	payees, err := mandates.PayeesTx(ctx, tx, []string{r.To})
	if err != nil {
		return Run{}, err
	}
	to := payees[r.To]
	switch {
	case !(Payout{Evidence: r.Evidence}).proven():
		return Run{}, &AskError{"EVIDENCE_MISSING", "retour à l'expéditeur"}
	case r.On.Before(today):
		return Run{}, &PastError{Run: "nouvelle", On: r.On}
	case !to.Payable():
		return Run{}, &AskError{"CREDITOR_CLOSED", r.To}
	}
	code, err := notASender(ctx, tx, to.IBAN)
	if err != nil {
		return Run{}, err
	}
	if code != "" {
		return Run{}, &AskError{code, r.To}
	}
	run := Run{Month: r.On.MonthOf(), On: r.On, Purpose: RefundPayer, Evidence: r.Evidence, State: Draft}
	if run.Number, run.ID, err = nextRun(ctx, tx, run.Month); err != nil {
		return Run{}, err
	}
	run.Mandates = []RunMandate{r.part(run, to)}
	(&numbers{run: run.Number}).transfersOf(run.Mandates)
	return run, nil
}

// notASender says why an IBAN is none of a sender whom nobody knows: it is or was that of a person
// who is helped, whatever creditor it stands with, or is one of ours. It is the code of an AskError,
// empty when nothing speaks against it. PostgreSQL says the same (senders_are_no_beneficiaries).
func notASender(ctx context.Context, tx pgx.Tx, iban string) (string, error) {
	whose, err := whoseIBAN(ctx, tx, iban)
	switch {
	case err != nil:
		return "", err
	case whose.person:
		return "SENDER_IS_A_PERSON", nil
	case whose.ours:
		return "SENDER_IS_OURS", nil
	}
	return "", nil
}

// part is the one part of the run: of no mandate.
func (r SenderReturn) part(run Run, to mandates.Payee) RunMandate {
	return RunMandate{Available: r.Amount, Transfers: []Instruction{{
		Run: run.ID, Kind: ledger.RefundToPayer, Account: ledger.Suspense, BankAccount: r.BankAccount,
		Creditor: r.To, Name: to.Name, IBAN: to.IBAN, IBANVersion: to.Version, Amount: r.Amount,
		LeaveOn: run.On, ExecuteOn: civil.NextTARGET(run.On), State: InstructionDraft,
		Reference: "Retour de votre virement du " + r.Received.FrenchShort(),
	}}}
}
