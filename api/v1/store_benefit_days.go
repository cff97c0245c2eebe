package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// namedMandate is a mandate with the name of its person.
type namedMandate struct{ Mandate, Person string }

// readExpecting reads a page of the mandates for which something was expected, by reference.
func readExpecting(
	ctx context.Context, q unit.Querier, after string, from, to civil.Date, most int,
) (page []namedMandate, more bool, err error) {
	rows, err := q.Query(ctx, `
		SELECT m.mandate_id, `+person+` FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE m.mandate_id > $1 AND EXISTS (SELECT FROM masp.expected_benefits e WHERE e.mandate_id = m.mandate_id
		           AND NOT e.third_party AND e.expected_on BETWEEN $2 AND $3)
		 ORDER BY m.mandate_id LIMIT $4`, after, from, to, most+1)
	page, err = collected(rows, err, pgx.RowToStructByPos[namedMandate])
	if more = len(page) > most; more {
		page = page[:most]
	}
	return page, more, err
}

// readNames reads the names of the persons of mandates.
func readNames(ctx context.Context, q unit.Querier, mandates []string) (map[string]string, error) {
	rows, err := q.Query(ctx, `
		SELECT m.mandate_id, `+person+` FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE m.mandate_id = ANY ($1)`, mandates)
	all, err := collected(rows, err, pgx.RowToStructByPos[namedMandate])
	names := make(map[string]string, len(all))
	for _, m := range all {
		names[m.Mandate] = m.Person
	}
	return names, err
}
