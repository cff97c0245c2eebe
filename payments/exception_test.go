package payments

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

var (
	december = civil.MustParse("2026-12-04")
	due      = civil.MustParse("2026-12-05")
	lastDue  = civil.MustParse("2026-11-05")
)

// plain writes the narrow spaces of French figures as spaces.
func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

func euros(text string) money.Amount { return money.MustParse(text) }

func testIBAN(n int) string {
	iban, err := sepa.MakeFrenchIBAN("99999", "00001", fmt.Sprintf("%011d", n))
	if err != nil {
		panic(err)
	}
	return iban.String()
}

// paidLine is a line of December that money reaches.
func paidLine(no int, obligation string, class mandates.Class, creditor, amount string) RunLine {
	l := RunLine{
		No: no, Obligation: obligation, DueOn: due, Class: class, Creditor: creditor, Label: "Échéance " + obligation,
		Due: euros(amount), Paid: euros(amount), Status: Paid,
	}
	if class == mandates.Reserve {
		l.Status = Reserved
	}
	return l
}

// november is what the last approved run did of a line.
func november(l RunLine) PastLine {
	return PastLine{
		Run: "C-2026-11-1", Act: 40, Obligation: l.Obligation, DueOn: lastDue, Class: l.Class,
		Creditor: l.Creditor, Label: l.Label, Due: l.Due, Paid: l.Paid, Status: l.Status, Reason: l.Reason,
	}
}

// ordinary is a month like the last one: nothing to look at.
func ordinary() Facts {
	lines := []RunLine{
		paidLine(1, "O-RENT", mandates.Rent, "C-LAND", "398.00"),
		paidLine(2, "O-EDF", mandates.HousingOther, "C-EDF", "71.20"),
		paidLine(3, "O-DEBT", mandates.DebtPlan, "C-LAND", "30.00"),
	}
	lines[2].Debt = "D-1"
	payee := func(name string, n int) PayeeFact {
		return PayeeFact{
			Name: name, IBAN: testIBAN(n), Version: 1, Loaded: true, Settled: true, ProposedBy: "p.morel",
			LastIBAN: testIBAN(n), LastVersion: 1, LastAmount: euros("100.00"),
		}
	}
	f := Facts{
		On: december, Purpose: MonthlyRun, Preparer: "a.morel", Settings: DefaultExceptionSettings(),
		Payees: map[string]PayeeFact{
			"C-LAND": payee("SCI Les Tilleuls", 1), "C-EDF": payee("Lumen", 2), "C-SELF": payee("Luc Martin", 3),
		},
		Decided: map[string]int64{"O-RENT": 7, "O-EDF": 8, "O-DEBT": 9}, Outstanding: map[string]money.Amount{"D-1": euros("500.00")},
		EndsOn: civil.MustParse("2027-12-31"), RemitPlanned: true, LastRemitted: euros("90.00"),
		Run: RunMandate{
			Mandate: "M-0001", Lines: lines, Remit: euros("90.00"),
			Transfers: []Instruction{
				{Kind: ledger.Payment, Creditor: "C-LAND", Amount: euros("428.00"), LeaveOn: december, ExecuteOn: december},
				{Kind: ledger.Payment, Creditor: "C-EDF", Amount: euros("71.20"), LeaveOn: december, ExecuteOn: december},
				{Kind: ledger.Remittance, Creditor: "C-SELF", Amount: euros("90.00"), LeaveOn: december, ExecuteOn: december},
			},
		},
	}
	for _, l := range lines {
		f.Past = append(f.Past, november(l))
	}
	return f
}

// payee changes what is known of a creditor.
func (f *Facts) payee(id string, change func(*PayeeFact)) {
	p := f.Payees[id]
	change(&p)
	f.Payees[id] = p
}

// situations are one real situation for each code.
var situations = map[ExceptionCode]struct {
	change        func(*Facts)
	lines         string // keys without their day
	before, after string
	says          string
}{
	InsufficientMoney: {func(f *Facts) {
		f.Run.Lines[0].Paid, f.Run.Lines[0].Status, f.Run.Lines[0].Reason = euros("336.80"), Partial, InsufficientFunds
		for i := range f.Run.Lines[1:] {
			l := &f.Run.Lines[i+1]
			l.Paid, l.Status, l.Reason = money.Amount{}, Blocked, RentFirst
		}
	}, "O-RENT O-EDF O-DEBT", "398,00 €", "336,80 €", "il manque 61,20 €"},
	RentMissing: {func(f *Facts) { f.Run.Lines = f.Run.Lines[1:] }, "", "398,00 €", "0,00 €", "Aucun loyer"},
	DuplicateSuspected: {func(f *Facts) {
		f.Run.Lines = append(f.Run.Lines, paidLine(4, "O-EDF-2", mandates.HousingOther, "C-EDF", "71.20"))
		f.Decided["O-EDF-2"] = 41
	}, "O-EDF-2", "« Échéance O-EDF » du 05/12/2026, dans cette campagne", "71,20 €", "même somme"},
	PayeeRejected: {func(f *Facts) {
		f.payee("C-EDF", func(p *PayeeFact) { p.LastFailure, p.LastAmount = "AC04", euros("71.20") })
	}, "O-EDF", "71,20 €", "AC04", "Compte fermé"},
	IBANInvalid: {func(f *Facts) {
		f.payee("C-EDF", func(p *PayeeFact) { p.IBAN = "FR7612345678901234" })
	}, "O-EDF", "", "FR76…1234", "chiffres de contrôle"},
	PayeeNotSEPA: {func(f *Facts) {
		f.payee("C-EDF", func(p *PayeeFact) { p.IBAN = "TR330006100519786457841326" })
	}, "O-EDF", "", "TR33…1326", "TR"},
	AlreadyInRun: {func(f *Facts) {
		f.OpenRuns = map[string]string{"O-EDF@2026-12-05": "C-2026-12-1"}
	}, "O-EDF", "", "C-2026-12-1", "C-2026-12-1"},
	MeasureOver: {func(f *Facts) {
		f.Run = RunMandate{Mandate: "M-0001", Refused: Refusal(mandates.Ended)}
		f.EndsOn = civil.MustParse("2026-11-30")
	}, "", "30/11/2026", "ENDED", "reste hors"},
	NonSocialIncome:  {func(f *Facts) { f.Restricted = euros("312.00") }, "", "", "312,00 €", "se reverse"},
	PriorityViolated: {func(f *Facts) { f.Run.Lines[0].Paid, f.Run.Lines[0].Status = euros("300.00"), Partial }, "O-EDF", "0,00 €", "71,20 €", "98,00 €"},
	IBANChanged: {func(f *Facts) {
		f.payee("C-LAND", func(p *PayeeFact) {
			p.IBAN, p.Version, p.Settled, p.ProposedOn = testIBAN(9), 2, false, civil.MustParse("2026-11-18")
		})
	}, "O-RENT O-DEBT", masked(testIBAN(1)), masked(testIBAN(9)), "saisi par p.morel le 18/11/2026"},
	IBANChangedSamePerson: {func(f *Facts) {
		f.Preparer = "p.morel"
		f.payee("C-EDF", func(p *PayeeFact) { p.IBAN, p.Version, p.Settled = testIBAN(9), 2, false })
	}, "O-EDF", masked(testIBAN(2)), masked(testIBAN(9)), "même personne"},
	NameMismatch: {func(f *Facts) {
		f.payee("C-EDF", func(p *PayeeFact) { p.NameCheck, p.NameAtBank = sepa.VerifiedClose, "Garage Dupont" })
	}, "O-EDF", "Lumen", "Garage Dupont", "Garage Dupont"},
	AmountChanged: {func(f *Facts) {
		f.Run.Lines[0].Due, f.Run.Lines[0].Paid = euros("403.53"), euros("403.53")
		f.Decided["O-RENT"] = 52
	}, "O-RENT", "398,00 €", "403,53 €", "403,53 € maintenant"},
	BenefitLate: {func(f *Facts) {
		f.Expected = []ExpectedFact{{"RSA", december.MonthOf().Add(-1), december, euros("573.49"), money.Amount{}}}
	}, "", "573,49 €", "0,00 €", "rien n'est arrivé"},
	BenefitLower: {func(f *Facts) {
		f.Expected = []ExpectedFact{{"RSA", december.MonthOf().Add(-1), december, euros("573.49"), euros("500.00")}}
	}, "", "573,49 €", "500,00 €", "il manque 73,49 €"},
	NewPayee: {func(f *Facts) {
		f.Run.Lines = append(f.Run.Lines, paidLine(4, "O-INS", mandates.HousingOther, "C-INS", "18.40"))
		f.Decided["O-INS"] = 44
		f.Payees["C-INS"] = PayeeFact{Name: "Assurances du Lez", IBAN: testIBAN(7), Version: 1}
	}, "O-INS", "", masked(testIBAN(7)), "premier paiement"},
	NothingForPerson: {func(f *Facts) { f.Run.Remit = money.Amount{} }, "", "90,00 €", "0,00 €", "Rien n'est versé"},
	MeasureEnding:    {func(f *Facts) { f.EndsOn = civil.MustParse("2027-01-31") }, "", "04/12/2026", "31/01/2027", "58 jours"},
	FirstRun: {func(f *Facts) {
		f.First, f.Past, f.Decided = true, nil, nil
		for id := range f.Payees {
			f.payee(id, func(p *PayeeFact) { p.LastVersion, p.LastIBAN = 0, "" })
		}
	}, "O-RENT O-EDF O-DEBT", "", "589,20 €", "Première campagne"},
	PlanFinished: {func(f *Facts) { f.Outstanding["D-1"] = euros("30.00") }, "O-DEBT", "30,00 €", "0,00 €", "payée en entier"},
	ExecutionDayClosed: {func(f *Facts) {
		for i := range f.Run.Transfers {
			f.Run.Transfers[i].LeaveOn, f.Run.Transfers[i].ExecuteOn = due, due.AddDays(2)
		}
	}, "", "05/12/2026", "07/12/2026", "ne travaillent pas"},
}

func TestEachExceptionIsFoundInItsSituation(t *testing.T) {
	t.Parallel()
	if got := len(kinds); got != 22 || len(situations) != got {
		t.Fatalf("got %d codes and %d situations, want 22 of each", got, len(situations))
	}
	for code, s := range situations {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			f := ordinary()
			s.change(&f)
			found := Exceptions(f)
			i := slices.IndexFunc(found, func(e Exception) bool { return e.Code == code })
			if i < 0 {
				t.Fatalf("got %v, want %s", found, code)
			}
			e := found[i]
			lines := strings.ReplaceAll(strings.Join(e.Lines, " "), "@2026-12-05", "")
			e.Before, e.After, e.Text = plain(e.Before), plain(e.After), plain(e.Text)
			if lines != s.lines || e.Before != s.before || e.After != s.after {
				t.Errorf("got %q: %s → %s, want %q: %s → %s", lines, e.Before, e.After, s.lines, s.before, s.after)
			}
			if !strings.Contains(e.Text, s.says) || e.Mandate != "M-0001" || e.No != i+1 {
				t.Errorf("got %d %s %q, want %d M-0001 %q", e.No, e.Mandate, e.Text, i+1, s.says)
			}
			if e.Open() != code.Blocking() {
				t.Errorf("got open %t, want %t", e.Open(), code.Blocking())
			}
			for _, d := range e.Awaits {
				if !slices.Contains(e.Choices(), d) {
					t.Errorf("%s asks for another draft, but nobody can choose it", d)
				}
			}
		})
	}
}

func TestAMonthLikeTheLastHasNoException(t *testing.T) {
	t.Parallel()
	f := ordinary()
	if found := Exceptions(f); len(found) > 0 {
		t.Errorf("got %v, want none", found)
	}
	for i, o := range Origins(f, nil) {
		if o.From != FromLastMonth || o.Run != "C-2026-11-1" {
			t.Errorf("line %d comes from %+v, want last month", i+1, o)
		}
	}
}

func TestOrdinaryDifferencesAreNotToldAsFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Facts)
		code   ExceptionCode
	}{
		"the rent of the month is paid already":  {func(f *Facts) { f.Run.Lines, f.RentPaid = f.Run.Lines[1:], true }, RentMissing},
		"a run of one bill has no rent":          {func(f *Facts) { f.Run.Lines, f.Purpose = f.Run.Lines[1:], OffCycle }, RentMissing},
		"two bills of one amount as last month":  {twins, DuplicateSuspected},
		"the IBAN that failed was replaced":      {replacedIBAN, PayeeRejected},
		"a loaded payee of a first run":          {situations[FirstRun].change, NewPayee},
		"a new payee whom money does not reach":  {unpaidNewcomer, NewPayee},
		"the person was remitted before":         {func(f *Facts) { f.Run.Remit, f.Remitted = money.Amount{}, euros("10.00") }, NothingForPerson},
		"the end is 91 days away":                {func(f *Facts) { f.EndsOn = december.AddDays(91) }, MeasureEnding},
		"the benefit came whole":                 {func(f *Facts) { f.Expected = []ExpectedFact{{Amount: euros("5.00"), Received: euros("5.00")}} }, BenefitLower},
		"the rest of what last month left":       {restOfRent, AmountChanged},
		"a decided change within its threshold":  {smallRise(func(s *ExceptionSettings) { s.ChangeCents = euros("5.53") }), AmountChanged},
		"a decided change within its percentage": {smallRise(func(s *ExceptionSettings) { s.ChangePercent = 2 }), AmountChanged},
	} {
		f := ordinary()
		c.change(&f)
		for _, e := range Exceptions(f) {
			if e.Code == c.code {
				t.Errorf("%s: got %+v", name, e)
			}
		}
	}
}

func TestAChangeThatNobodyDecidedIsToldWithinAnyThreshold(t *testing.T) {
	t.Parallel()
	f := ordinary()
	smallRise(func(s *ExceptionSettings) { s.ChangeCents = euros("100.00") })(&f)
	delete(f.Decided, "O-RENT")
	found := Exceptions(f)
	if len(found) != 1 || found[0].Code != AmountChanged {
		t.Errorf("got %v, want amount_changed", found)
	}
}

func twins(f *Facts) {
	l := paidLine(4, "O-EDF-2", mandates.HousingOther, "C-EDF", "71.20")
	f.Run.Lines, f.Past = append(f.Run.Lines, l), append(f.Past, november(l))
}

func unpaidNewcomer(f *Facts) {
	situations[NewPayee].change(f)
	l := &f.Run.Lines[3]
	l.Paid, l.Status, l.Reason = money.Amount{}, Blocked, mandates.ContestedDebt
}

func replacedIBAN(f *Facts) {
	f.payee("C-EDF", func(p *PayeeFact) { p.LastFailure, p.IBAN, p.Version = "AC04", testIBAN(9), 2 })
}

func restOfRent(f *Facts) {
	l := &f.Run.Lines[0]
	past := november(*l)
	past.DueOn, past.Paid, past.Status, past.Reason = l.DueOn, euros("336.80"), Partial, InsufficientFunds
	f.Past[0] = past
	l.Due, l.Paid = euros("61.20"), euros("61.20")
}

func smallRise(settings func(*ExceptionSettings)) func(*Facts) {
	return func(f *Facts) {
		situations[AmountChanged].change(f)
		settings(&f.Settings)
	}
}

func TestADecisionThatAsksForAnotherDraftSaysSo(t *testing.T) {
	t.Parallel()
	f := ordinary()
	situations[InsufficientMoney].change(&f)
	e := Exceptions(f)[0]
	for d, want := range map[Decision]bool{DecideKeep: false, DecidePayPart: false, DecideDefer: true} {
		if got := e.Changes(d); got != want || !slices.Contains(e.Choices(), d) {
			t.Errorf("%s of a rent paid in part: got %t among %v, want %t", d, got, e.Choices(), want)
		}
	}
	if slices.Contains(e.Choices(), DecideBlock) {
		t.Error("a rent may be held back (R-008)")
	}
	e.Verdict.Decision = DecideKeep
	if e.Open() {
		t.Error("a decided exception is still open")
	}
}
