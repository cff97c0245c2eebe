package payments_test

import (
	"errors"
	"testing"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// fillDebts gives the example a row in each table of debts, housing and shared lines.
func fillDebts(t *testing.T, s *mandates.Service, who auth.Principal) {
	t.Helper()
	day, ctx := civil.MustParse("2026-11-09"), t.Context()
	_, plan := s.ChangePlan(ctx, who, mandates.Plan{Debt: "D-0001-LOYER", Instalment: money.MustParse("25.00"), From: day})
	_, housing := s.SetHousing(ctx, who, mandates.HousingRecord{
		Mandate: "M-0003", From: day.MonthOf().Add(1), Landlord: "C-OFFICE", DueDay: 8,
		Housing: mandates.Housing{Rent: money.MustParse("400.00"), APL: money.MustParse("20.00")},
	})
	_, shared := s.AddShared(ctx, who, mandates.Obligation{
		ID: "O-GAZ", Class: mandates.HousingOther, Creditor: "C-LUMEN", Amount: money.MustParse("30.01"), Label: "Gaz",
		Frequency: mandates.Monthly, From: day,
	}, []mandates.Share{{Mandate: "M-0002", Weight: 1}, {Mandate: "M-0003", Weight: 1}})
	err := errors.Join(plan, housing, shared,
		s.SetTolerance(ctx, who, "", money.Cents(100), 1),
		s.StepFile(ctx, who, "M-0002", mandates.FileStep{State: mandates.FileToBuild, On: day}),
		s.Agree(ctx, who, mandates.Agreement{Mandate: "M-0002", For: "M-0003", SignedOn: day, Evidence: "accord signé"}))
	if err != nil {
		t.Fatal(err)
	}
}
