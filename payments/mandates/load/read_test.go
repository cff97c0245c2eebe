package load_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/payments/mandates/load"
)

func TestTheExampleIsRead(t *testing.T) {
	t.Parallel()
	l, err := load.Read(strings.NewReader(example(t)))
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		t.Fatal(french(err))
	}
	if got, want := len(l.Mandates), 3; got != want {
		t.Errorf("got %d mandates, want %d", got, want)
	}
	if got, want := l.Mandates[0].Policy.LivingFloor.String(), "200.00"; got != want {
		t.Errorf("got a living floor of %s, want %s", got, want)
	}
}

func TestEachProblemOfAFileHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text  string
		code, place string
		line        int
	}{
		{"empty", " \n", "empty", "", 1},
		{"not UTF-8", "{\n\"masp_load\": \"\xff\"}", "not_utf8", "", 2},
		{"cut off", example(t)[:700], "syntax", "", 11},
		{"something after the end", example(t) + "\n{}", "syntax", "", 54},
		{"a list", "[1]", "type", "", 1},
		{"no version", `{"users": []}`, "missing", "/masp_load", 1},
		{"another version", `{"masp_load": 2}`, "version", "/masp_load", 1},
		{"unknown section", `{"masp_load": 1, "persons": []}`, "unknown_key", "/persons", 1},
		{"section twice", `{"masp_load": 1, "users": [], "users": []}`, "duplicate_key", "/users", 1},
		{"a section that is no list", `{"masp_load": 1, "users": {}}`, "type", "/users", 1},
		{"an element that is no object", `{"masp_load": 1, "users": [3]}`, "type", "/users/0", 1},
		{"too deep", `{"masp_load": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "shape", "/masp_load", 1},
		{"unknown key", with(t, `"born_on": "1985`, `"born": "x", "born_on": "1985`), "unknown_key", "/beneficiaries/0/born", 22},
		{"key twice", with(t, `"level": "MASP2"`, `"level": "MASP2", "level": "MASP1"`), "duplicate_key", "/mandates/0/level", 27},
		{"missing key", with(t, `"due_day": 8, "from": "2026-01-01"`, `"due_day": 8`), "missing", "/obligations/0/from", 42},
		{"number for text", with(t, `"132.40"`, `132.40`), "type", "/obligations/0/amount", 42},
		{"amount with a comma", with(t, `"132.40"`, `"132,40"`), "amount", "/obligations/0/amount", 42},
		{"amount with an exponent", with(t, `"132.40"`, `"1e9999999"`), "amount", "/obligations/0/amount", 42},
		{"a day that does not exist", with(t, `"1985-02-11"`, `"1985-02-30"`), "date", "/beneficiaries/0/born_on", 22},
		{"a wrong RIB key", with(t, `"iban": "FR`, `"iban": "FR00`), "iban", "/bank_accounts/0/iban", 10},
		{"fraction of a day", with(t, `"due_day": 12`, `"due_day": 12.5`), "number", "/obligations/2/due_day", 44},
		{"unknown class", with(t, `"class": "RENT"`, `"class": "LOYER"`), "unknown_word", "/obligations/0/class", 42},
		{"control character", with(t, `Lumen Énergie`, `Lumen\u0000`), "text", "/creditors/1/name", 15},
		{"wrong reference", with(t, `"id": "O-0001-RENT"`, `"id": "o_1"`), "reference", "/obligations/0/id", 42},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := load.Read(strings.NewReader(c.text))
			wantProblem(t, err, c.code, c.place, c.line)
		})
	}
}

func TestEachBrokenRuleHasItsPlace(t *testing.T) {
	t.Parallel()
	const longName = "Une société dont le nom ne tient pas dans les soixante-dix caractères d'un virement"
	for _, c := range []struct {
		name, text  string
		code, place string
	}{
		{"no organisation", with(t, `"organisation": {`, `"organisation": null, "users": [], "x": {`), "unknown_key", "/x"},
		{"user twice", with(t, `"id": "b.simon"`, `"id": "a.morel"`), "duplicate", "/users/1/id"},
		{"admin with money", with(t, `["auditor"]`, `["admin", "auditor"]`), "user", "/users/2/roles"},
		{"unknown role", with(t, `["auditor"]`, `["boss"]`), "user", "/users/2/roles"},
		{"own account twice", with(t, "FR7699999001010000000200181", "FR7699999001000000000100189"), "iban_twice", "/bank_accounts/1/iban"},
		{"a holder that betrays", with(t, "Les Deux Rives, fonds des personnes", "Asso MASP2 gestion prestations"), "HOLDER_UNFIT", "/bank_accounts/1/holder"},
		{"a holder without end", with(t, "Mme Éva Roux", longName), "HOLDER_UNFIT", "/bank_accounts/0/holder"},
		{"an organisation that betrays", with(t, "Association Les Deux Rives", "Tutelles des Deux Rives"), "NAME_UNFIT", "/organisation/name"},
		{"creditor twice", with(t, `"id": "C-LUMEN"`, `"id": "C-OFFICE"`), "duplicate", "/creditors/1/id"},
		{"name too long", with(t, "Lumen Énergie", longName), "CREDITOR_NAME_TOO_LONG", "/creditors/1/name"},
		{"payer number twice", with(t, `"CAF": "2345678L"`, `"CAF": "1234567K"`), "number_twice", "/beneficiaries/2/payer_numbers/CAF"},
		{"unknown person", with(t, `"beneficiary": "B-0002"`, `"beneficiary": "B-9"`), "unknown_reference", "/mandates/1/beneficiary"},
		{"a child", with(t, `"1985-02-11"`, `"2015-02-11"`), "NOT_ADULT", "/mandates/0/beneficiary"},
		{"five months", with(t, `"end": "2026-12-31"`, `"end": "2026-05-31"`), "CONTRACT_TOO_SHORT", "/mandates/0/contract/end"},
		{"another Département", with(t, `"department": "34", "threat`, `"department": "91", "threat`), "OTHER_DEPARTMENT", "/mandates/0/department"},
		{"a benefit that may not be managed", with(t, `["RSA"]`, `["RSA", "WAGE"]`), "BENEFIT_NOT_MANAGEABLE", "/mandates/0/authorised_benefits"},
		{"unknown coordinator", with(t, `"coordinator": "a.morel"`, `"coordinator": "z.z"`), "unknown_reference", "/mandates/0/coordinator"},
		{"one account for two", with(t, `"bank_account": "BK-POOL"`, `"bank_account": "BK-0001"`), "account_taken", "/mandates/1/bank_account"},
		{"unknown account", with(t, `"bank_account": "BK-POOL"`, `"bank_account": "BK-9"`), "unknown_reference", "/mandates/1/bank_account"},
		{"negative balance", with(t, `"43.17"`, `"-43.17"`), "negative", "/mandates/0/opening_balance"},
		{"more reserve than balance", with(t, `"10.00"`, `"50.00"`), "reserve_too_large", "/mandates/0/opening_reserve"},
		{"remittance to the landlord", with(t, `"to": "C-SELF-0001"`, `"to": "C-OFFICE"`), "not_own_account", "/mandates/0/remittance/to"},
		{"remittance to another person", with(t, `"to": "C-SELF-0002"`, `"to": "C-SELF-0001"`), "not_own_account", "/mandates/1/remittance/to"},
		{"an own account of nobody", with(t, `, "remittance": {"to": "C-SELF-0001", "days": [6, 13, 20, 27]}`, ""), "OWN_ACCOUNT_OF_NOBODY", "/creditors/3/beneficiary"},
		{"an own account of a stranger", with(t, `"name": "Éva Roux", "kind": "BENEFICIARY"`, `"name": "Éva Roux", "kind": "BENEFICIARY", "beneficiary": "B-9"`), "unknown_reference", "/creditors/3/beneficiary"},
		{"rent to another person", with(t, `"class": "RENT", "creditor": "C-OFFICE"`, `"class": "RENT", "creditor": "C-SELF-0003"`), "account_of_another", "/obligations/0/creditor"},
		{"other class before rent", with(t, `"policy": {`, `"policy": {"class_order": ["OTHER_BILL", "RENT", "RENTAL_CHARGE", "HOUSING_OTHER", "DEBT_PLAN", "RESERVE"], `), "LAW_CLASSES_FIRST", "/mandates/0/policy/class_order"},
		{"RSA to a third party", with(t, `"573.49", "expected_on": "2026-11-05"`, `"573.49", "expected_on": "2026-11-05", "third_party": true`), "NEVER_THIRD_PARTY", "/expected_benefits/0/third_party"},
		{"APL on the account", with(t, `, "third_party": true`, ``), "BENEFIT_NOT_AUTHORISED", "/expected_benefits/1/benefit"},
		{"a payer of something else", with(t, `"payer": "CARSAT"`, `"payer": "CPAM"`), "PAYER_OF_ANOTHER_BENEFIT", "/expected_benefits/2/payer"},
		{"expected twice", with(t, `"M-0001", "benefit": "APL"`, `"M-0001", "benefit": "RSA"`), "duplicate", "/expected_benefits/1/period"},
		{"debt of nobody", with(t, `"creditor": "C-OFFICE", "kind": "RENT_ARREARS"`, `"creditor": "C-9", "kind": "RENT_ARREARS"`), "unknown_reference", "/debts/0/creditor"},
		{"plan without debt", with(t, `, "debt": "D-0001-LOYER"`, ``), "DEBT_MISSING", "/obligations/3/debt"},
		{"debt of another", with(t, `"debt": "D-0001-LOYER"`, `"debt": "D-0003-ENERGIE"`), "debt_of_another", "/obligations/3/debt"},
		{"reserve to somebody", with(t, `"creditor": null`, `"creditor": "C-ABRI"`), "RESERVE_HAS_CREDITOR", "/obligations/4/creditor"},
		{"a reference that betrays", with(t, "Contrat 55120", "MASP Roux RSA 55120"), "REFERENCE_UNFIT", "/obligations/2/reference"},
		{"nothing due", with(t, `"46.00"`, `"0.00"`), "AMOUNT_NOT_POSITIVE", "/obligations/2/amount"},
		{"signed tomorrow", with(t, `"signed_by_person_on": "2026-06-01"`, `"signed_by_person_on": "2026-11-10"`), "SIGNED_IN_FUTURE", "/mandates/2/contract/signed_by_person_on"},
		{"two measures of one person", with(t, `"beneficiary": "B-0002"`, `"beneficiary": "B-0001"`), "OTHER_MEASURE", "/mandates/1/contract/start"},
		{"more owed than borrowed", with(t, `"outstanding": "640.00"`, `"outstanding": "940.00"`), "OUTSTANDING_ABOVE_PRINCIPAL", "/debts/0/outstanding"},
		{"opened tomorrow", with(t, `"opened_on": "2026-11-01"`, `"opened_on": "2026-11-10"`), "opened_in_future", "/organisation/opened_on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, db := openHouse(t)
			_, err := s.Load(t.Context(), auth.Principal{}, []byte(c.text))
			wantProblem(t, err, c.code, c.place, 0)
			for _, table := range []string{"users", "organisations", "benefits", "bank_accounts", "mandates", "creditor_ibans", "entries", "audit_log"} {
				if got := count(t, db, table); got != 0 {
					t.Errorf("got %d rows in %s, want none: a refused file writes nothing", got, table)
				}
			}
		})
	}
}

// wantProblem looks for a problem among those of an *Error; line 0 is any line.
func wantProblem(t *testing.T, err error, code, place string, line int) {
	t.Helper()
	var refused *load.Error
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want an *Error", err)
	}
	if !slices.ContainsFunc(refused.Problems, func(p load.Problem) bool {
		return p.Code == code && p.Place == place && (line == 0 || p.Line == line) && p.French != ""
	}) {
		t.Errorf("got %+v, want %s at %s, line %d", refused.Problems, code, place, line)
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := load.Read(strings.NewReader(strings.ReplaceAll(example(t), `"frequency"`, `"frequence"`)))
	var refused *load.Error
	if !errors.As(err, &refused) || len(refused.Problems) != 18 {
		t.Fatalf("got %v, want a missing and an unknown key in each of nine obligations", err)
	}
	many := `{"masp_load": 1, "users": [` + strings.Repeat("0,", 500) + `0]}`
	_, err = load.Read(strings.NewReader(many))
	if !errors.As(err, &refused) || len(refused.Problems) != 100 || refused.More != 401 {
		t.Fatalf("got %v, want 100 problems and 401 more", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(example(f)))
	f.Add([]byte(`{"masp_load":1,"users":[{"id":"\ud800","roles":[null,[]]}],"organisation":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := load.Read(strings.NewReader(string(raw)))
		var refused *load.Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("got %v, want nil or an *Error", err)
		}
		_ = l.Check() // whatever was read, judging it does not break
	})
}
