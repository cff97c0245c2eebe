package scenario_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"masp/cmd/masp/internal/scenario"
)

// shared is the folder of the worked months that stand beside the repository.
func shared(t testing.TB, folder string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "..", "shared", "scenarios", folder)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the worked months are missing, and CI must not skip them: %v", err)
		}
		t.Skipf("the worked months are not here (%s): nothing to compare with", path)
	}
	return path
}

// stories are the worked months by name.
func stories(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared(t, "inputs"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want worked months", files, err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		if all[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestEveryWorkedMonthIsRead(t *testing.T) {
	t.Parallel()
	for name, raw := range stories(t) {
		s, err := scenario.Read(bytes.NewReader(raw))
		if err != nil {
			t.Errorf("%s: %s", name, french(err))
		}
		if s.Name+".json" != name || len(s.Events) == 0 || len(s.Mandates) == 0 {
			t.Errorf("%s: got %q with %d events", name, s.Name, len(s.Events))
		}
	}
}

func french(err error) string {
	var own *scenario.ReadError
	if errors.As(err, &own) {
		return own.French()
	}
	return err.Error()
}

const small = `{
 "scenario": "T", "opening_date": "2026-10-01", "as_of": "2026-10-31", "household": {"any": [1, {"note": 2}]},
 "bank_accounts": [{"code": "BK", "iban": "FR7699999000010000000090131", "owner": "BENEFICIARY", "model": "POOLED"}],
 "mandates": [{"id": "M1", "beneficiary": "Mme A.", "department": "34", "level": "MASP2", "note": "x",
  "contract": {"start": "2026-01-01", "end": "2026-12-31"}, "bank": "BK", "opening_cents": 100,
  "authorised_benefits": ["RSA"], "policy": {"class_order": ["RENT", "DEBT_PLAN", "RESERVE"], "senior_classes": ["RENT"],
  "partial_classes": [], "living_floor_cents": 0, "shortfall_policy": "STOP"}}],
 "payees": [{"id": "P", "name": "Bailleur", "iban": "FR7699999000010000000091101", "kind": "LANDLORD"}],
 "debts": [{"id": "D", "mandate": "M1", "creditor": "P", "kind": "RENT_ARREARS", "outstanding_cents": 5}],
 "expected_benefits": [],
 "events": [
  {"type": "CREDIT", "date": "2026-10-05", "bank": "BK", "payer": "CAF", "reference": "R1", "amount_cents": 7,
   "breakdown": [{"mandate": "M1", "benefit": "RSA", "period": "2026-09", "amount_cents": 7}]},
  {"type": "RUN", "id": "A", "date": "2026-10-06", "mandates": ["M1"], "remittance": {"M1": {"payee": "P", "dates": ["2026-10-06"]}},
   "lines": [{"id": "rent", "mandate": "M1", "class": "RENT", "payee": "P", "due_cents": 3, "label": "Loyer"},
    {"id": "shared", "class": "RENT", "payee": "P", "due_cents": 1, "label": "Eau", "shares": [{"mandate": "M1", "weight": 1}]}]},
  {"type": "REJECT", "date": "2026-10-06", "payment": "A-M1-P", "reason": "AC01"},
  {"type": "DEATH", "date": "2026-10-16", "known_on": "2026-10-20", "date_of_death": "2026-10-16", "mandate": "M1"},
  {"type": "ESTATE_PAYOUT", "id": "E", "date": "2026-10-21", "mandate": "M1", "payee": "P"}
 ]
}`

func TestTheSmallStoryIsRead(t *testing.T) {
	t.Parallel()
	s, err := scenario.Read(strings.NewReader("\uFEFF" + small))
	if err != nil {
		t.Fatal(french(err))
	}
	if got, want := s.Events[3].Day().String(), "2026-10-20"; got != want {
		t.Errorf("got the death played on %s, want on the day it is known, %s", got, want)
	}
}

func TestEachProblemOfAStoryHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to string
		code, place    string
		line           int
	}{
		{"unknown key", `"as_of"`, `"currency": "EUR", "as_off": 1, "as_of"`, "unknown_key", "/as_off", 2},
		{"key twice", `"owner"`, `"code": "B", "owner"`, "duplicate_key", "/bank_accounts/0/code", 3},
		{"missing key", `"level": "MASP2", `, ``, "missing", "/mandates/0/level", 4},
		{"text for a number", `"opening_cents": 100`, `"opening_cents": "100"`, "type", "/mandates/0/opening_cents", 5},
		{"a fraction of a cent", `"opening_cents": 100`, `"opening_cents": 1.5`, "number", "/mandates/0/opening_cents", 5},
		{"an exponent", `"opening_cents": 100`, `"opening_cents": 1e99`, "number", "/mandates/0/opening_cents", 5},
		{"a negative amount", `"opening_cents": 100`, `"opening_cents": -1`, "number", "/mandates/0/opening_cents", 5},
		{"too much money", `"opening_cents": 100`, `"opening_cents": 100000000000`, "number", "/mandates/0/opening_cents", 5},
		{"more reserve than money", `"opening_cents": 100`, `"opening_reserve_cents": 101, "opening_cents": 100`, "reserve_too_large", "/mandates/0/opening_reserve_cents", 5},
		{"unknown class", `"class": "RENT"`, `"class": "LOYER"`, "unknown_word", "/events/1/lines/0/class", 15},
		{"unknown class of a policy", `"DEBT_PLAN", `, `"DEBT", `, "unknown_word", "/mandates/0/policy/class_order/1", 6},
		{"class twice", `"DEBT_PLAN", `, `"RENT", `, "duplicate", "/mandates/0/policy/class_order/1", 6},
		{"unknown status", `"remittance": {"M1"`, `"status": "DONE", "remittance": {"M1"`, "unknown_word", "/events/1/status", 14},
		{"a kind that is no word", `"kind": "LANDLORD"`, `"kind": "Landlord"`, "reference", "/payees/0/kind", 8},
		{"unknown event", `"type": "REJECT"`, `"type": "REFUSE"`, "unknown_word", "/events/2/type", 17},
		{"impossible day", `"date": "2026-10-05"`, `"date": "2026-09-31"`, "date", "/events/0/date", 12},
		{"impossible month", `"period": "2026-09"`, `"period": "2026-13"`, "month", "/events/0/breakdown/0/period", 13},
		{"before the opening", `"date": "2026-10-05"`, `"date": "2026-09-30"`, "before", "/events/0/date", 12},
		{"as of before the opening", `"as_of": "2026-10-31"`, `"as_of": "2026-09-30"`, "before", "/as_of", 2},
		{"known before it happened", `"known_on": "2026-10-20"`, `"known_on": "2026-10-15"`, "before", "/events/3/known_on", 18},
		{"a remittance before its run", `"dates": ["2026-10-06"]`, `"dates": ["2026-10-05"]`, "before", "/events/1/remittance/M1/dates/0", 14},
		{"parts that do not add up", `"reference": "R1", "amount_cents": 7`, `"reference": "R1", "amount_cents": 8`, "sum", "/events/0/amount_cents", 12},
		{"a part without benefit", `"benefit": "RSA", `, ``, "missing", "/events/0/breakdown/0/benefit", 13},
		{"unknown mandate", `"mandates": ["M1"]`, `"mandates": ["M9"]`, "unknown_reference", "/events/1/mandates/0", 14},
		{"mandate twice in a run", `"mandates": ["M1"]`, `"mandates": ["M1", "M1"]`, "duplicate", "/events/1/mandates/1", 14},
		{"unknown bank", `"bank": "BK", "payer"`, `"bank": "B9", "payer"`, "unknown_reference", "/events/0/bank", 12},
		{"unknown creditor", `"creditor": "P"`, `"creditor": "P9"`, "unknown_reference", "/debts/0/creditor", 9},
		{"unknown debt", `"label": "Loyer"`, `"label": "Loyer", "debt": "D9"`, "unknown_reference", "/events/1/lines/0/debt", 15},
		{"remittance of nobody", `{"M1": {"payee"`, `{"M9": {"payee"`, "unknown_reference", "/events/1/remittance/M9", 14},
		{"a payment that nothing makes", `"A-M1-P"`, `"A-M2-P"`, "unknown_reference", "/events/2/payment", 17},
		{"a run is no payment", `"A-M1-P"`, `"A"`, "unknown_reference", "/events/2/payment", 17},
		{"transfer twice", `"id": "E"`, `"id": "A"`, "duplicate", "/events/4/id", 19},
		{"line twice", `"id": "shared"`, `"id": "rent", "mandate": "M1", "class": "RENT", "payee": "P", "due_cents": 3, "label": "L"}, {"id": "shared"`, "duplicate", "/events/1/lines/1/id", 16},
		{"a line of two owners", `"id": "shared"`, `"mandate": "M1", "id": "shared"`, "two_owners", "/events/1/lines/1/mandate", 16},
		{"a line of nobody", `"id": "rent", "mandate": "M1"`, `"id": "rent"`, "missing", "/events/1/lines/0/mandate", 15},
		{"a reserve for somebody", `"class": "RENT"`, `"class": "RESERVE"`, "reserve_has_payee", "/events/1/lines/0/payee", 15},
		{"nothing due", `"due_cents": 3`, `"due_cents": 0`, "nothing_due", "/events/1/lines/0/due_cents", 15},
		{"charges behind others", `"class": "RENT"`, `"class": "RENTAL_CHARGE"`, "rank", "/events/1/lines/0/class", 15},
		{
			"issued again twice", `"label": "Loyer"`, `"label": "Loyer", "reissue_of": "A-M1-P"},
			{"id": "again", "mandate": "M1", "class": "RENT", "payee": "P", "due_cents": 3, "label": "Loyer", "reissue_of": "A-M1-P"`,
			"duplicate", "/events/1/lines/1/reissue_of", 16,
		},
		{"a share of nothing", `"due_cents": 1`, `"due_cents": 0`, "nothing_due", "/events/1/lines/1/due_cents", 16},
		{"a weight of nothing", `"weight": 1`, `"weight": 0`, "number", "/events/1/lines/1/shares/0/weight", 16},
		{"a wrong RIB key", `90131`, `90132`, "iban", "/bank_accounts/0/iban", 3},
		{"mandate twice", `"id": "P"`, `"id": "P", "name": "x", "iban": "FR7699999000010000000091101", "kind": "WATER"}, {"id": "P"`, "duplicate", "/payees/1/id", 8},
		{"cut off", ` ]` + "\n}", ``, "syntax", "", 19},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(small, c.from) {
				t.Fatalf("the story does not hold %s", c.from)
			}
			_, err := scenario.Read(strings.NewReader(strings.Replace(small, c.from, c.to, 1)))
			var refused *scenario.ReadError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *ReadError", err)
			}
			for _, p := range refused.Problems {
				if p.Code == c.code && p.Place == c.place && p.Line == c.line && p.French != "" {
					return
				}
			}
			t.Errorf("got %s, want %s at %s, line %d", refused.French(), c.code, c.place, c.line)
		})
	}
}

func TestADebtIsPaidByWhoOwesItAlone(t *testing.T) {
	t.Parallel()
	_, one, _ := strings.Cut(small, `"mandates": [`)
	one, _, _ = strings.Cut(one, "],\n \"payees\"")
	for name, event := range map[string]string{
		"/events/0/debt": `{"type": "WITHHOLDING", "date": "2026-10-05", "mandate": "M2", "debt": "D", "amount_cents": 1},`,
		"/events/0/lines/0/debt": `{"type": "RUN", "id": "B", "date": "2026-10-06", "mandates": ["M2"], "lines": [{"id": "x",
		   "class": "DEBT_PLAN", "payee": "P", "due_cents": 9, "label": "L", "debt": "D", "mandate": "M2"}]},`,
	} {
		story := strings.NewReplacer(one, one+", "+strings.Replace(one, "M1", "M2", 1), `"events": [`, `"events": [`+event).Replace(small)
		_, err := scenario.Read(strings.NewReader(story))
		var refused *scenario.ReadError
		if !errors.As(err, &refused) || len(refused.Problems) != 1 || refused.Problems[0].Place != name {
			t.Errorf("got %v, want one problem at %s", err, name)
		}
	}
}

func TestAllProblemsOfAStoryAreToldAtOnce(t *testing.T) {
	t.Parallel()
	broken := strings.NewReplacer(`"RSA", "period"`, `"", "period"`, `"BK", "payer"`, `"B9", "payer"`, `"AC01"`, `"x"`).Replace(small)
	_, err := scenario.Read(strings.NewReader(broken))
	var refused *scenario.ReadError
	if !errors.As(err, &refused) || len(refused.Problems) != 3 {
		t.Fatalf("got %v, want three problems", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := scenario.Read(bytes.NewReader(raw))
		var refused *scenario.ReadError
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("got %v, want nil or a *ReadError", err)
		}
	})
}
