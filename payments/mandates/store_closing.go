package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
)

func closingTx(ctx context.Context, tx pgx.Tx, id string) (Closing, error) {
	c := Closing{Mandate: id}
	err := tx.QueryRow(ctx, `SELECT status FROM masp.mandates WHERE mandate_id = $1`, id).Scan(&c.Status)
	if err != nil {
		return c, translate(err, ErrNoMandate)
	}
	if err := c.readSteps(ctx, tx); err != nil {
		return c, err
	}
	return c, c.Account.read(ctx, tx, id)
}

// readSteps asks the books: a pooled account's unidentified lines concern a measure when they name
// it or its person's number; all those of an individual account do.
func (c *Closing) readSteps(ctx context.Context, tx pgx.Tx) error {
	var step ClosingStep
	var cents int64
	add := func() {
		step.Amount, step.French = money.Cents(cents), closingSteps[step.Code]
		step.Advice = step.Code == "TELL_PAYERS"
		c.Steps = append(c.Steps, step)
	}
	return each(ctx, tx, []any{&step.Code, &cents, &step.Count}, add, `
		WITH held AS (
		     SELECT coalesce(a.sub, '') AS sub, b.credit_cents - b.debit_cents AS cents
		       FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		      WHERE a.owner = $1::text COLLATE "C" AND a.pcg = '467'),
		 sent AS (
		     SELECT state, count(*)::integer AS n, sum(amount_cents) AS cents FROM masp.instructions
		      WHERE mandate_id = $1 AND state IN ('draft', 'approved', 'scheduled', 'in_transit') GROUP BY state),
		 unidentified AS (
		     SELECT count(*)::integer AS n
		       FROM masp.mandates m JOIN masp.bank_accounts b USING (bank_account_id)
		       JOIN masp.bank_statements s USING (bank_account_id) JOIN masp.bank_lines l USING (statement_id)
		       JOIN masp.suspense_items i ON i.line_id = l.line_id AND i.open_cents <> 0
		      WHERE m.mandate_id = $1
		        AND (b.model = 'INDIVIDUAL' OR strpos(l.text || i.suggestion, $1) > 0 OR EXISTS (
		             SELECT FROM masp.payer_numbers p WHERE p.beneficiary_id = m.beneficiary_id AND strpos(l.text, p.number) > 0)))
		SELECT 'DECIDE', coalesce(sum(cents), 0)::bigint, coalesce(sum(n), 0)::integer FROM sent WHERE state IN ('draft', 'approved')
		UNION ALL SELECT 'CANCEL_SCHEDULED', coalesce(sum(cents), 0)::bigint, coalesce(sum(n), 0)::integer FROM sent WHERE state = 'scheduled'
		UNION ALL SELECT 'AWAIT_BANK', coalesce(sum(cents), 0)::bigint, coalesce(sum(n), 0)::integer FROM sent WHERE state = 'in_transit'
		UNION ALL SELECT 'IDENTIFY', 0, n FROM unidentified
		UNION ALL SELECT 'SEND_ON', coalesce(sum(cents), 0)::bigint, 0 FROM held WHERE sub IN ('RESTRICTED', 'RESTITUTION')
		UNION ALL SELECT 'REFUND_UNDUE', coalesce(sum(cents), 0)::bigint, 0 FROM held WHERE sub = 'UNDUE'
		UNION ALL SELECT 'PAY_ESTATE', coalesce(sum(cents), 0)::bigint, 0 FROM held WHERE sub = 'ESTATE'
		UNION ALL SELECT 'RELEASE_RESERVE', coalesce(sum(amount_cents), 0)::bigint, 0 FROM masp.reserve_movements WHERE mandate_id = $1
		UNION ALL SELECT 'RETURN_BALANCE', coalesce(sum(cents), 0)::bigint, 0 FROM held WHERE sub = ''
		UNION ALL SELECT 'TELL_PAYERS', 0, count(DISTINCT asked.payer)::integer FROM masp.payer_changes asked
		 WHERE asked.mandate_id = $1 AND asked.direction = 'START' AND NOT EXISTS (
		       SELECT FROM masp.payer_changes told
		        WHERE told.mandate_id = $1 AND told.payer = asked.payer AND told.direction = 'END')`, c.Mandate)
}

// closingSteps say what to do.
var closingSteps = map[string]string{
	"DECIDE":           "une campagne attend une décision : approuvez-la ou annulez-la",
	"CANCEL_SCHEDULED": "des versements sont encore prévus : la fin de la mesure les annule",
	"AWAIT_BANK":       "des virements sont en route : attendez l'exécution ou le rejet par la banque",
	"IDENTIFY":         "des lignes de banque de la personne sont à identifier (masp suspense list)",
	"SEND_ON":          "de l'argent qui ne se gère pas est à transmettre à la personne",
	"REFUND_UNDUE":     "un indu attend la réclamation écrite du payeur, ou revient à la succession",
	"PAY_ESTATE":       "l'argent de la succession est à verser au notaire ou aux héritiers, avec preuve",
	"RELEASE_RESERVE":  "une provision est encore mise de côté",
	"RETURN_BALANCE":   "le solde est à rendre à la personne",
	"TELL_PAYERS":      "dites la fin aux payeurs qui versent encore ici (masp payer ask --end)",
}

// read sums what came in and went out of all accounts of a person, his own transfers between them
// left out.
func (f *FinalAccount) read(ctx context.Context, tx pgx.Tx, id string) error {
	var held int64
	err := tx.QueryRow(ctx, `
		SELECT coalesce(sum(b.credit_cents - b.debit_cents), 0)::bigint
		  FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		 WHERE a.owner = $1::text COLLATE "C" AND a.pcg = '467'`, id).Scan(&held)
	if err != nil {
		return err
	}
	f.Held = money.Cents(held)
	for _, part := range []struct {
		into *[]Flow
		sql  string
	}{{&f.Flows, selectFlows}, {&f.Received, selectReceived}, {&f.Paid, selectPaid}} {
		var one Flow
		var in, out int64
		*part.into = []Flow{}
		err := each(ctx, tx, []any{&one.Nature, &in, &out}, func() {
			one.In, one.Out = money.Cents(in), money.Cents(out)
			*part.into = append(*part.into, one)
		}, part.sql, id)
		if err != nil {
			return err
		}
	}
	return nil
}

const selectFlows = `
	WITH own AS (SELECT account_id::integer AS id FROM masp.accounts WHERE owner = $1::text COLLATE "C" AND pcg = '467'),
	     moved AS (
	     SELECT entry_no, amount_cents AS received, 0 AS sent FROM masp.postings
	      WHERE credit_account IN (TABLE own) AND debit_account NOT IN (TABLE own)
	     UNION ALL SELECT entry_no, 0, amount_cents FROM masp.postings
	      WHERE debit_account IN (TABLE own) AND credit_account NOT IN (TABLE own))
	SELECT e.kind, sum(received)::bigint, sum(sent)::bigint FROM moved JOIN masp.entries e USING (entry_no)
	 GROUP BY e.kind ORDER BY e.kind`

const selectReceived = `
	SELECT benefit, sum(amount_cents)::bigint, 0::bigint FROM masp.receipts WHERE mandate_id = $1 GROUP BY benefit ORDER BY benefit`

const selectPaid = `
	SELECT o.class, 0::bigint, sum(c.amount_cents)::bigint
	  FROM masp.instructions i JOIN masp.instruction_covers c USING (instruction_id) JOIN masp.obligations o USING (obligation_id)
	 WHERE i.mandate_id = $1 AND i.state IN ('in_transit', 'settled') GROUP BY o.class ORDER BY o.class`
