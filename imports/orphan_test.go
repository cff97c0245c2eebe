package imports_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
)

// orphans are rows that name what is not there, by the rule that refuses them (migration 0016).
var orphans = map[string]string{
	"line_of_a_statement": `INSERT INTO masp.bank_lines (statement_id, rank, booked_on, value_on, amount_cents, state)
		VALUES (900, 1, '2026-11-05', '2026-11-05', 0, 'ignored')`,
	"suspense_of_a_line": `INSERT INTO masp.suspense_items (line_id, open_cents) VALUES (900, 0)`,
	"receipt_of_a_line": `INSERT INTO masp.receipts (entry_no, line_id, mandate_id, benefit, amount_cents, received_on)
		VALUES (1, 900, 'M-1', 'RSA', 1, '2026-11-05')`,
	"receipt_of_a_mandate": `INSERT INTO masp.receipts (entry_no, mandate_id, benefit, amount_cents, received_on)
		VALUES (1, 'M-900', 'RSA', 1, '2026-11-05')`,
}

func TestARowThatNamesNothingIsRefusedAndFoundWhereItWasForced(t *testing.T) {
	t.Parallel()
	for constraint, row := range orphans {
		t.Run(constraint, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.db.App.Exec(t.Context(), row)
			refused, _ := errors.AsType[*pgconn.PgError](err)
			if refused == nil || refused.Code != "23503" || refused.ConstraintName != constraint {
				t.Errorf("got %v, want the row refused by %s", err, constraint)
			}
			_, err = w.db.Super.Exec(t.Context(), `SET session_replication_role = replica; `+row+`; RESET session_replication_role`)
			w.must(err)
			if !slices.ContainsFunc(w.verify(), func(f ledger.Finding) bool { return f.Code == "ORPHAN_ROW" }) {
				t.Error("verify does not find the row")
			}
		})
	}
}
