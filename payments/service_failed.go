package payments

import (
	"context"
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// FailedTransfer is a transfer that the bank refused or sent back: its money is on the account again.
type FailedTransfer struct {
	Instruction
	Person   string
	FailedOn civil.Date
	BankText string   // the bank's own words, if it wrote any
	Replaced []string // the obligations that pay it again
	// Due tells that something of what it paid is due again and that nothing has paid it since; of a remittance,
	// that no run has sent one since.
	Due     bool
	OpenRun string // that holds what is due again and waits for its signature; empty when none does
}

// Failed lists the transfers of these mandates that the bank refused or sent back, the newest first; nil is of
// all mandates.
func (s *Service) Failed(ctx context.Context, mandates []string) ([]FailedTransfer, error) {
	found, err := failedTransfers(ctx, unit.Reader(ctx, s.DB), mandates)
	if err != nil {
		return nil, fmt.Errorf("list failed transfers: %w", err)
	}
	return found, nil
}
