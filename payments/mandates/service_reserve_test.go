package mandates_test

import (
	"errors"
	"testing"

	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestAReserveIsReleasedBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	_, err := db.Owner.Exec(t.Context(), `INSERT INTO masp.reserve_movements (mandate_id, amount_cents, source, on_day)
		VALUES ('M-0001', 3000, 'set aside', masp.today())`)
	if err != nil {
		t.Fatal(err)
	}
	anne := who["a.morel"]
	for _, c := range []struct {
		name, amount, reason string
		want                 error
		left                 string
	}{
		{"without a reason", "15.00", "", mandates.ErrNoReason, ""},
		{"a part", "15.00", "rentrée", nil, "25.00"},
		{"the same again", "15.00", "rentrée", mandates.ErrReleased, ""},
		{"more than is set aside", "25.01", "x", mandates.ErrNotReserved, ""},
		{"less than nothing", "-1.00", "x", mandates.ErrNotReserved, ""},
		{"the rest", "0.00", "x", nil, "0.00"},
		{"nothing is left", "0.00", "x", mandates.ErrNotReserved, ""},
	} {
		_, left, err := s.ReleaseReserve(t.Context(), anne, "M-0001", money.MustParse(c.amount), c.reason)
		if !errors.Is(err, c.want) || c.want == nil && left.String() != c.left {
			t.Errorf("%s: got %s, %v, want %s, %v", c.name, left, err, c.left, c.want)
		}
	}
	if _, _, err := s.ReleaseReserve(t.Context(), who["d.leroy"], "M-0001", money.Amount{}, "x"); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("auditor: got %v, want ErrRole", err)
	}
	_, err = db.Owner.Exec(t.Context(), `INSERT INTO masp.reserve_movements (mandate_id, amount_cents, source, on_day)
		VALUES ('M-0001', -1, 'x', masp.today())`)
	if err == nil {
		t.Error("PostgreSQL releases what is not set aside")
	}
}
