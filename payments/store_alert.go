package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// raiseAlerts writes what an approved run tells the coordinator, each once, mandate by mandate in
// the order of the run.
func raiseAlerts(ctx context.Context, tx pgx.Tx, run Run, on civil.Date) error {
	var alerts []worklist.Alert
	raise := func(a worklist.Alert, mandate, line string) {
		a.On, a.Mandate, a.Subject = on, mandate, line
		a.Source = fmt.Sprintf("run %s %s %s %s", run.ID, mandate, a.Code, line)
		alerts = append(alerts, a)
	}
	for _, m := range run.Mandates {
		if m.Refused != "" {
			raise(worklist.Alert{
				Code: string(RunRefused), Text: "Écarté de la campagne " + run.ID + " : " + m.Refused.French(),
				Details: map[string]string{"reason": string(m.Refused)},
			}, m.Mandate, "")
			continue
		}
		for _, a := range Alerts(m.allotment()) {
			var details map[string]string
			if a.Line != "" {
				details = map[string]string{"line": a.Line}
			}
			raise(worklist.Alert{Code: string(a.Code), Amount: a.Amount, Text: a.French(), Details: details}, m.Mandate, a.Line)
		}
	}
	return worklist.RaiseTx(ctx, tx, alerts...)
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
func raiseFailure(ctx context.Context, tx pgx.Tx, t Instruction, f Failure, code string) error {
	what := "Virement revenu"
	if code == PaymentRejected {
		what = "Virement refusé par la banque"
	}
	undone, err := undoneReturns(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	source := failureSource(code, t.EndToEndID, undone)
	return worklist.RaiseTx(ctx, tx, worklist.Alert{
		On: f.On, Code: code, Mandate: t.Mandate, Subject: t.EndToEndID, Amount: t.Amount, Source: source,
		Text:    fmt.Sprintf("%s (%s) : %s", what, f.Reason, t.Name),
		Details: map[string]string{"payment": t.EndToEndID, "reason": f.Reason},
	})
}

// failureSource names a failure of a transfer; earlier ones were undone by somebody.
func failureSource(code, endToEndID string, earlier int) string {
	if earlier == 0 {
		return code + " " + endToEndID
	}
	return fmt.Sprintf("%s %s #%d", code, endToEndID, earlier+1)
}

// undoneReturns is how often a return of a transfer was undone.
func undoneReturns(ctx context.Context, tx pgx.Tx, transfer int64) (n int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT count(*) FROM masp.line_matches
		 WHERE instruction_id = $1 AND meaning = 'RETURNED' AND undone_by IS NOT NULL`, transfer).Scan(&n)
	return n, err
}
