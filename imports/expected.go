package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// ExpectedStatus is what came of a benefit that was expected.
type ExpectedStatus string

// The statuses. Awaited is not a fault: nothing came yet, and its day has not passed.
const (
	Matched ExpectedStatus = "MATCHED"
	Short   ExpectedStatus = "SHORT"
	Over    ExpectedStatus = "OVER"
	Late    ExpectedStatus = "LATE"
	Missing ExpectedStatus = "MISSING"
	Awaited ExpectedStatus = "AWAITED"
)

// ExpectedOutcome is one expected benefit with what was received for it.
type ExpectedOutcome struct {
	Mandate    string         `json:"mandate"`
	Benefit    string         `json:"benefit"`
	Period     civil.Month    `json:"period"`
	Payer      string         `json:"payer"`
	Amount     money.Amount   `json:"amount"`
	ExpectedOn civil.Date     `json:"expected_on"`
	Received   money.Amount   `json:"received"`
	ReceivedOn civil.Date     `json:"received_on"` // the last day; zero when nothing came
	Difference money.Amount   `json:"difference"`  // received − expected
	Status     ExpectedStatus `json:"status"`
}

// Judge gives an expected benefit its difference and status on a day: what did not come,
// else the sum, else the day.
func (e *ExpectedOutcome) Judge(today civil.Date) {
	e.Difference = e.Received.Sub(e.Amount)
	switch {
	case e.Received.IsZero() && !today.After(e.ExpectedOn):
		e.Status = Awaited
	case e.Received.IsZero():
		e.Status = Missing
	case e.Difference.IsNegative():
		e.Status = Short
	case e.Difference.IsPositive():
		e.Status = Over
	case e.ReceivedOn.After(e.ExpectedOn):
		e.Status = Late
	default:
		e.Status = Matched
	}
}

// selectExpected reads expected benefits with what came of them. What a third party receives
// is never expected on an account.
const selectExpected = `
	SELECT e.mandate_id, e.benefit, e.period, e.payer, e.amount_cents, e.expected_on,
	       coalesce(r.received, 0)::bigint, r.last_day
	  FROM masp.expected_benefits e
	  LEFT JOIN LATERAL (
	       SELECT sum(r.amount_cents) AS received, max(r.received_on) AS last_day FROM masp.receipts r
	        WHERE r.mandate_id = e.mandate_id AND r.benefit = e.benefit AND r.period = e.period) r ON true
	 WHERE NOT e.third_party `

func scanExpected(row pgx.CollectableRow) (ExpectedOutcome, error) {
	var e ExpectedOutcome
	var period civil.Date
	var amount, received int64
	err := row.Scan(&e.Mandate, &e.Benefit, &period, &e.Payer, &amount, &e.ExpectedOn, &received, &e.ReceivedOn)
	e.Period, e.Amount, e.Received = period.MonthOf(), money.Cents(amount), money.Cents(received)
	return e, err
}

// Expected holds what was expected in a month against what came, by mandate and day. The
// month is that of the expected day: the CAF pays in November for October.
func (s *Service) Expected(ctx context.Context, month civil.Month) ([]ExpectedOutcome, error) {
	today, err := ledger.Today(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.Query(ctx, selectExpected+`AND e.expected_on BETWEEN $1 AND $2
		ORDER BY e.mandate_id, e.expected_on, e.benefit`, month.First().Time(), month.Last().Time())
	if err != nil {
		return nil, fmt.Errorf("read expected benefits: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanExpected)
	if err != nil {
		return nil, fmt.Errorf("read expected benefits: %w", err)
	}
	for i := range all {
		all[i].Judge(today)
	}
	return all, nil
}

// missingAfter is how many TARGET days a benefit may be late before somebody is told.
const missingAfter = 3

// RaiseMissing tells the coordinators of each expected benefit of which nothing has come three
// banking days after its day, once. It answers how many are missing. A daily job calls it.
func (s *Service) RaiseMissing(ctx context.Context) (int, error) {
	missing := 0
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectExpected+`AND r.received IS NULL AND e.expected_on BETWEEN $1 AND $2
			ORDER BY e.expected_on, e.mandate_id, e.benefit`, today.AddDays(-400).Time(), today.Time())
		if err != nil {
			return fmt.Errorf("read missing benefits: %w", err)
		}
		all, err := pgx.CollectRows(rows, scanExpected)
		if err != nil {
			return fmt.Errorf("read missing benefits: %w", err)
		}
		var alerts []alertRow
		for _, e := range all {
			if !civil.AddTARGET(e.ExpectedOn, missingAfter).After(today) {
				alerts = append(alerts, e.alert(today))
			}
		}
		missing = len(alerts)
		return raiseAlerts(ctx, tx, alerts)
	})
	if err != nil {
		return 0, fmt.Errorf("raise missing benefits: %w", err)
	}
	return missing, nil
}

// alert is what a coordinator reads of a benefit that did not come.
func (e ExpectedOutcome) alert(today civil.Date) alertRow {
	return alertRow{
		Alert: Alert{Code: "BENEFIT_MISSING", Mandate: e.Mandate, Subject: e.Benefit + " " + e.Period.String(), Amount: e.Amount,
			Text: fmt.Sprintf("%s de %s (%s) était attendu le %s : rien n’est arrivé. Appelez l’organisme.",
				e.Benefit, e.Period.French(), e.Payer, e.ExpectedOn.French())},
		on:     today,
		source: fmt.Sprintf("BENEFIT_MISSING %s %s %s", e.Mandate, e.Benefit, e.Period),
	}
}
