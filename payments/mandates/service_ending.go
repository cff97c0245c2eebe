package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// EndTx ends a mandate on its last day, for a reason of R-090: no run pays it any more. A
// death freezes it instead, whatever its status was. What is set aside for the person is
// part of the balance again, and EndTx answers how much that was. It joins the transaction
// of its caller, who stops what is under way and records the act.
//
// Errors: ErrRole, ErrEndReason, ErrNoMandate, ErrNotActive, ErrEndDay, ErrEndAfterRun, ErrFutureEnd, ErrEvaluate
// ErrOwnAccount.
func EndTx(
	ctx context.Context, tx pgx.Tx, who auth.Principal, id string, on civil.Date, reason EndReason,
) (released money.Amount, err error) {
	switch {
	case !mayEdit(who):
		return released, ErrRole
	case !reason.Known():
		return released, ErrEndReason
	}
	m, err := lockMeasure(ctx, tx, id)
	if err != nil {
		return released, err
	}
	running := m.Status == Active || m.Status == Suspended
	switch {
	case m.Status == Deceased && reason == Death:
		return released, ErrDeadAlready
	case m.Status == Closed, m.Status == Deceased, !running && reason != Death:
		return released, ErrNotActive
	case reason != Death && on.Before(m.Contract.Start):
		return released, ErrEndDay
	case on.After(m.today):
		return released, ErrFutureEnd
	case reason == MAJOpened && m.HoldsMoney() && m.RemitTo == "":
		return released, ErrOwnAccount
	}
	if reason != Death {
		if err := m.refuseEndDay(ctx, tx, on); err != nil {
			return released, err
		}
	}
	if reason == Prosecutor {
		if err := m.refuseUnevaluated(ctx, tx); err != nil {
			return released, err
		}
	}
	return m.end(ctx, tx, on, reason)
}

// TermReachedTx ends a measure that has passed the end of its last signed contract: a renewal is
// never tacit. It ends on its last day, by the clock alone; for the rest it is EndTx.
//
// Errors: ErrNoMandate, ErrNotOver.
func TermReachedTx(ctx context.Context, tx pgx.Tx, id string) (on civil.Date, released money.Amount, err error) {
	m, err := lockMeasure(ctx, tx, id)
	if err != nil {
		return on, released, err
	}
	on = m.Contract.End
	if m.Status != Active && m.Status != Suspended || !m.today.After(on) {
		return on, released, ErrNotOver
	}
	released, err = m.end(ctx, tx, on, TermReached)
	return on, released, err
}

// PastTerm names the measures that have passed the end of their last signed contract and have not
// been ended yet, in the order of their references.
func (s *Service) PastTerm(ctx context.Context) ([]string, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT mandate_id FROM masp.mandates
		 WHERE status IN ('ACTIVE', 'SUSPENDED') AND last_day < (SELECT masp.today()) ORDER BY mandate_id`)
	if err != nil {
		return nil, fmt.Errorf("list measures past their term: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// end writes the end of a measure, lifts its suspension and releases its reserve.
func (m measure) end(ctx context.Context, tx pgx.Tx, on civil.Date, reason EndReason) (released money.Amount, err error) {
	status, died := Ended, civil.Date{}
	if reason == Death {
		status, died = Deceased, on
	}
	if err := liftTx(ctx, tx, m.ID, m.today, "fin de la mesure"); err != nil {
		return released, err
	}
	_, err = tx.Exec(ctx, `
		UPDATE masp.mandates
		   SET status = $2, ended_on = coalesce(ended_on, $3), end_reason = coalesce(end_reason, $4), died_on = $5
		 WHERE mandate_id = $1`, m.ID, string(status), on, string(reason), died)
	if err != nil {
		return released, translate(err, ErrNoMandate)
	}
	reserved, err := ReservedTx(ctx, tx, []string{m.ID})
	if err != nil || !reserved[m.ID].IsPositive() {
		return released, err
	}
	source := fmt.Sprintf("end %s %s", m.ID, on)
	return reserved[m.ID], ReserveTx(ctx, tx, Earmark{Mandate: m.ID, Amount: reserved[m.ID].Neg(), Source: source, On: m.today})
}

// refuseEndDay refuses an end before the books were opened, or before what an approved run has paid
// no run pays a measure that has ended.
func (m measure) refuseEndDay(ctx context.Context, tx pgx.Tx, on civil.Date) error {
	var tooEarly, paid bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM masp.organisations WHERE opened_on > $2),
		       EXISTS (SELECT FROM masp.run_mandates p JOIN masp.runs r USING (run_id)
		                 JOIN masp.run_acts a ON a.run_id = r.run_id AND a.act = 'approve'
		                WHERE p.mandate_id = $1 AND p.refused IS NULL AND r.purpose IN ('MONTHLY', 'OFF_CYCLE', 'EMERGENCY', 'MANUAL')
		                  AND r.state NOT IN ('draft', 'in_review', 'cancelled')
		                  AND greatest(r.run_on, (a.at AT TIME ZONE 'Europe/Paris')::date) > $2)`, m.ID, on).Scan(&tooEarly, &paid)
	switch {
	case err != nil:
		return err
	case tooEarly:
		return ErrEndDay
	case paid:
		return ErrEndAfterRun
	}
	return nil
}

// refuseUnevaluated refuses an end that a written evaluation must come before.
func (m measure) refuseUnevaluated(ctx context.Context, tx pgx.Tx) error {
	var evaluated bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM masp.evaluations WHERE mandate_id = $1)`, m.ID).Scan(&evaluated)
	if err == nil && !evaluated {
		return ErrEvaluate
	}
	return err
}
