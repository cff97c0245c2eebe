package mandates_test

import "testing"

func TestWhoAsksForNobodyIsToldOfNobody(t *testing.T) {
	t.Parallel()
	s, db, _, _ := loaded(t)
	_, err := db.Owner.Exec(t.Context(), `INSERT INTO masp.dues VALUES ('O-0001-RENT', '2026-09-08', 13240, 0)`)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for name, none := range map[string][]string{"nil": nil, "empty": {}} {
		if list, err := s.CreditorsNamed(ctx, none...); err != nil || len(list) != 0 {
			t.Errorf("creditors of a list that is %s: got %v, %v", name, list, err)
		}
		if list, err := s.ArrearsOf(ctx, none...); err != nil || len(list) != 0 {
			t.Errorf("arrears of a list that is %s: got %v, %v", name, list, err)
		}
	}
	if list, err := s.Creditors(ctx); err != nil || len(list) < 2 {
		t.Errorf("got %v, %v, want every creditor", list, err)
	}
	if list, err := s.ArrearsOf(ctx, "M-0001"); err != nil || len(list) != 1 {
		t.Errorf("got %v, %v, want the arrears of M-0001", list, err)
	}
	if list, err := s.Arrears(ctx); err != nil || len(list) != 1 {
		t.Errorf("got %v, %v, want all arrears", list, err)
	}
}
