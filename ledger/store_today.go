package ledger

import (
	"context"
	"fmt"

	"masp/ledger/civil"
)

// Today is the business day by the clock of the database, in Paris: every service takes
// its date there, so that all agree and the owner can move it in a test.
func Today(ctx context.Context, q Querier) (civil.Date, error) {
	var day civil.Date
	if err := q.QueryRow(ctx, `SELECT masp.today()`).Scan(&day); err != nil {
		return civil.Date{}, fmt.Errorf("ask the clock: %w", err)
	}
	return day, nil
}
