package reports_test

import (
	"strings"
	"testing"

	"masp/payments/reports"
)

func TestRentsThatTheBankHasNotTakenBackArePaid(t *testing.T) {
	t.Parallel()
	h := paidHouse(t)
	h.on("2026-11-30")
	r := h.report(reports.LateRents, "2026-11-01", "2026-11-30")
	h.figure(r, "rents_unpaid", "0")
	h.figure(r, "rents_unpaid_amount", "0.00")
	h.figure(r, "months_kept", "1.000")
	if value(r, "rents") == "0" {
		t.Error("no rent fell due")
	}
	h.plant(`UPDATE masp.instructions SET state = 'returned' WHERE instruction_id = (SELECT min(c.instruction_id)
		FROM masp.instruction_covers c JOIN masp.obligations o USING (obligation_id) WHERE o.mandate_id = 'M-0001' AND o.class = 'RENT')`)
	r = h.report(reports.LateRents, "2026-11-01", "2026-11-30")
	h.figure(r, "rents_unpaid", "2") // rent and charges went in one transfer
	if first := r.Tables[0].Rows[0]; first[0].String() != "M-0001" || first[4].String() != "" || first[6].String() == "0" {
		t.Errorf("the unpaid one is not first: %v", first)
	}
}

func TestArrearsFallByWhatWasPaidOfThem(t *testing.T) {
	t.Parallel()
	h := paidHouse(t)
	h.on("2026-11-30")
	r := h.report(reports.Arrears, "2026-01-01", "2026-11-30")
	for _, row := range r.Tables[0].Rows {
		if row[0].String() == "M-0001" && row[6].String() != "-30.00" { // one instalment of its plan
			t.Errorf("got %v", row)
		}
	}
	h.figure(r, "measures_with_less", "1")
	text := r.CSV()
	if !strings.HasPrefix(text, "\ufeff") || !strings.Contains(text, "\r\nM-0001;") || !strings.Contains(text, ";-30,00;") {
		t.Errorf("got %s", text)
	}
}
