package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/reports"
)

func (h *house) credit(books *ledger.Ledger, mandate, bank string) {
	h.t.Helper()
	_, err := books.Post(h.t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "line " + mandate, Label: "CAF", Actor: "test",
		PostedOn: civil.MustParse("2026-11-02"), BookedOn: civil.MustParse("2026-11-02"), ValueOn: civil.MustParse("2026-11-02"),
		Postings: []ledger.Posting{{Debit: ledger.Bank(bank), Credit: ledger.Mandate(mandate), Amount: money.Cents(120000)}},
	})
	h.must(err)
}

func (h *house) violations() (found []string) {
	h.t.Helper()
	for _, row := range h.report(reports.Priority, "2026-01-01", "2026-12-31").Tables[0].Rows {
		var cells []string
		for _, v := range row {
			cells = append(cells, v.String())
		}
		found = append(found, strings.Join(cells, " | "))
	}
	return found
}

func TestARunOfTheProgramBreaksNoPriority(t *testing.T) {
	t.Parallel()
	h := paidHouse(t)
	r := h.report(reports.Priority, "2026-01-01", "2026-12-31")
	h.figure(r, "violations", "0")
	h.figure(r, "checked_parts", "3")
	if value(r, "checked_lines") == "0" {
		t.Error("nothing was checked")
	}
}

// Each of them is planted as superuser, where no trigger of the database stops it.
func TestAPlantedViolationIsFoundAndNamed(t *testing.T) {
	t.Parallel()
	const cover = `(SELECT c.instruction_id, c.line_no FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		JOIN masp.obligations o USING (obligation_id) WHERE i.mandate_id = 'M-0001' AND o.class = '%s' LIMIT 1)`
	for _, c := range []struct{ name, sql, want string }{
		{
			"the rent was not paid, the rest was",
			`DELETE FROM masp.instruction_covers WHERE (instruction_id, line_no) = ` + fmt.Sprintf(cover, "RENT"),
			"M-0001 | loyer ou charges non payés en entier",
		},
		{
			"a cent of the charges is missing",
			`UPDATE masp.instruction_covers SET amount_cents = amount_cents - 1 WHERE (instruction_id, line_no) = ` + fmt.Sprintf(cover, "RENTAL_CHARGE"),
			"versement à la personne",
		},
		{
			"the rent was left out",
			`WITH gone AS (DELETE FROM masp.instruction_covers WHERE (instruction_id, line_no) = ` + fmt.Sprintf(cover, "RENT") + `)
			 DELETE FROM masp.run_lines WHERE mandate_id = 'M-0001' AND class = 'RENT'`,
			"loyer du mois laissé de côté",
		},
		{
			"a debt waits for money, the person gets all",
			`UPDATE masp.run_lines SET status = 'DEFERRED', reason = 'INSUFFICIENT_FUNDS', due_cents = due_cents + 100 WHERE mandate_id = 'M-0001' AND class = 'DEBT_PLAN'`,
			"plus que le reste à vivre",
		},
		{
			"a line before was left waiting",
			`UPDATE masp.run_lines SET status = 'PARTIAL', reason = 'INSUFFICIENT_FUNDS', due_cents = due_cents + 100 WHERE mandate_id = 'M-0001' AND class = 'HOUSING_OTHER'`,
			"une échéance d'avant attendait",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := paidHouse(t)
			h.plant(c.sql)
			found := h.violations()
			named := false
			for _, v := range found {
				named = named || strings.Contains(v, c.want)
				if !strings.Contains(v, "C-2026-11-1 | M-0001") {
					t.Errorf("another run or person is blamed: %s", v)
				}
			}
			if !named {
				t.Errorf("got %q, want one with %q", found, c.want)
			}
		})
	}
}
