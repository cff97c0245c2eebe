package imports

import (
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

var day = civil.MustParse("2026-11-05")

func eur(s string) money.Amount { return money.MustParse(s) }

func month(s string) civil.Month {
	m, err := civil.ParseMonth(s)
	if err != nil {
		panic(err)
	}
	return m
}

// mandate is an active one of a person on the account BK-1.
func mandate(id, person string, benefits ...string) mandates.Mandate {
	start := civil.MustParse("2026-01-01")
	m := mandates.Mandate{
		ID:          id,
		Beneficiary: mandates.Beneficiary{ID: person},
		Level:       mandates.MASP2,
		Status:      mandates.Active,
		BankAccount: "BK-1",
		Contract: mandates.Contract{
			Start: start, End: civil.MustParse("2026-12-31"),
			Signatures: []mandates.Signature{{On: start}},
		},
	}
	for _, b := range benefits {
		m.Benefits = append(m.Benefits, mandates.Authorisation{Benefit: b, From: start})
	}
	return m
}

func transfer(id int64, reference, batch, amount string) Transfer {
	return Transfer{
		ID: id, Mandate: "M-1", BankAccount: "BK-1", Account: ledger.Mandate("M-1"),
		State: payments.InTransit, EndToEndID: reference, PaymentInfoID: batch, MessageID: "MSG-1",
		Amount: eur(amount), CreditorName: "Bailleur " + reference,
	}
}

// known is a person's own account with the RSA expected for October.
func known() *Known {
	return &Known{
		Account: "BK-1", Model: mandates.Individual, Catalogue: mandates.Catalogue(),
		Numbers: map[PayerNumber]string{
			{"CAF", "1234567K"}:        "B-1",
			{"CAF", "7654321A"}:        "B-2",
			{"MSA", "185023401234567"}: "B-1",
		},
		Mandates: []mandates.Mandate{mandate("M-1", "B-1", "RSA", "ALS")},
		Expected: []Expected{
			{
				Mandate: "M-1", Benefit: "RSA", Payer: "CAF", Period: month("2026-10"),
				Amount: eur("573.49"), ExpectedOn: day,
			},
			{
				Mandate: "M-1", Benefit: "ALS", Payer: "CAF", Period: month("2026-10"),
				Amount: eur("281.00"), ExpectedOn: day,
			},
		},
		Transfers: []Transfer{
			transfer(1, "P1-1", "LOT-1", "300.00"),
			transfer(2, "P1-2", "LOT-1", "45.50"),
			transfer(3, "P1-3", "LOT-1", "45.50"),
		},
	}
}

func line(amount string, details ...Detail) Line {
	return Line{
		Rank: 1, BookedOn: day, ValueOn: day, Amount: eur(amount), Booked: true, Details: details,
	}
}

func caf(text string) Detail { return Detail{Party: "CAF DE L'HÉRAULT", Text: text} }

const cafText = "XPXREFERENCE 012345678              ME 1234567KDURAND      102026ME"

// recognised is a line, what is known when it comes, and what it must be taken for.
type recognised struct {
	name  string
	line  Line
	setup func(*Known)
	state LineState
	parts string
}

// poolIt makes the account a pooled one; settleFirst lets the bank have debited P1-1.
func poolIt(k *Known)      { k.Model = mandates.Pooled }
func settleFirst(k *Known) { k.Transfers[0].State = payments.InstructionSettled }

func recogniseEach(t *testing.T, cases []recognised) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := known()
			if c.setup != nil {
				c.setup(k)
			}
			r := recognise(c.line, k)
			if got := describe(r); r.State != c.state || got != c.parts {
				t.Errorf("got %s: %s (%s), want %s: %s", r.State, got, r.Why, c.state, c.parts)
			}
			if sum := sumParts(r); sum != c.line.magnitude() {
				t.Errorf("the parts make %s of a line of %s", sum, c.line.magnitude())
			}
			if r.Why == "" || r.State == LineSuspense && len(r.Alerts) == 0 {
				t.Errorf("nobody is told why: %q, alerts %v", r.Why, r.Alerts)
			}
		})
	}
}

func TestMoneyOutAndBackIsATransferByReferenceOrBatchOnly(t *testing.T) {
	t.Parallel()
	recogniseEach(t, []recognised{
		{
			"a debit with our reference and amount settles",
			line("-300.00", Detail{EndToEndID: "P1-1"}), nil, LineMatched, "580:OUT 300.00 #1",
		},
		{
			"a debit with our InstrId settles", line("-300.00", Detail{InstructionID: "P1-1"}), nil,
			LineMatched, "580:OUT 300.00 #1",
		},
		{
			"our reference with another amount is suspense",
			line("-299.00", Detail{EndToEndID: "P1-1"}), nil, LineSuspense,
			"471:UNIDENTIFIED 299.00",
		},
		{
			"a transfer already settled is not settled again",
			line("-300.00", Detail{EndToEndID: "P1-1"}), settleFirst, LineSuspense,
			"471:UNIDENTIFIED 300.00",
		},
		{
			"a foreign reference is suspense", line("-300.00", Detail{EndToEndID: "X"}), nil,
			LineSuspense, "471:UNIDENTIFIED 300.00",
		},
		{
			"a debit without any reference is suspense, whatever its amount",
			line("-300.00", Detail{Party: "Bailleur P1-1"}), nil, LineSuspense,
			"471:UNIDENTIFIED 300.00",
		},
		{
			"a batch by its total settles all of it",
			Line{
				Rank: 1, BookedOn: day, Amount: eur("-391.00"), Booked: true,
				Batches: []Batch{{PaymentInfoID: "LOT-1", Count: 3}},
			},
			nil,
			LineMatched,
			"580:OUT 300.00 #1, 580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"a batch by the message alone settles all of it",
			Line{
				Rank: 1, BookedOn: day, Amount: eur("-391.00"), Booked: true,
				Batches: []Batch{{MessageID: "MSG-1"}},
			},
			nil,
			LineMatched,
			"580:OUT 300.00 #1, 580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"a batch of the right total and the wrong count is suspense",
			Line{
				Rank: 1, BookedOn: day, Amount: eur("-391.00"), Booked: true,
				Batches: []Batch{{PaymentInfoID: "LOT-1", Count: 2}},
			},
			nil,
			LineSuspense,
			"471:UNIDENTIFIED 391.00",
		},
		{
			"a batch with another total is suspense",
			Line{
				Rank: 1, BookedOn: day, Amount: eur("-390.00"), Booked: true,
				Batches: []Batch{{PaymentInfoID: "LOT-1"}},
			},
			nil,
			LineSuspense,
			"471:UNIDENTIFIED 390.00",
		},
		{
			"a batch by its transactions settles those",
			line(
				"-345.50", Detail{Amount: eur("300.00"), EndToEndID: "P1-1"},
				Detail{Amount: eur("45.50"), EndToEndID: "P1-3"},
			),
			nil,
			LineMatched,
			"580:OUT 300.00 #1, 580:OUT 45.50 #3",
		},
		{
			"a single debit of a batch settles by its amount",
			line("-300.00", Detail{PaymentInfoID: "LOT-1"}), nil, LineMatched, "580:OUT 300.00 #1",
		},
		{
			"equal amounts of a batch are told apart by the name",
			line("-45.50", Detail{PaymentInfoID: "LOT-1", Party: "BAILLEUR P1-3"}), nil,
			LineMatched, "580:OUT 45.50 #3",
		},
		{
			"equal amounts of a batch that nothing tells apart are suspense",
			line("-45.50", Detail{PaymentInfoID: "LOT-1"}), nil, LineSuspense,
			"471:UNIDENTIFIED 45.50",
		},
		{
			"a settled transfer comes back by its reference alone",
			line("300.00", Detail{EndToEndID: "P1-1"}), settleFirst, LineMatched, "467:M-1 300.00 #1",
		},
		{
			"a return with fees taken off is suspense",
			line("297.00", Detail{EndToEndID: "P1-1", ReturnCode: "AC04"}), settleFirst, LineSuspense,
			"471:UNIDENTIFIED 297.00",
		},
		{
			"a return of a transfer that nobody saw leave is suspense",
			line("300.00", Detail{EndToEndID: "P1-1", ReturnCode: "AC04"}), nil, LineSuspense,
			"471:UNIDENTIFIED 300.00",
		},
		{
			"a return that names nothing is suspense",
			Line{Rank: 1, BookedOn: day, Amount: eur("300.00"), Booked: true, Returned: true},
			settleFirst, LineSuspense, "471:UNIDENTIFIED 300.00",
		},
		{
			"a return by batch and amount goes back",
			Line{
				Rank:     1,
				BookedOn: day,
				Amount:   eur("300.00"),
				Booked:   true,
				Returned: true,
				Details: []Detail{
					{PaymentInfoID: "LOT-1", ReturnCode: "AC04"},
				},
			},
			settleFirst,
			LineMatched,
			"467:M-1 300.00 #1",
		},
	})
}

func sumParts(r Recognition) money.Amount {
	var sum money.Amount
	for _, p := range r.Parts {
		sum = sum.Add(p.Amount)
	}
	return sum
}

// describe writes the parts as "account amount [benefit month] [#transfer]".
func describe(r Recognition) string {
	text := ""
	for _, p := range r.Parts {
		if text != "" {
			text += ", "
		}
		text += join(string(p.Account), p.Amount.String(), p.Benefit, p.Period.String())
		if p.Transfer != 0 {
			text += " #" + string(rune('0'+p.Transfer))
		}
	}
	return text
}

func TestTwinsOfABatchAreSettledTogether(t *testing.T) {
	t.Parallel()
	twin := line("-45.50", Detail{PaymentInfoID: "LOT-1"})
	found := recogniseAll([]Line{twin, twin}, known())
	if got := describe(found[0]) + " | " + describe(found[1]); got != "580:OUT 45.50 #2 | 580:OUT 45.50 #3" {
		t.Errorf("got %s: as many debits as transfers, both are executed", got)
	}
}

func TestATransferMayLeaveAndComeBackInOneStatementInAnyOrder(t *testing.T) {
	t.Parallel()
	back := line("300.00", Detail{EndToEndID: "P1-1", ReturnCode: "AC04"})
	out := line("-300.00", Detail{EndToEndID: "P1-1"})
	found := recogniseAll([]Line{back, out}, known())
	if found[0].Kind != ledger.Return || found[1].Kind != ledger.BankDebit ||
		found[0].State != LineMatched ||
		found[1].State != LineMatched {
		t.Errorf(
			"got %s/%s and %s/%s, want the return and the debit both matched", found[0].Kind,
			found[0].State, found[1].Kind, found[1].State,
		)
	}
}

func TestTheSameBenefitTwiceIsReceivedOnceAsExpected(t *testing.T) {
	t.Parallel()
	k := known()
	k.Expected = k.Expected[:1]
	found := recogniseAll([]Line{line("573.49", caf(cafText)), line("573.49", caf(cafText))}, k)
	if found[0].State != LinePosted || found[1].State != LinePosted {
		t.Fatalf(
			"got %s and %s, want both posted: twins are two payments", found[0].State,
			found[1].State,
		)
	}
	if got := k.Expected[0].Received; got != eur("1146.98") {
		t.Errorf("got %s received, want both", got)
	}
}

func TestLinesThatAreNotBookedAreNeverRecognised(t *testing.T) {
	t.Parallel()
	pending := line("-300.00", Detail{EndToEndID: "P1-1"})
	pending.Booked = false
	found := recogniseAll([]Line{pending}, known())
	if found[0].State != LineIgnored || len(found[0].Parts) != 0 {
		t.Errorf("got %s with %v, want ignored and no posting", found[0].State, found[0].Parts)
	}
}

func TestNumbersAndMonthsOfPayersTexts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, number, month string }{
		{"VIR RECU 35964S DE: CAF DE L ESSONNE MOTIF: XPXREFERENCE 012345678 ME 1234567KNOM 102026ME", "1234567K", "2026-10"},
		{"XPXREFERENCE 023456789                         ME / 1234567KNOM 092026ME / REF: 023456789V16", "1234567K", "2026-09"},
		{"1234567KNOM      012026ME", "1234567K", "2026-01"},
		{"RSA 1234567 K", "1234567K", ""},
		{"PRESTATION AAH 10/2026 DOSSIER 1234567K", "1234567K", "2026-10"},
		{"VIREMENT DU 05/10/2026 DOSSIER 1234567K", "1234567K", ""},
		{"Retraite 185023401234567", "185023401234567", ""},
	} {
		found := false
		for _, n := range numbersIn(c.text) {
			found = found || n == c.number
		}
		if got := monthIn(c.text, day).String(); !found || got != c.month {
			t.Errorf(
				"%q: numbers %v month %q, want %s and %q", c.text, numbersIn(c.text), got, c.number,
				c.month,
			)
		}
	}
}
