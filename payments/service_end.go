package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Ended is what the end of a measure has stopped.
type Ended struct {
	Cancelled []Instruction // remittances that had still to leave
	Released  money.Amount  // was set aside, in euros; part of the balance again
}

// endDetails is what the log of acts keeps of an end: verify holds the cancelled transfers
// against it.
type endDetails struct {
	On        civil.Date   `json:"on"`
	Cancelled []string     `json:"cancelled"` // their identifiers at the bank
	Released  money.Amount `json:"released"`
}

// EndMandate ends a measure, or freezes it by a death: no run pays it any more, its scheduled
// remittances are cancelled for that reason, its reserve is released (R-091, R-095, decisions
// 2). What has left stays: the bank has it. The refusals are those of mandates.EndTx.
func (s *Service) EndMandate(
	ctx context.Context, who auth.Principal, mandate string, on civil.Date, reason mandates.EndReason,
) (Ended, error) {
	var ended Ended
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if ended.Released, err = mandates.EndTx(ctx, tx, who, mandate, on, reason); err != nil {
			return err
		}
		if ended.Cancelled, err = s.cancelScheduled(ctx, tx, mandate, string(reason)); err != nil {
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

// cancelScheduled cancels the transfers of a mandate that wait for their day. The mandate is
// locked by the caller: no run schedules another one meanwhile. The books are held like by an
// import, so that of two who take away the last transfers of a run one sees it settled.
func (s *Service) cancelScheduled(ctx context.Context, tx pgx.Tx, mandate, reason string) ([]Instruction, error) {
	waiting, err := lockRunsWaiting(ctx, tx, mandate)
	if err != nil || waiting == 0 {
		return nil, err
	}
	if err := s.Ledger.LockTx(ctx, tx); err != nil {
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
