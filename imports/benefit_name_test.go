package imports

import (
	"strings"
	"testing"

	"masp/payments/mandates"
)

// onlyRSA is a contract of the RSA alone, expected for October.
func onlyRSA(k *Known) {
	k.Mandates = []mandates.Mandate{mandate("M-1", "B-1", "RSA")}
	k.Expected = k.Expected[:1]
}

func nothingExpected(k *Known) {
	onlyRSA(k)
	k.Expected = nil
}

func TestAnAlertNamesTheBenefitItsMonthAndItsAmount(t *testing.T) {
	t.Parallel()
	k := known()
	onlyRSA(k)
	r := recognise(line("263.00", caf("APL 10/2026 1234567K")), k)
	want := "aide personnalisée au logement (octobre 2026), " + eur("263.00").French() + ". "
	if len(r.Alerts) != 1 || !strings.HasPrefix(r.Alerts[0].Text, want) {
		t.Errorf("got %+v, want %q", r.Alerts, want)
	}
}

func TestWhatTheTextNamesIsNeverTakenForAnotherBenefit(t *testing.T) {
	t.Parallel()
	recogniseEach(t, []recognised{
		{
			"a benefit outside the contract", line("263.00", caf("APL 10/2026 1234567K")), onlyRSA,
			LinePosted, "467:M-1:RESTRICTED 263.00 APL 2026-10",
		},
		{
			"outside the contract, with the sum of another one", line("573.49", caf("APL 10/2026 1234567K")),
			onlyRSA, LinePosted, "467:M-1:RESTRICTED 573.49 APL 2026-10",
		},
		{
			"with nothing expected", line("99.00", caf("1234567K AF ALLOCATIONS")), nothingExpected,
			LinePosted, "467:M-1:RESTRICTED 99.00 AF",
		},
		{
			"by its label", line("99.00", caf("Allocations familiales 10/2026 1234567K")), onlyRSA,
			LinePosted, "467:M-1:RESTRICTED 99.00 AF 2026-10",
		},
		{
			"a resource that may not be managed", line("412.37", caf("SALAIRE 1234567K")), onlyRSA,
			LinePosted, "467:M-1:RESTRICTED 412.37 WAGE",
		},
		{
			"inside the contract, whatever the sum", line("500.00", caf("RSA 1234567K")), nil,
			LinePosted, "467:M-1 500.00 RSA 2026-10",
		},
		{
			"one of two of a single sum", line("854.49", caf("RSA 1234567K 102026ME")), nil, LinePosted,
			"467:M-1 573.49 RSA 2026-10, 467:M-1 281.00 ALS 2026-10",
		},
		{
			"words that fit several mean the one of the contract",
			line("200.00", caf("ALLOC. LOGEMENT 10/2026 1234567K")), nil, LinePosted,
			"467:M-1 200.00 ALS 2026-10",
		},
		{
			"words that fit several outside the contract are suspense",
			line("200.00", caf("ALLOC LOGEMENT 1234567K")), onlyRSA, LineSuspense,
			"471:UNIDENTIFIED 200.00",
		},
		{
			"several that do not add up are suspense", line("700.00", caf("RSA APL 1234567K")), onlyRSA,
			LineSuspense, "471:UNIDENTIFIED 700.00",
		},
		{
			"what the payer never pays is suspense", line("573.49", caf("ASPA 1234567K")), onlyRSA,
			LineSuspense, "471:UNIDENTIFIED 573.49",
		},
		{
			"another sum without a name is suspense", line("263.00", caf("1234567K")), onlyRSA,
			LineSuspense, "471:UNIDENTIFIED 263.00",
		},
		{
			"a code inside a word names nothing", line("573.49", caf("PRESTAPL 1234567K")), onlyRSA,
			LinePosted, "467:M-1 573.49 RSA 2026-10",
		},
		{
			"the name of the fund names nothing",
			line("573.49", Detail{Text: "CAISSE D'ALLOCATIONS FAMILIALES DU NORD 1234567K"}), onlyRSA,
			LinePosted, "467:M-1 573.49 RSA 2026-10",
		},
	})
}
