package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
	"masp/payments/sepa"
)

// collected reads rows into a list that is never null.
func collected[T any](rows pgx.Rows, err error, scan func(pgx.CollectableRow) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scan)
	return append([]T{}, all...), err
}

const person = `concat_ws(' ', b.civility, b.last_name, b.first_name)`

// firstOf is the SQL of the keys of the first rows of a table that fit a condition: $2 of them at most. The first
// of a word that stands in many rows are soon met in their order; the others are found by their letters.
func firstOf(key, table, fit, order string) string {
	return `
		WITH near AS MATERIALIZED (
		    SELECT ` + key + ` FROM (SELECT * FROM ` + table + ` o ORDER BY ` + order + ` LIMIT 500) o WHERE ` + fit + ` LIMIT $2)
		SELECT ` + key + ` FROM near
		 UNION ALL
		(SELECT ` + key + ` FROM (SELECT * FROM ` + table + ` o WHERE ` + fit + ` OFFSET 0) o
		  WHERE (SELECT count(*) FROM near) < $2 ORDER BY ` + order + ` LIMIT $2)`
}

func findPersons(ctx context.Context, q unit.Querier, w wanted) ([]foundPerson, error) {
	named := firstOf("beneficiary_id", "masp.beneficiaries", `masp.name_sought(o.civility, o.last_name, o.first_name) LIKE $3
		AND EXISTS (SELECT FROM masp.mandates m WHERE m.beneficiary_id = o.beneficiary_id)`, "last_name, first_name, beneficiary_id")
	rows, err := q.Query(ctx, `
		SELECT m.mandate_id, `+person+`, m.status
		  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE m.mandate_id IN (
		       SELECT $1
		        UNION ALL
		       SELECT m.mandate_id FROM masp.mandates m WHERE m.beneficiary_id IN (SELECT $1 UNION ALL (`+named+`)))
		 ORDER BY b.last_name, b.first_name, b.beneficiary_id, m.mandate_id LIMIT $2`, w.exact, w.most, w.like)
	return collected(rows, err, pgx.RowToStructByPos[foundPerson])
}

// endsAs holds for the account numbers k.iban whose end $3 is, backwards.
const endsAs = `$3 <> '' AND reverse(k.iban) COLLATE "C" >= $3 AND reverse(k.iban) COLLATE "C" < $3 || '~'`

// findPayments finds by reference, by amount, or by the end of the account that was paid: the newest first. What
// stands in a draft pays nobody yet: its reference alone finds it.
func (h *House) findPayments(ctx context.Context, q unit.Querier, w wanted) ([]foundPayment, error) {
	const newest = `AND i.state <> 'cancelled' ORDER BY i.execute_on DESC, i.instruction_id DESC LIMIT $2`
	rows, err := q.Query(ctx, `
		SELECT i.end_to_end_id, i.mandate_id, `+person+`, i.creditor_name, i.amount_cents,
		       coalesce(i.settled_on, i.execute_on), i.state,
		       coalesce((SELECT m.line_id FROM masp.line_matches m WHERE m.instruction_id = i.instruction_id
		                    AND m.undone_by IS NULL ORDER BY m.entry_no DESC LIMIT 1), 0)
		  FROM masp.instructions i JOIN masp.mandates m USING (mandate_id) JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE i.instruction_id IN (
		       (SELECT i.instruction_id FROM masp.instructions i WHERE i.end_to_end_id = $1 `+newest+`)
		        UNION ALL
		       (SELECT i.instruction_id FROM masp.instructions i WHERE i.state <> 'draft' AND $4 AND i.amount_cents = $5 `+newest+`)
		        UNION ALL
		       SELECT i.instruction_id FROM masp.creditor_ibans k
		        CROSS JOIN LATERAL (SELECT i.instruction_id FROM masp.instructions i
		              WHERE i.state <> 'draft' AND i.creditor_id = k.creditor_id AND i.iban_version = k.version `+newest+`) i
		        WHERE `+endsAs+`)
		 ORDER BY i.execute_on DESC, i.instruction_id DESC LIMIT $2`, w.exact, w.most, w.iban, w.amount, w.cents)
	return collected(rows, err, func(row pgx.CollectableRow) (p foundPayment, err error) {
		var line int64
		err = row.Scan(&p.Payment, &p.Mandate, &p.Person, &p.Creditor, &p.Amount, &p.On, &p.State, &line)
		if line != 0 {
			p.Line = h.seal.ID(lineKind, line)
		}
		return p, err
	})
}

func findCreditors(ctx context.Context, q unit.Querier, w wanted) ([]foundCreditor, error) {
	named := firstOf("creditor_id", "masp.creditors", `masp.fold(o.creditor_id || ' ' || o.name) LIKE $4`, "name, creditor_id")
	rows, err := q.Query(ctx, `
		SELECT c.creditor_id, c.name, i.iban
		  FROM masp.creditors c
		  JOIN LATERAL (SELECT iban FROM masp.creditor_ibans i WHERE i.creditor_id = c.creditor_id
		                 ORDER BY version DESC LIMIT 1) i ON true
		 WHERE c.creditor_id IN (
		       SELECT $1
		        UNION ALL
		       (`+named+`)
		        UNION ALL
		       SELECT k.creditor_id FROM masp.creditor_ibans k
		        WHERE `+endsAs+` AND NOT EXISTS (SELECT FROM masp.creditor_ibans n
		              WHERE n.creditor_id = k.creditor_id AND n.version > k.version))
		 ORDER BY c.name, c.creditor_id LIMIT $2`, w.exact, w.most, w.iban, w.like)
	return collected(rows, err, func(row pgx.CollectableRow) (f foundCreditor, err error) {
		var iban sepa.IBAN
		err = row.Scan(&f.Creditor, &f.Name, &iban)
		f.IBANMasked = iban.Masked()
		return f, err
	})
}

// findLines finds lines of the bank by amount or by its own reference: the newest first.
func (h *House) findLines(ctx context.Context, q unit.Querier, w wanted) ([]foundLine, error) {
	const newest = `AND state <> 'ignored' ORDER BY booked_on DESC, line_id DESC LIMIT $4)`
	rows, err := q.Query(ctx, `
		SELECT line_id, booked_on, amount_cents, counterparty, state
		  FROM ((SELECT * FROM masp.bank_lines WHERE $1 AND amount_cents = $2 `+newest+`
		         UNION (SELECT * FROM masp.bank_lines WHERE $1 AND amount_cents = -$2 `+newest+`
		         UNION (SELECT * FROM masp.bank_lines WHERE bank_reference <> '' AND bank_reference = $3 `+newest+`) l
		 ORDER BY booked_on DESC, line_id DESC LIMIT $4`, w.amount, w.cents, w.exact, w.most)
	return collected(rows, err, func(row pgx.CollectableRow) (f foundLine, err error) {
		var line int64
		err = row.Scan(&line, &f.BookedOn, &f.Amount, &f.Counterparty, &f.State)
		f.Line = h.seal.ID(lineKind, line)
		return f, err
	})
}

// findObligations finds by the reference that the payee knows, or by amount: a rent is a part of a payment.
func findObligations(ctx context.Context, q unit.Querier, w wanted) ([]foundObligation, error) {
	known := firstOf("obligation_id", "masp.obligations", `$6 AND masp.fold(o.reference) LIKE $3`, "mandate_id, obligation_id")
	rows, err := q.Query(ctx, `
		SELECT o.obligation_id, o.mandate_id, `+person+`, o.label, coalesce(o.reference, ''), o.amount_cents
		  FROM masp.obligations o JOIN masp.mandates m USING (mandate_id) JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE o.obligation_id IN (
		       SELECT $1
		        UNION ALL
		       (`+known+`)
		        UNION ALL
		       (SELECT o.obligation_id FROM masp.obligations o WHERE $4 AND o.amount_cents = $5
		         ORDER BY o.mandate_id, o.obligation_id LIMIT $2))
		 ORDER BY o.mandate_id, o.obligation_id LIMIT $2`, w.exact, w.most, w.like, w.amount, w.cents, len([]rune(w.exact)) >= shortestReference)
	return collected(rows, err, pgx.RowToStructByPos[foundObligation])
}
