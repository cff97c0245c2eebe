package payments_test

import (
	"errors"
	"testing"

	"masp/ledger"
	"masp/payments"
)

// byHand proposes to pay dues of M-0001 by cheque.
func (h *house) byHand(evidence string, lines ...payments.LineAsk) (payments.Run, error) {
	return h.Propose(h.t.Context(), h.anne, payments.Ask{
		Purpose: payments.ManualRun, Mandates: []string{"M-0001"}, Lines: lines, Means: payments.Cheque, Evidence: evidence,
	})
}

func TestAPaymentByHandCoversDuesAndStandsInNoFile(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.owner(`UPDATE masp.creditor_ibans SET payable_from = NULL, confirmed_by = NULL, confirmed_at = NULL
		WHERE creditor_id = 'C-LAND'`) // by hand no IBAN is needed
	run, err := h.byHand("chèque 0001234", line("O-RENT"), line("O-DEBT"))
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, "transfers", transfers(run), "PAYMENT C-LAND 247.50 2026-11-05 draft\n")
	h.clean()
	h.decided(run)
	run = h.signed(run.ID)
	if run.State != payments.Approved || len(run.Files) > 0 || run.Evidence != "chèque 0001234" {
		t.Errorf("approved: %s %v %q", run.State, run.Files, run.Evidence)
	}
	if paid, owed := h.duePaid("O-RENT"), h.owed("D-1"); paid != "217.50" || owed != "510.00" {
		t.Errorf("paid %s of the rent, %s are left of the debt", paid, owed)
	}
	var refused *payments.AskError
	if _, err := h.File(t.Context(), h.bruno, run.ID); !errors.As(err, &refused) || refused.Code != "BY_HAND" {
		t.Errorf("a file of a cheque: %v", err)
	}
	h.clean()
	h.bankDebits(run.Instructions()...)
	if got := h.show(run.ID).State; got != payments.Settled {
		t.Errorf("once the bank has debited it the run is %s", got)
	}
	if got := h.held(ledger.InTransit); got != "0.00" {
		t.Errorf("%s are in transit", got)
	}
	h.clean()
}

func TestAPaymentByHandNeedsEvidenceAndOnePayee(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	for want, ask := range map[string]func() (payments.Run, error){
		"EVIDENCE_MISSING": func() (payments.Run, error) { return h.byHand(" ", line("O-RENT")) },
		"MANUAL_NO_LINE":   func() (payments.Run, error) { return h.byHand("reçu") },
		"MANUAL_ONE_PAYEE": func() (payments.Run, error) { return h.byHand("reçu", line("O-RENT"), line("O-INS")) },
		"MEANS_UNKNOWN": func() (payments.Run, error) {
			return h.Propose(t.Context(), h.anne, payments.Ask{All: true, Means: payments.Cheque})
		},
	} {
		_, err := ask()
		var refused *payments.AskError
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	run, err := h.byHand("reçu", line("O-INS"))
	if err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]string{
		`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, content_hash, created_at, purpose)
			SELECT 'C-2026-11-9', 9, month, run_on, 'draft', content_hash, created_at, 'MANUAL' FROM masp.runs`: "claims_have_evidence",
		`UPDATE masp.instructions SET means = ''`: "42501",
	} {
		if got := h.app(sql); got != want {
			t.Errorf("got %s, want %s: %s", got, want, sql)
		}
	}
	h.decided(run)
	run = h.signed(run.ID)
	if err := h.CancelTransfer(t.Context(), h.anne, run.Instructions()[0].EndToEndID, "chèque rendu"); err != nil {
		t.Fatal(err)
	}
	if got := h.show(run.ID).State; got != payments.Settled {
		t.Errorf("once its cheque is given back the run is %s", got)
	}
	h.clean()
}
