package payments_test

import "testing"

func TestARowOfARunThatNamesNothingIsRefusedAndWhatItNamesStays(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.propose()
	fresh := `WITH fresh AS (INSERT INTO masp.runs (run_id, run_number, month, run_on, state, content_hash, created_at)
		VALUES ('C-2026-11-9', 9, '2026-11-01', '2026-11-05', 'draft', sha256('x'), masp.now())) `
	line := `INSERT INTO masp.run_lines (run_id, mandate_id, line_no, obligation_id, due_on, class, label, due_cents, paid_cents, status, explanation) VALUES `
	transfer := `INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name,
		creditor_iban, iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id) VALUES `
	rest := `', 'Bail', 'FR', 1, 1, '2026-11-05', '2026-11-05', 'x', 'E-1')`
	for _, c := range []struct{ sql, want string }{
		{`INSERT INTO masp.dues (obligation_id, due_on, due_cents) VALUES ('O-NONE', '2026-11-05', 1)`, "due_of_an_obligation"},
		{line + `('C-2026-11-1', 'M-0001', 50, 'O-RENT', '2026-11-06', 'RENT', 'x', 1, 1, 'PAID', 'x')`, "line_of_a_due"},
		{line + `('C-2026-11-1', 'M-9999', 50, 'O-RENT', '2026-11-05', 'RENT', 'x', 1, 1, 'PAID', 'x')`, "due_once_a_run"},
		{fresh + line + `('C-2026-11-9', 'M-0001', 1, 'O-RENT', '2026-11-05', 'RENT', 'x', 1, 1, 'PAID', 'x')`, "line_of_its_mandate"},
		{fresh + transfer + `('C-2026-11-9', 'M-0001', 'PAYMENT', '467:M-0001', 'BK-M-0001', 'C-LAND` + rest, "transfers_of_their_mandate"},
		{`INSERT INTO masp.instruction_covers (instruction_id, line_no, obligation_id, due_on, amount_cents)
			SELECT instruction_id, 50, 'O-RENT', '2026-11-06', 1 FROM masp.instructions LIMIT 1`, "cover_of_a_due"},
		{`INSERT INTO masp.instruction_covers (instruction_id, line_no, obligation_id, due_on, amount_cents)
			VALUES (900, 50, 'O-RENT', '2026-11-05', 1)`, "cover_of_a_transfer"},
		{`INSERT INTO masp.run_exceptions (run_id, exception_no, mandate_id, code, lines, before_text, after_text, text, awaits, instead_cents)
			VALUES ('C-2026-11-1', 50, 'M-9999', 'new_payee', '{}', '', '', 'x', '{}', 0)`, "exception_of_its_mandate"},
	} {
		if got := h.app(c.sql); got != c.want {
			t.Errorf("got %s, want %s: %s", got, c.want, c.sql)
		}
	}
	for _, sql := range []string{
		`DELETE FROM masp.run_mandates`, `DELETE FROM masp.dues`, `UPDATE masp.dues SET due_on = due_on + 1`, `UPDATE masp.run_mandates SET mandate_id = 'M-0002'`,
		`UPDATE masp.obligations SET obligation_id = 'O-2'`, `DELETE FROM masp.obligations`, `DELETE FROM masp.bank_accounts`,
		`UPDATE masp.bank_accounts SET bank_account_id = 'X'`, `DELETE FROM masp.creditors`, `UPDATE masp.creditors SET creditor_id = 'X'`,
	} {
		if _, err := h.db.Owner.Exec(t.Context(), sql); refusal(err) != "MA001" {
			t.Errorf("got %s, want MA001: %s", refusal(err), sql)
		}
	}
}
