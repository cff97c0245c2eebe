package mandates_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
)

// rentLines are the lines of rent and charges of a mandate.
func rentLines(t *testing.T, s *mandates.Service, mandate string) string {
	t.Helper()
	list, err := s.Obligations(t.Context(), mandate)
	if err != nil {
		t.Fatal(err)
	}
	var rent []mandates.Obligation
	for _, o := range list {
		if o.Class == mandates.Rent || o.Class == mandates.RentalCharge {
			rent = append(rent, o)
		}
	}
	return told(rent...)
}

// notice is the notice of S01 for M-0003, who paid 355.00 without charges.
func notice() mandates.HousingRecord {
	return mandates.HousingRecord{
		Mandate: "M-0003", From: month("2026-12"), Landlord: "C-OFFICE", DueDay: 8, Reference: "Bail 4805",
		Housing: mandates.Housing{
			Rent: money.MustParse("412.30"), Charges: money.MustParse("68.20"), APL: money.MustParse("263.00"),
		},
	}
}

func TestHousingBringsRentAndChargesToTheResidual(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*mandates.HousingRecord)
		want   string
		alerts int
	}{
		"the aid goes on the rent first": {func(*mandates.HousingRecord) {}, `M-0003-L1 149.30 2026-12-08–
O-0003-RENT 355.00 2026-06-01–2026-12-07
M-0003-C1 68.20 2026-12-01–`, 0},
		"no aid in the first month of a tenancy": {func(h *mandates.HousingRecord) { h.NewTenancy = true }, `M-0003-L1 412.30 2026-12-08–2027-01-07
M-0003-L2 149.30 2027-01-08–
O-0003-RENT 355.00 2026-06-01–2026-12-07
M-0003-C1 68.20 2026-12-01–`, 0},
		"another landlord": {func(h *mandates.HousingRecord) { h.Landlord = "C-ABRI" }, `O-0003-RENT 355.00 2026-06-01–2026-11-30
M-0003-L1 149.30 2026-12-01–
M-0003-C1 68.20 2026-12-01–`, 0},
		"more aid than rent and charges": {func(h *mandates.HousingRecord) { h.APL = money.MustParse("500.00") }, `O-0003-RENT 355.00 2026-06-01–2026-12-07`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, db, _, who := loaded(t)
			h := notice()
			c.change(&h)
			if _, err := s.SetHousing(t.Context(), who["b.simon"], h); err != nil {
				t.Fatal(french(err))
			}
			if got := rentLines(t, s, h.Mandate); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if got := len(alertCodes(t, db, h.Mandate)); got != c.alerts {
				t.Errorf("got %d alerts, want %d", got, c.alerts)
			}
			if list, err := s.HousingOf(t.Context(), h.Mandate); err != nil || len(list) != 1 || list[0].Housing != h.Housing {
				t.Errorf("got %+v, %v, want the record", list, err)
			}
		})
	}
}

func TestHousingThatCannotBeRightChangesNothing(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	before := rentLines(t, s, "M-0003")
	negative, nobody := notice(), notice()
	negative.APL = money.Cents(-1)
	nobody.Landlord = "C-9"
	for _, h := range []mandates.HousingRecord{negative, nobody, {Mandate: "M-0003"}} {
		if _, err := s.SetHousing(t.Context(), who["b.simon"], h); err == nil {
			t.Errorf("accepted %+v", h)
		}
	}
	if got := rentLines(t, s, "M-0003"); got != before {
		t.Errorf("got\n%s\nwant\n%s", got, before)
	}
}

// couple shares a gas bill of 418.40 at 667/333.
func couple(t *testing.T, s *mandates.Service, who auth.Principal) []mandates.Obligation {
	t.Helper()
	parts, err := s.AddShared(t.Context(), who, mandates.Obligation{
		ID: "O-GAZ", Class: mandates.HousingOther, Creditor: "C-LUMEN", Amount: money.MustParse("418.40"), Label: "Gaz",
		Frequency: mandates.Monthly, DueDay: 20, From: civil.MustParse("2026-11-01"),
	}, []mandates.Share{{Mandate: "M-0003", Weight: 667}, {Mandate: "M-0002", Weight: 333}})
	if err != nil {
		t.Fatal(french(err))
	}
	return parts
}

func TestACoupleSharesALineToTheCent(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	parts := couple(t, s, who["b.simon"])
	if got, want := told(parts...), "O-GAZ-1 279.07 2026-11-01–\nO-GAZ-2 139.33 2026-11-01–"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, sql := range []string{
		`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, frequency, valid_from, shared_id)
		 VALUES ('O-MORE', 'M-0001', 'OTHER_BILL', 'C-LUMEN', 1, 'x', 'ONCE', '2026-11-01', 'O-GAZ')`,
		`INSERT INTO masp.shared_obligations VALUES ('O-ALONE', 100)`,
	} {
		if _, err := db.App.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "MA036") {
			t.Errorf("got %v, want MA036: the parts add up", err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		o := mandates.Obligation{ID: "O", Amount: money.Cents(rapid.Int64Range(1, 1e9).Draw(rt, "cents"))}
		weights := rapid.SliceOfN(rapid.Int64Range(1, 1000), 1, 5).Draw(rt, "weights")
		var shares []mandates.Share
		for i, w := range weights {
			shares = append(shares, mandates.Share{Mandate: string(rune('A' + i)), Weight: w})
		}
		parts, err := o.Split(shares)
		sum := money.Amount{}
		for _, p := range parts {
			sum = sum.Add(p.Amount)
		}
		if err != nil || sum != o.Amount {
			rt.Fatalf("got %s, %v, want %s", sum, err, o.Amount)
		}
	})
}

func TestOneOfACouplePaysForTheOtherByAWrittenAgreementOnly(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	part, day := couple(t, s, who["b.simon"])[0].ID, civil.MustParse("2026-11-20")
	cover := func() (mandates.Obligation, error) {
		return s.Cover(t.Context(), who["b.simon"], "M-0002", part, day)
	}
	if _, err := cover(); !errors.Is(err, mandates.ErrNoAgreement) {
		t.Errorf("got %v, want ErrNoAgreement", err)
	}
	forged(t, db, part)
	agreement := mandates.Agreement{Mandate: "M-0002", For: "M-0003", SignedOn: civil.MustParse("2026-11-02")}
	if err := s.Agree(t.Context(), who["b.simon"], agreement); err == nil {
		t.Error("an agreement without its paper is accepted")
	}
	agreement.Evidence = "accord du 2 novembre, signé des deux"
	if err := s.Agree(t.Context(), who["b.simon"], agreement); err != nil {
		t.Fatal(french(err))
	}
	line, err := cover()
	if err != nil || told(line) != "O-GAZ-1-X261120 279.07 2026-11-09–" || line.Mandate != "M-0002" {
		t.Errorf("got %+v, %v, want the whole part, paid by the other", line, err)
	}
	if _, err := cover(); !errors.Is(err, mandates.ErrNoDueDay) {
		t.Errorf("twice: got %v, want ErrNoDueDay", err)
	}
}

// forged tries a cover as the application, without the service.
func forged(t *testing.T, db *dbtest.DB, part string) {
	t.Helper()
	_, err := db.App.Exec(t.Context(), `
		INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, frequency, valid_from, covers)
		VALUES ('O-FORGED', 'M-0002', 'HOUSING_OTHER', 'C-LUMEN', 1, 'x', 'ONCE', '2026-11-09', $1)`, part)
	if err == nil || !strings.Contains(err.Error(), "MA036") {
		t.Errorf("got %v, want MA036: no written agreement", err)
	}
}
