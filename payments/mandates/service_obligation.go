package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
)

// AddObligation adds a line to what a mandate owes, after those it has. A new amount is a
// new obligation: end the old one the day before.
func (s *Service) AddObligation(ctx context.Context, who auth.Principal, o Obligation) error {
	if !obligationRef.MatchString(o.ID) || o.Label == "" {
		return Violations{{
			Rule: "load", Code: "reference",
			French: "Donnez une référence (majuscules, chiffres, tirets) et un libellé.",
		}}
	}
	a := audit.Act{
		Action: "obligation.add", ObjectType: "obligation", ObjectID: o.ID, After: o.hash(),
		Details: map[string]string{"mandate": o.Mandate},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		var status Status
		err := tx.QueryRow(ctx, `SELECT status FROM masp.mandates WHERE mandate_id = $1 FOR UPDATE`, o.Mandate).Scan(&status)
		if err != nil {
			return translate(err, ErrNoMandate)
		}
		if status != Active && status != PendingSignature {
			return ErrNotActive
		}
		if err := checkAddition(ctx, tx, Load{Obligations: []Obligation{o}}); err != nil {
			return err
		}
		position := 0
		err = tx.QueryRow(ctx, `SELECT coalesce(max(position), 0) + 1 FROM masp.obligations WHERE mandate_id = $1`,
			o.Mandate).Scan(&position)
		if err != nil {
			return err
		}
		return copyRows(ctx, tx, "obligations", obligationColumns, []Obligation{o},
			func(o Obligation) []any { return obligationRow(o, position) })
	})
}

// hash stands for the obligation in the log of acts.
func (o Obligation) hash() chain.Hash {
	return chain.New(1, "obligation").Str(o.ID).Str(o.Mandate).Str(string(o.Class)).Str(o.Creditor).Int(o.Amount.Cents()).
		Str(o.Label).Str(o.Reference).Str(string(o.Frequency)).Int(int64(o.DueDay)).Str(o.From.String()).Str(o.To.String()).
		Str(o.Debt).Str(o.Block).Sum()
}

// EndObligation sets the last day of effect of an obligation. What was due before stays due.
func (s *Service) EndObligation(ctx context.Context, who auth.Principal, id string, last civil.Date) error {
	a := audit.Act{Action: "obligation.end", ObjectType: "obligation", ObjectID: id, Details: map[string]any{"last_day": last}}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		var from civil.Date
		err := tx.QueryRow(ctx, `SELECT valid_from FROM masp.obligations WHERE obligation_id = $1 FOR UPDATE`, id).Scan(&from)
		switch {
		case err != nil:
			return translate(err, ErrNoObligation)
		case last.Before(from):
			return ErrEndDay
		}
		_, err = tx.Exec(ctx, `UPDATE masp.obligations SET valid_to = $2 WHERE obligation_id = $1`, id, last)
		return err
	})
}

// Obligations returns what a mandate owes, in the order of the coordinator: all of it, also
// what is over.
func (s *Service) Obligations(ctx context.Context, mandate string) ([]Obligation, error) {
	var one Situation
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := SummaryTx(ctx, tx, mandate); err != nil {
			return err
		}
		all := []Situation{{Mandate: mandate}}
		err := addObligations(ctx, tx, all)
		one = all[0]
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list obligations: %w", err)
	}
	return one.Obligations, nil
}
