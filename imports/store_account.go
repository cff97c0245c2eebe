package imports

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/worklist"
)

const (
	// What is empty is not asked; the patterns stand alone, so that their index is found.
	whereAccount = `
	 WHERE ($1 = '' OR a.bank_account_id = $1) AND ($2 = $2) AND ($3::boolean IS NULL OR $3 = $3)
	   AND ($4::integer[] IS NULL OR $4 = $4) AND ($5::date[] IS NULL OR $5 = $5)`
	likeAccount = ` AND masp.fold(a.bank_account_id || ' ' || a.holder || ' ' || a.iban) LIKE $2`
	likeMasked  = ` AND masp.fold(a.bank_account_id || ' ' || a.holder || ' ' || left(a.iban, 4) || '…' || right(a.iban, 4)) LIKE $2`
)

func (look AccountSearch) where() string {
	where := whereAccount
	switch {
	case look.Like != "" && look.Mask:
		where += likeMasked
	case look.Like != "":
		where += likeAccount
	}
	switch {
	case look.Late != nil && *look.Late:
		where += ` AND ` + worklist.IsLate
	case look.Late != nil:
		where += ` AND NOT (` + worklist.IsLate + `)`
	}
	return where
}

func (look AccountSearch) from() string {
	if look.Late == nil {
		return ` FROM masp.bank_accounts a`
	}
	return ` FROM masp.bank_accounts a` + worklist.LateFrom
}

func (look AccountSearch) args(late []worklist.Lateness) []any {
	delays, since := worklist.Columns(late)
	return []any{look.One, look.Like, look.Late, delays, since}
}

// findAccounts reads our accounts, each with the last statement of its chain.
func findAccounts(ctx context.Context, q unit.Querier, look AccountSearch, late []worklist.Lateness) ([]Account, error) {
	rows, err := q.Query(ctx, `
		SELECT a.bank_account_id, a.iban, a.holder, a.model, a.pain_version, coalesce(s.statement_id, 0), coalesce(s.bank_ref, ''),
		       coalesce(s.closing_cents, 0), s.closing_on
		  FROM (SELECT a.*`+look.from()+look.where()+` AND a.bank_account_id > $6 ORDER BY a.bank_account_id LIMIT $7) a
		  LEFT JOIN LATERAL (SELECT * FROM masp.bank_statements c
		        WHERE c.bank_account_id = a.bank_account_id AND c.chain_no IS NOT NULL ORDER BY c.chain_no DESC LIMIT 1) s ON true
		 ORDER BY a.bank_account_id`, append(look.args(late), look.After, look.Most)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Account, err error) {
		var closing int64
		err = row.Scan(&a.ID, &a.IBAN, &a.Holder, &a.Model, &a.PainVersion, &a.Statement, &a.Ref, &closing, &a.ClosedOn)
		a.Closing = money.Cents(closing)
		return a, err
	})
}
