package payments

import (
	"context"
	"errors"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

// ProposePayout is under construction.
func (s *Service) ProposePayout(_ context.Context, _ auth.Principal, _ Payout) (Run, error) {
	return Run{}, errors.ErrUnsupported
}

// WhatIf is under construction.
func (s *Service) WhatIf(_ context.Context, _ Ask, _ Suppose) (Run, error) {
	return Run{}, errors.ErrUnsupported
}

// Reissue is under construction.
func (s *Service) Reissue(_ context.Context, _ auth.Principal, _ string, _ mandates.Obligation) error {
	return errors.ErrUnsupported
}

// RecordDeath is under construction.
func (s *Service) RecordDeath(ctx context.Context, who auth.Principal, mandate string, died civil.Date) (Ended, error) {
	return s.EndMandate(ctx, who, mandate, died, mandates.Death)
}
