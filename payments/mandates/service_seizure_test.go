package mandates_test

import (
	"errors"
	"testing"

	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestWhatNoSeizureTakesIsListedForAnAccountInThePersonsName(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	if _, err := s.SeizureProof(t.Context(), "M-0002", 3); !errors.Is(err, mandates.ErrPooled) {
		t.Errorf("a pooled account: %v", err)
	}
	if _, err := s.SeizureProof(t.Context(), "M-9999", 3); !errors.Is(err, mandates.ErrNoMandate) {
		t.Errorf("no mandate: %v", err)
	}
	if _, err := s.SeizureProof(t.Context(), "M-0001", 0); !errors.Is(err, mandates.ErrMonths) {
		t.Errorf("no month: %v", err)
	}
	if _, err := db.Super.Exec(t.Context(), `
		SET session_replication_role = replica;
		INSERT INTO masp.receipts (entry_no, line_id, mandate_id, benefit, period, amount_cents, received_on) VALUES
		(1, 1, 'M-0001', 'RSA', '2026-10-01', 57349, '2026-11-05'), (2, 2, 'M-0001', 'RSA', '2026-07-01', 57349, '2026-08-31'),
		(3, 3, 'M-0001', 'WAGE', NULL, 41237, '2026-11-06'), (4, 4, 'M-0001', 'AAH', '2026-10-01', 100, '2026-11-06'),
		(5, 4, 'M-0001', 'AAH', '2026-10-01', -100, '2026-11-06'), (6, 6, 'M-0001', 'AF', NULL, 15225, '2026-09-01');
		RESET session_replication_role`); err != nil {
		t.Fatal(err)
	}
	proof, err := s.SeizureProof(t.Context(), "M-0001", 3)
	if err != nil {
		t.Fatal(french(err))
	}
	if len(proof.Credits) != 2 || proof.Credits[0].Benefit != "AF" || proof.Credits[1].On != day("2026-11-05") ||
		proof.Total != money.Cents(725_74) || proof.Floor != money.Cents(651_69) {
		t.Errorf("got %+v", proof)
	}
	if err := s.SetSeizureFloor(t.Context(), who["a.morel"], day("2026-04-01"), money.Cents(1)); !errors.Is(err, mandates.ErrFloorTwice) {
		t.Errorf("two floors from one day: %v", err)
	}
	if err := s.SetSeizureFloor(t.Context(), who["a.morel"], day("2026-11-01"), money.Cents(660_00)); err != nil {
		t.Fatal(french(err))
	}
	if proof, _ = s.SeizureProof(t.Context(), "M-0001", 1); proof.Floor != money.Cents(660_00) || len(proof.Credits) != 1 {
		t.Errorf("the floor of the day is not taken: %+v", proof)
	}
}
