package load_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/sepa"
)

func TestALoadWritesTheWholeOrganisation(t *testing.T) {
	t.Parallel()
	s, db, result, people := loaded(t)
	want := load.Counts{
		Users: 3, BankAccounts: 2, Creditors: 6, Beneficiaries: 3, Mandates: 3, ExpectedBenefits: 4, Debts: 2, Obligations: 9,
	}
	if result.Counts != want || result.OpeningTotal != money.MustParse("162.07") || result.Already {
		t.Errorf("got %+v, want %+v and 162.07 in all", result, want)
	}
	if len(people) != 3 {
		t.Errorf("got tokens of %d users, want 3", len(people))
	}
	for code, cents := range map[ledger.Code]int64{
		ledger.Bank("BK-0001"): 4317, ledger.Bank("BK-POOL"): 11890, ledger.Mandate("M-0001"): -4317, ledger.Mandate("M-0003"): 0,
	} {
		if got, err := s.Ledger.Balance(t.Context(), db.App, code); err != nil || got != money.Cents(cents) {
			t.Errorf("%s: got %s, %v, want %s", code, got, err, money.Cents(cents))
		}
	}
	d, err := dossiers(s).Dossier(t.Context(), "M-0001")
	if err != nil {
		t.Fatal(err)
	}
	if d.Status != mandates.Active || d.Person != "Mme Roux Éva" || d.Balance != money.Cents(4317) || d.Reserve != money.Cents(1000) {
		t.Errorf("got %+v, want Mme Roux Éva, active, 43.17 of which 10.00 in reserve", d.Summary)
	}
	if len(d.Obligations) != 5 || d.Obligations[0].ID != "O-0001-RENT" || len(d.Due) != 5 || len(d.Debts) != 1 || len(d.Creditors) != 3 {
		t.Errorf("got %d obligations, %d due, %d debts, %d creditors, want 5, 5, 1, 3 in the order of the file",
			len(d.Obligations), len(d.Due), len(d.Debts), len(d.Creditors))
	}
	if d.Policy.LivingFloor != money.Cents(20000) || len(d.Remittance.Days) != 4 || len(d.Commitments) != 2 {
		t.Errorf("got %+v, want the terms of the file", d)
	}
}

func TestTheSameFileTwiceIsNothing(t *testing.T) {
	t.Parallel()
	s, db, _, _ := loaded(t)
	acts := count(t, db, "audit_log")
	result, err := s.Load(t.Context(), auth.Principal{}, []byte(example(t)))
	if err != nil || !result.Already || len(result.Tokens) != 0 {
		t.Errorf("got %+v, %v, want that it is there already", result, err)
	}
	if got := count(t, db, "audit_log"); got != acts {
		t.Errorf("got %d acts, want %d: nothing happened", got, acts)
	}
}

func TestTheSameFileAtTheSameTimeIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s, db := openHouse(t)
	raw := []byte(example(t))
	var written sync.Map
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			result, err := s.Load(t.Context(), auth.Principal{}, raw)
			if err != nil {
				t.Error(french(err))
			}
			if !result.Already {
				written.Store(i, true)
			}
		})
	}
	wait.Wait()
	writers := 0
	written.Range(func(any, any) bool { writers++; return true })
	if got := count(t, db, "mandates"); writers != 1 || got != 3 {
		t.Errorf("got %d writers and %d mandates, want 1 and 3", writers, got)
	}
}

func TestATrialWritesNothing(t *testing.T) {
	t.Parallel()
	s, db := openHouse(t)
	result, err := s.Try(t.Context(), []byte(example(t)))
	if err != nil || result.Counts.Mandates != 3 {
		t.Errorf("got %+v, %v, want the counts", result, err)
	}
	if got := count(t, db, "organisations") + count(t, db, "users") + count(t, db, "mandates"); got != 0 {
		t.Errorf("got %d rows, want none", got)
	}
}

// addition is a partial file: one more person on the pooled account.
func addition(t testing.TB, number int, opening string) string {
	t.Helper()
	iban, err := sepa.MakeFrenchIBAN("99999", "00300", fmt.Sprintf("%011d", 9000+number))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"masp_load": 1,
	"creditors": [{"id": "C-SELF-1%[1]d", "name": "Nour Petit", "kind": "BENEFICIARY", "beneficiary": "B-1%[1]d", "iban": "%[2]s"}],
	"beneficiaries": [{"id": "B-1%[1]d", "last_name": "Petit", "first_name": "Nour", "born_on": "1990-01-01", "department": "26",
		"payer_numbers": {"MSA": "99%[1]d77"}}],
	"mandates": [{"id": "M-1%[1]d", "beneficiary": "B-1%[1]d", "level": "MASP2", "department": "26", "threat_ground": "HEALTH",
		"contract": {"start": "2026-11-15", "end": "2027-11-14", "signed_by_person_on": "2026-11-05",
			"commitments": {"person": ["Venir aux rendez-vous"], "department": ["Financer la mesure"]}},
		"bank_account": "BK-POOL", "coordinator": "b.simon", "opening_balance": "%[3]s", "authorised_benefits": ["AAH"]}],
	"obligations": [{"id": "O-1%[1]d-RENT", "mandate": "M-1%[1]d", "class": "RENT", "creditor": "C-OFFICE", "amount": "300.00",
		"label": "Loyer", "frequency": "MONTHLY", "from": "2026-12-05"}]}`, number, iban, opening)
}

func TestALaterFileAddsPersons(t *testing.T) {
	t.Parallel()
	s, db, _, people := loaded(t)
	if _, err := s.Load(t.Context(), auth.Principal{}, []byte(addition(t, 1, "25.00"))); err != nil {
		t.Fatal(french(err))
	}
	got, err := s.Ledger.Balance(t.Context(), db.App, ledger.Bank("BK-POOL"))
	if err != nil || got != money.MustParse("143.90") {
		t.Errorf("got %s, %v on the pooled account, want 143.90", got, err)
	}
	if got := count(t, db, "organisations"); got != 1 {
		t.Errorf("got %d organisations, want 1", got)
	}
	_, err = s.Load(t.Context(), auth.Principal{}, []byte(addition(t, 1, "26.00")))
	wantProblem(t, err, "exists", "/mandates/0/id", 5)
	wantProblem(t, err, "number_twice", "/beneficiaries/0/payer_numbers/MSA", 4)
	signTheContract(t, s, db, people)
}

// signTheContract: the mandate begins when all have signed and its first day has come.
func signTheContract(t *testing.T, s *load.Service, db interface{ SetClock(testing.TB, time.Time) }, people people) {
	t.Helper()
	sign := func(by mandates.Party, want mandates.Status) {
		t.Helper()
		got, err := dossiers(s).Sign(t.Context(), people["a.morel"], "M-11", by, civil.MustParse("2026-11-07"))
		if err != nil || got != want {
			t.Errorf("sign by %q: got %s, %v, want %s", by, got, err, want)
		}
	}
	sign("", mandates.PendingSignature)
	sign(mandates.PartyDepartment, mandates.PendingSignature)
	if _, err := dossiers(s).Sign(t.Context(), people["a.morel"], "M-11", mandates.PartyDepartment, civil.MustParse("2026-11-08")); !errors.Is(err, mandates.ErrSigned) {
		t.Errorf("got %v, want ErrSigned", err)
	}
	db.SetClock(t, time.Date(2026, 11, 15, 8, 0, 0, 0, time.UTC))
	sign("", mandates.Active)
}

func TestAnotherOrganisationIsRefused(t *testing.T) {
	t.Parallel()
	s, _, _, _ := loaded(t)
	_, err := s.Load(t.Context(), auth.Principal{}, []byte(`{"masp_load": 1, "organisation": {"name": "Une autre", "opened_on": "2026-11-01"}}`))
	wantProblem(t, err, "other_organisation", "/organisation", 1)
}

func TestNoOpeningBalanceAfterTheFirstStatement(t *testing.T) {
	t.Parallel()
	s, db, _, _ := loaded(t)
	_, err := db.App.Exec(t.Context(), `
		WITH file AS (INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
			VALUES ('a', sha256('x'), 1, 'camt.053', 'accepted', masp.now(), 'operator') RETURNING file_id)
		INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
			closing_on, entries, content_hash, state, chain_no)
		SELECT file_id, 1, 'BK-POOL', 'FR', '1', 0, 0, '2026-11-02', 0, sha256('x'), 'accepted', 1 FROM file`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Load(t.Context(), auth.Principal{}, []byte(addition(t, 1, "25.00")))
	wantProblem(t, err, "account_in_use", "/mandates/0/opening_balance", 8)
	if _, err := s.Load(t.Context(), auth.Principal{}, []byte(addition(t, 1, "0.00"))); err != nil {
		t.Errorf("got %s, want that a person without money comes in", french(err))
	}
}

// BenchmarkLoad loads 2 000 mandates with five obligations each; MASP_LONG=1 loads 20 000.
func BenchmarkLoad(b *testing.B) {
	size := 2000
	if os.Getenv("MASP_LONG") != "" {
		size = 20000
	}
	raw := []byte(crowd(b, size))
	for b.Loop() {
		b.StopTimer()
		s, _ := openHouse(b)
		b.StartTimer()
		if _, err := s.Load(b.Context(), auth.Principal{}, raw); err != nil {
			b.Fatal(french(err))
		}
	}
	b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "mandates/s")
}

// crowd repeats the first person of the example with accounts of their own.
func crowd(t testing.TB, size int) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(example(t)), &doc); err != nil {
		t.Fatal(err)
	}
	many := map[string][]any{}
	for i := range size {
		one := strings.NewReplacer("-0001", fmt.Sprintf("-%05d", i), "1234567K", fmt.Sprintf("%07dK", i),
			"FR7699999001000000000100189", frenchIBAN(t, "00400", i), "FR7699999003000000000400120", frenchIBAN(t, "00500", i))
		for _, section := range []string{"bank_accounts", "creditors", "beneficiaries", "mandates", "expected_benefits", "debts", "obligations"} {
			for _, element := range doc[section].([]any) {
				text, err := json.Marshal(element)
				if err != nil {
					t.Fatal(err)
				}
				if mine := one.Replace(string(text)); mine != string(text) {
					many[section] = append(many[section], json.RawMessage(mine))
				}
			}
		}
	}
	many["creditors"] = append(many["creditors"], doc["creditors"].([]any)[:3]...)
	for section, list := range many {
		doc[section] = list
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func frenchIBAN(t testing.TB, branch string, account int) string {
	t.Helper()
	iban, err := sepa.MakeFrenchIBAN("99999", branch, fmt.Sprintf("%011d", account))
	if err != nil {
		t.Fatal(err)
	}
	return iban.String()
}

// inProduction is the example as an organisation in production, with an admin.
func inProduction(t testing.TB) string {
	return with(t, `"iban_hold_hours": 72`, `"iban_hold_hours": 72, "in_production": true`,
		`"users": [`, `"users": [{"id": "root.one", "name": "Rémi Un", "roles": ["admin"]},`)
}

func TestALoadInProductionWantsAPersonAndItsNewUsersAnAdmin(t *testing.T) {
	t.Parallel()
	s, db := openHouse(t)
	result, err := s.Load(t.Context(), auth.Principal{}, []byte(inProduction(t)))
	if err != nil {
		t.Fatal(french(err))
	}
	who := principals(t, db, result)
	newcomer := strings.Replace(addition(t, 2, "0.00"), `{"masp_load": 1,`,
		`{"masp_load": 1, "users": [{"id": "x.y", "name": "X", "roles": ["approver"]}],`, 1)
	for _, c := range []struct {
		by, file string
		want     error
	}{
		{"", addition(t, 1, "0.00"), auth.ErrNoProof},
		{"d.leroy", addition(t, 1, "0.00"), mandates.ErrRole},
		{"a.morel", newcomer, auth.ErrRole},
		{"a.morel", addition(t, 1, "0.00"), nil},
		{"root.one", newcomer, nil},
	} {
		got, err := s.Load(t.Context(), who[c.by], []byte(c.file))
		if !errors.Is(err, c.want) || len(got.Tokens) > 0 {
			t.Errorf("load by %q: got %d tokens, %v, want none, %v", c.by, len(got.Tokens), err, c.want)
		}
	}
	var got string
	err = db.App.QueryRow(t.Context(), `SELECT string_agg(actor, ' ' ORDER BY seq) FROM masp.audit_log WHERE action = 'load'`).Scan(&got)
	if want := "operator a.morel root.one"; err != nil || got != want {
		t.Errorf("the log names %q, %v, want %q", got, err, want)
	}
}

func TestAnOrganisationInProductionHasAnAdmin(t *testing.T) {
	t.Parallel()
	s, _ := openHouse(t)
	_, err := s.Load(t.Context(), auth.Principal{}, []byte(strings.Replace(inProduction(t), `["admin"]`, `["auditor"]`, 1)))
	wantProblem(t, err, "no_admin", "/organisation/in_production", 3)
}

// underMarket is a second load: a convention of the Drôme and a measure under it.
const underMarket = `{"masp_load": 1,
"conventions": [{"id": "CV-26", "delegator": "Département de la Drôme", "delegate": "Les Deux Rives", "reference": "lot 2",
	"department": "26", "territory": "Valentinois", "places": ["26000"], "from": "2026-11-01", "to": "2028-12-31"}],
"beneficiaries": [{"id": "B-0009", "last_name": "Petit", "first_name": "Nour", "born_on": "1990-01-01", "department": "26"}],
"mandates": [{"id": "M-0009", "beneficiary": "B-0009", "level": "MASP2", "department": "26", "threat_ground": "HEALTH", "threat_note": "plus de chauffage",
	"convention": "CV-26", "place": "26000", "mjagbf": {"judgment": "JAF 3/2026", "benefits": ["AF"]},
	"contract": {"start": "2026-06-01", "end": "2027-05-31", "signed_by_person_on": "2026-06-01", "signed_by_department_on": "2026-06-01",
		"commitments": {"person": ["Venir aux rendez-vous"], "department": ["Financer la mesure"]}},
	"bank_account": "BK-POOL", "authorised_benefits": ["AAH"]}]}`

func TestALoadSaysTheConventionAndTheBenefitsOfTheCourt(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	for wrong, c := range map[string]struct{ from, to, at string }{
		"BENEFIT_OF_COURT":        {`"authorised_benefits": ["AAH"]`, `"authorised_benefits": ["AAH", "AF"]`, "/mandates/0/authorised_benefits"},
		"CONVENTION_MISSING":      {`"convention": "CV-26", `, ``, "/mandates/0/convention"},
		"CONVENTION_UNKNOWN":      {`"convention": "CV-26", `, `"convention": "CV-27", `, "/mandates/0/convention"},
		"PLACE_OUTSIDE_TERRITORY": {`"place": "26000"`, `"place": "26001"`, "/mandates/0/place"},
		"CONVENTION_NOT_IN_FORCE": {`"from": "2026-11-01"`, `"from": "2028-11-01"`, "/mandates/0/convention"},
		"text":                    {`"plus de chauffage"`, `"` + strings.Repeat("é", 501) + `"`, "/mandates/0/threat_note"},
		"COURT_BENEFIT_UNKNOWN":   {`"benefits": ["AF"]`, `"benefits": ["LOTO"]`, "/mandates/0/mjagbf"},
	} {
		_, err := s.Try(t.Context(), []byte(strings.Replace(underMarket, c.from, c.to, 1)))
		var refused *load.Error
		if !errors.As(err, &refused) || refused.Problems[0].Code != wrong || refused.Problems[0].Place != c.at {
			t.Errorf("%s: got %v, want it at %s", wrong, err, c.at)
		}
	}
	if _, err := s.Load(t.Context(), who["a.morel"], []byte(underMarket)); err != nil {
		t.Fatal(french(err))
	}
	if got := count(t, db, `mandate_conventions WHERE valid_from = '2026-11-01'`); got != 1 {
		t.Errorf("%d measures came under the convention on its first day, want 1", got)
	}
}
