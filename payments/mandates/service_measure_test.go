package mandates_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
)

// refusal is the name of the rule or the class by which the database refuses SQL; empty when it
// does not. Nothing is kept of it.
func refusal(t *testing.T, db *dbtest.DB, sql string) string {
	t.Helper()
	tx, err := db.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	_, err = tx.Exec(t.Context(), sql)
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &refused):
		t.Fatal(err)
	case refused.ConstraintName != "":
		return refused.ConstraintName
	}
	return refused.Code
}

func TestPostgreSQLRefusesAMeasureThatBreaksTheLaw(t *testing.T) {
	t.Parallel()
	_, db, _, _ := loaded(t)
	const begin = `; UPDATE masp.mandates SET status = 'ACTIVE' WHERE mandate_id = 'M-N'`
	measure := func(columns, values string) string {
		return `INSERT INTO masp.mandates (mandate_id, beneficiary_id, department, status, contract_start, ` + columns + `)
			VALUES ('M-N', 'B-N', '34', 'PENDING_SIGNATURE', '2026-11-01', ` + values + `)`
	}
	const all = `level, threat_ground, contract_end, commitments, signed_by_person_on, signed_by_department_on, bank_account_id`
	whole := measure(all, `'MASP2', 'BOTH', '2027-10-31', '{PERSON: venir,OPERATOR: payer}', '2026-11-01', '2026-11-01', 'BK-POOL'`)
	const rsa = `; INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-N', 'RSA', '2026-11-01')`
	const person = `INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-N', 'Exemple', 'Nora', '1985-02-11', '34');`
	same := `UPDATE masp.mandates SET beneficiary_id = 'B-0003' WHERE mandate_id = 'M-N'`
	over := `; UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-10-31', end_reason = 'MOVED' WHERE mandate_id = 'M-0003'; `
	for name, c := range map[string]struct{ sql, want string }{
		"whole":                {whole + rsa + begin, ""},
		"R-001 seventeen":      {`UPDATE masp.beneficiaries SET born_on = '2008-11-02' WHERE beneficiary_id = 'B-N';` + whole + rsa + begin, "MA028"},
		"R-001 a leap day":     {`UPDATE masp.beneficiaries SET born_on = '2008-11-01' WHERE beneficiary_id = 'B-N';` + whole + rsa + begin, ""},
		"R-002 no benefit":     {whole + begin, "MA028"},
		"R-003 no ground":      {measure(`level, contract_end`, `'MASP1', '2027-10-31'`), "23502"},
		"R-003 another ground": {measure(`level, threat_ground, contract_end`, `'MASP1', 'MONEY', '2027-10-31'`), "mandates_threat_ground_check"},
		"R-004 not signed":     {whole + rsa + `; UPDATE masp.mandates SET signed_by_person_on = NULL WHERE mandate_id = 'M-N'` + begin, "active_is_signed_by_all"},
		"R-004 one side only": {
			whole + rsa + `; UPDATE masp.mandates SET commitments = '{PERSON: venir}' WHERE mandate_id = 'M-N'` + begin, "MA028",
		},
		"R-009 five months":           {measure(`level, threat_ground, contract_end`, `'MASP1', 'BOTH', '2027-03-31'`), "contract_lasts_6_to_24_months"},
		"R-009 twenty-five months":    {measure(`level, threat_ground, contract_end`, `'MASP1', 'BOTH', '2028-11-30'`), "contract_lasts_6_to_24_months"},
		"R-010 forty-nine months":     {measure(`level, threat_ground, contract_end, months_before`, `'MASP1', 'BOTH', '2028-10-31', 25`), "measure_lasts_48_months"},
		"R-040 an account of another": {strings.Replace(whole, "BK-POOL", "BK-0001", 1), "MA045"},
		"R-007 wages in a contract":   {whole + `; INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-N', 'WAGE', '2026-11-01')`, "MA046"},
		"R-007 of no catalogue":       {whole + `; INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-N', 'LOTTO', '2026-11-01')`, "MA046"},
		"R-030 expected here again":   {`UPDATE masp.expected_benefits SET third_party = false WHERE third_party`, "MA046"},
		"R-014 MASP 1 with money":     {measure(`level, threat_ground, contract_end, bank_account_id`, `'MASP1', 'BOTH', '2027-10-31', 'BK-0001'`), "money_only_in_masp2"},
		"R-050 rent last": {`UPDATE masp.mandate_terms SET class_order = '{OTHER_BILL,RENT,RENTAL_CHARGE,HOUSING_OTHER,DEBT_PLAN,RESERVE}'
			WHERE mandate_id = 'M-0001'`, "rent_and_charges_stay_first"},
		"R-090 an end without reason": {`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-08' WHERE mandate_id = 'M-0001'`, "end_has_its_day_and_reason"},
		"R-021 not evaluated": {`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-08', end_reason = 'REFERRED_TO_PROSECUTOR'
			WHERE mandate_id = 'M-0001'`, "MA031"},
		"R-092 closed with money": {`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-08', end_reason = 'MOVED' WHERE mandate_id = 'M-0001';
			UPDATE masp.mandates SET status = 'CLOSED' WHERE mandate_id = 'M-0001'`, "MA030"},
		"R-095 a death without day":   {`UPDATE masp.mandates SET status = 'DECEASED', ended_on = '2026-11-08', end_reason = 'DEATH' WHERE mandate_id = 'M-0001'`, "death_has_its_day"},
		"R-099 another Département":   {`UPDATE masp.mandates SET department = '26' WHERE mandate_id = 'M-0001'`, "MA031"},
		"R-010 two measures at once":  {whole + rsa + "; " + same + begin, "MA047"},
		"R-010 after another's end":   {whole + rsa + over + same + begin, ""},
		"R-010 forty-eight in all":    {`UPDATE masp.mandates SET months_before = 32 WHERE mandate_id = 'M-0003'; ` + whole + rsa + over + same + begin, "MA048"},
		"closed while it runs":        {`UPDATE masp.mandates SET status = 'CLOSED', ended_on = '2026-11-08', end_reason = 'MOVED' WHERE mandate_id = 'M-0003'`, "MA031"},
		"suspended without a word":    {`UPDATE masp.mandates SET status = 'SUSPENDED' WHERE mandate_id = 'M-0003'`, "MA031"},
		"an end that is taken back":   {`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-11-08', end_reason = 'MOVED' WHERE mandate_id = 'M-0003'; UPDATE masp.mandates SET status = 'ACTIVE' WHERE mandate_id = 'M-0003'`, "MA031"},
		"R-014 down with money in it": {`UPDATE masp.mandates SET level = 'MASP1', bank_account_id = NULL WHERE mandate_id = 'M-0001'`, "MA030"},
	} {
		if got := refusal(t, db, person+c.sql); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestPostgreSQLRefusesARenewalThatBreaksTheLaw(t *testing.T) {
	t.Parallel()
	_, db, _, _ := loaded(t)
	const evaluate = `INSERT INTO masp.evaluations (mandate_id, evaluated_on, author, content) VALUES ('M-0001', '2026-11-02', 'a.morel', 'bien'), ('M-0002', '2026-11-02', 'a.morel', 'bien');`
	renew := func(no, start, end, evaluation, more string) string {
		return evaluate + `INSERT INTO masp.renewals (mandate_id, contract_no, starts_on, ends_on, evaluation_id, gap_reason, signed_by_person_on)
			VALUES ('M-0001', ` + no + `, '` + start + `', '` + end + `', (SELECT evaluation_id FROM masp.evaluations WHERE mandate_id = '` + evaluation + `'), ` + more + `)`
	}
	for name, c := range map[string]struct{ sql, want string }{
		"lawful":                 {renew("2", "2027-01-01", "2028-12-31", "M-0001", "'', '2026-11-02'"), ""},
		"too short":              {renew("2", "2027-01-01", "2027-05-31", "M-0001", "'', NULL"), "renewal_lasts_6_to_24_months"},
		"too long":               {renew("2", "2027-01-01", "2029-01-31", "M-0001", "'', NULL"), "renewal_lasts_6_to_24_months"},
		"another's evaluation":   {renew("2", "2027-01-01", "2028-12-31", "M-0002", "'', NULL"), "MA028"},
		"signed before it":       {renew("2", "2027-01-01", "2028-12-31", "M-0001", "'', '2026-11-01'"), "MA028"},
		"a gap without a reason": {renew("2", "2027-01-02", "2028-12-31", "M-0001", "'', NULL"), "MA028"},
		"a gap":                  {renew("2", "2027-01-02", "2028-12-31", "M-0001", "'hôpital', '2027-01-02'"), ""},
		"an overlap":             {renew("2", "2026-12-31", "2028-12-30", "M-0001", "'', NULL"), "MA028"},
		"signed late":            {renew("2", "2027-01-01", "2028-12-31", "M-0001", "'', '2027-01-01'"), "MA028"},
		"out of order":           {renew("3", "2027-01-01", "2028-12-31", "M-0001", "'', NULL"), "MA028"},
		"changed once signed": {renew("2", "2027-01-01", "2028-12-31", "M-0001", "'', '2026-11-03'") +
			`; UPDATE masp.renewals SET ends_on = '2028-11-30'`, "MA028"},
		"a signature taken back": {renew("2", "2027-01-01", "2028-12-31", "M-0001", "'', '2026-11-03'") +
			`; UPDATE masp.renewals SET signed_by_person_on = NULL`, "MA028"},
		"forty-nine months": {`UPDATE masp.mandates SET months_before = 13 WHERE mandate_id = 'M-0001';` +
			renew("2", "2027-01-01", "2028-12-31", "M-0001", "'', NULL"), "MA028"},
	} {
		if got := refusal(t, db, c.sql); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// renewed drafts the second contract of M-0003 after its evaluation, from a day on.
func renewed(t *testing.T, s *mandates.Service, who auth.Principal, start, end, gap string) error {
	t.Helper()
	number, err := s.Evaluate(t.Context(), who, "M-0003", day("2026-11-05"), "Les factures sont à jour.")
	if err != nil {
		t.Fatal(french(err))
	}
	return s.Renew(t.Context(), who, "M-0003", mandates.Renewal{Start: day(start), End: day(end), Evaluation: number, GapReason: gap})
}

func TestARenewalCountsWhenAllHaveSigned(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	if err := s.Renew(t.Context(), anne, "M-0003", mandates.Renewal{Start: day("2027-06-01"), End: day("2027-12-31"), Evaluation: 9}); !errors.Is(err, mandates.ErrNoEvaluation) {
		t.Errorf("got %v, want ErrNoEvaluation", err)
	}
	if _, err := s.Sign(t.Context(), anne, "M-0003", mandates.PartyPerson, day("2026-11-06")); !errors.Is(err, mandates.ErrNotActive) {
		t.Errorf("nothing to sign: got %v, want ErrNotActive", err)
	}
	if err := renewed(t, s, anne, "2027-06-01", "2028-12-31", ""); err != nil {
		t.Fatal(french(err))
	}
	if err := renewed(t, s, anne, "2027-06-01", "2029-05-31", ""); err != nil {
		t.Fatal("drafted again: ", french(err))
	}
	last := func() string {
		var text string
		if err := db.App.QueryRow(t.Context(), `SELECT status || ' ' || last_day FROM masp.mandates WHERE mandate_id = 'M-0003'`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	for i, party := range []mandates.Party{mandates.PartyPerson, mandates.PartyDepartment, mandates.PartyOperator} {
		if got := last(); got != "ACTIVE 2027-05-31" {
			t.Errorf("after %d signatures: got %s, want the first contract alone", i, got)
		}
		if _, err := s.Sign(t.Context(), anne, "M-0003", party, day("2026-11-06")); err != nil {
			t.Fatal(french(err))
		}
		if _, err := s.Sign(t.Context(), anne, "M-0003", party, day("2026-11-06")); err == nil {
			t.Errorf("%s signs twice", party)
		}
		if awaited, err := s.Awaited(t.Context(), "M-0003"); err != nil || len(awaited) != 2-i {
			t.Errorf("after %s: got %v, %v, want the others awaited", party, awaited, err)
		}
	}
	if got := last(); got != "ACTIVE 2029-05-31" {
		t.Errorf("got %s, want the renewal in force", got)
	}
	again := mandates.Renewal{Start: day("2029-06-01"), End: day("2029-12-31"), Evaluation: evaluationOf(t, db, "M-0003")}
	if err := s.Renew(t.Context(), anne, "M-0003", again); !errors.Is(err, mandates.ErrReused) {
		t.Errorf("an evaluation used twice: got %v, want ErrReused", err)
	}
	db.SetClock(t, time.Date(2027, 6, 2, 8, 0, 0, 0, time.UTC))
	if past, err := s.PastTerm(t.Context()); err != nil || len(past) != 2 {
		t.Errorf("past their term: got %v, %v, want the two others", past, err)
	}
}

// evaluationOf is the last evaluation of a mandate.
func evaluationOf(t *testing.T, db *dbtest.DB, mandate string) (id int64) {
	t.Helper()
	err := db.App.QueryRow(t.Context(), `SELECT max(evaluation_id) FROM masp.evaluations WHERE mandate_id = $1`, mandate).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// another gives a person of the house a second dossier that nobody has signed.
func another(t *testing.T, db *dbtest.DB, mandate, person, start, end string) {
	t.Helper()
	owned(t, db, `
		INSERT INTO masp.mandates (mandate_id, beneficiary_id, department, status, level, threat_ground, contract_start, contract_end, commitments)
		SELECT $1, beneficiary_id, department, 'PENDING_SIGNATURE', 'MASP1', 'BOTH', $3, $4, '{PERSON: venir,OPERATOR: aider}'
		  FROM masp.beneficiaries WHERE beneficiary_id = $2`, mandate, person, start, end)
}

// owned changes rows as their owner, with an act.
func owned(t *testing.T, db *dbtest.DB, sql string, args ...any) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), sql, args...)
		if err == nil {
			_, err = audit.Record(t.Context(), tx, audit.Act{Actor: "test", Action: "test", ObjectType: "test", ObjectID: "test"})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPersonHasOneMeasureAtATimeAndFortyEightMonthsInAll(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	sign := func(mandate string) string {
		_, err := s.Sign(t.Context(), anne, mandate, mandates.PartyPerson, day("2026-11-06"))
		if err == nil {
			_, err = s.Sign(t.Context(), anne, mandate, mandates.PartyDepartment, day("2026-11-06"))
		}
		var first *mandates.Violation
		switch {
		case err == nil:
			return ""
		case errors.As(err, &first):
			return first.Code
		}
		return err.Error()
	}
	another(t, db, "M-BESIDE", "B-0001", "2026-11-01", "2027-10-31")
	if got := sign("M-BESIDE"); got != "OTHER_MEASURE" {
		t.Errorf("beside a measure that runs: got %q", got)
	}
	if err := end(t, s, anne, "M-0003", day("2026-11-01"), mandates.Moved); err != nil {
		t.Fatal(french(err))
	}
	owned(t, db, `UPDATE masp.mandates SET months_before = 20 WHERE mandate_id = 'M-0003'`)
	another(t, db, "M-AFTER", "B-0003", "2026-11-02", "2028-11-01")
	if got := sign("M-AFTER"); got != "MEASURE_TOO_LONG" {
		t.Errorf("beyond 48 months: got %q", got)
	}
	another(t, db, "M-OVER", "B-0003", "2026-01-01", "2026-07-31")
	if _, err := s.Sign(t.Context(), anne, "M-OVER", mandates.PartyPerson, day("2026-11-06")); !errors.Is(err, mandates.ErrSignedLate) {
		t.Errorf("signed after its end: got %v, want ErrSignedLate", err)
	}
	if err := end(t, s, anne, "M-0001", day("2026-11-08"), mandates.Death); err != nil {
		t.Fatal(french(err))
	}
	if err := end(t, s, anne, "M-0001", day("2026-11-08"), mandates.Death); !errors.Is(err, mandates.ErrDeadAlready) {
		t.Errorf("a second death: got %v, want ErrDeadAlready", err)
	}
}

func TestAMeasureGoesOnAfterAGapFromTheFirstDayOfItsRenewal(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	if err := renewed(t, s, who["a.morel"], "2027-06-15", "2027-12-31", "hospitalisation"); err != nil {
		t.Fatal(french(err))
	}
	for _, party := range []mandates.Party{mandates.PartyPerson, mandates.PartyDepartment, mandates.PartyOperator} {
		if _, err := s.Sign(t.Context(), who["a.morel"], "M-0003", party, day("2026-11-06")); err != nil {
			t.Fatal(french(err))
		}
	}
	db.SetClock(t, time.Date(2027, 6, 2, 8, 0, 0, 0, time.UTC))
	err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
		on, _, err := mandates.TermReachedTx(t.Context(), tx, "M-0003")
		if err == nil && on != day("2027-05-31") {
			t.Errorf("got an end on %s, want the last day of the contract", on)
		}
		if err == nil {
			_, err = audit.Record(t.Context(), tx, audit.Act{Actor: "system", Action: "mandate.end", ObjectType: "mandate", ObjectID: "M-0003"})
		}
		return err
	})
	if err != nil {
		t.Fatal(french(err))
	}
	for at, want := range map[time.Month]int{6: 0, 7: 1} {
		db.SetClock(t, time.Date(2027, at, 2, 8, 0, 0, 0, time.UTC))
		if begun, err := s.BeginDue(t.Context()); err != nil || len(begun) != want {
			t.Errorf("in month %d: got %v, %v, want %d to go on", at, begun, err, want)
		}
	}
}

func TestAMASP1HoldsNoMoneyInTheBooksEither(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	credit := func(source string) error {
		_, err := s.Ledger.Post(t.Context(), ledger.Entry{
			Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: source, Label: source, Actor: "test",
			Postings: []ledger.Posting{{Debit: ledger.Bank("BK-POOL"), Credit: ledger.Mandate("M-0003"), Amount: money.Cents(100)}},
		})
		return err
	}
	amend := func(level mandates.Level, change func(*mandates.Amendment)) error {
		a := mandates.Amendment{
			EffectiveOn: day("2026-11-09"), Reason: "niveau", SignedByPerson: day("2026-11-06"), SignedByDepartment: day("2026-11-06"), Level: level,
		}
		change(&a)
		return s.Amend(t.Context(), who["a.morel"], "M-0003", a)
	}
	if err := amend(mandates.MASP1, func(*mandates.Amendment) {}); err != nil {
		t.Fatal(french(err))
	}
	var refused *pgconn.PgError
	if err := credit("one"); !errors.As(err, &refused) || refused.Code != "MA030" {
		t.Errorf("an account of a MASP 1: got %v, want MA030", err)
	}
	for account, want := range map[string]error{"BK-0001": mandates.ErrAccountTaken, "BK-9": mandates.ErrNoAccount} {
		if err := amend(mandates.MASP2, func(a *mandates.Amendment) { a.BankAccount, a.AddBenefits = account, []string{"AAH"} }); !errors.Is(err, want) {
			t.Errorf("on account %s: got %v, want %v", account, err, want)
		}
	}
	if err := amend(mandates.MASP2, func(a *mandates.Amendment) { a.BankAccount, a.AddBenefits = "BK-POOL", []string{"AAH"} }); err != nil {
		t.Fatal(french(err))
	}
	if err := credit("two"); err != nil {
		t.Fatal(err)
	}
	if err := amend(mandates.MASP1, func(*mandates.Amendment) {}); !errors.Is(err, mandates.ErrHoldsMoney) {
		t.Errorf("down with a euro in it: got %v, want ErrHoldsMoney", err)
	}
	_, err := s.Ledger.Post(t.Context(), ledger.Entry{
		Journal: ledger.OtherJournal, Kind: ledger.Identification, Source: "back", Label: "back", Actor: "test",
		Postings: []ledger.Posting{{Debit: ledger.Mandate("M-0003"), Credit: ledger.Suspense, Amount: money.Cents(100)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := amend(mandates.MASP1, func(*mandates.Amendment) {}); err != nil {
		t.Fatal(french(err))
	}
	if err := credit("three"); !errors.As(err, &refused) || refused.Code != "MA030" {
		t.Errorf("an account from an earlier MASP 2: got %v, want MA030", err)
	}
}

func TestAnEndAsksForWhatItsReasonNeeds(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	if err := end(t, s, anne, "M-0001", day("2026-11-08"), mandates.Prosecutor); !errors.Is(err, mandates.ErrEvaluate) {
		t.Errorf("R-021: got %v, want ErrEvaluate", err)
	}
	if _, err := s.Evaluate(t.Context(), anne, "M-0001", day("2026-11-10"), "x"); !errors.Is(err, mandates.ErrFutureDay) {
		t.Errorf("an evaluation to come: got %v, want ErrFutureDay", err)
	}
	if _, err := s.Evaluate(t.Context(), anne, "M-0001", day("2026-11-08"), " "); !errors.Is(err, mandates.ErrNoText) {
		t.Errorf("an empty evaluation: got %v, want ErrNoText", err)
	}
	if _, err := s.Evaluate(t.Context(), anne, "M-0001", day("2026-11-08"), "Santé compromise."); err != nil {
		t.Fatal(french(err))
	}
	if err := end(t, s, anne, "M-0001", day("2026-11-08"), mandates.Prosecutor); err != nil {
		t.Error(french(err))
	}
	if _, err := db.Super.Exec(t.Context(), `ALTER TABLE masp.mandate_terms DISABLE TRIGGER ALL; UPDATE masp.mandate_terms SET remit_to = NULL`); err != nil {
		t.Fatal(err)
	}
	if err := end(t, s, anne, "M-0002", day("2026-11-08"), mandates.MAJOpened); !errors.Is(err, mandates.ErrOwnAccount) {
		t.Errorf("R-022: got %v, want ErrOwnAccount", err)
	}
}

func TestAMeasureIsClosedAtZeroOnly(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	var left *mandates.NotReadyError
	if err := s.Close(t.Context(), anne, "M-0003"); !errors.As(err, &left) {
		t.Errorf("while it runs: got %v, want a NotReadyError", err)
	}
	for _, id := range []string{"M-0001", "M-0003"} {
		if err := end(t, s, anne, id, day("2026-11-08"), mandates.AutonomyRegained); err != nil {
			t.Fatal(french(err))
		}
	}
	if err := s.Close(t.Context(), anne, "M-0001"); !errors.As(err, &left) || left.Closing.Ready() {
		t.Errorf("with 43.17: got %v, want what is left to do", err)
	}
	c, err := s.Closing(t.Context(), "M-0001")
	if err != nil || c.Account.Held != money.Cents(4317) || !c.Account.Proved() || len(c.Account.Flows) != 1 {
		t.Errorf("got %+v, %v, want an opening of 43.17 and nothing else", c.Account, err)
	}
	var todo []string
	for _, step := range c.Steps {
		if !step.Done() {
			todo = append(todo, step.Code)
		}
	}
	if len(todo) != 1 || todo[0] != "RETURN_BALANCE" {
		t.Errorf("got %v to do, want the balance alone", todo)
	}
	_, err = db.Owner.Exec(t.Context(), `INSERT INTO masp.payer_changes (mandate_id, payer, direction, requested_on, requested_by)
		VALUES ('M-0003', 'CAF', 'START', '2026-11-01', 'a.morel')`)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = s.Closing(t.Context(), "M-0003"); err != nil || !c.Ready() || c.Steps[len(c.Steps)-1].Done() {
		t.Errorf("got %+v, %v, want ready, with the advice to tell the CAF", c, err)
	}
	if err := s.Close(t.Context(), anne, "M-0003"); err != nil {
		t.Error(french(err))
	}
	if err := end(t, s, anne, "M-0003", day("2026-11-08"), mandates.Death); !errors.Is(err, mandates.ErrNotActive) {
		t.Errorf("after the closing: got %v, want ErrNotActive", err)
	}
}

func TestARentThatAThirdPartyPaysIsBlockedWhileTheOrderRuns(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	order := mandates.DirectPayment{
		Judgment: "TJ de l'exemple, 12/2026", Benefit: "RSA", Obligation: "O-0001-RENT", Start: day("2026-11-01"), End: day("2027-10-31"),
	}
	foreign := order
	foreign.Obligation = "O-0002-RENT"
	if err := s.OrderDirectPayment(t.Context(), who["a.morel"], "M-0001", foreign); !errors.Is(err, mandates.ErrNotItsRent) {
		t.Errorf("another's rent: got %v, want ErrNotItsRent", err)
	}
	if err := s.OrderDirectPayment(t.Context(), who["a.morel"], "M-0001", order); err != nil {
		t.Fatal(french(err))
	}
	if err := s.OrderDirectPayment(t.Context(), who["a.morel"], "M-0001", order); err == nil || !strings.Contains(french(err), "déjà ordonné jusqu'au 31 octobre 2027") {
		t.Errorf("an order while one runs: got %v, want it to say until when", err)
	}
	for on, want := range map[string]string{"2026-10-31": "", "2026-11-01": mandates.PaidByThirdParty, "2027-11-01": ""} {
		err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
			all, err := mandates.SituationsTx(t.Context(), tx, day(on), []string{"M-0001"})
			if err == nil && all[0].Obligations[0].Block != want {
				t.Errorf("on %s: got block %q, want %q", on, all[0].Obligations[0].Block, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var expected int
	err := db.App.QueryRow(t.Context(), `SELECT count(*) FROM masp.expected_benefits WHERE mandate_id = 'M-0001' AND NOT third_party`).Scan(&expected)
	if err != nil || expected != 0 {
		t.Errorf("got %d benefits expected on the account, %v, want none", expected, err)
	}
	if _, err := s.Petition(t.Context(), "M-0001", mandates.Petition{Domicile: "1 rue des Lilas"}); err == nil {
		t.Error("a petition without its fields was answered")
	}
}
