package papers

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// heading reads whose paper it is; the days come later.
func heading(ctx context.Context, tx pgx.Tx, mandate string) (h Heading, err error) {
	if h.Mandate, err = mandates.SummaryTx(ctx, tx, mandate); err != nil {
		return h, err
	}
	err = tx.QueryRow(ctx, `SELECT name, coalesce(siren, ''), masp.today() FROM masp.organisations`).
		Scan(&h.Organisation, &h.Siren, &h.Today)
	return h, err
}

// ownEntries are what the entries of some days brought to all accounts of a person and took from
// them; moves between these accounts left out.
const ownEntries = `
	WITH own AS (SELECT account_id::integer AS id FROM masp.accounts WHERE owner = $1::text COLLATE "C" AND pcg = '467'),
	     moved AS (
	     SELECT entry_no, amount_cents AS came, 0::bigint AS went FROM masp.postings
	      WHERE credit_account IN (TABLE own) AND debit_account NOT IN (TABLE own)
	     UNION ALL SELECT entry_no, 0, amount_cents FROM masp.postings
	      WHERE debit_account IN (TABLE own) AND credit_account NOT IN (TABLE own))`

// readAccount reads what an account is made of, and adds it up.
func (s *Service) readAccount(ctx context.Context, tx pgx.Tx, a *Account) (err error) {
	if a.Opening, _, err = s.held(ctx, tx, a.Mandate.ID, a.From.AddDays(-1)); err != nil {
		return err
	}
	if _, a.Parts, err = s.held(ctx, tx, a.Mandate.ID, a.To); err != nil {
		return err
	}
	moves, err := movements(ctx, tx, a.Heading)
	if err != nil {
		return err
	}
	receipts, err := receipts(ctx, tx, a.Heading)
	if err != nil {
		return err
	}
	transfers, err := transfers(ctx, tx, a.Heading)
	if err != nil {
		return err
	}
	benefits, err := mandates.CatalogueTx(ctx, tx)
	if err != nil {
		return err
	}
	a.addUp(moves, receipts, transfers, func(code string) string { return benefitLabel(benefits, code, a.To) })
	if a.Debts, err = debts(ctx, tx, a.Heading); err != nil {
		return err
	}
	return a.readReserve(ctx, tx)
}

// benefitLabel is a benefit as the catalogue calls it on a day, or has called it.
func benefitLabel(all []mandates.Benefit, code string, on civil.Date) string {
	if code == mandates.RefundOfPayment {
		return "Remboursement d'un destinataire"
	}
	if b, ok := mandates.Find(all, code, on); ok {
		return b.Label
	}
	for _, b := range all {
		if b.Code == code {
			return b.Label
		}
	}
	return code
}

// held is what all accounts of a person hold at the end of a day, and each of them.
func (s *Service) held(ctx context.Context, tx pgx.Tx, mandate string, on civil.Date) (sum money.Amount, parts []Part, err error) {
	rows, err := tx.Query(ctx, `
		SELECT coalesce(sub, '') FROM masp.accounts WHERE owner = $1::text COLLATE "C" AND pcg = '467' ORDER BY 1`, mandate)
	if err != nil {
		return sum, nil, fmt.Errorf("read the accounts: %w", err)
	}
	subs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return sum, nil, fmt.Errorf("read the accounts: %w", err)
	}
	for _, sub := range subs {
		code := ledger.Mandate(mandate)
		if sub != "" {
			code = ledger.Sub(mandate, ledger.SubAccount(sub))
		}
		debit, err := s.Ledger.BalanceOn(ctx, tx, code, on)
		if err != nil {
			return sum, nil, err
		}
		sum = sum.Sub(debit)
		parts = append(parts, Part{ledger.SubAccount(sub), debit.Neg()})
	}
	return sum, parts, nil
}

// moneyDays are the first and the last day on which money of a person moved; zero for none.
func moneyDays(ctx context.Context, tx pgx.Tx, mandate string) (first, last civil.Date, err error) {
	err = tx.QueryRow(ctx, ownEntries+`
		SELECT min(posted_on), max(posted_on) FROM moved JOIN masp.entries USING (entry_no)`, mandate).Scan(&first, &last)
	return first, last, err
}

func movements(ctx context.Context, tx pgx.Tx, h Heading) ([]movement, error) {
	return list(ctx, tx, func(row pgx.CollectableRow) (m movement, err error) {
		var in, out int64
		err = row.Scan(&m.entry, &m.day, (*string)(&m.kind), &in, &out)
		m.in, m.out = money.Cents(in), money.Cents(out)
		return m, err
	}, ownEntries+`
		SELECT e.entry_no, e.posted_on, e.kind, sum(came)::bigint, sum(went)::bigint
		  FROM moved JOIN masp.entries e USING (entry_no) WHERE e.posted_on BETWEEN $2 AND $3
		 GROUP BY e.entry_no, e.posted_on, e.kind ORDER BY e.entry_no`, h.Mandate.ID, h.From, h.To)
}

func receipts(ctx context.Context, tx pgx.Tx, h Heading) ([]received, error) {
	return list(ctx, tx, func(row pgx.CollectableRow) (r received, err error) {
		var cents int64
		err = row.Scan(&r.entry, &r.benefit, &cents)
		r.amount = money.Cents(cents)
		return r, err
	}, `
		SELECT r.entry_no, r.benefit, r.amount_cents FROM masp.receipts r JOIN masp.entries e USING (entry_no)
		 WHERE r.mandate_id = $1 AND e.posted_on BETWEEN $2 AND $3 ORDER BY r.receipt_id`, h.Mandate.ID, h.From, h.To)
}

// transfers reads what left and what came back within the days, part by part: by the lines that a
// transfer covers, and what it covers none of.
func transfers(ctx context.Context, tx pgx.Tx, h Heading) ([]paid, error) {
	return list(ctx, tx, func(row pgx.CollectableRow) (p paid, err error) {
		var cents int64
		err = row.Scan(&p.entry, &p.back, &p.kind, &p.class, &p.name, &cents)
		p.amount = money.Cents(cents)
		return p, err
	}, `
		WITH moved AS (
		    SELECT i.*, e.entry_no, false AS back FROM masp.instructions i JOIN masp.entries e ON e.entry_no = i.posted_entry
		     WHERE i.mandate_id = $1 AND e.posted_on BETWEEN $2 AND $3
		     UNION ALL
		    SELECT i.*, e.entry_no, true FROM masp.instructions i JOIN masp.entries e ON e.entry_no = i.failed_entry
		     WHERE i.mandate_id = $1 AND e.posted_on BETWEEN $2 AND $3
		), part AS (
		    SELECT m.instruction_id, m.back, o.class, c.amount_cents
		      FROM moved m JOIN masp.instruction_covers c USING (instruction_id) JOIN masp.obligations o USING (obligation_id)
		), rest AS (
		    SELECT m.instruction_id, m.back, '' AS class, m.amount_cents - coalesce((SELECT sum(p.amount_cents) FROM part p
		               WHERE p.instruction_id = m.instruction_id AND p.back = m.back), 0)::bigint AS amount_cents
		      FROM moved m)
		SELECT m.entry_no, m.back, m.kind, p.class, m.creditor_name, p.amount_cents
		  FROM moved m JOIN (TABLE part UNION ALL SELECT * FROM rest WHERE amount_cents <> 0) p USING (instruction_id, back)
		 ORDER BY m.entry_no, m.instruction_id, p.class`, h.Mandate.ID, h.From, h.To)
}

// list reads rows.
func list[T any](
	ctx context.Context, tx pgx.Tx, scan func(pgx.CollectableRow) (T, error), sql string, args ...any,
) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}
