package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// AskAid notes an aid that has been asked for and answers its number.
//
// Errors: ErrRole, ErrNoMandate, Violations.
func (s *Service) AskAid(ctx context.Context, who auth.Principal, id string, r AidRequest) (number int, err error) {
	a := audit.Act{
		Action: "aid.ask", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"asked_of": r.AskedOf, "on": r.AskedOn, "amount": r.Amount},
	}
	err = s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := r.check(m.today); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			INSERT INTO masp.aid_requests (mandate_id, request_no, asked_on, asked_of, purpose, amount_cents)
			SELECT $1, count(*) + 1, $2, $3, $4, $5 FROM masp.aid_requests WHERE mandate_id = $1 RETURNING request_no`,
			id, r.AskedOn, r.AskedOf, r.Purpose, r.Amount.Cents()).Scan(&number)
	})
	return number, err
}

// DecideAid notes what became of a request, once.
//
// Errors: ErrRole, ErrNoMandate, ErrNoRequest, ErrFutureDay, ErrOutcome.
func (s *Service) DecideAid(ctx context.Context, who auth.Principal, id string, number int, o Outcome, on civil.Date) error {
	if o != Granted && o != NotGiven && o != Withdrawn {
		return ErrOutcome
	}
	a := audit.Act{
		Action: "aid.decide", ObjectType: "mandate", ObjectID: id,
		Details: map[string]any{"request": number, "outcome": o, "on": on},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case on.After(m.today):
			return ErrFutureDay
		}
		done, err := tx.Exec(ctx, `
			UPDATE masp.aid_requests SET decided_on = $3, outcome = $4
			 WHERE mandate_id = $1 AND request_no = $2 AND outcome IS NULL AND asked_on <= $3`, id, number, on, string(o))
		if err == nil && done.RowsAffected() == 0 {
			return ErrNoRequest
		}
		return err
	})
}

// requestsOf reads the requests of a measure in their order.
func requestsOf(ctx context.Context, tx pgx.Tx, id string) (all []AidRequest, err error) {
	var r AidRequest
	var cents int64
	err = each(ctx, tx, []any{&r.No, &r.AskedOn, &r.AskedOf, &r.Purpose, &cents, &r.DecidedOn, &r.Outcome}, func() {
		r.Amount = money.Cents(cents)
		all = append(all, r)
	}, `
		SELECT request_no, asked_on, asked_of, purpose, amount_cents, decided_on, coalesce(outcome, '')
		  FROM masp.aid_requests WHERE mandate_id = $1 ORDER BY request_no`, id)
	return all, err
}
