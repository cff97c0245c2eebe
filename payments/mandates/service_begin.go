package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// BeginDue starts by the clock alone what all have signed and whose first day has come: a first
// contract, or a renewal after a gap. It names the measures; twice it does nothing. One
// that may not begin keeps no other from it: the error names each of them.
func (s *Service) BeginDue(ctx context.Context) ([]string, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT mandate_id FROM masp.mandates m
		 WHERE status = 'PENDING_SIGNATURE' AND contract_start <= (SELECT masp.today())
		   AND signed_by_person_on IS NOT NULL AND signed_by_department_on IS NOT NULL
		    OR status = 'ENDED' AND end_reason = 'TERM_REACHED' AND EXISTS (
		       SELECT FROM masp.renewals r WHERE r.mandate_id = m.mandate_id AND r.ends_on > m.last_day)
		 ORDER BY mandate_id`)
	if err != nil {
		return nil, fmt.Errorf("list measures that may begin: %w", err)
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list measures that may begin: %w", err)
	}
	var begun []string
	var failed error
	for _, id := range waiting {
		var began bool
		err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) (err error) {
			began, err = beginTx(ctx, tx, id)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return begun, ctx.Err()
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("begin measure %s: %w", id, err))
		case began:
			begun = append(begun, id)
		}
	}
	return begun, failed
}

func beginTx(ctx context.Context, tx pgx.Tx, id string) (bool, error) {
	m, err := lockMeasure(ctx, tx, id)
	if err != nil {
		return false, err
	}
	var status Status
	if m.Status == PendingSignature {
		status, err = m.signFirst(ctx, tx, "", civil.Date{})
	} else {
		status, err = takeRenewal(ctx, tx, id)
	}
	if err != nil || status != Active || m.Status == Active {
		return false, err
	}
	_, err = audit.Record(ctx, tx, audit.Act{Actor: "system", Action: "mandate.begin", ObjectType: "mandate", ObjectID: id})
	return true, err
}
