package mandates

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// SeedTx writes what an organisation starts with: the catalogue of benefits, the calendars of the
// payers, the balance that no seizure takes.
func SeedTx(ctx context.Context, tx pgx.Tx) error {
	if err := copyCatalogue(ctx, tx, Catalogue()...); err != nil {
		return err
	}
	if err := insertFloor(ctx, tx, firstFloor.from, firstFloor.amount); err != nil {
		return err
	}
	return copyCalendars(ctx, tx, DefaultCalendars())
}

// CatalogueTx reads the rows of the catalogue, by code and first day; nil before the first load.
func CatalogueTx(ctx context.Context, tx pgx.Tx) ([]Benefit, error) {
	rows, err := tx.Query(ctx, `
		SELECT code, label, legal_item, payers, valid_from, valid_to, manageable, third_party_excluded, coalesce(purpose, ''), month_of_death
		  FROM masp.benefits ORDER BY code, valid_from`)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Benefit])
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, nil
}

// copyCatalogue writes rows of the catalogue.
func copyCatalogue(ctx context.Context, tx pgx.Tx, rows ...Benefit) error {
	return copyRows(ctx, tx, "benefits", []string{
		"code", "valid_from", "valid_to", "label", "legal_item", "payers",
		"manageable", "third_party_excluded", "purpose", "month_of_death",
	}, rows, func(b Benefit) []any {
		return []any{
			b.Code, b.From, b.To, b.Label, b.LegalItem, orEmpty(b.Payers), b.Manageable, b.ThirdPartyExcluded, orNull(b.Purpose),
			string(cmp.Or(b.MonthOfDeath, UndueMonth)),
		}
	})
}

// ExpectTx writes expected benefits that the caller has judged and records.
func ExpectTx(ctx context.Context, tx pgx.Tx, all ...ExpectedBenefit) error {
	columns := []string{"mandate_id", "benefit", "period", "payer", "amount_cents", "expected_on", "third_party"}
	return copyRows(ctx, tx, "expected_benefits", columns, all, func(e ExpectedBenefit) []any {
		return []any{e.Mandate, e.Benefit, e.Period.First(), e.Payer, e.Amount.Cents(), e.ExpectedOn, e.ThirdParty}
	})
}

var calendarColumns = []string{"payer", "benefit", "third_party", "day", "months_after", "shift"}

// copyCalendars writes the calendars with which an organisation starts.
func copyCalendars(ctx context.Context, tx pgx.Tx, all []PayerCalendar) error {
	return copyRows(ctx, tx, "payer_calendars", calendarColumns, all, func(c PayerCalendar) []any {
		return []any{c.Payer, c.Benefit, c.ThirdParty, c.Day, c.MonthsAfter, string(c.Shift)}
	})
}

func writeCalendar(ctx context.Context, tx pgx.Tx, c PayerCalendar) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.payer_calendars (payer, benefit, third_party, day, months_after, shift)
		VALUES ($1, $2, $3, $4, $5, $6)
		    ON CONFLICT (payer, benefit, third_party) DO UPDATE
		   SET day = excluded.day, months_after = excluded.months_after, shift = excluded.shift`,
		c.Payer, c.Benefit, c.ThirdParty, c.Day, c.MonthsAfter, string(c.Shift))
	if err != nil {
		return fmt.Errorf("write a calendar: %w", err)
	}
	return nil
}

func calendarsTx(ctx context.Context, tx pgx.Tx) ([]PayerCalendar, error) {
	rows, err := tx.Query(ctx, `
		SELECT payer, benefit, third_party, day, months_after, shift
		  FROM masp.payer_calendars ORDER BY payer, benefit, third_party`)
	if err != nil {
		return nil, fmt.Errorf("read the calendars: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[PayerCalendar])
	if err != nil {
		return nil, fmt.Errorf("read the calendars: %w", err)
	}
	return all, nil
}

// paidElsewhere tells whether the last month of a benefit, up to that of e, went to a third party,
// or whether the record of the housing says so of an allowance that may go there.
func paidElsewhere(ctx context.Context, tx pgx.Tx, e ExpectedBenefit) (yes bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce((SELECT third_party FROM masp.expected_benefits
		                  WHERE mandate_id = $1 AND benefit = $2 AND period <= $3
		                  ORDER BY period DESC LIMIT 1),
		       (SELECT h.apl_cents > 0 FROM masp.housing h
		         WHERE h.mandate_id = $1 AND h.valid_from <= $3
		           AND EXISTS (SELECT FROM masp.benefits b
		                WHERE b.code = $2 AND b.third_party_excluded AND b.purpose = 'HOUSING')
		         ORDER BY h.valid_from DESC, h.record_no DESC LIMIT 1),
		       false)`, e.Mandate, e.Benefit, e.Period.First()).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("read where the benefit goes: %w", err)
	}
	return yes, nil
}

// grantedTx reads what the contracts authorise, by mandate; of one, or of all when it is empty.
func grantedTx(ctx context.Context, tx pgx.Tx, mandate string) (map[string][]Authorisation, error) {
	granted := map[string][]Authorisation{}
	var id string
	var a Authorisation
	err := each(ctx, tx, []any{&id, &a.Benefit, &a.From, &a.To}, func() { granted[id] = append(granted[id], a) }, `
		SELECT mandate_id, benefit, valid_from, valid_to FROM masp.authorised_benefits
		 WHERE $1 IN ('', mandate_id)`, mandate)
	if err != nil {
		return nil, fmt.Errorf("read the authorised benefits: %w", err)
	}
	return granted, nil
}

// prospectsTx reads the last month of each benefit of the running mandates, or of one.
func prospectsTx(ctx context.Context, tx pgx.Tx, mandate string) ([]Prospect, error) {
	catalogue, err := CatalogueTx(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	granted, err := grantedTx(ctx, tx, mandate)
	if err != nil {
		return nil, err
	}
	var all []Prospect
	var e ExpectedBenefit
	var period, ends civil.Date
	var cents int64
	add := func() {
		last := e
		last.Period, last.Amount = period.MonthOf(), money.Cents(cents)
		all = append(all, Prospect{Last: last, Granted: granted[e.Mandate], Catalogue: catalogue, EndsOn: ends})
	}
	err = each(ctx, tx, []any{
		&e.Mandate, &e.Benefit, &period, &e.Payer, &cents, &e.ExpectedOn, &e.ThirdParty, &ends,
	}, add, `
		SELECT DISTINCT ON (e.mandate_id, e.benefit) e.mandate_id, e.benefit, e.period, e.payer, e.amount_cents,
		       e.expected_on, e.third_party, m.last_day
		  FROM masp.expected_benefits e JOIN masp.mandates m USING (mandate_id)
		 WHERE $1 IN ('', mandate_id) AND m.status IN ('ACTIVE', 'SUSPENDED', 'PENDING_SIGNATURE') AND m.ended_on IS NULL
		 ORDER BY e.mandate_id, e.benefit, e.period DESC`, mandate)
	if err != nil {
		return nil, fmt.Errorf("read the last expected benefits: %w", err)
	}
	return all, nil
}
