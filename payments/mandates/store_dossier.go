package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// readRest reads what the situation of a run does not need: commitments, benefits, debts
// and the creditors that are named.
func (d *Dossier) readRest(ctx context.Context, tx pgx.Tx) error {
	var lines []string
	err := tx.QueryRow(ctx, `SELECT commitments FROM masp.mandates WHERE mandate_id = $1`, d.ID).Scan(&lines)
	if err != nil {
		return err
	}
	for _, line := range lines {
		c, err := ParseCommitment(line)
		if err != nil {
			return err
		}
		d.Commitments = append(d.Commitments, c)
	}
	var benefit string
	var from, to civil.Date
	err = each(ctx, tx, []any{&benefit, &from, &to}, func() { d.Benefits = append(d.Benefits, Authorisation{benefit, from, to}) }, `
		SELECT benefit, valid_from, valid_to FROM masp.authorised_benefits WHERE mandate_id = $1 ORDER BY benefit, valid_from`, d.ID)
	if err != nil {
		return err
	}
	if err := d.readDebts(ctx, tx); err != nil {
		return err
	}
	return d.readCreditors(ctx, tx)
}

func (d *Dossier) readDebts(ctx context.Context, tx pgx.Tx) error {
	debt := Debt{Mandate: d.ID}
	var principal, outstanding, instalment int64
	add := func() {
		debt.Principal, debt.Outstanding, debt.Instalment = money.Cents(principal), money.Cents(outstanding), money.Cents(instalment)
		d.Debts = append(d.Debts, debt)
	}
	return each(ctx, tx, []any{
		&debt.ID, &debt.Creditor, &debt.Kind, &principal, &outstanding, &instalment,
		&debt.BornOn, &debt.ContestedOn, &debt.Recovery,
	}, add, `
		SELECT debt_id, creditor_id, kind, principal_cents, outstanding_cents, coalesce(instalment_cents, 0),
		       born_on, contested_on, recovery
		  FROM masp.debts WHERE mandate_id = $1 ORDER BY debt_id`, d.ID)
}

func (d *Dossier) readCreditors(ctx context.Context, tx pgx.Tx) error {
	ids := []string{d.RemitTo}
	for _, o := range d.Obligations {
		ids = append(ids, o.Creditor)
	}
	for _, debt := range d.Debts {
		ids = append(ids, debt.Creditor)
	}
	rows, err := tx.Query(ctx, selectCreditor, ids)
	if err != nil {
		return err
	}
	d.Creditors, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CreditorState])
	return err
}
