package imports

import (
	"context"
	"fmt"

	"masp/ledger/unit"
	"masp/payments/worklist"
)

// AccountSearch says which of our bank accounts are looked for, in the order of their references: what is empty
// is not asked.
type AccountSearch struct {
	One   string // the account of this reference
	Like  string // a pattern of LIKE that reference, holder and IBAN fit, as masp.fold writes them
	Mask  bool   // of the IBAN only its ends are known to who looks
	Late  *bool  // whether the next statement is late; what waits for none is not
	After string // begins after this reference
	Most  int
}

// Accounts finds our bank accounts.
func (s *Service) Accounts(ctx context.Context, look AccountSearch) ([]Account, error) {
	q := unit.Reader(ctx, s.DB)
	late, err := look.lateness(ctx, q)
	if err == nil {
		var all []Account
		if all, err = findAccounts(ctx, q, look, late); err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("list bank accounts: %w", err)
}

// CountAccounts is how many accounts there are of a search, its After left out, and no further than its Most.
func (s *Service) CountAccounts(ctx context.Context, look AccountSearch) (int, error) {
	q := unit.Reader(ctx, s.DB)
	late, err := look.lateness(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("count bank accounts: %w", err)
	}
	return counted(ctx, q, `FROM (SELECT`+look.from()+look.where()+` LIMIT $6) counted`, append(look.args(late), look.Most)...)
}

func (look AccountSearch) lateness(ctx context.Context, q unit.Querier) ([]worklist.Lateness, error) {
	if look.Late == nil {
		return nil, nil
	}
	return worklist.LatenessOf(ctx, q)
}
