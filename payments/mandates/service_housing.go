package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// SetHousing notes what the landlord asks from a month on and brings the lines of rent and
// charges to the residual: a line of the same landlord changes its amount, in the past
// too (ChangeAmount); that of another landlord ends. Aid above rent and charges is a credit
// with the landlord, told by an alert. It answers what changed.
func (s *Service) SetHousing(ctx context.Context, who auth.Principal, h HousingRecord) ([]Changed, error) {
	if err := h.Check(); err != nil {
		return nil, err
	}
	var all []Changed
	a := audit.Act{
		Action: "housing.set", ObjectType: "mandate", ObjectID: h.Mandate,
		Details: map[string]any{"from": h.From, "rent": h.Rent, "charges": h.Charges, "rls": h.RLS, "apl": h.APL},
	}
	err := s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if err := lockOpen(ctx, tx, h.Mandate); err != nil {
			return err
		}
		if err := insertHousing(ctx, tx, h); err != nil {
			return err
		}
		for _, stage := range h.stages() {
			for _, c := range stage.amounts() {
				changed, err := h.bring(ctx, tx, stage.from, c)
				if err != nil {
					return err
				}
				all = append(all, changed...)
			}
			if err := raiseHousingCredit(ctx, tx, h, stage); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// bring makes the monthly line of a class ask an amount from a month on.
func (h HousingRecord) bring(ctx context.Context, tx pgx.Tx, from civil.Month, c classAmount) ([]Changed, error) {
	lines, err := housingLines(ctx, tx, h.Mandate, c.class, from)
	if err != nil {
		return nil, err
	}
	if len(lines) > 1 {
		return nil, Violations{{
			Rule: "R-052", Code: "TWO_LINES",
			French: "Plusieurs échéances de « " + c.class.French() + " » courent ce mois-là : terminez-en d'abord.",
		}}
	}
	id, err := nextHousingLine(ctx, tx, h.Mandate, c.class)
	if err != nil {
		return nil, err
	}
	if len(lines) == 1 && lines[0].Creditor == h.Landlord {
		if lines[0].Amount == c.amount {
			return nil, nil
		}
		begin := later(from.First(), lines[0].From)
		changed, err := changeTx(ctx, tx, AmountChange{Obligation: lines[0].ID, ID: id, Amount: c.amount, From: begin})
		return []Changed{changed}, err
	}
	return h.begin(ctx, tx, lines, h.line(id, from, c))
}

// begin ends the lines of the landlord before, who asks nothing any more, and adds the new one.
func (h HousingRecord) begin(ctx context.Context, tx pgx.Tx, old []Obligation, o Obligation) ([]Changed, error) {
	var changed Changed
	for _, line := range old {
		if line.To = o.From.AddDays(-1); line.To.Before(line.From) {
			return nil, ErrEndDay
		}
		changed.Old = line
		if err := updateEffect(ctx, tx, line); err != nil {
			return nil, err
		}
	}
	if o.Amount.IsZero() {
		return []Changed{changed}, nil
	}
	changed.New = o
	return []Changed{changed}, addTx(ctx, tx, 0, o)
}

func raiseHousingCredit(ctx context.Context, tx pgx.Tx, h HousingRecord, s stage) error {
	if s.Credit.IsZero() {
		return nil
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	return worklist.RaiseTx(ctx, tx, worklist.Alert{
		On: today, Code: LandlordCredit, Mandate: h.Mandate, Subject: h.Landlord, Amount: s.Credit,
		Text: "L'aide au logement dépasse loyer et charges de " + s.Credit.French() +
			" par mois à partir de " + s.from.French() + " : voyez avec le bailleur.",
		Source: fmt.Sprintf("%s %s %s", LandlordCredit, h.Mandate, s.from),
	})
}

// Regularisation is the yearly settlement of rental charges, paid in instalments that the
// landlord has agreed to.
type Regularisation struct {
	ID, Mandate, Creditor string
	Amount                money.Amount
	Months                int // number of monthly instalments; 1 = at once
	From                  civil.Date
	Label, Reference      string
}

// Regularise adds the settlement of rental charges: one single line, or one for each month.
func (s *Service) Regularise(ctx context.Context, who auth.Principal, r Regularisation) (lines []Obligation, err error) {
	o := Obligation{
		ID: r.ID, Mandate: r.Mandate, Class: RentalCharge, Creditor: r.Creditor, Amount: r.Amount, Label: r.Label,
		Reference: r.Reference, Frequency: Once, From: r.From,
	}
	if err := o.Check(); err != nil {
		return nil, err
	}
	if lines = []Obligation{o}; r.Months != 1 {
		if lines, err = o.Instalments(r.Months); err != nil {
			return nil, err
		}
	}
	a := audit.Act{
		Action: "housing.regularise", ObjectType: "obligation", ObjectID: r.ID, After: o.hash(),
		Details: map[string]any{"mandate": r.Mandate, "months": r.Months},
	}
	return lines, s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if err := lockOpen(ctx, tx, r.Mandate); err != nil {
			return err
		}
		return addTx(ctx, tx, 0, lines...)
	})
}
