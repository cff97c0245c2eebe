package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// InsertCourtTx writes the benefits of the court that measures come with, by mandate.
func InsertCourtTx(ctx context.Context, tx pgx.Tx, measures []Mandate) error {
	for _, m := range measures {
		if err := insertCourt(ctx, tx, m.ID, m.Court...); err != nil {
			return err
		}
	}
	return nil
}

func insertCourt(ctx context.Context, tx pgx.Tx, id string, benefits ...CourtBenefit) error {
	columns := []string{"mandate_id", "benefit", "valid_from", "valid_to", "judgment"}
	return copyRows(ctx, tx, "court_benefits", columns, benefits, func(c CourtBenefit) []any {
		return []any{id, c.Benefit, c.From, c.To, c.Judgment}
	})
}

func courtBenefits(ctx context.Context, tx pgx.Tx, id string) ([]CourtBenefit, error) {
	return rowsOf[CourtBenefit](ctx, tx, `
		SELECT benefit, valid_from, valid_to, judgment FROM masp.court_benefits
		 WHERE mandate_id = $1 ORDER BY benefit, valid_from`, id)
}
