package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// raiseAlerts writes what an approved run tells the coordinator, each once.
func raiseAlerts(ctx context.Context, tx pgx.Tx, run Run, on civil.Date) error {
	for _, m := range run.Mandates {
		for _, a := range Alerts(m.allotment()) {
			source := fmt.Sprintf("run %s %s %s %s", run.ID, m.Mandate, a.Code, a.Line)
			_, err := tx.Exec(ctx, `
				INSERT INTO masp.alerts (on_day, code, mandate_id, subject, amount_cents, source, text)
				VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source) DO NOTHING`,
				on, a.Code, m.Mandate, a.Line, a.Amount.Cents(), source, a.French())
			if err != nil {
				return fmt.Errorf("raise alert %s of %s: %w", a.Code, m.Mandate, err)
			}
		}
	}
	return nil
}

// allotment is the part of a stored run that its alerts depend on.
func (m RunMandate) allotment() Allotment {
	a := Allotment{Mandate: m.Mandate, FloorShortfall: m.Shortfall}
	for _, l := range m.Lines {
		key := mandates.DueOn{Obligation: l.Obligation, On: l.DueOn}.Key()
		a.Lines = append(a.Lines, AllottedLine{
			DueLine: DueLine{ID: key, Class: l.Class, Label: l.Label, Due: l.Due, Debt: l.Debt},
			Senior:  mandates.Policy{}.IsSenior(l.Class), Paid: l.Paid, Status: l.Status, Reason: l.Reason,
		})
	}
	return a
}

// raiseFailure tells the coordinator that a transfer failed.
func raiseFailure(ctx context.Context, tx pgx.Tx, f Failure, code string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.alerts (on_day, code, mandate_id, subject, amount_cents, source, text)
		SELECT $2, $3, mandate_id, end_to_end_id, amount_cents, $3 || ' ' || end_to_end_id,
		       CASE $3 WHEN 'PAYMENT_REJECTED' THEN 'Virement refusé par la banque (' ELSE 'Virement revenu (' END
		       || $4 || ') : ' || creditor_name
		  FROM masp.instructions WHERE instruction_id = $1
		    ON CONFLICT (source) DO NOTHING`, f.Instruction, f.On, code, f.Reason)
	return err
}

// Raised is one alert that a run or a failed transfer has left for the coordinator.
type Raised struct {
	On      civil.Date
	Code    string
	Mandate string
	Text    string // French
}

// Raised returns the alerts, the newest first.
func (s *Service) Raised(ctx context.Context) ([]Raised, error) {
	rows, err := s.DB.Query(ctx, `
		SELECT on_day, code, coalesce(mandate_id, ''), text FROM masp.alerts ORDER BY on_day DESC, alert_id DESC`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Raised])
}
