package mandates_test

import (
	"errors"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestTheCatalogueChangesByActsWithReasons(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	ctx := t.Context()
	activity := mandates.Benefit{
		Code: "PRIME_ACTIVITE", Label: "prime d'activité", LegalItem: "réponse du Département du 12/10/2026",
		Payers: []string{mandates.CAF, mandates.MSA}, From: civil.MustParse("2026-12-01"), Manageable: true,
	}
	if err := s.AddBenefit(ctx, who["a.morel"], activity, "réponse écrite"); !errors.Is(err, mandates.ErrBenefitTwice) {
		t.Errorf("got %v, want the old row to end first", err)
	}
	if err := s.EndBenefit(ctx, who["a.morel"], "PRIME_ACTIVITE", civil.MustParse("2026-10-31"), ""); !errors.Is(err, mandates.ErrReason) {
		t.Errorf("got %v, want a reason", err)
	}
	if err := s.EndBenefit(ctx, who["d.leroy"], "PRIME_ACTIVITE", civil.MustParse("2026-10-31"), "x"); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("auditor: got %v, want ErrRole", err)
	}
	if err := s.EndBenefit(ctx, who["a.morel"], "LOTO", civil.MustParse("2026-10-31"), "x"); !errors.Is(err, mandates.ErrNoBenefit) {
		t.Errorf("got %v, want ErrNoBenefit", err)
	}
	if err := s.EndBenefit(ctx, who["a.morel"], "PRIME_ACTIVITE", civil.MustParse("2026-11-08"), "x"); !errors.Is(err, mandates.ErrEndedBefore) {
		t.Errorf("got %v, want no end in the past", err)
	}
	if err := s.EndBenefit(ctx, who["a.morel"], "PRIME_ACTIVITE", civil.MustParse("2026-11-30"), "réponse écrite"); err != nil {
		t.Fatal(err)
	}
	if err := s.AddBenefit(ctx, who["a.morel"], activity, "réponse écrite"); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Catalogue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2026-11-30": false, "2026-12-01": true} {
		if b, _ := mandates.Find(rows, "PRIME_ACTIVITE", civil.MustParse(day)); b.Manageable != want {
			t.Errorf("%s: got manageable %t, want %t", day, b.Manageable, want)
		}
	}
	var acts int
	if err := db.Owner.QueryRow(ctx, `SELECT count(*) FROM masp.audit_log WHERE action ~ '^benefit' AND reason = 'réponse écrite'`).Scan(&acts); err != nil || acts != 2 {
		t.Errorf("got %d acts, %v, want 2 that an auditor can read", acts, err)
	}
	if _, err := db.Owner.Exec(ctx, `UPDATE masp.benefits SET valid_to = NULL WHERE code = 'PRIME_ACTIVITE'`); err == nil {
		t.Error("PostgreSQL lets two rows hold on one day")
	}
}

func TestABenefitIsExpectedOnTheDayOfItsPayer(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	rsa := mandates.ExpectedBenefit{
		Mandate: "M-0001", Benefit: "RSA", Period: monthOf("2026-11"), Payer: mandates.CAF, Amount: money.MustParse("573.49"),
	}
	on, err := s.Expect(t.Context(), who["a.morel"], rsa, false)
	if err != nil || on.String() != "2026-12-04" {
		t.Fatalf("got %s, %v, want the day of the CAF", on, err)
	}
	if _, err := s.Expect(t.Context(), who["a.morel"], rsa, false); !errors.Is(err, mandates.ErrExpectedTwice) {
		t.Errorf("got %v, want ErrExpectedTwice", err)
	}
	rsa.Period = monthOf("2026-12")
	if _, err := s.Expect(t.Context(), who["d.leroy"], rsa, false); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("auditor: got %v, want ErrRole", err)
	}
	rsa.Benefit = "LOTO"
	rsa.ExpectedOn = civil.MustParse("2026-12-05")
	var vs mandates.Violations
	if _, err := s.Expect(t.Context(), who["a.morel"], rsa, false); !errors.As(err, &vs) || vs[0].Code != "BENEFIT_UNKNOWN" {
		t.Errorf("got %v, want BENEFIT_UNKNOWN", err)
	}
	rsa.Mandate = "M-9"
	if _, err := s.Expect(t.Context(), who["a.morel"], rsa, false); !errors.Is(err, mandates.ErrNoMandate) {
		t.Errorf("got %v, want ErrNoMandate", err)
	}
	if err := s.DropExpected(t.Context(), who["a.morel"], "M-0001", "RSA", monthOf("2026-11"), "droit fini"); err != nil {
		t.Error(err)
	}
	if err := s.DropExpected(t.Context(), who["a.morel"], "M-0001", "RSA", monthOf("2026-11"), "droit fini"); !errors.Is(err, mandates.ErrNoExpected) {
		t.Errorf("got %v, want ErrNoExpected", err)
	}
}

func TestWhatTheLandlordReceivesIsNotExpectedOnTheAccount(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	if _, err := db.Super.Exec(t.Context(), `INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from)
		VALUES ('M-0001', 'APL', '2026-01-01')`); err != nil {
		t.Fatal(err)
	}
	apl := mandates.ExpectedBenefit{
		Mandate: "M-0001", Benefit: "APL", Period: monthOf("2026-12"), Payer: mandates.CAF, Amount: money.MustParse("263.00"),
	}
	als := apl
	als.Benefit = "ALS"
	if _, err := db.Super.Exec(t.Context(), `
		INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-0001', 'ALS', '2026-01-01');
		INSERT INTO masp.housing (mandate_id, record_no, valid_from, landlord, rent_cents, charges_cents, rls_cents, apl_cents, new_tenancy)
		VALUES ('M-0001', 1, '2026-01-01', 'C-OFFICE', 40000, 5000, 0, 26300, false)`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Expect(t.Context(), who["a.morel"], als, false); !errors.Is(err, mandates.ErrThirdParty) {
		t.Errorf("got %v, want the record of the housing to count", err)
	}
	if _, err := s.Expect(t.Context(), who["a.morel"], apl, false); !errors.Is(err, mandates.ErrThirdParty) {
		t.Errorf("got %v, want ErrThirdParty", err)
	}
	if on, err := s.Expect(t.Context(), who["a.morel"], apl, true); err != nil || on.String() != "2027-01-05" {
		t.Errorf("got %s, %v, want it expected once the landlord gets it no more", on, err)
	}
}

func TestTheNextMonthsArePlannedOnce(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	first, err := s.PlanExpected(t.Context(), who["a.morel"], "", 2)
	if err != nil || len(first) == 0 {
		t.Fatalf("got %v, %v, want the months to come", first, err)
	}
	again, err := s.PlanExpected(t.Context(), who["a.morel"], "", 2)
	if err != nil || len(again) != 0 {
		t.Errorf("got %v, %v, want nothing a second time", again, err)
	}
	more, err := s.PlanExpected(t.Context(), who["a.morel"], "M-0001", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range more {
		if e.Mandate != "M-0001" {
			t.Errorf("got %+v, want one mandate only", e)
		}
	}
}

func TestCalendarsAndTolerancesAreOfTheOrganisation(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	msa, same := mandates.CalendarChange{Payer: mandates.MSA, Day: 7}, 0
	if _, err := s.SetCalendar(t.Context(), who["a.morel"], msa, ""); err != nil {
		t.Fatal(err)
	}
	msa = mandates.CalendarChange{Payer: mandates.MSA, MonthsAfter: &same, Shift: mandates.ShiftBefore}
	if _, err := s.SetCalendar(t.Context(), who["a.morel"], msa, ""); !errors.Is(err, mandates.ErrReason) {
		t.Errorf("got %v, want a reason over a calendar that stands", err)
	}
	got, err := s.SetCalendar(t.Context(), who["a.morel"], msa, "courrier de la MSA")
	want := mandates.PayerCalendar{Payer: mandates.MSA, Day: 7, Shift: mandates.ShiftBefore}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want the 7th kept", got, err)
	}
	all, err := s.Calendars(t.Context())
	if err != nil || len(all) != len(mandates.DefaultCalendars())+1 {
		t.Errorf("got %v, %v, want one more", all, err)
	}
	msa.Payer = "LOTO"
	if _, err := s.SetCalendar(t.Context(), who["a.morel"], msa, "x"); err == nil {
		t.Error("an unknown payer has a calendar")
	}
	if err := s.SetTolerance(t.Context(), who["a.morel"], "RSA", money.MustParse("1.00"), 2); err != nil {
		t.Error(err)
	}
	if err := s.SetTolerance(t.Context(), who["a.morel"], "LOTO", money.MustParse("1.00"), 2); !errors.Is(err, mandates.ErrNoBenefit) {
		t.Errorf("got %v, want ErrNoBenefit", err)
	}
	if err := s.SetTolerance(t.Context(), who["a.morel"], "", money.MustParse("1.00"), 99); !errors.Is(err, mandates.ErrTolerance) {
		t.Errorf("got %v, want ErrTolerance", err)
	}
}
