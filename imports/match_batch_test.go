package imports

import (
	"fmt"
	"strings"
	"testing"

	"masp/imports/bankfile"
	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

// rejectFirst is a batch of which the bank has rejected the first transfer.
func rejectFirst(k *Known) { k.Transfers[0].State = payments.Rejected }

// bare is a debit that the bank books as a whole, with these names of batches.
func bare(amount string, batches ...Batch) Line {
	return Line{Rank: 1, BookedOn: day, ValueOn: day, Amount: eur(amount), Booked: true, Batches: batches}
}

func TestABatchIsKnownByItsNameAndTheSumOfWhatIsInTransit(t *testing.T) {
	t.Parallel()
	inTwo := func(k *Known) {
		k.Transfers[1].PaymentInfoID, k.Transfers[2].PaymentInfoID = "LOT-2", "LOT-2"
	}
	recogniseEach(t, []recognised{
		{
			"what is left of a batch after a rejection", bare("-91.00", Batch{PaymentInfoID: "LOT-1"}),
			rejectFirst, LineMatched, "580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"what is left, counted as the bank executes it",
			bare("-91.00", Batch{PaymentInfoID: "LOT-1", Count: 2}), rejectFirst, LineMatched,
			"580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"what is left, counted as it was sent",
			bare("-91.00", Batch{PaymentInfoID: "LOT-1", Count: 3}), rejectFirst, LineMatched,
			"580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"the whole batch after a rejection is for a person",
			bare("-391.00", Batch{PaymentInfoID: "LOT-1"}), rejectFirst, LineSuspense, "471:UNIDENTIFIED 391.00",
		},
		{
			"two batches in one debit",
			bare("-391.00", Batch{PaymentInfoID: "LOT-1", Count: 1}, Batch{PaymentInfoID: "LOT-2", Count: 2}),
			inTwo, LineMatched, "580:OUT 300.00 #1, 580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"the message alone, of two batches", bare("-391.00", Batch{MessageID: "MSG-1"}), inTwo,
			LineMatched, "580:OUT 300.00 #1, 580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"another message", bare("-391.00", Batch{MessageID: "MSG-9"}), nil, LineSuspense,
			"471:UNIDENTIFIED 391.00",
		},
		{
			"the batch named by its only transaction, as CFONB writes it",
			line("-391.00", Detail{Amount: eur("391.00"), PaymentInfoID: "LOT-1"}), nil, LineMatched,
			"580:OUT 300.00 #1, 580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"the end of its name in the bank's number is no name",
			Line{
				Rank: 1, BookedOn: day, Amount: eur("-391.00"), Booked: true, BankReference: "OT-1",
				Details: []Detail{{Amount: eur("391.00"), Text: "VIR SEPA OT-1"}},
			},
			nil, LineSuspense, "471:UNIDENTIFIED 391.00",
		},
		{
			"a name of nothing is not everything", bare("-391.00", Batch{Count: 3}), nil, LineSuspense,
			"471:UNIDENTIFIED 391.00",
		},
		{
			"a debit that the bank calls a return settles nothing",
			Line{
				Rank: 1, BookedOn: day, Amount: eur("-300.00"), Booked: true, Returned: true,
				Details: []Detail{{EndToEndID: "P1-1", Returned: true}},
			},
			nil, LineSuspense, "471:UNIDENTIFIED 300.00",
		},
		{
			"the last of a batch is not what the bank names, whatever its amount",
			line("-45.50", Detail{EndToEndID: "P1-3", PaymentInfoID: "LOT-1"}), func(k *Known) {
				settleFirst(k)
				k.Transfers[2].State = payments.InstructionSettled
			},
			LineSuspense, "471:UNIDENTIFIED 45.50",
		},
		{
			"what is certain of a line is settled, and the rest waits",
			line("-355.50", Detail{Amount: eur("300.00"), EndToEndID: "P1-1"},
				Detail{Amount: eur("45.50"), PaymentInfoID: "LOT-1", Party: "BAILLEUR P1-3"},
				Detail{Amount: eur("10.00"), Party: "BANQUE"}),
			nil, LineSuspense, "580:OUT 300.00 #1, 580:OUT 45.50 #3, 471:UNIDENTIFIED 10.00",
		},
		{
			"transactions of two batches are looked for each in its own",
			line("-91.00", Detail{Amount: eur("45.50"), PaymentInfoID: "LOT-1"},
				Detail{Amount: eur("45.50"), PaymentInfoID: "LOT-2"}),
			func(k *Known) { k.Transfers[2].PaymentInfoID = "LOT-2" }, LineMatched,
			"580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
	})
}

// settleAll is a batch that the bank has debited.
func settleAll(k *Known) {
	for i := range k.Transfers {
		k.Transfers[i].State = payments.InstructionSettled
	}
}

func TestSeveralReturnsInOneLineGoBackEachToItsOwn(t *testing.T) {
	t.Parallel()
	two := []Detail{
		{Amount: eur("300.00"), EndToEndID: "P1-1", Returned: true, ReturnCode: "AC04"},
		{Amount: eur("45.50"), InstructionID: "P1-3", Returned: true, ReturnCode: "MD07"},
	}
	recogniseEach(t, []recognised{
		{
			"two returns", line("345.50", two...), settleAll, LineMatched,
			"467:M-1 300.00 #1, 467:M-1 45.50 #3",
		},
		{
			"a return that is known and one that is not",
			line("310.00", two[0], Detail{Amount: eur("10.00"), Returned: true, ReturnCode: "AC01"}), settleAll,
			LineSuspense, "467:M-1 300.00 #1, 471:UNIDENTIFIED 10.00",
		},
		{
			"a return beside a benefit", line("873.49", two[0], Detail{Amount: eur("573.49"), Party: "CAF", Text: cafText}),
			settleAll, LineMatched, "467:M-1 300.00 #1, 467:M-1 573.49 RSA 2026-10",
		},
		{
			"the same return twice in a line", line("600.00", two[0], two[0]), settleAll, LineSuspense,
			"467:M-1 300.00 #1, 471:UNIDENTIFIED 300.00",
		},
		{
			"returns that do not add up are one line", line("340.50", two...), settleAll, LineSuspense,
			"471:UNIDENTIFIED 340.50",
		},
		{
			"the amount of the transaction is what comes back", line("300.00", two[0]), settleAll, LineMatched,
			"467:M-1 300.00 #1",
		},
	})
}

func TestFeesKeptFromAReturnAreADebitOfTheBankNotOfThePerson(t *testing.T) {
	t.Parallel()
	k := known()
	settleAll(k)
	l := line("297.00", Detail{Amount: eur("300.00"), EndToEndID: "P1-1", Returned: true, ReturnCode: "AC04"})
	l.Returned = true
	r := recognise(l, k)
	if got := describe(r); got != "467:M-1 300.00 #1" || r.Kept != eur("3.00") || r.State != LineSuspense {
		t.Fatalf("got %s, %s kept, %s (%s)", got, r.Kept, r.State, r.Why)
	}
	if got := r.open(); got != eur("-3.00") {
		t.Errorf("got %s open, want what the bank took", got)
	}
	e := (&statement{account: "BK-1"}).entry(l, r, "test")
	if len(e.Postings) != 2 || e.Postings[1].Debit != ledger.Suspense || e.Postings[1].Amount != eur("3.00") ||
		e.Postings[0].Debit != ledger.Bank("BK-1") || e.Postings[0].Amount != eur("297.00") {
		t.Errorf("got %v, want 297.00 from the bank and 3.00 from suspense", e.Postings)
	}
	for name, change := range map[string]func(*Line){
		"not said to come back": func(l *Line) { l.Returned, l.Details[0].Returned, l.Details[0].ReturnCode = false, false, "" },
		"more than was sent":    func(l *Line) { l.Amount = eur("303.00") },
		"another amount":        func(l *Line) { l.Details[0].Amount = eur("301.00") },
		"no reference":          func(l *Line) { l.Details[0].EndToEndID = "" },
	} {
		other := l
		other.Details = append([]Detail{}, l.Details...)
		change(&other)
		if r := recognise(other, k); describe(r) != "471:UNIDENTIFIED "+other.Amount.String() {
			t.Errorf("%s: got %s, want all of it for a person", name, describe(r))
		}
	}
}

func TestFeesKeptFromABatchOfReturnsAreADebitOfTheBankToo(t *testing.T) {
	t.Parallel()
	k := known()
	settleAll(k)
	back := func(amount, reference string) Detail {
		return Detail{Amount: eur(amount), EndToEndID: reference, Returned: true, ReturnCode: "AC04"}
	}
	l := line("339.50", back("300.00", "P1-1"), back("45.50", "P1-2"))
	l.Returned = true
	r := recognise(l, k)
	if got := describe(r); got != "467:M-1 300.00 #1, 467:M-1 45.50 #2" || r.Kept != eur("6.00") || r.open() != eur("-6.00") {
		t.Fatalf("got %s, %s kept (%s)", got, r.Kept, r.Why)
	}
	e := (&statement{account: "BK-1"}).entry(l, r, "test")
	if got := fmt.Sprint(e.Postings); got != "[{512:BK-1 467:M-1 294.00} {471:UNIDENTIFIED 467:M-1 6.00} {512:BK-1 467:M-1 45.50}]" {
		t.Errorf("got %s", got)
	}
	for name, change := range map[string]func(*Line){
		"one of them is back already": func(l *Line) { l.Details[1] = l.Details[0]; l.Amount = eur("594.00") },
		"one of them is of nobody":    func(l *Line) { l.Details[1].EndToEndID = "NO-SUCH" },
		"the bank kept nearly all":    func(l *Line) { l.Amount = eur("20.00") },
		"more than was sent":          func(l *Line) { l.Amount = eur("346.00") },
	} {
		other := l
		other.Details = append([]Detail{}, l.Details...)
		change(&other)
		if r := recognise(other, k); describe(r) != "471:UNIDENTIFIED "+other.Amount.String() {
			t.Errorf("%s: got %s, want all of it for a person", name, describe(r))
		}
	}
}

// TestAReturnIsKnownByAnySignOfTheBank writes a line of the bank with each sign that banks give
// and each value of RvslInd, which says nothing (formats 2.4).
func TestAReturnIsKnownByAnySignOfTheBank(t *testing.T) {
	t.Parallel()
	rrtn := bankfile.TransactionCode{Domain: "PMNT", Family: "ICDT", SubFamily: "RRTN"}
	signs := map[string]func(*bankfile.Line){
		"a reason":                   func(l *bankfile.Line) { l.Details[0].Return = &bankfile.Return{Code: "AC04"} },
		"a reason without a code":    func(l *bankfile.Line) { l.Details[0].Return = &bankfile.Return{} },
		"the code of the line":       func(l *bankfile.Line) { l.Code = rrtn },
		"the code of a transaction":  func(l *bankfile.Line) { l.Details[0].Code = rrtn },
		"our reference, and no sign": func(*bankfile.Line) {},
	}
	for name, sign := range signs {
		for _, reversal := range []string{"absent", "true", "false"} {
			l := bankfile.Line{
				Rank: 1, BookedOn: day, ValueOn: day, Amount: mustExact("300.00"),
				Reversal: reversal == "true", ReversalStated: reversal != "absent",
				Details: []bankfile.Detail{{EndToEndID: "P1-1"}},
			}
			sign(&l)
			read, err := readLine(&l)
			if err != nil {
				t.Fatal(err)
			}
			k := known()
			settleAll(k)
			if r := recognise(read, k); describe(r) != "467:M-1 300.00 #1" || r.Kind != ledger.Return {
				t.Errorf("%s, RvslInd %s: got %s %s (%s)", name, reversal, r.Kind, describe(r), r.Why)
			}
			read.Details[0].EndToEndID = ""
			if r := recognise(read, k); r.State != LineSuspense ||
				name != "our reference, and no sign" && !strings.Contains(r.Why, "retour") {
				t.Errorf("%s without a reference: got %s (%s), want a return for a person", name, describe(r), r.Why)
			}
		}
	}
}

func mustExact(s string) money.Exact {
	e, err := money.ParseExact(s)
	if err != nil {
		panic(err)
	}
	return e
}
