package mandates

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
)

// SupposeTx writes obligations that nobody has agreed on, for a transaction that its caller rolls
// back. Each stands under its alias. One with the ID of an old obligation takes its position, and
// what is paid of the old one's dues counts as paid; the caller leaves the old one out.
func SupposeTx(ctx context.Context, tx pgx.Tx, supposed map[string]Obligation) error {
	for _, alias := range slices.Sorted(maps.Keys(supposed)) {
		o := supposed[alias]
		old := o.ID
		o.ID = alias
		var position int
		err := tx.QueryRow(ctx, `
			SELECT coalesce(max(position) FILTER (WHERE obligation_id = $2), max(position) + 1, 1)
			  FROM masp.obligations WHERE mandate_id = $1`, o.Mandate, old).Scan(&position)
		if err != nil {
			return fmt.Errorf("suppose: %w", err)
		}
		err = copyRows(ctx, tx, "obligations", obligationColumns, []Obligation{o},
			func(o Obligation) []any { return obligationRow(o, position) })
		if err != nil {
			return fmt.Errorf("suppose: %w", err)
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO masp.dues (obligation_id, due_on, due_cents, paid_cents)
			SELECT $1, due_on, $3, least(paid_cents + replaced_cents, $3) FROM masp.dues WHERE obligation_id = $2`,
			alias, old, o.Amount.Cents())
		if err != nil {
			return fmt.Errorf("suppose: %w", err)
		}
	}
	return nil
}

// Replacement is an obligation that issues a failed payment again: as a whole, or the line of it
// that it had covered under that number.
type Replacement struct {
	Obligation
	Line *int
}

// ReissueTx adds the obligations that issue a failed payment again, all of one mandate. That
// the payment failed, that it is of this mandate and of these amounts and debts, and that it happens
// once is PostgreSQL's to say. The caller records the act.
func ReissueTx(ctx context.Context, tx pgx.Tx, who auth.Principal, endToEndID string, all ...Replacement) error {
	if !mayEdit(who) {
		return ErrRole
	}
	obligations := make([]Obligation, len(all))
	for i, r := range all {
		obligations[i] = r.Obligation
		if !ObligationShape.MatchString(r.ID) || r.Label == "" {
			return Violations{{
				Rule: "form", Code: "reference",
				French: "Donnez une référence (majuscules, chiffres, tirets) et un libellé.",
			}}
		}
	}
	var status Status
	var position int
	err := tx.QueryRow(ctx, `
		SELECT status, (SELECT coalesce(max(position), 0) FROM masp.obligations o WHERE o.mandate_id = m.mandate_id)
		  FROM masp.mandates m WHERE mandate_id = $1 FOR NO KEY UPDATE`, all[0].Mandate).Scan(&status, &position)
	switch {
	case err != nil:
		return translate(err, ErrNoMandate)
	case status != Active:
		return ErrNotActive
	}
	if err := checkObligations(ctx, tx, obligations); err != nil {
		return err
	}
	return copyRows(ctx, tx, "obligations", append(slices.Clone(obligationColumns), "reissue_of", "reissue_line"), all,
		func(r Replacement) []any {
			position++
			return append(obligationRow(r.Obligation, position), endToEndID, r.Line)
		})
}
