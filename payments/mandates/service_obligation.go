package mandates

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// AddObligation adds a line to what a mandate owes, after those it has. A new amount is a
// new obligation (ChangeAmount, R-053).
func (s *Service) AddObligation(ctx context.Context, who auth.Principal, o Obligation) error {
	a := audit.Act{
		Action: "obligation.add", ObjectType: "obligation", ObjectID: o.ID, After: o.hash(),
		Details: map[string]string{"mandate": o.Mandate},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if err := lockOpen(ctx, tx, o.Mandate); err != nil {
			return err
		}
		return addTx(ctx, tx, 0, o)
	})
}

// addTx judges obligations and writes them: at a place among the others
// of their mandate, or after them when it is 0. A single one of a past month is due at once.
func addTx(ctx context.Context, tx pgx.Tx, place int, all ...Obligation) error {
	var vs Violations
	for _, o := range all {
		vs.add(!ObligationShape.MatchString(o.ID) || o.Label == "", "form", "reference",
			"Donnez une référence (1 à 32 majuscules, chiffres, tirets) et un libellé : « "+o.ID+" ».")
	}
	if err := vs.err(); err != nil {
		return err
	}
	if err := checkObligations(ctx, tx, all); err != nil {
		return err
	}
	if err := insertObligations(ctx, tx, place, all); err != nil {
		return err
	}
	return askPast(ctx, tx, all)
}

// hash stands for the obligation in the log of acts.
func (o Obligation) hash() chain.Hash {
	return chain.New(1, "obligation").Str(o.ID).Str(o.Mandate).Str(string(o.Class)).Str(o.Creditor).Int(o.Amount.Cents()).
		Str(o.Label).Str(o.Reference).Str(string(o.Frequency)).Int(int64(o.DueDay)).Str(o.From.String()).Str(o.To.String()).
		Str(o.Debt).Str(o.Block).Str(o.Shared).Str(o.Covers).Sum()
}

// EndObligation sets the last day of effect of an obligation. What was due before stays due.
func (s *Service) EndObligation(ctx context.Context, who auth.Principal, id string, last civil.Date) error {
	a := audit.Act{Action: "obligation.end", ObjectType: "obligation", ObjectID: id, Details: map[string]any{"last_day": last}}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		o, err := lockObligation(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case last.Before(o.From):
			return ErrEndDay
		}
		o.To = last
		return updateEffect(ctx, tx, o)
	})
}

// ExceptDay tells that a due day of an obligation does not count, or that it counts again. A
// day that has been paid, even in part, stays: ErrDayPaid.
func (s *Service) ExceptDay(ctx context.Context, who auth.Principal, id string, day civil.Date, counts bool) error {
	a := audit.Act{
		Action: "obligation.except", ObjectType: "obligation", ObjectID: id,
		Details: map[string]any{"day": day, "counts": counts},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		o, err := obligationAndMandate(ctx, tx, id)
		if err != nil {
			return err
		}
		paid, err := paidDays(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case paid[day]:
			return ErrDayPaid
		}
		o.Except = slices.DeleteFunc(o.Except, func(d civil.Date) bool { return d == day })
		if !counts {
			if !slices.ContainsFunc(Due(o, day.MonthOf()), func(d DueOn) bool { return d.On == day }) {
				return ErrNoDueDay
			}
			o.Except = append(o.Except, day)
		}
		return updateEffect(ctx, tx, o)
	})
}

// ChangeAmount ends an obligation and begins another of a new amount from a day, in the past
// too. A rise learnt late makes one line per past month for the difference; what was
// paid too much makes no line but an alert: the creditor owes a credit.
func (s *Service) ChangeAmount(ctx context.Context, who auth.Principal, c AmountChange) (Changed, error) {
	if !c.Amount.IsPositive() {
		return Changed{}, Violations{{
			Rule: "R-053", Code: "AMOUNT_NOT_POSITIVE", French: "Le montant d'une échéance doit être supérieur à zéro.",
		}}
	}
	var changed Changed
	a := audit.Act{
		Action: "obligation.change", ObjectType: "obligation", ObjectID: c.Obligation,
		Details: map[string]any{"to": c.ID, "amount": c.Amount, "from": c.From},
	}
	err := s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) (err error) {
		if err := refuseContribution(ctx, tx, c.Obligation); err != nil {
			return err
		}
		changed, err = changeTx(ctx, tx, c)
		a.Before, a.After = changed.Old.hash(), changed.New.hash()
		return err
	})
	return changed, err
}

// changeTx writes a change of amount; an amount of zero only ends the obligation.
func changeTx(ctx context.Context, tx pgx.Tx, c AmountChange) (Changed, error) {
	o, err := obligationAndMandate(ctx, tx, c.Obligation)
	if err != nil {
		return Changed{}, err
	}
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return Changed{}, err
	}
	paid, err := paidDays(ctx, tx, o.ID)
	if err != nil {
		return Changed{}, err
	}
	changed, err := c.apply(o, paid, today)
	if err != nil {
		return Changed{}, err
	}
	place, err := placeOf(ctx, tx, o.ID)
	if err != nil {
		return Changed{}, err
	}
	if err := updateEffect(ctx, tx, changed.Old); err != nil {
		return Changed{}, err
	}
	if lines := changed.lines(); len(lines) > 0 {
		if err := addTx(ctx, tx, place, lines...); err != nil {
			return Changed{}, err
		}
	}
	return changed, raiseCredit(ctx, tx, o, changed.Credit, today)
}

// raiseCredit tells the coordinator that a creditor has been paid too much.
func raiseCredit(ctx context.Context, tx pgx.Tx, o Obligation, credit money.Amount, today civil.Date) error {
	if credit.IsZero() {
		return nil
	}
	return worklist.RaiseTx(ctx, tx, worklist.Alert{
		On: today, Code: LandlordCredit, Mandate: o.Mandate, Subject: o.Label, Amount: credit,
		Text: "Trop versé pour « " + o.Label + " » : demandez un avoir de " + credit.French() +
			", à déduire d'une prochaine échéance.",
		Source:  fmt.Sprintf("%s %s %s", LandlordCredit, o.ID, today),
		Details: map[string]string{"obligation": o.ID},
	})
}

// AddShared adds a line that several mandates share: one obligation for each, by largest
// remainder, that add up to it. The parts answer in the order of the shares; a weight
// of zero has none. What one of them lacks, no other pays.
func (s *Service) AddShared(ctx context.Context, who auth.Principal, o Obligation, shares []Share) ([]Obligation, error) {
	parts, err := o.Split(shares)
	if err != nil {
		return nil, err
	}
	a := audit.Act{
		Action: "obligation.share", ObjectType: "obligation", ObjectID: o.ID, After: o.hash(),
		Details: map[string]any{"shares": shares},
	}
	err = s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		for _, mandate := range mandatesOf(shares) {
			if err := lockOpen(ctx, tx, mandate); err != nil {
				return err
			}
		}
		if err := insertShared(ctx, tx, o); err != nil {
			return err
		}
		return addTx(ctx, tx, 0, parts...)
	})
	return parts, err
}

// Obligations returns what a mandate owes, in the order of the coordinator: all of it, also
// what is over, and with what the law blocks today.
func (s *Service) Obligations(ctx context.Context, mandate string) ([]Obligation, error) {
	var one Situation
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		if err := exists(ctx, tx, mandate); err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		all := []Situation{{Mandate: mandate}}
		if err := addObligations(ctx, tx, all); err != nil {
			return err
		}
		if err := blockByOrders(ctx, tx, today, all); err != nil {
			return err
		}
		err = blockByLaw(ctx, tx, today, all)
		one = all[0]
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list obligations: %w", err)
	}
	return one.Obligations, nil
}
