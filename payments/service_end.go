package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// Ended is what the end of a measure has stopped.
type Ended struct {
	Cancelled []Instruction // remittances that had still to leave
	Released  money.Amount  // was set aside, in euros; part of the balance again
	Frozen    money.Amount  // by a death: the balance that belongs to the heirs now
}

// endDetails is what the log of acts keeps of an end: verify holds the cancelled transfers
// against it.
type endDetails struct {
	On        civil.Date   `json:"on"`
	Cancelled []string     `json:"cancelled"` // their identifiers at the bank
	Released  money.Amount `json:"released"`
}

// EndMandate ends a measure: no run pays it any more, its scheduled remittances are cancelled for
// that reason, its reserve is released, the coordinator is told (R-091, decisions 2). What has left
// stays: the bank has it. A death freezes the balance for the heirs too. The refusals are those of
// mandates.EndTx.
func (s *Service) EndMandate(
	ctx context.Context, who auth.Principal, mandate string, on civil.Date, reason mandates.EndReason,
) (Ended, error) {
	var ended Ended
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if ended.Released, err = mandates.EndTx(ctx, tx, who, mandate, on, reason); err != nil {
			return err
		}
		if ended.Cancelled, err = s.cancelScheduled(ctx, tx, mandate, string(reason)); err != nil {
			return err
		}
		if reason == mandates.Death {
			if ended.Frozen, err = s.freeze(ctx, tx, who.ID, mandate, "death "+mandate); err != nil {
				return err
			}
		}
		if err := tellEnd(ctx, tx, mandate, on, reason); err != nil {
			return err
		}
		details := endDetails{On: on, Cancelled: []string{}, Released: ended.Released}
		for _, t := range ended.Cancelled {
			details.Cancelled = append(details.Cancelled, t.EndToEndID)
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: actEnd, ObjectType: "mandate", ObjectID: mandate, Reason: string(reason), Details: details,
		})
		return err
	})
	if err != nil {
		return Ended{}, fmt.Errorf("end mandate %s: %w", mandate, err)
	}
	return ended, nil
}

// RecordDeath freezes a mandate on the day on which the death is known: no payment, no remittance,
// and the whole balance belongs to the heirs. It is the end of a measure, or of what was
// left of one that had ended.
func (s *Service) RecordDeath(ctx context.Context, who auth.Principal, mandate string, died civil.Date) (Ended, error) {
	return s.EndMandate(ctx, who, mandate, died, mandates.Death)
}

// tellEnd raises the alert of an end or a death.
func tellEnd(ctx context.Context, tx pgx.Tx, mandate string, on civil.Date, reason mandates.EndReason) error {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	a := worklist.Alert{
		On: today, Code: MeasureEnded, Mandate: mandate, Source: MeasureEnded + " " + mandate + " " + on.String(),
		Text:    fmt.Sprintf("Mesure finie (%s) : restituez le solde à la personne.", reason.French()),
		Details: map[string]string{"reason": string(reason)},
	}
	if reason == mandates.Death {
		a.Code, a.Source = BeneficiaryDeceased, BeneficiaryDeceased+" "+mandate
		a.Text = fmt.Sprintf("Décès le %s : plus rien ne part, l'argent est gardé pour la succession.", on.French())
		a.Details = map[string]string{"date_of_death": on.String()}
	}
	return worklist.RaiseTx(ctx, tx, a)
}

// cancelScheduled cancels the transfers of a mandate that wait for their day. The mandate is
// locked by the caller: no run schedules another one meanwhile. They are locked first, then the
// books like by an import, so that of two who take away the last transfers of a run one sees it
// settled.
func (s *Service) cancelScheduled(ctx context.Context, tx pgx.Tx, mandate, reason string) ([]Instruction, error) {
	waiting, err := lockScheduled(ctx, tx, mandate)
	if err != nil || waiting == 0 {
		return nil, err
	}
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
		return nil, err
	}
	if err := lockRunsWaiting(ctx, tx, mandate); err != nil {
		return nil, err
	}
	cancelled, err := cancelScheduled(ctx, tx, mandate, reason)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(cancelled))
	for i, t := range cancelled {
		ids[i] = t.ID
	}
	return cancelled, settleRuns(ctx, tx, ids)
}
