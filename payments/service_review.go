package payments

import (
	"context"
	"fmt"

	"masp/ledger/unit"
)

// Compare reads what a run is held against: what its persons have received in its month, whom the runs of
// the month before paid, and the accounts that pay. What a run counts for is the mandates that it holds: a
// part of a run is compared with the same part. Only a run of the month has a month before.
func (s *Service) Compare(ctx context.Context, run Run) (c Comparison, err error) {
	q := unit.Reader(ctx, s.DB)
	if c.Received, err = receivedBy(ctx, q, run.ids(), run.Month, run.CreatedAt); err == nil {
		c.Accounts, err = payingAccounts(ctx, q, run)
	}
	if err == nil && run.Purpose == MonthlyRun {
		c.Before, err = paidBefore(ctx, q, run)
	}
	if err != nil {
		return Comparison{}, fmt.Errorf("compare run %s: %w", run.ID, err)
	}
	return c, nil
}
