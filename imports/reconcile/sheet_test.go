package reconcile_test

import (
	"errors"
	"fmt"
	"testing"

	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger/civil"
)

var october = civil.MustParse("2026-10-01").MonthOf()

// autumn is October with a benefit on each account, a rent that is debited, one that is not yet.
func autumn(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.exec(`INSERT INTO masp.expected_benefits (mandate_id, benefit, period, payer, amount_cents, expected_on) VALUES
		('M-1', 'RSA', '2026-09-01', 'CAF', 60000, '2026-10-05'), ('M-1', 'APL', '2026-09-01', 'CAF', 20000, '2026-10-05')`)
	h.exec(`INSERT INTO masp.benefits (code, label, legal_item, payers, manageable, valid_from)
		SELECT b, b, 'test', '{CAF}', true, '2020-01-01' FROM unnest(ARRAY['RSA', 'APL']) b
		 WHERE NOT EXISTS (SELECT FROM masp.benefits WHERE code = b)`)
	h.exec(`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-1', 'RSA', '2026-01-01')`)
	h.exec(`INSERT INTO masp.reserve_movements (mandate_id, amount_cents, source, on_day) VALUES ('M-1', 4000, 'x', '2026-10-06')`)
	h.clock("2026-10-05")
	h.tell("BK-1", "2026-10-05", line{euros("573.49"), "2026-10-05", ""})
	rent := h.pay("BK-1", "M-1", euros("60.00"))
	h.clock("2026-10-07")
	h.tell("BK-1", "2026-10-07", line{euros("-60.00"), "2026-10-07", rent})
	var item int64
	h.must(h.db.Super.QueryRow(t.Context(), `SELECT line_id FROM masp.suspense_items WHERE open_cents <> 0`).Scan(&item))
	_, err := h.Imports.AssignSuspense(t.Context(), h.anne, item, imports.Assignment{
		Mandate: "M-1", Benefit: "RSA", Period: october.Add(-1), Reason: "bordereau",
	})
	h.must(err)
	h.pay("BK-1", "M-1", euros("11.00"))
	h.clock("2026-11-02")
	return h
}

func TestTheMonthOfAPersonIsOpenedDownToTheBank(t *testing.T) {
	t.Parallel()
	h := autumn(t)
	s, err := h.Beneficiary(t.Context(), "M-1", october)
	h.must(err)
	got := fmt.Sprintf("%s+%s-%s=%s transit %s expected %s received %s reserved %s", s.Opening, s.In, s.Out, s.Closing,
		s.InTransit, s.Expected, s.Received, s.Reserved)
	if want := "0.00+673.49-71.00=602.49 transit 11.00 expected 800.00 received 573.49 reserved 40.00"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if s.Own == nil || s.Own.State != reconcile.Balanced || s.Own.Bank != euros("613.49") {
		t.Errorf("the own account is %+v, want 613.49", s.Own)
	}
	places := ""
	for _, m := range s.Moves {
		place := "-"
		if m.Line != nil {
			place = fmt.Sprintf("%s/%d", m.Line.Statement, m.Line.Rank)
		}
		places += fmt.Sprintf("%s %s ", m.Kind, place)
	}
	if want := "OPENING - PAYMENT S-2/1 IDENTIFICATION S-1/1 PAYMENT - "; places != want {
		t.Errorf("got %s, want %s", places, want)
	}
	if len(s.Benefits) != 2 || s.Benefits[0].Status != imports.Missing || s.Benefits[1].Status != imports.Short || len(s.Transfers) != 1 {
		t.Errorf("benefits %+v, transfers %+v", s.Benefits, s.Transfers)
	}
	pooled, err := h.Beneficiary(t.Context(), "M-2", october)
	h.must(err)
	if pooled.Own != nil || pooled.Closing != euros("1000.00") || pooled.Account != "BK-2" {
		t.Errorf("the month of a pooled account is %+v", pooled)
	}
	for _, mandate := range []string{"M-9", ""} {
		if _, err := h.Beneficiary(t.Context(), mandate, october); !errors.Is(err, reconcile.ErrNoMandate) {
			t.Errorf("%q: got %v, want %v", mandate, err, reconcile.ErrNoMandate)
		}
	}
}

func TestTheMonthsOfPersonsAreStoredWhenTheirDaysAreLocked(t *testing.T) {
	t.Parallel()
	h := autumn(t)
	done, err := h.Close(t.Context(), h.paul, october.Last())
	h.must(err)
	if done.Months != 1 {
		t.Errorf("%d months stored, want that of M-1", done.Months)
	}
	s, err := h.Beneficiary(t.Context(), "M-1", october)
	h.must(err)
	if s.Stored != 1 || !s.Same {
		t.Errorf("stored %d, as stored %v, want once and the same", s.Stored, s.Same)
	}
	h.sound()
	for name, sql := range map[string]string{
		"a figure":          `UPDATE masp.beneficiary_months SET in_cents = in_cents + 1, closing_cents = closing_cents + 1`,
		"what was received": `UPDATE masp.beneficiary_months SET received_cents = 0`,
		"who computed it":   `UPDATE masp.beneficiary_months SET computed_by = 'eve'`,
		"a month gone":      `DELETE FROM masp.beneficiary_months`,
		"a day":             `UPDATE masp.reconciliations SET persons_cents = persons_cents + 1, transit_cents = transit_cents - 1 WHERE day = '2026-10-07'`,
		"a day gone":        `DELETE FROM masp.reconciliations WHERE day = '2026-10-07'`,
		"when":              `UPDATE masp.reconciliations SET computed_at = computed_at + interval '1 second' WHERE day = '2026-10-07'`,
		"a day without act": `UPDATE masp.reconciliations SET batch = 99 WHERE day = '2026-10-07'`,
	} {
		h.exec(`CREATE TABLE kept_days AS TABLE masp.reconciliations`)
		h.exec(`CREATE TABLE kept_months AS TABLE masp.beneficiary_months`)
		h.exec(sql)
		if len(h.verify()) == 0 {
			t.Errorf("%s: verify finds nothing", name)
		}
		h.exec(`DELETE FROM masp.reconciliations`)
		h.exec(`INSERT INTO masp.reconciliations TABLE kept_days`)
		h.exec(`DELETE FROM masp.beneficiary_months`)
		h.exec(`INSERT INTO masp.beneficiary_months TABLE kept_months`)
		h.exec(`DROP TABLE kept_days, kept_months`)
	}
	h.sound()
}
