package v1

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// about is who stands around a person: how she is called, who helps her, what the bank has told.
type about struct {
	First, Name  string
	Coordinator  string
	Organisation string
	Phone        string
	Known        civil.Date // the last day that the bank has told of
	Looked       *time.Time // when we took its news in
	Received     bool       // a benefit has come
	Owes         bool
}

func readAbout(ctx context.Context, q unit.Querier, mandate string) (a about, err error) {
	err = q.QueryRow(ctx, `
		SELECT b.first_name, b.first_name || ' ' || b.last_name, coalesce(masp.coordinator_of(m.mandate_id), ''),
		       coalesce(o.name, ''), coalesce(d.phone, ''), s.closing_on, s.received_at,
		       EXISTS (SELECT FROM masp.receipts r WHERE r.mandate_id = m.mandate_id),
		       EXISTS (SELECT FROM masp.debts d WHERE d.mandate_id = m.mandate_id AND d.outstanding_cents > 0)
		  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
		  LEFT JOIN masp.organisations o ON true
		  LEFT JOIN masp.front_doors d ON d.door_no = (SELECT max(door_no) FROM masp.front_doors)
		  LEFT JOIN LATERAL (SELECT s.closing_on, f.received_at FROM masp.bank_statements s JOIN masp.bank_files f USING (file_id)
		                      WHERE s.bank_account_id = m.bank_account_id AND s.state = 'accepted' AND s.kind = 'BOOKED'
		                      ORDER BY s.closing_on DESC, f.received_at DESC LIMIT 1) s ON true
		 WHERE m.mandate_id = $1`, mandate).
		Scan(&a.First, &a.Name, &a.Coordinator, &a.Organisation, &a.Phone, &a.Known, &a.Looked, &a.Received, &a.Owes)
	return a, err
}

// bill is one due of a person: what is paid of it, and what of it stands in a run that nobody has signed.
type bill struct {
	Obligation string
	On         civil.Date
	Class      mandates.Class
	What       string
	Due, Paid  money.Amount
	Prepared   money.Amount
	State      string     // of its newest transfer; empty for none
	Moved      civil.Date // on which that one leaves, or has left, or was seen at the bank
}

// open is what nobody pays yet.
func (b bill) open() money.Amount {
	return money.Max(b.Due.Sub(b.Paid).Sub(b.Prepared), money.Amount{})
}

// rent tells whether it is the home.
func (b bill) rent() bool { return b.Class == mandates.Rent || b.Class == mandates.RentalCharge }

// readBills reads the dues of a person from a day on. What a third party pays by order of the judge, what the
// law forbids to pay and days that do not count are none.
func readBills(ctx context.Context, q unit.Querier, mandate string, from civil.Date) ([]bill, error) {
	rows, err := q.Query(ctx, `
		SELECT d.obligation_id, d.due_on, o.class, o.label, d.due_cents - d.replaced_cents, d.paid_cents,
		       coalesce((SELECT sum(c.amount_cents) FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		                   JOIN masp.runs r USING (run_id)
		                  WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on AND i.state = 'draft' AND r.state <> 'cancelled'), 0)::bigint,
		       coalesce(p.state, ''), coalesce(p.settled_on, p.execute_on)
		  FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
		  LEFT JOIN LATERAL (SELECT i.state, i.settled_on, i.execute_on FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		                       JOIN masp.runs r USING (run_id)
		                      WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on AND i.state <> 'cancelled' AND r.state <> 'cancelled'
		                      ORDER BY i.instruction_id DESC LIMIT 1) p ON true
		 WHERE o.mandate_id = $1 AND d.due_on >= $2 AND o.block IS NULL AND NOT d.due_on = ANY (o.except_days)
		   AND d.due_on <= coalesce(o.valid_to, 'infinity')
		   AND NOT EXISTS (SELECT FROM masp.direct_payments x
		                    WHERE x.obligation_id = d.obligation_id AND d.due_on BETWEEN x.starts_on AND x.ends_on)
		 ORDER BY d.due_on, d.obligation_id`, mandate, from)
	return collected(rows, err, pgx.RowToStructByPos[bill])
}

// readUnposted is what will leave to others and stands in no entry yet.
func readUnposted(ctx context.Context, q unit.Querier, mandate string) (all, rent money.Amount, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(sum(i.amount_cents), 0)::bigint,
		       coalesce(sum((SELECT sum(v.amount_cents) FROM masp.instruction_covers v JOIN masp.obligations o USING (obligation_id)
		                      WHERE v.instruction_id = i.instruction_id AND o.class IN ('RENT', 'RENTAL_CHARGE'))), 0)::bigint
		  FROM masp.instructions i JOIN masp.runs r USING (run_id) JOIN masp.creditors c USING (creditor_id)
		 WHERE i.mandate_id = $1 AND i.account = '467:' || $1 AND i.posted_entry IS NULL
		   AND i.state IN ('draft', 'approved', 'scheduled') AND r.state <> 'cancelled' AND c.beneficiary_id IS NULL`, mandate).
		Scan(&all, &rent)
	return all, rent, err
}

// awaited is a benefit of a month, as it is expected and as it came.
type awaited struct {
	Benefit, Payer string
	Period         civil.Date // first day of the month of right
	On             civil.Date
	Amount         money.Amount
	ThirdParty     bool // it goes to the landlord
	Came           money.Amount
}

func readAwaited(ctx context.Context, q unit.Querier, mandate string, from, to civil.Date) ([]awaited, error) {
	rows, err := q.Query(ctx, `
		SELECT coalesce((SELECT b.label FROM masp.benefits b WHERE b.code = e.benefit ORDER BY b.valid_from DESC LIMIT 1), e.benefit),
		       e.payer, e.period, e.expected_on, e.amount_cents, e.third_party,
		       coalesce((SELECT sum(r.amount_cents) FROM masp.receipts r
		                  WHERE r.mandate_id = e.mandate_id AND r.benefit = e.benefit AND r.period = e.period), 0)::bigint
		  FROM masp.expected_benefits e
		 WHERE e.mandate_id = $1 AND e.expected_on BETWEEN $2 AND $3 ORDER BY e.expected_on, e.benefit`, mandate, from, to)
	return collected(rows, err, pgx.RowToStructByPos[awaited])
}

// readNextIncome is the first day after one on which a benefit is expected on the account; zero for none.
func readNextIncome(ctx context.Context, q unit.Querier, mandate string, after civil.Date) (on civil.Date, err error) {
	err = q.QueryRow(ctx, `
		SELECT min(expected_on) FROM masp.expected_benefits WHERE mandate_id = $1 AND NOT third_party AND expected_on > $2`,
		mandate, after).Scan(&on)
	return on, err
}

// readKnown is the last day that the bank has told of, of the account where a mandate's money lies.
func readKnown(ctx context.Context, q unit.Querier, mandate string) (known civil.Date, err error) {
	err = q.QueryRow(ctx, `
		SELECT (SELECT max(s.closing_on) FROM masp.bank_statements s
		         WHERE s.bank_account_id = m.bank_account_id AND s.state = 'accepted' AND s.kind = 'BOOKED')
		  FROM masp.mandates m WHERE m.mandate_id = $1`, mandate).Scan(&known)
	return known, err
}

// paidFor is what a transfer was for, and who has signed it.
type paidFor struct {
	What    []string
	Rent    bool
	State   string
	On      civil.Date // seen at the bank; zero while it was not
	Reason  string     // why it came back, as a code of banks
	Signers []string
	DueOn   civil.Date // the first due that it covers
}

func readPaidFor(ctx context.Context, q unit.Querier, payment string) (p paidFor, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(array_agg(DISTINCT o.label) FILTER (WHERE o.label IS NOT NULL), '{}'),
		       coalesce(bool_or(o.class IN ('RENT', 'RENTAL_CHARGE')), false), i.state, i.settled_on, coalesce(i.reason, ''),
		       masp.signers_of(i.run_id), min(v.due_on)
		  FROM masp.instructions i LEFT JOIN masp.instruction_covers v USING (instruction_id)
		  LEFT JOIN masp.obligations o ON o.obligation_id = v.obligation_id
		 WHERE i.end_to_end_id = $1 GROUP BY i.instruction_id`, payment).
		Scan(&p.What, &p.Rent, &p.State, &p.On, &p.Reason, &p.Signers, &p.DueOn)
	return p, err
}

// readPayer is who has paid the benefits of an entry; empty when nobody said.
func readPayer(ctx context.Context, q unit.Querier, mandate string, entry int64) (payer string, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(min(e.payer), '') FROM masp.receipts r
		  JOIN masp.expected_benefits e USING (mandate_id, benefit, period)
		 WHERE r.mandate_id = $1 AND r.entry_no = $2`, mandate, entry).Scan(&payer)
	return payer, err
}

// spent is what a transfer of a month paid, as a person calls it.
type spent struct {
	What   string // rent, energy, water, insurance, telephone, debt, mine, other
	Amount money.Amount
}

// readSpent reads what has left in some days, by what it was for; what came back is taken off.
func readSpent(ctx context.Context, q unit.Querier, mandate string, from, to civil.Date) ([]spent, error) {
	rows, err := q.Query(ctx, `
		WITH moved AS (
		    SELECT i.instruction_id, i.creditor_id, i.amount_cents, 1 AS side, e.posted_on FROM masp.instructions i
		      JOIN masp.entries e ON e.entry_no = i.posted_entry WHERE i.mandate_id = $1 AND i.account = '467:' || $1
		     UNION ALL
		    SELECT i.instruction_id, i.creditor_id, i.amount_cents, -1, e.posted_on FROM masp.instructions i
		      JOIN masp.entries e ON e.entry_no = i.failed_entry WHERE i.mandate_id = $1 AND i.account = '467:' || $1),
		parts AS (
		    SELECT m.side * coalesce(v.amount_cents, m.amount_cents) AS cents,
		           CASE WHEN c.beneficiary_id IS NOT NULL THEN 'mine' WHEN o.class IN ('RENT', 'RENTAL_CHARGE') THEN 'rent'
		                WHEN o.class = 'DEBT_PLAN' THEN 'debt' WHEN c.kind = 'ENERGY' THEN 'energy' WHEN c.kind = 'WATER' THEN 'water'
		                WHEN c.kind = 'INSURER' THEN 'insurance' WHEN c.kind = 'TELECOM' THEN 'telephone' ELSE 'other' END AS what
		      FROM moved m LEFT JOIN masp.creditors c USING (creditor_id)
		      LEFT JOIN masp.instruction_covers v USING (instruction_id) LEFT JOIN masp.obligations o ON o.obligation_id = v.obligation_id
		     WHERE m.posted_on BETWEEN $2 AND $3)
		SELECT what, sum(cents)::bigint FROM parts GROUP BY what HAVING sum(cents) > 0 ORDER BY 2 DESC, 1`, mandate, from, to)
	return collected(rows, err, pgx.RowToStructByPos[spent])
}

func readCreditorName(ctx context.Context, q unit.Querier, creditor string) (name string, err error) {
	err = q.QueryRow(ctx, `SELECT name FROM masp.creditors WHERE creditor_id = $1`, creditor).Scan(&name)
	return name, err
}

// readBack is what of her payments came back in some days.
func readBack(ctx context.Context, q unit.Querier, mandate string, from, to civil.Date) (back money.Amount, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(sum(i.amount_cents), 0)::bigint FROM masp.instructions i JOIN masp.entries e ON e.entry_no = i.failed_entry
		 WHERE i.mandate_id = $1 AND i.account = '467:' || $1 AND e.posted_on BETWEEN $2 AND $3`, mandate, from, to).Scan(&back)
	return back, err
}
