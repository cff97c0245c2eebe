package payments

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// actSuspend is the act that suspends a measure; proofs name it too.
const actSuspend = "mandate.suspend"

// suspended is the reason of a transfer that a suspension has cancelled.
const suspended = "SUSPENDED"

// SuspendMandate suspends a measure from today: no run pays it, and its scheduled remittances are
// cancelled, because their day may come while nobody can decide on it; the money stays in the
// person's account and a run after the suspension shares it out. The refusals are those of
// mandates.SuspendTx.
func (s *Service) SuspendMandate(ctx context.Context, who auth.Principal, mandate, reason string) (Ended, error) {
	var stopped Ended
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		on, err := mandates.SuspendTx(ctx, tx, who, mandate, reason)
		if err != nil {
			return err
		}
		if stopped.Cancelled, err = s.cancelScheduled(ctx, tx, mandate, suspended); err != nil {
			return err
		}
		details := struct {
			endDetails
			Why string `json:"why"`
		}{stopped.details(on), reason}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: actSuspend, ObjectType: "mandate", ObjectID: mandate, Reason: suspended, Details: details,
		})
		return err
	})
	if err != nil {
		return Ended{}, fmt.Errorf("suspend mandate %s: %w", mandate, err)
	}
	return stopped, nil
}

// EndTerms ends the measures that have passed the end of their last signed contract, each
// in a transaction of its own, and names them. Twice on a day it does nothing the second time.
func (s *Service) EndTerms(ctx context.Context) ([]string, error) {
	past, err := (&mandates.Service{DB: s.DB}).PastTerm(ctx)
	if err != nil {
		return nil, err
	}
	var ended []string
	var failed error
	for _, mandate := range past {
		err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error { return s.endTerm(ctx, tx, mandate) })
		switch {
		case errors.Is(err, mandates.ErrNotOver): // somebody has been faster
		case ctx.Err() != nil:
			return ended, ctx.Err()
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("end mandate %s at its term: %w", mandate, err))
		default:
			ended = append(ended, mandate)
		}
	}
	return ended, failed
}

func (s *Service) endTerm(ctx context.Context, tx pgx.Tx, mandate string) error {
	on, released, err := mandates.TermReachedTx(ctx, tx, mandate)
	if err != nil {
		return err
	}
	ended := Ended{Released: released}
	if ended.Cancelled, err = s.cancelScheduled(ctx, tx, mandate, string(mandates.TermReached)); err != nil {
		return err
	}
	err = worklist.RaiseTx(ctx, tx, worklist.Alert{
		On: on, Code: "MEASURE_ENDED", Mandate: mandate, Subject: mandate,
		Text:    "La mesure est arrivée à son terme sans renouvellement signé : rendez le solde et préparez les relais.",
		Source:  fmt.Sprintf("end %s %s", mandate, on),
		Details: map[string]string{"reason": string(mandates.TermReached)},
	})
	if err != nil {
		return err
	}
	_, err = audit.Record(ctx, tx, audit.Act{
		Actor: "system", Action: actEnd, ObjectType: "mandate", ObjectID: mandate,
		Reason: string(mandates.TermReached), Details: ended.details(on),
	})
	return err
}

// details is what the log of acts keeps of what an end or a suspension has stopped.
func (e Ended) details(on civil.Date) endDetails {
	d := endDetails{On: on, Cancelled: []string{}, Released: e.Released}
	for _, t := range e.Cancelled {
		d.Cancelled = append(d.Cancelled, t.EndToEndID)
	}
	return d
}
