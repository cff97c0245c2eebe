package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// UnderWayTx returns the transfers of a bank account that the bank has not answered yet,
// locked, in the order in which they were made; not the payments by hand, of which a person says
// which line of the bank is theirs.
func (s *Service) UnderWayTx(ctx context.Context, tx pgx.Tx, bankAccount string) ([]UnderWay, error) {
	return underWay(ctx, tx, `i.bank_account_id = $1 AND i.state = 'in_transit' AND i.means = ''`, bankAccount)
}

// FindSentTx returns the transfers of a bank account with these identifiers, in any state.
func (s *Service) FindSentTx(ctx context.Context, tx pgx.Tx, bankAccount string, endToEndIDs []string) ([]UnderWay, error) {
	return underWay(ctx, tx, `i.bank_account_id = $1 AND i.end_to_end_id = ANY ($2)`, bankAccount, endToEndIDs)
}

// FindByReportTx returns the transfers that a pain.002 names: one by its identifier, or
// all of a batch, or all of a message. Empty identifiers do not count; with none, nothing
// is found.
func (s *Service) FindByReportTx(ctx context.Context, tx pgx.Tx, messageID, paymentInfoID, endToEndID string) ([]UnderWay, error) {
	if messageID == "" && paymentInfoID == "" && endToEndID == "" {
		return nil, nil
	}
	return underWay(ctx, tx, `($1 = '' OR p.message_id = $1) AND ($2 = '' OR p.payment_info_id = $2)
		AND ($3 = '' OR i.end_to_end_id = $3)`, messageID, paymentInfoID, endToEndID)
}

// MarkSettledTx records that the bank debited transfers, once each. A run whose transfers
// have all had their answer is settled.
func (s *Service) MarkSettledTx(ctx context.Context, tx pgx.Tx, settled []Settlement) error {
	if len(settled) == 0 {
		return nil
	}
	if err := markSettled(ctx, tx, settled); err != nil {
		return fmt.Errorf("mark transfers settled: %w", err)
	}
	ids := make([]int64, len(settled))
	for i, one := range settled {
		ids[i] = one.Instruction
	}
	return settleRuns(ctx, tx, ids)
}

// MarkReturnedTx records that a transfer came back: what it paid is due again, the debts
// rise, the coordinator is told. The same return told twice changes nothing.
func (s *Service) MarkReturnedTx(ctx context.Context, tx pgx.Tx, f Failure) error {
	known, err := returnedBy(ctx, tx, f)
	if err != nil {
		return fmt.Errorf("mark transfer %d returned: %w", f.Instruction, err)
	}
	if known {
		return nil
	}
	if err := markFailed(ctx, tx, f, Returned); err != nil {
		return fmt.Errorf("mark transfer %d returned: %w", f.Instruction, err)
	}
	return s.fail(ctx, tx, f, PaymentReturned)
}

// RejectTx undoes a transfer that the bank refused before settlement: 580 gives the money
// back to the account it came from. The second time the same transfer is refused
// nothing is posted: the entry's source is the transfer's own.
func (s *Service) RejectTx(ctx context.Context, tx pgx.Tx, r Rejection) (ledger.Posted, error) {
	t, err := lockInstruction(ctx, tx, r.Instruction)
	if err != nil {
		return ledger.Posted{}, fmt.Errorf("reject transfer %d: %w", r.Instruction, err)
	}
	if t.State != InTransit {
		return ledger.Posted{Replayed: true}, nil
	}
	posted, err := s.Ledger.PostTx(ctx, tx, ledger.Entry{
		Journal: ledger.TransferJournal, Kind: ledger.Reject, PostedOn: r.On, BookedOn: r.On, ValueOn: r.On,
		Source: "reject " + t.EndToEndID, Label: "Rejet " + r.Reason + " " + t.Name, Actor: r.Actor,
		Postings: []ledger.Posting{{Debit: ledger.InTransit, Credit: t.Account, Amount: t.Amount}},
	})
	if err != nil {
		return ledger.Posted{}, fmt.Errorf("reject transfer %s: %w", t.EndToEndID, err)
	}
	f := Failure{Instruction: t.ID, Entry: posted[0].No, Reason: r.Reason, On: r.On}
	if err := markFailed(ctx, tx, f, Rejected); err != nil {
		return ledger.Posted{}, fmt.Errorf("mark transfer %s rejected: %w", t.EndToEndID, err)
	}
	if r.WholeFile {
		return posted[0], s.dueAgain(ctx, tx, f)
	}
	return posted[0], s.fail(ctx, tx, f, PaymentRejected)
}

// dueAgain makes what a failed transfer had paid due again.
func (s *Service) dueAgain(ctx context.Context, tx pgx.Tx, f Failure) error {
	if err := reopen(ctx, tx, f.Instruction, f.Entry); err != nil {
		return err
	}
	return settleRuns(ctx, tx, []int64{f.Instruction})
}

// fail gives back what a failed transfer had paid and raises its alert.
func (s *Service) fail(ctx context.Context, tx pgx.Tx, f Failure, code string) error {
	if err := s.dueAgain(ctx, tx, f); err != nil {
		return err
	}
	t, err := lockInstruction(ctx, tx, f.Instruction)
	if err != nil {
		return fmt.Errorf("read transfer %d: %w", f.Instruction, err)
	}
	if err := raiseFailure(ctx, tx, t, f, code); err != nil {
		return fmt.Errorf("raise the alert of transfer %d: %w", f.Instruction, err)
	}
	return nil
}
