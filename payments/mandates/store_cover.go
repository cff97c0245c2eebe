package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

func insertAgreement(ctx context.Context, tx pgx.Tx, g Agreement) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.cover_agreements (mandate_id, pays_for, signed_on, ends_on, evidence) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT DO NOTHING`, g.Mandate, g.For, g.SignedOn, g.EndsOn, g.Evidence)
	if err != nil {
		return fmt.Errorf("write the agreement of %s: %w", g.Mandate, err)
	}
	return nil
}

func selectAgreements(ctx context.Context, q unit.Querier, id string) ([]Agreement, error) {
	rows, err := q.Query(ctx, `
		SELECT mandate_id, pays_for, signed_on, ends_on, evidence FROM masp.cover_agreements
		 WHERE mandate_id = $1 ORDER BY signed_on, pays_for`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Agreement])
}

// partOf locks both mandates and then a part of a shared line that the other has agreed to pay.
func partOf(ctx context.Context, tx pgx.Tx, by, part string, today civil.Date) (Obligation, error) {
	var owner string
	err := tx.QueryRow(ctx, `SELECT mandate_id FROM masp.obligations WHERE obligation_id = $1`, part).Scan(&owner)
	if err != nil {
		return Obligation{}, translate(err, ErrNoObligation)
	}
	for _, id := range mandatesOf([]Share{{Mandate: by}, {Mandate: owner}}) {
		if err := lockOpen(ctx, tx, id); err != nil {
			return Obligation{}, err
		}
	}
	var agreed bool
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM masp.cover_agreements WHERE mandate_id = $1 AND pays_for = $2
		                  AND $3 BETWEEN signed_on AND coalesce(ends_on, 'infinity'))`, by, owner, today).Scan(&agreed)
	if err != nil {
		return Obligation{}, err
	}
	o, err := lockObligation(ctx, tx, part)
	if err == nil && (!agreed || o.Shared == "") {
		err = ErrNoAgreement
	}
	return o, err
}

// openOf is what is still open of a due day.
func openOf(ctx context.Context, tx pgx.Tx, o Obligation, day civil.Date) (money.Amount, error) {
	for _, d := range Due(o, day.MonthOf()) {
		if d.On != day {
			continue
		}
		open := d.Amount.Cents()
		err := tx.QueryRow(ctx, `
			SELECT due_cents - paid_cents - replaced_cents FROM masp.dues WHERE obligation_id = $1 AND due_on = $2`, o.ID, day).Scan(&open)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return money.Amount{}, err
		}
		if open > 0 {
			return money.Cents(open), nil
		}
		return money.Amount{}, ErrDayPaid
	}
	return money.Amount{}, ErrNoDueDay
}
