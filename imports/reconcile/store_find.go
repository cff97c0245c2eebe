package reconcile

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

func findDays(ctx context.Context, q unit.Querier, look DaySearch) ([]Day, error) {
	rows, err := q.Query(ctx, selectDays+`
		 WHERE ($1 = '' OR r.bank_account_id = $1) AND ($2 = '' OR r.state = $2)
		   AND ($3::date IS NULL OR r.day >= $3) AND ($4::date IS NULL OR r.day <= $4)
		   AND ($5::date IS NULL OR r.day < $5 OR r.day = $5 AND r.bank_account_id > $6)
		   AND NOT EXISTS (SELECT FROM masp.reconciliations o
		        WHERE o.bank_account_id = r.bank_account_id AND o.day = r.day AND o.revision > r.revision)
		 ORDER BY r.day DESC, r.bank_account_id LIMIT $7`,
		look.Account, string(look.State), given(look.From), given(look.To), given(look.Before.Day), look.Before.Account, look.Most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Day, error) {
		d, err := scanDay(row)
		return d.Day, err
	})
}

// given is a day as the database asks for it, nothing when there is none.
func given(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.Time()
}
