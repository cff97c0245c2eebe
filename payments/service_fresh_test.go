package payments_test

import (
	"errors"
	"testing"

	"masp/api/auth"
	"masp/payments"
)

func TestAnApprovalBySessionWantsASecondFactorOfTheLastFiveMinutes(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run, err := h.Propose(t.Context(), h.anne, payments.Ask{All: true})
	if err != nil {
		t.Fatal(err)
	}
	if run, err = h.Submit(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	session := func(secret string) auth.Principal {
		h.owner(`SELECT masp.start_session('bruno', sha256(convert_to($1, 'UTF8')), 'infinity', '', '')`, secret)
		who, err := (&auth.Service{DB: h.db.App}).Authenticate(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		return who
	}
	old := session("begun before")
	h.owner(`UPDATE masp.credentials SET proved_at = proved_at - interval '5 minutes' WHERE credential_id = $1::bigint`, old.Key)
	if _, err := h.Approve(t.Context(), old, run.ID, run.ContentHash); !errors.Is(err, auth.ErrStepUp) {
		t.Errorf("after five minutes: got %v, want ErrStepUp", err)
	}
	if run, err = h.Show(t.Context(), run.ID); err != nil || run.State != payments.InReview {
		t.Errorf("got %s, %v, want that nothing was approved", run.State, err)
	}
	if _, err := h.Approve(t.Context(), session("begun now"), run.ID, run.ContentHash); err != nil {
		t.Errorf("fresh: %v", err)
	}
}
