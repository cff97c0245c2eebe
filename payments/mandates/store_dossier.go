package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// readRest reads what the situation of a run does not need: commitments, benefits, debts
// and the creditors that are named.
func (d *Dossier) readRest(ctx context.Context, tx pgx.Tx) error {
	var lines []string
	err := tx.QueryRow(ctx, `
		SELECT commitments, coalesce(preceded_by, '') FROM masp.mandates WHERE mandate_id = $1`, d.ID).Scan(&lines, &d.PrecededBy)
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
	if d.Court, err = courtBenefits(ctx, tx, d.ID); err != nil {
		return err
	}
	if d.History, err = readHistory(ctx, tx, d.ID); err != nil {
		return err
	}
	if err := d.readDebts(ctx, tx); err != nil {
		return err
	}
	return d.readCreditors(ctx, tx)
}

func (d *Dossier) readDebts(ctx context.Context, tx pgx.Tx) (err error) {
	d.Debts, err = debtsOf(ctx, tx, d.ID)
	return err
}

func (d *Dossier) readCreditors(ctx context.Context, tx pgx.Tx) error {
	ids := []string{d.RemitTo}
	for _, o := range d.Obligations {
		ids = append(ids, o.Creditor)
	}
	for _, debt := range d.Debts {
		ids = append(ids, debt.Creditor)
	}
	rows, err := tx.Query(ctx, selectCreditor+oneOfCreditors, ids)
	if err != nil {
		return err
	}
	d.Creditors, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CreditorState])
	return err
}
