package imports

import (
	"testing"

	"masp/imports/bankfile"
)

func TestTheOtherSideOfALineFollowsItsDirectionAlone(t *testing.T) {
	t.Parallel()
	for amount, want := range map[string]string{"300.00": "Payeur/Fonds", "-300.00": "Bailleur/Propriétaire"} {
		for _, reversal := range []bool{false, true} {
			l := bankfile.Line{
				Rank: 1, BookedOn: day, ValueOn: day, Amount: mustExact(amount),
				Reversal: reversal, ReversalStated: true,
				Details: []bankfile.Detail{{
					DebtorName: "Payeur", UltimateDebtor: "Fonds",
					CreditorName: "Bailleur", UltimateCreditor: "Propriétaire",
				}},
			}
			read, err := readLine(&l)
			if err != nil {
				t.Fatal(err)
			}
			if d := read.Details[0]; d.Party+"/"+d.Ultimate != want || read.Amount != eur(amount) {
				t.Errorf("%s, RvslInd %v: got %s/%s of %s, want %s", amount, reversal, d.Party, d.Ultimate, read.Amount, want)
			}
		}
	}
}

func TestATransactionThatGoesAgainstItsLineIsNotSplitFromIt(t *testing.T) {
	t.Parallel()
	of := func(amount string) string {
		one := mustExact(amount)
		l := bankfile.Line{
			Rank: 1, BookedOn: day, ValueOn: day, Amount: mustExact("-300.00"),
			Details: []bankfile.Detail{{EndToEndID: "P1-1", Amount: &one, Currency: "EUR"}},
		}
		read, err := readLine(&l)
		if err != nil {
			t.Fatal(err)
		}
		return read.Details[0].Amount.String()
	}
	if with, against := of("-300.00"), of("300.00"); with != "300.00" || against != "0.00" {
		t.Errorf("of a debit, a debited transaction is %s and a credited one %s, want 300.00 and unknown", with, against)
	}
}

// TestALineOfWhomNothingIsOpenIsForAPerson: nothing is expected and nothing is under way, and the
// lines of the bank name the person all the same.
func TestALineOfWhomNothingIsOpenIsForAPerson(t *testing.T) {
	t.Parallel()
	nothing := func(k *Known) { k.Transfers, k.Expected = nil, nil }
	settled := func(k *Known) { settleAll(k); k.Expected = nil }
	recogniseEach(t, []recognised{
		{
			"a debit that names a transfer that is none", line("-300.00", Detail{EndToEndID: "P1-1", PaymentInfoID: "LOT-1"}),
			nothing, LineSuspense, "471:UNIDENTIFIED 300.00",
		},
		{
			"a batch of nothing", bare("-391.00", Batch{PaymentInfoID: "LOT-1", MessageID: "MSG-1", Count: 3}),
			nothing, LineSuspense, "471:UNIDENTIFIED 391.00",
		},
		{
			"a batch whose transfers are all settled", bare("-391.00", Batch{PaymentInfoID: "LOT-1", Count: 3}),
			settled, LineSuspense, "471:UNIDENTIFIED 391.00",
		},
		{
			"a return of nothing", line("300.00", Detail{EndToEndID: "P1-1", Returned: true, ReturnCode: "AC04"}),
			nothing, LineSuspense, "471:UNIDENTIFIED 300.00",
		},
		{
			"a benefit that may be one of two", line("12.00", caf(cafText)),
			nothing, LineSuspense, "471:UNIDENTIFIED 12.00",
		},
	})
}

// TestOneLineSettlesOneOfTwoEqualTransfers: the other stays under way, and a second line settles it.
func TestOneLineSettlesOneOfTwoEqualTransfers(t *testing.T) {
	t.Parallel()
	of := func(reference string) Line { return line("-45.50", Detail{EndToEndID: reference}) }
	found := recogniseAll([]Line{of("P1-2"), of("P1-2"), of("P1-3")}, known())
	for i, want := range []string{"580:OUT 45.50 #2", "471:UNIDENTIFIED 45.50", "580:OUT 45.50 #3"} {
		if got := describe(found[i]); got != want {
			t.Errorf("line %d: got %s, want %s", i+1, got, want)
		}
	}
}
