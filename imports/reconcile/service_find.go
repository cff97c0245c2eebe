package reconcile

import (
	"context"
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// DaySearch says which stored days are looked for: what is empty is not asked. Before is the last one
// that was seen, by day and account; the newest come first.
type DaySearch struct {
	Account  string
	State    State
	From, To civil.Date
	Before   DayOf
	Most     int
}

// DayOf names a day of an account.
type DayOf struct {
	Day     civil.Date
	Account string
}

// Days finds the days that are stored, each as it was stored last.
func (s *Service) Days(ctx context.Context, look DaySearch) ([]Day, error) {
	found, err := findDays(ctx, unit.Reader(ctx, s.DB), look)
	if err != nil {
		return nil, fmt.Errorf("find reconciled days: %w", err)
	}
	return found, nil
}
