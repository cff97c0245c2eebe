package imports

import (
	"testing"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

func TestMoneyInIsABenefitByPayerNumberAndAmountOnly(t *testing.T) {
	t.Parallel()
	recogniseEach(t, []recognised{
		{
			"all that the CAF owed for the month is split to the cent",
			line("854.49", caf(cafText)), nil, LinePosted,
			"467:M-1 573.49 RSA 2026-10, 467:M-1 281.00 ALS 2026-10",
		},
		{
			"one of the benefits by its exact amount", line("281.00", caf(cafText)), nil,
			LinePosted, "467:M-1 281.00 ALS 2026-10",
		},
		{
			"an amount that fits no choice of benefits is suspense", line("800.00", caf(cafText)),
			nil, LineSuspense, "471:UNIDENTIFIED 800.00",
		},
		{
			"the month that is expected when the text names none",
			line("854.49", caf("ME 1234567K")), nil, LinePosted,
			"467:M-1 573.49 RSA 2026-10, 467:M-1 281.00 ALS 2026-10",
		},
		{
			"the only benefit expected of a payer, short, is suspense", line("500.00", caf(cafText)),
			func(k *Known) { k.Expected = k.Expected[:1] }, LineSuspense,
			"471:UNIDENTIFIED 500.00",
		},
		{
			"short within the tolerance", line("573.00", caf(cafText)),
			func(k *Known) { k.Expected = k.Expected[:1]; k.Expected[0].Tolerance = eur("1.00") },
			LinePosted, "467:M-1 573.00 RSA 2026-10",
		},
		{
			"short by what was withheld", line("523.49", caf(cafText)),
			func(k *Known) { k.Expected = k.Expected[:1]; k.Expected[0].Withheld = eur("50.00") },
			LinePosted, "467:M-1 523.49 RSA 2026-10",
		},
		{
			"the only benefit of the contract when nothing was expected",
			line("500.00", caf(cafText)),
			func(k *Known) {
				k.Expected, k.Mandates = nil, []mandates.Mandate{mandate("M-1", "B-1", "RSA")}
			},
			LinePosted,
			"467:M-1 500.00 RSA 2026-10",
		},
		{
			"a payer without a number is suspense",
			line("854.49", caf("PRESTATIONS OCTOBRE DURAND")), nil, LineSuspense,
			"471:UNIDENTIFIED 854.49",
		},
		{
			"a number without a payer is suspense",
			line("854.49", Detail{Party: "M. DURAND", Text: "CAF " + cafText}), nil, LineSuspense,
			"471:UNIDENTIFIED 854.49",
		},
		{
			"the number of one payer from another is suspense",
			line("854.49", Detail{Party: "MSA", Text: cafText}), nil, LineSuspense,
			"471:UNIDENTIFIED 854.49",
		},
		{
			"the number of another person on a person's own account is suspense",
			line("854.49", caf("ME 7654321ADUPONT 102026ME")), nil, LineSuspense,
			"471:UNIDENTIFIED 854.49",
		},
		{
			"numbers of two persons are suspense", line("854.49", caf(cafText+" 7654321A")), poolIt,
			LineSuspense, "471:UNIDENTIFIED 854.49",
		},
		{
			"a payer in the text counts where the bank names nobody",
			line("854.49", Detail{Text: "VIR RECU DE: CAF DE L HERAULT MOTIF: " + cafText}), nil,
			LinePosted, "467:M-1 573.49 RSA 2026-10, 467:M-1 281.00 ALS 2026-10",
		},
		{
			"a wage on a person's own account is kept apart",
			line("1200.00", Detail{Party: "SARL BTP", Purpose: "SALA"}), nil, LinePosted,
			"467:M-1:RESTRICTED 1200.00 WAGE",
		},
		{
			"a wage on a pooled account is suspense",
			line("1200.00", Detail{Party: "SARL BTP", Purpose: "SALA"}), poolIt, LineSuspense,
			"471:UNIDENTIFIED 1200.00",
		},
		{
			"a benefit that the contract does not name is restricted",
			line("573.49", caf(cafText)),
			func(k *Known) {
				k.Mandates = []mandates.Mandate{mandate("M-1", "B-1", "ALS")}
			},
			LinePosted,
			"467:M-1:RESTRICTED 573.49 RSA 2026-10",
		},
		{
			"a benefit after the end is restitution", line("573.49", caf(cafText)),
			func(k *Known) { k.Mandates[0].Status = mandates.Ended }, LinePosted,
			"467:M-1:RESTITUTION 573.49 RSA 2026-10",
		},
		{"a benefit for the month of death is undue", line("573.49", caf(cafText)), func(k *Known) {
			k.Mandates[0].Status, k.Mandates[0].DiedOn = mandates.Deceased, civil.MustParse(
				"2026-10-16",
			)
		}, LinePosted, "467:M-1:UNDUE 573.49 RSA 2026-10"},
		{
			"a benefit for a month before the death is the estate's",
			line("573.49", caf(cafText)),
			func(k *Known) {
				k.Mandates[0].Status, k.Mandates[0].DiedOn = mandates.Deceased, civil.MustParse(
					"2026-11-02",
				)
			},
			LinePosted,
			"467:M-1:ESTATE 573.49 RSA 2026-10",
		},
		{
			"a line of two payments books what is known and holds the rest",
			line(
				"673.49", Detail{Amount: eur("573.49"), Party: "CAF", Text: cafText},
				Detail{Amount: eur("100.00"), Party: "INCONNU"},
			),
			nil,
			LineSuspense,
			"467:M-1 573.49 RSA 2026-10, 471:UNIDENTIFIED 100.00",
		},
		{
			"transactions that do not add up are suspense as a whole",
			line(
				"700.00", Detail{Amount: eur("573.49"), Party: "CAF", Text: cafText},
				Detail{Amount: eur("100.00"), Party: "CAF", Text: cafText},
			),
			nil,
			LineSuspense,
			"471:UNIDENTIFIED 700.00",
		},
		{
			"a name alone never does", line("573.49", Detail{Party: "DURAND PAUL"}), nil,
			LineSuspense, "471:UNIDENTIFIED 573.49",
		},
	})
}
