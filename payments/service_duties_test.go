package payments_test

import (
	"errors"
	"testing"

	"masp/api/auth"
	"masp/payments"
)

// confirmedBy is a submitted run that pays for the first time an IBAN which Carla has proposed and
// somebody has confirmed.
func (h *house) confirmedBy(who auth.Principal) payments.Run {
	h.t.Helper()
	h.next()
	h.owner(`UPDATE masp.organisations SET iban_hold_hours = 0`)
	err := h.sql(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, evidence, proposed_by, proposed_at)
		VALUES ('C-INSURER', 2, $1, 'RIB', 'carla', masp.now())`, h.iban())
	if err == nil {
		err = h.sql(`SELECT masp.confirm_creditor_iban('C-INSURER', 2, $1)`, who.Secret())
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.submitted()
}

// Reliability 5.1: {payee change, approve} are apart, for the confirmer too.
func TestWhoConfirmedAnIBANLeavesItsFirstPaymentToAnotherApprover(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	dora := h.user("dora", auth.Approver)
	run := h.confirmedBy(h.bruno)
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.Is(err, payments.ErrIBANChanger) {
		t.Errorf("approved by who confirmed it: got %v, want ErrIBANChanger", err)
	}
	const approve = `SELECT masp.act_on_run(run_id, 'approve', content_hash, $2) FROM masp.runs WHERE run_id = $1`
	if got := h.app(approve, run.ID, h.bruno.Secret()); got != "MA015" {
		t.Errorf("PostgreSQL alone: %s, want MA015", got)
	}
	if _, err := h.Approve(t.Context(), dora, run.ID, run.ContentHash); err != nil {
		t.Errorf("approved by another: %v", err)
	}
	h.clean()
}

func TestWhereNobodyElseMayApproveTheConfirmerDoes(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]func(h *house){
		"a house of two": func(*house) {},
		"the third one has gone": func(h *house) {
			h.user("dora", auth.Approver)
			h.owner(`UPDATE masp.users SET disabled_at = masp.now() WHERE user_id = 'dora'`)
		},
		"the third one cannot enter": func(h *house) {
			h.user("dora", auth.Approver)
			h.owner(`UPDATE masp.credentials SET revoked_at = masp.now() WHERE user_id = 'dora'`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := evasHouse(t)
			others(h)
			run := h.confirmedBy(h.bruno)
			if _, err := h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); !errors.Is(err, payments.ErrIBANChanger) {
				t.Errorf("approved by who proposed it: got %v, want ErrIBANChanger", err)
			}
			if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
				t.Errorf("nobody else may: %v", err)
			}
			h.clean()
		})
	}
}

// With two signatures wanted, three approvers are not two who are free of the change.
func TestTheConfirmerSignsWhereTheSecondSignatureWantsHim(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	dora := h.user("dora", auth.Approver)
	run := h.confirmedBy(h.bruno)
	h.owner(`UPDATE masp.organisations SET second_approval_from_cents = 1`)
	for _, who := range []auth.Principal{dora, h.bruno} {
		var err error
		if run, err = h.Approve(t.Context(), who, run.ID, run.ContentHash); err != nil {
			t.Fatalf("%s: %v", who.ID, err)
		}
	}
	if run.State != payments.Approved {
		t.Errorf("after two signatures: %s", run.State)
	}
	h.clean()
}
