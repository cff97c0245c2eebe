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
	"masp/ledger/unit"
)

// Agreement is the written consent of two members of a household: one may pay the part of the
// other.
type Agreement struct {
	Mandate  string // who pays
	For      string // whose part
	SignedOn civil.Date
	EndsOn   civil.Date // zero = until another day
	Evidence string     // the paper that both have signed
}

// ErrNoAgreement is a part that another mandate would pay without a written agreement.
var ErrNoAgreement = &RefusedError{
	"no agreement to pay for the other",
	"Chacun paie sa part : il faut d'abord un accord écrit et daté des deux (masp obligation agree).",
}

// Agreements lists the written agreements by which a mandate may pay for others, the oldest first.
func (s *Service) Agreements(ctx context.Context, id string) ([]Agreement, error) {
	all, err := selectAgreements(ctx, unit.Reader(ctx, s.DB), id)
	if err != nil {
		return nil, fmt.Errorf("list agreements of %s: %w", id, err)
	}
	return all, nil
}

// Agree notes a written agreement of two mandates.
func (s *Service) Agree(ctx context.Context, who auth.Principal, g Agreement) error {
	var vs Violations
	vs.add(g.Evidence == "" || g.SignedOn.IsZero(), "R-102", "AGREEMENT_UNDATED",
		"L'accord est écrit, daté et signé des deux : donnez sa date et sa pièce.")
	vs.add(g.Mandate == g.For, "R-102", "AGREEMENT_WITH_ONESELF", "Un accord lie deux mandats différents.")
	vs.add(!g.EndsOn.IsZero() && g.EndsOn.Before(g.SignedOn), "R-102", "DATES_REVERSED",
		"L'accord finit avant d'être signé : corrigez les dates.")
	if err := vs.err(); err != nil {
		return err
	}
	a := audit.Act{
		Action: "obligation.agree", ObjectType: "mandate", ObjectID: g.Mandate, Reason: g.Evidence,
		Details: map[string]any{"for": g.For, "signed_on": g.SignedOn},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		for _, id := range mandatesOf([]Share{{Mandate: g.Mandate}, {Mandate: g.For}}) {
			if err := lockOpen(ctx, tx, id); err != nil {
				return err
			}
		}
		return insertAgreement(ctx, tx, g)
	})
}

// Cover lets a mandate pay what is still open of one due day of another's part of a shared
// line: by a line of its own, due today. The two must have agreed to it: ErrNoAgreement.
func (s *Service) Cover(ctx context.Context, who auth.Principal, by, part string, day civil.Date) (line Obligation, err error) {
	a := audit.Act{
		Action: "obligation.cover", ObjectType: "obligation", ObjectID: part,
		Details: map[string]any{"by": by, "day": day},
	}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		o, err := partOf(ctx, tx, by, part, today)
		if err != nil {
			return err
		}
		open, err := openOf(ctx, tx, o, day)
		if err != nil {
			return err
		}
		line = o.coveredBy(by, day, open, today)
		if err := addTx(ctx, tx, 0, line); err != nil {
			return err
		}
		a.After = line.hash()
		o.Except = append(o.Except, day)
		return updateEffect(ctx, tx, o)
	})
	return line, err
}

// coveredBy is the line by which another mandate pays what is open of a part.
func (o Obligation) coveredBy(mandate string, day civil.Date, open money.Amount, today civil.Date) Obligation {
	return Obligation{
		ID:      fmt.Sprintf("%s-X%02d%02d%02d", o.ID, day.Year()%100, int(day.Month_()), day.Day()),
		Mandate: mandate, Class: o.Class, Creditor: o.Creditor, Amount: open, Reference: o.Reference,
		Label: o.Label + " (part de l'autre, par accord)", Frequency: Once, From: today, Covers: o.ID,
	}
}
