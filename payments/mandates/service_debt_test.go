package mandates_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
)

// debtOf is a debt of a mandate as its dossier shows it.
func debtOf(t *testing.T, s *mandates.Service, mandate, id string) mandates.Debt {
	t.Helper()
	d, err := s.Dossier(t.Context(), mandate)
	if err != nil {
		t.Fatal(err)
	}
	for _, debt := range d.Debts {
		if debt.ID == id {
			return debt
		}
	}
	t.Fatalf("mandate %s has no debt %s", mandate, id)
	return mandates.Debt{}
}

// alertCodes are the codes raised for a mandate, in order.
func alertCodes(t *testing.T, db *dbtest.DB, mandate string) (codes []string) {
	t.Helper()
	err := db.Super.QueryRow(t.Context(), `
		SELECT coalesce(array_agg(code ORDER BY alert_id), '{}') FROM masp.alerts WHERE mandate_id = $1`, mandate).Scan(&codes)
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

const debt1 = "D-0001-LOYER"

// indu is an overpaid benefit of which the payer keeps 40.00 a month.
const indu = "D-0001-INDU"

func overpaid(t *testing.T, s *mandates.Service, who auth.Principal) {
	t.Helper()
	err := s.AddDebt(t.Context(), who, mandates.Debt{
		ID: indu, Mandate: "M-0001", Creditor: "C-OFFICE", Kind: mandates.KindBenefitOverpayment, Recovery: mandates.Withholding,
		Principal: money.MustParse("640.00"), Outstanding: money.MustParse("640.00"), Instalment: money.MustParse("40.00"),
	})
	if err != nil {
		t.Fatal(french(err))
	}
}

func TestAWithholdingThatNoPayerMayMakeIsNotedAndTold(t *testing.T) {
	t.Parallel()
	d := mandates.Debt{Kind: "CONSUMER_CREDIT"}
	for kind, want := range map[mandates.CreditorKind]bool{
		mandates.BenefitPayer: true, mandates.PublicBody: true, mandates.OtherCreditor: false, mandates.Landlord: false,
	} {
		if got := d.Withholdable(kind); got != want {
			t.Errorf("%s: got %t, want %t", kind, got, want)
		}
	}
	s, db, _, who := loaded(t)
	d = mandates.Debt{
		ID: "D-9", Mandate: "M-0001", Creditor: "C-LUMEN", Kind: "CONSUMER_CREDIT", Recovery: mandates.Withholding,
		Principal: money.MustParse("9.00"), Outstanding: money.MustParse("9.00"),
	}
	if err := s.AddDebt(t.Context(), who["a.morel"], d); err != nil {
		t.Fatal(french(err))
	}
	err := s.RecordWithholding(t.Context(), who["a.morel"], "D-9", money.MustParse("4.00"), civil.MustParse("2026-11-05"))
	if err != nil {
		t.Fatal(french(err))
	}
	if got := debtOf(t, s, "M-0001", "D-9").Outstanding; got != money.MustParse("5.00") {
		t.Errorf("5.00 are left, got %s", got)
	}
	if got := alertCodes(t, db, "M-0001"); len(got) != 1 || got[0] != mandates.WithholdingUnusual {
		t.Errorf("got %v, want that it is told", got)
	}
}

func TestWithholdingsOfOneMonthAreSummed(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	overpaid(t, s, who["a.morel"])
	for _, c := range []struct {
		on   string
		want int
	}{{"2026-10-05", 0}, {"2026-11-05", 0}, {"2026-11-06", 1}} {
		if err := s.RecordWithholding(t.Context(), who["a.morel"], indu, money.MustParse("25.00"), civil.MustParse(c.on)); err != nil {
			t.Fatal(french(err))
		}
		if got := alertCodes(t, db, "M-0001"); len(got) != c.want {
			t.Errorf("%s: got %v, want %d alerts: 40.00 were notified", c.on, got, c.want)
		}
	}
}

func TestAWithheldBenefitLetsTheDebtFall(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	overpaid(t, s, who["a.morel"])
	on := civil.MustParse("2026-11-05")
	before := debtOf(t, s, "M-0001", indu).Outstanding
	if err := s.RecordWithholding(t.Context(), who["a.morel"], indu, money.MustParse("20.00"), on); err != nil {
		t.Fatal(french(err))
	}
	if got, want := debtOf(t, s, "M-0001", indu).Outstanding, before.Sub(money.MustParse("20.00")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := alertCodes(t, db, "M-0001"); len(got) != 0 {
		t.Errorf("got alerts %v, want none: it is within the instalment", got)
	}
	for name, c := range map[string]struct {
		debt, amount string
		on           civil.Date
		want         string
	}{
		"nobody's debt":        {"D-9", "1.00", on, mandates.ErrNoDebt.Reason},
		"told twice":           {indu, "20.00", on, mandates.ErrSameMovement.Reason},
		"told before it came":  {indu, "1.00", civil.MustParse("2026-11-10"), mandates.ErrFutureMovement.Reason},
		"more than is owed":    {indu, "99999.00", on, "DEBT_OVERPAID"},
		"nothing":              {indu, "0.00", on, "AMOUNT_NOT_POSITIVE"},
		"less than nothing":    {indu, "-1.00", on, "AMOUNT_NOT_POSITIVE"},
		"by someone who reads": {indu, "1.00", on, mandates.ErrRole.Reason},
	} {
		by := who["a.morel"]
		if c.want == mandates.ErrRole.Reason {
			by = who["d.leroy"]
		}
		err := s.RecordWithholding(t.Context(), by, c.debt, money.MustParse(c.amount), c.on)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if got := count(t, db, "debt_withholdings"); got != 1 {
		t.Errorf("got %d withholdings, want one", got)
	}
}

// A line that the dossier itself says to be contested is paid again when the contest has ended.
func TestAnInstalmentThatTheLoadBlocksIsFreeWhenTheContestEnds(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	block := func() string {
		all, err := s.Obligations(t.Context(), "M-0003")
		if err != nil {
			t.Fatal(french(err))
		}
		i := slices.IndexFunc(all, func(o mandates.Obligation) bool { return o.ID == "O-0003-PLAN" })
		return all[i].Block
	}
	if got := block(); got != mandates.ContestedDebt {
		t.Fatalf("got %q, want it contested", got)
	}
	today := civil.MustParse("2026-11-09")
	if err := s.EndContest(t.Context(), who["a.morel"], "D-0003-ENERGIE", today, "désistement"); err != nil {
		t.Fatal(french(err))
	}
	if got := block(); got != "" {
		t.Errorf("after the contest: got %q, want nothing", got)
	}
}

func TestAnIllegalOrTooLargeWithholdingIsToldButNoted(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	overpaid(t, s, who["a.morel"])
	contested, instalment := civil.MustParse("2026-11-06"), debtOf(t, s, "M-0001", indu).Instalment
	if err := s.Contest(t.Context(), who["a.morel"], indu, contested); err != nil {
		t.Fatal(french(err))
	}
	if err := s.Contest(t.Context(), who["a.morel"], indu, contested); !errors.Is(err, mandates.ErrContested) {
		t.Errorf("got %v, want ErrContested", err)
	}
	for _, on := range []civil.Date{contested.AddDays(-1), contested} {
		if err := s.RecordWithholding(t.Context(), who["a.morel"], indu, instalment.Add(money.Cents(1)), on); err != nil {
			t.Fatal(french(err))
		}
	}
	got := alertCodes(t, db, "M-0001")
	if len(got) != 3 || got[0] != mandates.WithholdingAboveNotice || got[1] != mandates.IllegalWithholding {
		t.Errorf("got %v, want above the notice, then illegal and above", got)
	}
	if err := s.EndContest(t.Context(), who["a.morel"], indu, contested.AddDays(2), "décision de la CAF"); err != nil {
		t.Fatal(french(err))
	}
	d := debtOf(t, s, "M-0001", indu)
	for n, want := range []string{mandates.ContestedDebt, mandates.ContestedDebt, ""} {
		if got := d.BlockOn(contested.AddDays(n), mandates.Freeze{}, civil.Date{}); got != want {
			t.Errorf("%d days after: got %q, want %q", n, got, want)
		}
	}
	if err := s.EndContest(t.Context(), who["a.morel"], indu, contested, ""); !errors.Is(err, mandates.ErrNotContested) {
		t.Errorf("got %v, want ErrNotContested", err)
	}
}

func TestAnAidAndACountMoveADebtWithEvidenceOnly(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	on := civil.MustParse("2026-11-05")
	aid := mandates.Aid{From: "FSL", Amount: money.MustParse("50.00"), On: on}
	if err := s.RecordAid(t.Context(), who["a.morel"], debt1, aid); !errors.Is(err, mandates.ErrDebtEvidence) {
		t.Errorf("got %v, want ErrDebtEvidence", err)
	}
	aid.Evidence = "décision 2026-118"
	before := debtOf(t, s, "M-0001", debt1).Outstanding
	if err := s.RecordAid(t.Context(), who["a.morel"], debt1, aid); err != nil {
		t.Fatal(french(err))
	}
	if got, want := debtOf(t, s, "M-0001", debt1).Outstanding, before.Sub(aid.Amount); got != want {
		t.Errorf("after the aid: got %s, want %s", got, want)
	}
	for _, owed := range []string{"700.00", "0.00"} {
		if err := s.CorrectDebt(t.Context(), who["a.morel"], debt1, money.MustParse(owed), on, "décompte du bailleur"); err != nil {
			t.Fatal(french(err))
		}
		if got := debtOf(t, s, "M-0001", debt1).Outstanding; got != money.MustParse(owed) {
			t.Errorf("corrected: got %s, want %s", got, owed)
		}
	}
	moves, err := s.Movements(t.Context(), debt1)
	sum := money.Amount{}
	for _, m := range moves {
		sum = sum.Add(m.Amount)
	}
	if err != nil || len(moves) != 4 || !sum.IsZero() {
		t.Errorf("got %+v, %v, want four movements that sum to nothing", moves, err)
	}
}

func TestWhatTheDatabaseRefusesItselfOfADebt(t *testing.T) {
	t.Parallel()
	_, db, _, _ := loaded(t)
	for _, sql := range []string{
		`UPDATE masp.debts SET outstanding_cents = 0`,
		`UPDATE masp.debt_movements SET amount_cents = 0`,
		`DELETE FROM masp.debt_movements`,
		`INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source) VALUES ('D-0001-LOYER', '2026-11-05', 'PAYMENT', -9999999, 'x')`,
		`INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source) VALUES ('D-0001-LOYER', '2026-11-05', 'PAYMENT', 1, 'x')`,
		`INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source) VALUES ('D-0001-LOYER', '2026-11-05', 'AID', -1, 'x')`,
		`INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source) VALUES ('D-0001-LOYER', '2026-11-05', 'OPENING', 1, 'opening D-0001-LOYER')`,
		`UPDATE masp.debts SET contested_on = '2026-11-05', contest_ended_on = '2026-11-04'`,
	} {
		if _, err := db.App.Exec(t.Context(), sql); err == nil {
			t.Errorf("the application role may run: %s", sql)
		}
	}
	if _, err := db.Owner.Exec(t.Context(), `UPDATE masp.debts SET outstanding_cents = 0`); err == nil {
		t.Error("the owner may change what is owed without a movement")
	}
}
