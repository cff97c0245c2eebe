package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
	"masp/payments/sepa"
)

// folded is a text of the database as fold writes it.
func folded(column string) string {
	return `translate(lower(` + column + `), '` + folding + `', '` + foldingTo + `')`
}

// collected reads rows into a list that is never null.
func collected[T any](rows pgx.Rows, err error, scan func(pgx.CollectableRow) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scan)
	return append([]T{}, all...), err
}

const person = `concat_ws(' ', b.civility, b.last_name, b.first_name)`

func findPersons(ctx context.Context, q unit.Querier, w wanted) ([]foundPerson, error) {
	rows, err := q.Query(ctx, `
		SELECT m.mandate_id, `+person+`, m.status
		  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE m.mandate_id = $2 OR b.beneficiary_id = $2 OR `+folded(`b.last_name || ' ' || b.first_name`)+` LIKE $1
		    OR `+folded(`b.first_name || ' ' || b.last_name`)+` LIKE $1
		 ORDER BY b.last_name, b.first_name, m.mandate_id LIMIT $3`, w.like, w.exact, w.most)
	return collected(rows, err, pgx.RowToStructByPos[foundPerson])
}

// findPayments finds by reference, by amount, or by the end of the account that was paid: the newest first.
func (h *House) findPayments(ctx context.Context, q unit.Querier, w wanted) ([]foundPayment, error) {
	rows, err := q.Query(ctx, `
		SELECT i.end_to_end_id, i.mandate_id, `+person+`, i.creditor_name, i.amount_cents,
		       coalesce(i.settled_on, i.execute_on), i.state,
		       coalesce((SELECT m.line_id FROM masp.line_matches m WHERE m.instruction_id = i.instruction_id
		                    AND m.undone_by IS NULL ORDER BY m.entry_no DESC LIMIT 1), 0)
		  FROM (SELECT * FROM masp.instructions WHERE end_to_end_id = $1
		         UNION SELECT * FROM masp.instructions WHERE $2 AND amount_cents = $3
		         UNION SELECT i.* FROM masp.instructions i JOIN masp.creditor_ibans k ON k.creditor_id = i.creditor_id
                AND k.version = i.iban_version WHERE $4 <> '' AND k.iban LIKE $4) i
		  JOIN masp.mandates m USING (mandate_id) JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE i.state <> 'cancelled'
		 ORDER BY 6 DESC, i.instruction_id DESC LIMIT $5`, w.exact, w.amount, w.cents, w.iban, w.most)
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
	rows, err := q.Query(ctx, `
		SELECT c.creditor_id, c.name, i.iban
		  FROM masp.creditors c
		  JOIN LATERAL (SELECT iban FROM masp.creditor_ibans i WHERE i.creditor_id = c.creditor_id
		                 ORDER BY version DESC LIMIT 1) i ON true
		 WHERE c.creditor_id = $2 OR `+folded(`c.name`)+` LIKE $1 OR $3 <> '' AND i.iban LIKE $3
		 ORDER BY c.name, c.creditor_id LIMIT $4`, w.like, w.exact, w.iban, w.most)
	return collected(rows, err, func(row pgx.CollectableRow) (f foundCreditor, err error) {
		var iban sepa.IBAN
		err = row.Scan(&f.Creditor, &f.Name, &iban)
		f.IBANMasked = iban.Masked()
		return f, err
	})
}

// findLines finds lines of the bank by amount or by its own reference: the newest first.
func (h *House) findLines(ctx context.Context, q unit.Querier, w wanted) ([]foundLine, error) {
	rows, err := q.Query(ctx, `
		SELECT line_id, booked_on, amount_cents, counterparty, state
		  FROM (SELECT * FROM masp.bank_lines WHERE $1 AND amount_cents = $2
		         UNION SELECT * FROM masp.bank_lines WHERE $1 AND amount_cents = -$2
		         UNION SELECT * FROM masp.bank_lines WHERE bank_reference <> '' AND bank_reference = $3) l
		 WHERE state <> 'ignored' ORDER BY booked_on DESC, line_id DESC LIMIT $4`, w.amount, w.cents, w.exact, w.most)
	return collected(rows, err, func(row pgx.CollectableRow) (f foundLine, err error) {
		var line int64
		err = row.Scan(&line, &f.BookedOn, &f.Amount, &f.Counterparty, &f.State)
		f.Line = h.seal.ID(lineKind, line)
		return f, err
	})
}

// findObligations finds by the reference that the payee knows, or by amount: a rent is a part of a payment.
func findObligations(ctx context.Context, q unit.Querier, w wanted) ([]foundObligation, error) {
	rows, err := q.Query(ctx, `
		SELECT o.obligation_id, o.mandate_id, `+person+`, o.label, coalesce(o.reference, ''), o.amount_cents
		  FROM masp.obligations o JOIN masp.mandates m USING (mandate_id) JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE o.obligation_id = $2 OR `+folded(`o.reference`)+` LIKE $1 OR $4 AND o.amount_cents = $5
		 ORDER BY o.mandate_id, o.obligation_id LIMIT $3`, w.like, w.exact, w.most, w.amount, w.cents)
	return collected(rows, err, pgx.RowToStructByPos[foundObligation])
}
