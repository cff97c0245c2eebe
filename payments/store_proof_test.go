package payments_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/migrations/dbtest"
	"masp/payments/mandates"
)

// faults are changes by a superuser after a run has gone all its way, and what verify says.
var faults = []struct{ name, sql, want string }{
	{"a payment becomes smaller", `UPDATE masp.instructions SET amount_cents = amount_cents - 1 WHERE creditor_id = 'C-LAND'`, "CONTENT_CHANGED"},
	{"a payment goes elsewhere", `UPDATE masp.instructions SET creditor_iban = (SELECT max(iban) FROM masp.bank_accounts) WHERE creditor_id = 'C-LAND'`, "IBAN_NOT_OF_CREDITOR"},
	{"an IBAN version is swapped", `UPDATE masp.instructions SET iban_version = 2 WHERE creditor_id = 'C-LAND'`, "PLAN_CHANGED"},
	{"a transfer changes its kind", `UPDATE masp.instructions SET kind = 'RESTITUTION' WHERE creditor_id = 'C-LAND'`, "CONTENT_CHANGED"},
	{"a transfer belongs to another", `UPDATE masp.instructions SET mandate_id = 'M-0002', account = '467:M-0002' WHERE creditor_id = 'C-INSURER'`, "CONTENT_CHANGED"},
	{"a transfer loses its entry", `UPDATE masp.instructions SET posted_entry = NULL WHERE creditor_id = 'C-INSURER'`, "TRANSFER_NOT_POSTED"},
	{"a transfer takes another entry", `UPDATE masp.instructions SET posted_entry = posted_entry + 1 WHERE creditor_id = 'C-LAND'`, "TRANSFER_NOT_POSTED"},
	{"a settled transfer is under way again", `UPDATE masp.instructions SET state = 'in_transit' WHERE creditor_id = 'C-INSURER'`, "TRANSIT_NOT_EXPLAINED"},
	{"a scheduled remittance is cancelled", `UPDATE masp.instructions SET state = 'cancelled' WHERE state = 'scheduled'`, "TRANSFER_STATE"},
	{"a scheduled remittance is a draft", `UPDATE masp.instructions SET state = 'draft' WHERE state = 'scheduled'`, "TRANSFER_STATE"},
	{"a settlement loses its entry", `UPDATE masp.instructions SET settled_entry = NULL WHERE creditor_id = 'C-INSURER'`, "SETTLED_WITHOUT_BANK_LINE"},
	{"a settlement moves by a day", `UPDATE masp.instructions SET settled_on = settled_on + 1 WHERE creditor_id = 'C-INSURER'`, "SETTLED_ON_CHANGED"},
	{"a settlement has no line", `DELETE FROM masp.line_matches`, "SETTLED_WITHOUT_BANK_LINE"},
	{"a failure has another reason", `UPDATE masp.instructions SET reason = 'AM04' WHERE state = 'rejected'`, "FAILURE_REASON_CHANGED"},
	{"a failure has another entry", `UPDATE masp.instructions SET failed_entry = 1 WHERE state = 'rejected'`, "FAILURE_NOT_GIVEN_BACK"},
	{"a failure is a settlement", `UPDATE masp.instructions SET state = 'settled' WHERE state = 'rejected'`, "TRANSFER_STATE"},
	{"a transfer disappears", `DELETE FROM masp.instructions WHERE creditor_id = 'C-INSURER'`, "ENTRY_WITHOUT_TRANSFER"},
	{"a scheduled remittance disappears", `DELETE FROM masp.instructions WHERE execute_on = '2026-11-26'`, "CONTENT_CHANGED"},
	{"a cancelled remittance waits again", `UPDATE masp.instructions SET state = 'scheduled', reason = NULL WHERE state = 'cancelled'`, "CANCELLED_WITHOUT_END"},
	{"a cancellation has another reason", `UPDATE masp.instructions SET reason = 'DEATH' WHERE state = 'cancelled'`, "CANCELLED_WITHOUT_END"},
	{"a remittance is cancelled without an act", `UPDATE masp.instructions SET state = 'cancelled', reason = 'MOVED' WHERE state = 'scheduled'`, "CANCELLED_WITHOUT_END"},
	{"a cover pays more", `UPDATE masp.instruction_covers SET amount_cents = amount_cents + 1 WHERE obligation_id = 'O-INS'`, "DUE_NOT_EXPLAINED"},
	{"a cover pays another debt", `UPDATE masp.instruction_covers SET debt_id = NULL WHERE debt_id IS NOT NULL`, "PLAN_CHANGED"},
	{"a due is paid less", `UPDATE masp.dues SET paid_cents = 0 WHERE obligation_id = 'O-INS'`, "DUE_NOT_EXPLAINED"},
	{"a due is replaced by nothing", `UPDATE masp.dues SET replaced_cents = 1 WHERE obligation_id = 'O-RENT'`, "REPLACED_NOT_EXPLAINED"},
	{"a file has left before its remittance", `UPDATE masp.instructions SET posted_entry = NULL WHERE creditor_id = 'C-SELF-M-0002' AND state = 'returned'`, "FILE_BEFORE_POSTING"},
	{"a due is larger", `UPDATE masp.dues SET due_cents = due_cents + 1 WHERE obligation_id = 'O-INS'`, "DUE_CHANGED"},
	{"a due disappears", `DELETE FROM masp.dues WHERE obligation_id = 'O-INS'`, "DUE_MISSING"},
	{"a line pays less", `UPDATE masp.run_lines SET paid_cents = 0 WHERE obligation_id = 'O-INS'`, "PLAN_CHANGED"},
	{"a line says another reason", `UPDATE masp.run_lines SET explanation = 'Payé.' WHERE obligation_id = 'O-INS'`, "PLAN_CHANGED"},
	{"a line disappears", `DELETE FROM masp.run_lines WHERE obligation_id = 'O-INS'`, "PLAN_CHANGED"},
	{"rent was not first", `UPDATE masp.run_lines SET status = 'PARTIAL', reason = 'INSUFFICIENT_FUNDS' WHERE class = 'RENT'`, "RENT_NOT_FIRST"},
	{"a mandate had more available", `UPDATE masp.run_mandates SET available_cents = 1`, "PLAN_CHANGED"},
	{"a mandate changes its place", `UPDATE masp.run_mandates SET position = position + 1`, "MANDATE_PLACE"},
	{"a reserve is not set", `DELETE FROM masp.reserve_movements`, "RESERVE_NOT_SET"},
	{"a run is of another day", `UPDATE masp.runs SET run_on = run_on + 1`, "PLAN_CHANGED"},
	{"a run is of another month", `UPDATE masp.runs SET month = '2026-10-01'`, "PLAN_CHANGED"},
	{"a run has another number", `UPDATE masp.runs SET run_number = 7`, "PLAN_CHANGED"},
	{"a run was made earlier", `UPDATE masp.runs SET created_at = created_at - interval '1 microsecond'`, "PLAN_CHANGED"},
	{"a run was submitted earlier", `UPDATE masp.runs SET submitted_at = submitted_at - interval '1 microsecond'`, "RUN_STATE"},
	{"a run has another state", `UPDATE masp.runs SET state = 'approved'`, "RUN_STATE"},
	{"a run has another content", `UPDATE masp.runs SET content_hash = sha256('x')`, "CONTENT_CHANGED"},
	{"an act is of another person", `UPDATE masp.run_acts SET user_id = 'eve' WHERE act = 'approve'`, "ACT_NOT_IN_LOG"},
	{"an act is of another time", `UPDATE masp.run_acts SET at = at + interval '1 microsecond' WHERE act = 'file'`, "ACT_NOT_IN_LOG"},
	{"the preparer approved", `UPDATE masp.run_acts SET user_id = 'bruno' WHERE act = 'propose'`, "APPROVED_BY_ITS_PREPARER"},
	{"an act disappears", `DELETE FROM masp.run_acts WHERE act = 'hand_over'`, "ACT_MISSING"},
	{"a file has other bytes and their hash", `UPDATE masp.payment_files SET content = 'x', sha256 = sha256('x')`, "FILE_CHANGED"},
	{"a file has another name", `UPDATE masp.payment_files SET name = 'x'`, "FILE_CHANGED"},
	{"a file has another total", `UPDATE masp.payment_files SET total_cents = 1`, "FILE_CHANGED"},
	{"a file never left", `UPDATE masp.payment_files SET released_at = NULL`, "FILE_CHANGED"},
	{"a file left later", `UPDATE masp.payment_files SET released_at = released_at + interval '1 second'`, "FILE_CHANGED"},
	{"a file was not handed over", `UPDATE masp.payment_files SET handed_over_at = NULL`, "FILE_CHANGED"},
	{"a file disappears", `DELETE FROM masp.payment_files`, "FILE_MISSING"},
	{"a transfer leaves its file", `DELETE FROM masp.payment_file_instructions WHERE instruction_id = (SELECT min(instruction_id) FROM masp.instructions)`, "FILE_CHANGED"},
	{"a transfer changes its batch", `UPDATE masp.payment_file_instructions SET payment_info_id = 'x' WHERE instruction_id = (SELECT min(instruction_id) FROM masp.instructions)`, "FILE_CHANGED"},
	{"a transfer is void in its file", `UPDATE masp.payment_file_instructions SET void = true WHERE instruction_id = (SELECT instruction_id FROM masp.instructions WHERE state = 'settled')`, "TRANSFER_NOT_IN_FILE"},
	{"a line belongs to nobody", `UPDATE masp.run_lines SET mandate_id = 'M-0009' WHERE class = 'RESERVE'`, "PLAN_CHANGED"},
	{"a run is of the middle of a month", `ALTER TABLE masp.runs DROP CONSTRAINT runs_month_check; UPDATE masp.runs SET month = month + 1`, "RUN_MONTH"},
	{"an act of no run is added", added("run_acts", "act = 'file'", "run_id", "'C-2026-11-99'"), "ORPHAN_ROW"},
	{"a mandate of no run is added", added("run_mandates", "position = 0", "run_id", "'C-2026-11-99'"), "ORPHAN_ROW"},
	{"a mandate that nobody has is added", added("run_mandates", "position = 0", "mandate_id", "'M-0009'",
		"position", "(SELECT count(*) FROM masp.run_mandates)"), "ORPHAN_ROW"},
	{"a line of no run is added", added("run_lines", "obligation_id = 'O-INS'", "run_id", "'C-2026-11-99'"), "ORPHAN_ROW"},
	{"a line of no mandate is added", added("run_lines", "obligation_id = 'O-INS'", "mandate_id", "'M-0009'", "due_on", "due_on + 1"), "ORPHAN_ROW"},
	{"a transfer of no run is added", added("instructions", "creditor_id = 'C-INSURER'",
		"run_id", "'C-2026-11-99'", "instruction_id", "900", "end_to_end_id", "'x'"), "ORPHAN_ROW"},
	{"a transfer without run is added", added("instructions", "creditor_id = 'C-INSURER'",
		"run_id", "NULL", "instruction_id", "900", "end_to_end_id", "'x'"), "ORPHAN_ROW"},
	{"a transfer of no mandate is added", added("instructions", "creditor_id = 'C-INSURER'",
		"mandate_id", "'M-0009'", "account", "'467:M-0009'", "instruction_id", "900", "end_to_end_id", "'x'"), "ORPHAN_ROW"},
	{"a transfer from no bank account is added", added("instructions", "creditor_id = 'C-INSURER'",
		"bank_account_id", "'BK-NONE'", "instruction_id", "900", "end_to_end_id", "'x'"), "ORPHAN_ROW"},
	{"a transfer to nobody is added", added("instructions", "creditor_id = 'C-INSURER'",
		"creditor_id", "'C-NONE'", "instruction_id", "900", "end_to_end_id", "'x'"), "ORPHAN_ROW"},
	{"a line of no due is added", added("run_lines", "obligation_id = 'O-INS'", "line_no", "900", "due_on", "due_on + 1"), "ORPHAN_ROW"},
	{"a cover of no due is added", added("instruction_covers", "obligation_id = 'O-INS'", "line_no", "900", "due_on", "due_on + 1"), "ORPHAN_ROW"},
	{"an exception is of no mandate", `UPDATE masp.run_exceptions SET mandate_id = 'M-0009'`, "ORPHAN_ROW"},
	{"a cover of no transfer is added", added("instruction_covers", "obligation_id = 'O-INS'", "instruction_id", "900"), "ORPHAN_ROW"},
	{"a file of no run is added", added("payment_files", "true", "run_id", "'C-2026-11-99'",
		"file_id", "900 + file_id", "message_id", "'x' || file_id", "name", "'x' || file_id"), "ORPHAN_ROW"},
	{"a transfer of no file is added", added("payment_file_instructions", "true", "file_id", "900", "void", "true"), "ORPHAN_ROW"},
	{"a file holds no transfer", added("payment_file_instructions", "true", "instruction_id", "900 + instruction_id"), "ORPHAN_ROW"},
	{"a run lacks an alert", `UPDATE masp.run_mandates SET shortfall_cents = shortfall_cents + 1 WHERE position = 0`, "ALERT_NOT_OF_RUN"},
	{"a run has an alert too many", `INSERT INTO masp.alerts (on_day, code, mandate_id, subject, amount_cents, text, source)
		VALUES ('2026-11-05', 'RENT_UNPAID', 'M-0001', 'O-RENT', 1, 'x', 'run C-2026-11-1 M-0001 RENT_UNPAID O-RENT')`, "ALERT_NOT_OF_RUN"},
	{"a due of no obligation is added", added("dues", "obligation_id = 'O-INS'", "obligation_id", "'O-NONE'"), "ORPHAN_ROW"},
}

// added is SQL that copies the rows of a table where a condition holds, with other values in
// the columns that are named in pairs with them.
func added(table, where string, changes ...string) string {
	var pairs []string
	for i := 0; i < len(changes); i += 2 {
		pairs = append(pairs, "'"+changes[i]+"', "+changes[i+1])
	}
	return fmt.Sprintf(`INSERT INTO masp.%[1]s OVERRIDING SYSTEM VALUE
		SELECT (jsonb_populate_record(t, jsonb_build_object(%[3]s))).* FROM masp.%[1]s t WHERE %[2]s`,
		table, where, strings.Join(pairs, ", "))
}

// settledAndFailed is a run with a transfer in each state that the bank gives, and some that the
// end of a measure has cancelled.
func settledAndFailed(t *testing.T) *house {
	h := evasHouse(t)
	h.person(person{id: "M-0002", balance: "1.00"})
	run := h.filed()
	if err := h.HandOver(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	h.bankDebits(h.to(run, "C-INSURER"), h.to(run, "C-SELF-M-0002"))
	h.bankRejects(h.to(run, "C-LAND"), "MS03")
	h.bankReturns(h.to(run, "C-SELF-M-0002"), "MS03")
	h.end("M-0002", mandates.Moved)
	h.clean()
	return h
}

func TestVerifyFindsEachPlantedFault(t *testing.T) {
	t.Parallel()
	h := settledAndFailed(t)
	lot := dbtest.NewLot(t, 4, 1, 1)
	for _, fault := range faults {
		if !lot.Takes() {
			continue
		}
		got, err := h.findingsAfter(fault.sql)
		if err != nil {
			t.Errorf("%s: %v", fault.name, err)
		} else if !slices.Contains(got, fault.want) {
			t.Errorf("%s: verify finds %v, want %s", fault.name, got, fault.want)
		}
	}
	h.clean()
}

// Each column of each row in turn is made a little different by a superuser. Either the table
// itself refuses, or verify finds it.
func TestVerifyFindsAnyColumnThatChanges(t *testing.T) {
	t.Parallel()
	h := settledAndFailed(t)
	changes := map[string]string{
		"bigint": "coalesce(%[1]s, 0) + 1", "integer": "coalesce(%[1]s, 0) + 1", "boolean": "NOT %[1]s",
		"text": "coalesce(%[1]s, '') || 'x'", "date": "coalesce(%[1]s, '2026-11-05') + 1",
		"timestamp with time zone": "coalesce(%[1]s, now()) + interval '1 microsecond'", "bytea": "sha256(%[1]s)",
		"jsonb": "jsonb_set(%[1]s, '{rank}', '99')", "ARRAY": "array_append(%[1]s, 'x')",
	}
	rows, err := h.db.Owner.Query(t.Context(), `
		SELECT table_name, column_name, data_type FROM information_schema.columns
		 WHERE table_schema = 'masp' AND table_name IN ('dues', 'runs', 'run_mandates', 'run_lines', 'instructions',
		       'instruction_covers', 'run_acts', 'payment_files', 'payment_file_instructions', 'run_exceptions', 'run_decisions') ORDER BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	var table, column, kind string
	var tried, refused int
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &kind}, func() error {
		change, known := changes[kind]
		if !known {
			t.Errorf("%s.%s is of type %s: say how to change it", table, column, kind)
			return nil
		}
		rows := h.number(`SELECT count(*) FROM masp.` + table)
		if !long() {
			rows = min(rows, max(0, rand.N(int64(10))-8)) // other columns each time; all rows of all in CI
		}
		for row := range rows {
			tried++
			got, err := h.findingsAfter(fmt.Sprintf(`UPDATE masp.%[2]s SET %[1]s = `+change+`
				WHERE ctid = (SELECT ctid FROM masp.%[2]s ORDER BY ctid LIMIT 1 OFFSET %[3]d)`, column, table, row))
			if err != nil {
				refused++
			} else if len(got) == 0 {
				t.Errorf("row %d of %s: nobody finds that %s changed", row, table, column)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d changes, %d of them refused by the tables", tried, refused)
	if tried > 20 && refused*2 > tried {
		t.Errorf("%d of %d changes were refused: the test proves nothing", refused, tried)
	}
}

func TestVerifyFindsAnyRowThatIsDeleted(t *testing.T) {
	t.Parallel()
	h := settledAndFailed(t)
	lot := dbtest.NewLot(t, 8, 1, 1)
	for _, table := range []string{
		"runs", "run_mandates", "run_lines", "instructions", "instruction_covers", "run_acts",
		"payment_files", "payment_file_instructions", "run_exceptions", "run_decisions",
	} {
		for row := range h.number(`SELECT count(*) FROM masp.` + table) {
			if !lot.Takes() {
				continue
			}
			got, err := h.findingsAfter(fmt.Sprintf(`DELETE FROM masp.%[1]s
				WHERE ctid = (SELECT ctid FROM masp.%[1]s ORDER BY ctid LIMIT 1 OFFSET %[2]d)`, table, row))
			if err != nil || len(got) == 0 {
				t.Errorf("row %d of %s: nobody finds that it is gone (%v)", row, table, err)
			}
		}
	}
}
