package mandates_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestAFileOfOverIndebtednessGoesStepByStep(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	step := func(state mandates.FileState, on string) error {
		return s.StepFile(t.Context(), who["a.morel"], "M-0001", mandates.FileStep{State: state, On: civil.MustParse(on)})
	}
	for _, c := range []struct {
		state mandates.FileState
		on    string
		fits  bool
	}{
		{mandates.FileSent, "2026-06-01", false},
		{mandates.FileToBuild, "2026-06-01", true},
		{mandates.FileToBuild, "2026-06-02", false},
		{mandates.FileSent, "2026-05-31", false},
		{mandates.FileSent, "2026-06-10", true},
		{mandates.FileAdmissible, "2026-06-20", false},
		{mandates.FileDeposited, "2026-06-20", true},
		{mandates.FileAdmissible, "2026-11-10", false}, // tomorrow
		{mandates.FileAdmissible, "2026-07-01", true},
		{mandates.FileRejected, "2026-08-01", true},
		{mandates.FileMeasures, "2026-08-02", false},
		{mandates.FileToBuild, "2026-09-01", true},
	} {
		var vs mandates.Violations
		if err := step(c.state, c.on); (err == nil) != c.fits || err != nil && !errors.As(err, &vs) {
			t.Errorf("%s on %s: got %v, want it to fit: %t", c.state, c.on, err, c.fits)
		}
	}
	if got := alertCodes(t, db, "M-0001"); len(got) != 1 || got[0] != mandates.AskAllowanceRestored {
		t.Errorf("got alerts %v, want the task of R-076 once", got)
	}
	for _, sql := range []string{
		`INSERT INTO masp.overindebtedness_steps VALUES ('M-0001', 7, 2, 'MEASURES', '2026-11-01')`,
		`INSERT INTO masp.overindebtedness_steps VALUES ('M-0001', 8, 2, 'SENT', '2026-11-01')`,
		`INSERT INTO masp.overindebtedness_steps VALUES ('M-0001', 7, 1, 'SENT', '2026-11-01')`,
		`INSERT INTO masp.overindebtedness_steps VALUES ('M-0002', 1, 1, 'ADMISSIBLE', '2026-11-01')`,
		`UPDATE masp.overindebtedness_steps SET state = 'CLOSED'`,
	} {
		if _, err := db.App.Exec(t.Context(), sql); err == nil {
			t.Errorf("the database lets a file jump: %s", sql)
		}
	}
}

// blockOf is the reason of the law for each line that pays a debt of M-0001, on a day.
func blockOf(t *testing.T, s *mandates.Service, on civil.Date) string {
	t.Helper()
	var lines []string
	err := pgx.BeginFunc(t.Context(), s.DB, func(tx pgx.Tx) error {
		all, err := mandates.SituationsTx(t.Context(), tx, on, []string{"M-0001"})
		if err != nil {
			return err
		}
		for _, o := range all[0].Obligations {
			var said string
			err := tx.QueryRow(t.Context(), `SELECT coalesce(masp.law_forbids($1, $2, $3), '')`, o.Debt, o.From, on).Scan(&said)
			if err != nil || said != o.Block {
				t.Errorf("%s on %s: PostgreSQL says %q, %v, we say %q", o.ID, on, said, err, o.Block)
			}
			if o.Debt != "" || o.Block != "" {
				lines = append(lines, strings.TrimSpace(o.ID+" "+o.Block))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, ", ")
}

func TestADebtIsAddedOnceToSomebodyKnown(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	good := mandates.Debt{
		ID: "D-NEW", Mandate: "M-0001", Creditor: "C-LUMEN", Kind: mandates.KindFine, Recovery: mandates.Direct,
	}
	for code, broken := range map[string]func(*mandates.Debt){
		"reference":         func(d *mandates.Debt) { d.ID = "d 1" },
		"exists":            func(d *mandates.Debt) { d.ID = "D-0001-LOYER" },
		"unknown_reference": func(d *mandates.Debt) { d.Creditor = "C-9" },
		"KIND_MISSING":      func(d *mandates.Debt) { d.Kind = "" },
	} {
		d := good
		broken(&d)
		var vs mandates.Violations
		if err := s.AddDebt(t.Context(), who["a.morel"], d); !errors.As(err, &vs) || vs[0].Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	good.Mandate = "M-9"
	if err := s.AddDebt(t.Context(), who["a.morel"], good); !errors.Is(err, mandates.ErrNoMandate) {
		t.Errorf("got %v, want ErrNoMandate", err)
	}
}

func TestAdmissibilityFreezesOldDebtsUntilMeasuresOrRejection(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	day := civil.MustParse
	alimony := mandates.Debt{
		ID: "D-ALIM", Mandate: "M-0001", Creditor: "C-LUMEN", Kind: mandates.KindAlimony, Principal: money.MustParse("500.00"),
		Outstanding: money.MustParse("500.00"), BornOn: day("2025-01-01"), Recovery: mandates.Direct,
	}
	if err := s.AddDebt(t.Context(), who["a.morel"], alimony); err != nil {
		t.Fatal(french(err))
	}
	plan := func(debt, from string) mandates.Plan {
		return mandates.Plan{Debt: debt, Instalment: money.MustParse("20.00"), From: day(from)}
	}
	if _, err := s.ChangePlan(t.Context(), who["a.morel"], plan("D-ALIM", "2026-06-15")); err != nil {
		t.Fatal(french(err))
	}
	for _, c := range []struct {
		state mandates.FileState
		on    string
	}{
		{mandates.FileToBuild, "2026-06-01"},
		{mandates.FileSent, "2026-06-02"},
		{mandates.FileDeposited, "2026-06-03"},
		{mandates.FileAdmissible, "2026-07-01"},
	} {
		if err := s.StepFile(t.Context(), who["a.morel"], "M-0001", mandates.FileStep{State: c.state, On: day(c.on)}); err != nil {
			t.Fatal(french(err))
		}
	}
	const frozen = "O-0001-PLAN OVER_INDEBTEDNESS_FREEZE, D-ALIM-P1"
	for on, want := range map[string]string{"2026-06-30": "O-0001-PLAN, D-ALIM-P1", "2026-07-01": frozen} {
		if got := blockOf(t, s, day(on)); got != want {
			t.Errorf("on %s: got %s, want %s", on, got, want)
		}
	}
	measures := mandates.FileStep{
		State: mandates.FileMeasures, On: day("2026-10-01"), Plans: []mandates.Plan{plan(debt1, "2026-10-15")},
	}
	if err := s.StepFile(t.Context(), who["a.morel"], "M-0001", measures); err != nil {
		t.Fatal(french(err))
	}
	want := "D-0001-LOYER-P1, O-0001-PLAN OVER_INDEBTEDNESS_FREEZE, D-ALIM-P1"
	if got := blockOf(t, s, day("2026-10-20")); got != want {
		t.Errorf("after the measures: got %s, want %s", got, want)
	}
	closed := mandates.FileStep{State: mandates.FileClosed, On: day("2026-11-02")}
	if err := s.StepFile(t.Context(), who["a.morel"], "M-0001", closed); err != nil {
		t.Fatal(french(err))
	}
	if got, want := blockOf(t, s, day("2026-11-02")), "D-0001-LOYER-P1, O-0001-PLAN, D-ALIM-P1"; got != want {
		t.Errorf("after the closure: got %s, want %s", got, want)
	}
}

func TestANewPlanEndsTheOldOneAndAsksWhatWasMissed(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	if _, err := db.Owner.Exec(t.Context(), `INSERT INTO masp.dues VALUES ('O-0001-PLAN', '2026-10-15', 3000)`); err != nil {
		t.Fatal(err)
	}
	p := mandates.Plan{
		Debt: debt1, Instalment: money.MustParse("45.00"), From: civil.MustParse("2026-11-20"), Frequency: mandates.Weekly,
		SignedWithCreditorOn: civil.MustParse("2026-11-09"),
	}
	line, err := s.ChangePlan(t.Context(), who["a.morel"], p)
	if err != nil {
		t.Fatal(french(err))
	}
	list, err := s.Obligations(t.Context(), "M-0001")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		switch o.ID {
		case "O-0001-PLAN":
			if o.To != civil.MustParse("2026-11-19") || len(mandates.Due(o, month("2026-10"))) != 0 {
				t.Errorf("got %+v, want it ended and the missed October left to the new plan", o)
			}
		case line:
			if o.Amount != p.Instalment || o.Creditor != "C-OFFICE" || o.Debt != debt1 {
				t.Errorf("got %+v, want the new plan", o)
			}
		}
	}
	if got := debtOf(t, s, "M-0001", debt1).Instalment; got != p.Instalment {
		t.Errorf("got %s, want %s", got, p.Instalment)
	}
	if _, err := s.ChangePlan(t.Context(), who["a.morel"], mandates.Plan{Debt: "D-9"}); !errors.Is(err, mandates.ErrNoDebt) {
		t.Errorf("got %v, want ErrNoDebt", err)
	}
}

func TestArrearsAreTheUnpaidRentsOfPastMonths(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	_, err := db.Owner.Exec(t.Context(), `INSERT INTO masp.dues VALUES
		('O-0001-RENT', '2026-08-08', 13240, 13240), ('O-0001-RENT', '2026-09-08', 13240, 3240),
		('O-0001-CHARGES', '2026-09-08', 5810, 0), ('O-0001-RENT', '2026-10-08', 13240, 0),
		('O-0001-RENT', '2026-11-08', 13240, 0), ('O-0001-ENERGY', '2026-09-12', 4600, 0)`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Arrears(t.Context())
	want := mandates.Arrears{
		Mandate: "M-0001", First: month("2026-09"), Last: month("2026-10"), Months: 2, Amount: money.MustParse("290.50"),
	}
	if err != nil || len(list) != 1 || list[0] != want {
		t.Errorf("got %+v, %v, want %+v", list, err, want)
	}
	arrears := mandates.Debt{ID: "D-IMPAYES", Mandate: "M-0001", Creditor: "C-OFFICE", BornOn: civil.MustParse("2026-09-08")}
	got, err := s.AddArrears(t.Context(), who["a.morel"], arrears)
	if err != nil || got.Outstanding != money.MustParse("290.50") || debtOf(t, s, "M-0001", "D-IMPAYES").Kind != mandates.KindRentArrears {
		t.Errorf("got %+v, %v, want the arrears as one debt", got, err)
	}
	if left, err := s.Arrears(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("got %+v, %v, want none left: the debt has taken them", left, err)
	}
	arrears.ID = "D-AGAIN"
	if _, err := s.AddArrears(t.Context(), who["a.morel"], arrears); !errors.Is(err, mandates.ErrNoArrears) {
		t.Errorf("got %v, want ErrNoArrears", err)
	}
}
