package mandates

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// The refusals about benefits.
var (
	ErrBenefitTwice  = &RefusedError{"the benefit has a row on these days", "Cette prestation a déjà une ligne à ces dates : mettez fin à l'ancienne la veille."}
	ErrNoBenefit     = &RefusedError{"no such benefit", "Cette prestation n'est pas au catalogue à cette date (masp benefit list)."}
	ErrEndedBefore   = &RefusedError{"the row cannot end in the past", "Une ligne du catalogue se termine aujourd'hui au plus tôt : ce qui est déjà reçu reste ce qu'il était. Une erreur se corrige par une nouvelle ligne."}
	ErrNoExpected    = &RefusedError{"no such expected benefit", "Cette prestation n'est pas attendue pour ce mois (masp expected list)."}
	ErrExpectedTwice = &RefusedError{"the benefit is expected already", "Cette prestation est déjà attendue pour ce mois."}
	ErrReceived      = &RefusedError{"the benefit has been received", "Cette prestation est arrivée, en partie ou en entier : elle reste attendue."}
	ErrThirdParty    = &RefusedError{"the benefit is paid to a third party", "Cette aide est versée au bailleur (tiers payant) : elle n'arrive pas sur le compte. Si cela a cessé, dites-le : --third-party-ended."}
	ErrNoCalendar    = &RefusedError{"the payer has no calendar", "Ce payeur n'a pas de calendrier : donnez le jour (--on), ou son calendrier (masp expected calendar)."}
	ErrReason        = &RefusedError{"the act needs a reason", "Dites pourquoi : cela reste dans le journal des actes."}
	ErrMonths        = &RefusedError{"so many months cannot be planned", "Prévoyez de 1 à 24 mois."}
	ErrTolerance     = &RefusedError{"the tolerance is not one", "La tolérance est de zéro ou plus : des euros, et de 0 à 60 jours."}
)

// benefitRefusal translates what the database says about benefits.
func benefitRefusal(err error) error {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok:
		return err
	case refused.Code == "MA033", refused.ConstraintName == "benefits_pkey":
		return ErrBenefitTwice
	case refused.Code == "MA049":
		return ErrEndedBefore
	case refused.Code == "MA034":
		return ErrReceived
	case refused.ConstraintName == "expected_benefits_pkey":
		return ErrExpectedTwice
	}
	return err
}

// Catalogue returns the rows of the catalogue, by code and first day.
func (s *Service) Catalogue(ctx context.Context) (rows []Benefit, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		rows, err = CatalogueTx(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return rows, nil
}

// AddBenefit adds a row to the catalogue, with the reason that auditors read. Two rows
// of a code never hold on one day (ErrBenefitTwice).
func (s *Service) AddBenefit(ctx context.Context, who auth.Principal, b Benefit, reason string) error {
	if err := b.Check(); err != nil {
		return err
	}
	a := audit.Act{Action: "benefit.add", ObjectType: "benefit", ObjectID: b.Code, After: b.hash(), Details: b}
	return s.actBecause(ctx, who, a, reason, func(tx pgx.Tx) error { return copyCatalogue(ctx, tx, b) })
}

// EndBenefit sets the last day of the row of a code that holds on that day: today or later
// (ErrEndedBefore), since what was received stays a benefit.
func (s *Service) EndBenefit(
	ctx context.Context, who auth.Principal, code string, last civil.Date, reason string,
) error {
	a := audit.Act{
		Action: "benefit.end", ObjectType: "benefit", ObjectID: code, Details: map[string]any{"last_day": last},
	}
	return s.actBecause(ctx, who, a, reason, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `
			UPDATE masp.benefits SET valid_to = $2
			 WHERE code = $1 AND valid_from <= $2 AND coalesce(valid_to >= $2, true)`, code, last)
		if err == nil && done.RowsAffected() == 0 {
			err = ErrNoBenefit
		}
		return err
	})
}

// SetTolerance says what passes as received of a benefit, or of all that have no own row when
// the code is empty: so much more or less, so many days late.
func (s *Service) SetTolerance(
	ctx context.Context, who auth.Principal, benefit string, amount money.Amount, days int,
) error {
	if amount.IsNegative() || days < 0 || days > 60 {
		return ErrTolerance
	}
	a := audit.Act{
		Action: "tolerance.set", ObjectType: "benefit", ObjectID: cmp.Or(benefit, "all"),
		Details: map[string]any{"amount": amount, "days": days},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		rows, err := CatalogueTx(ctx, tx)
		if err != nil {
			return err
		}
		if benefit != "" && !Named(rows, benefit) {
			return ErrNoBenefit
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO masp.benefit_tolerances (benefit, amount_cents, days) VALUES ($1, $2, $3)
			    ON CONFLICT (benefit) DO UPDATE SET amount_cents = excluded.amount_cents, days = excluded.days`,
			benefit, amount.Cents(), days)
		return err
	})
}

// SetCalendar sets when a payer pays and answers the calendar. One that stands changes only
// in what is named, and with a reason (ErrReason). What is expected already keeps its day.
func (s *Service) SetCalendar(
	ctx context.Context, who auth.Principal, change CalendarChange, reason string,
) (c PayerCalendar, err error) {
	a := audit.Act{Action: "calendar.set", ObjectType: "payer", ObjectID: change.Payer, Reason: reason}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		all, err := calendarsTx(ctx, tx)
		if err != nil {
			return err
		}
		old := false
		if c, old = change.over(all); old && reason == "" {
			return ErrReason
		}
		a.Details = c
		if err := c.Check(); err != nil {
			return err
		}
		rows, err := CatalogueTx(ctx, tx)
		if err != nil {
			return err
		}
		if c.Benefit != "" && !Named(rows, c.Benefit) {
			return ErrNoBenefit
		}
		return writeCalendar(ctx, tx, c)
	})
	return c, err
}

// Calendars returns the calendars of the payers.
func (s *Service) Calendars(ctx context.Context) (all []PayerCalendar, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err = calendarsTx(ctx, tx)
		return err
	})
	return all, err
}

// actBecause is an act of a person that needs a reason.
func (s *Service) actBecause(
	ctx context.Context, who auth.Principal, a audit.Act, reason string, change func(pgx.Tx) error,
) error {
	if reason == "" {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, ErrReason)
	}
	a.Reason = reason
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error { return benefitRefusal(change(tx)) })
}

// hash stands for the row in the log of acts.
func (b Benefit) hash() chain.Hash {
	e := chain.New(1, "benefit").Str(b.Code).Str(b.Label).Str(b.LegalItem).Str(b.From.String()).Str(b.To.String()).
		Bool(b.Manageable).Bool(b.ThirdPartyExcluded).Str(b.Purpose).Str(string(b.MonthOfDeath))
	for _, payer := range b.Payers {
		e.Str(payer)
	}
	return e.Sum()
}
