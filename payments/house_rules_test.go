package payments_test

import (
	"errors"
	"testing"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// fillMeasureRules gives the example a row in each table of what surrounds a measure.
func fillMeasureRules(t *testing.T, s *mandates.Service, who auth.Principal) {
	t.Helper()
	day, ctx := civil.MustParse("2026-11-09"), t.Context()
	begin := civil.MustParse("2026-01-01")
	convention := s.AddConvention(ctx, who, mandates.Convention{
		ID: "CV-34", Delegator: "Département de l'Hérault", Delegate: "Les Deux Rives", Reference: "marché 2026-12, lot 2",
		Department: "34", Territory: "Biterrois", Places: []string{"34500"}, From: begin, To: civil.MustParse("2027-12-31"),
	})
	_, asked := s.AskAid(ctx, who, "M-0003", mandates.AidRequest{AskedOn: day, AskedOf: "FSL de la Drôme", Purpose: "loyer"})
	scale := s.SetScale(ctx, who, mandates.Scale{
		From: begin, AAH: money.Cents(12_000_00), SMIC: money.Cents(20_000_00),
		Rates: [3]int{1000, 2300, 300}, Until: [2]int{250, 600},
	})
	_, contribution := s.SetContribution(ctx, who, "M-0002", mandates.Contribution{
		From: day.MonthOf().Add(1), Amount: money.Cents(10_00), Resources: money.Cents(13_200_00), Decision: "arrêté 12",
	}, "C-LUMEN", 28)
	err := errors.Join(convention, asked, scale, contribution,
		s.UseConvention(ctx, who, "M-0001", "CV-34", "34500", begin),
		s.NoteCourt(ctx, who, "M-0003", mandates.CourtBenefit{Benefit: "AF", From: day, Judgment: "TJ, 14/2026"}),
		s.NoteThreat(ctx, who, "M-0001", "Deux avis de coupure."),
		s.SetContact(ctx, who, mandates.Contact{Creditor: "C-OFFICE", Name: "Service du contentieux"}))
	if err != nil {
		t.Fatal(err)
	}
}
