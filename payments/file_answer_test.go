package payments_test

import (
	"testing"

	"masp/payments"
)

func TestAFileSaysWhatTheBankAnswered(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	answer := func(want payments.BankAnswer) {
		t.Helper()
		if got := h.show(run.ID).Files[0].Answer; got != want || (want != "" && got.French() == "") {
			t.Errorf("the bank answered %q, want %q", got, want)
		}
	}
	answer("")
	h.owner(`WITH f AS (
		INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
		VALUES ('R1', sha256('R1'), 2, 'pain.002', 'accepted', masp.now(), 'test') RETURNING file_id
	) INSERT INTO masp.status_reports (file_id, message_id, about, status, at)
	  SELECT file_id, 'R1', $1, 'ACCP', masp.now() FROM f`, run.Files[0].MessageID)
	answer(payments.FileAccepted)
	for i, t := range run.Instructions()[:3] {
		h.bankRejects(t, "AC04")
		if i == 0 {
			answer(payments.FilePartly)
		}
	}
	answer(payments.FileRejected)
}
