package v1_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"masp/ledger/money"
)

// amount is the amount at a path of an answer.
func amount(t *testing.T, r reply, path ...any) money.Amount {
	t.Helper()
	a, err := money.Parse(r.text(path...))
	if err != nil {
		t.Fatalf("%v: %v", path, err)
	}
	return a
}

func TestTheRowsOfASheetAddUpToItsMonths(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	for user, mandate := range map[string]string{"c.martin": "M-0001", "c.nadir": "M-0003"} {
		got := d.ask(user, http.MethodGet, "/v1/mandates/"+mandate+"/overview?months=12", "").wants(200)
		for m := range got.length("months") {
			sum := money.Amount{}
			for row := range got.length("rows") {
				sum = sum.Add(amount(t, got, "rows", row, "amounts", m))
			}
			opening, closing := amount(t, got, "months", m, "opening"), amount(t, got, "months", m, "closing")
			if opening.Add(sum) != closing {
				t.Errorf("%s, month %d: %s + %s is not %s", mandate, m, opening, sum, closing)
			}
		}
		if last := got.length("months") - 1; amount(t, got, "months", last, "closing") != amount(t, got, "balance") {
			t.Errorf("%s: the last month does not end with the balance", mandate)
		}
	}
}

func TestASheetIsOfMonthsThatExist(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	const sheet = "/v1/mandates/M-0001/overview?"
	d.ask("c.martin", http.MethodGet, sheet+"months=13", "").wants(http.StatusBadRequest)
	d.ask("c.martin", http.MethodGet, sheet+"month=2026-13", "").wants(http.StatusBadRequest)
	d.ask("c.martin", http.MethodGet, sheet+"month=2020-01", "").wants(http.StatusOK)
	d.ask("c.nadir", http.MethodGet, sheet+"months=1", "").wants(http.StatusNotFound)
}

func TestWhatARunHasTakenUpIsNotDueBesideIt(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	got := d.ask("c.martin", http.MethodGet, "/v1/mandates/M-0001/overview", "").wants(200)
	for i := range got.length("due") {
		if on := got.text("due", i, "on"); strings.HasPrefix(on, "2026-11") {
			t.Errorf("%s of %s is in a run", got.text("due", i, "obligation"), on)
		}
	}
	if got.length("due") == 0 {
		t.Error("nothing falls due in December")
	}
}

func TestASearchFindsByEachOfItsWays(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	for q, at := range map[string][]any{
		"ROUX": {"persons", 0, "mandate"}, "éva": {"persons", 0, "mandate"}, "m-0001": {"persons", 0, "mandate"},
		"46,00": {"payments", 0, "mandate"}, "0255": {"payments", 0, "mandate"}, "bail 4711": {"obligations", 0, "mandate"},
		"132,40": {"obligations", 0, "mandate"},
	} {
		got := d.ask("c.martin", http.MethodGet, "/v1/search?q="+url.QueryEscape(q), "").wants(200)
		if got.text(at...) != "M-0001" {
			t.Errorf("%q finds %s", q, got.Body)
		}
	}
	for _, q := range []string{"%25%25", "__", "\\\\"} {
		got := d.ask("v.olivier", http.MethodGet, "/v1/search?q="+url.QueryEscape(q), "").wants(200)
		if n := got.length("persons"); n != 0 {
			t.Errorf("%q finds %d persons", q, n)
		}
	}
	d.ask("c.martin", http.MethodGet, "/v1/search?q=a", "").wants(http.StatusBadRequest)
}

func TestASearchIsBounded(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	_, err := d.db.Owner.Exec(t.Context(), `INSERT INTO masp.creditors (creditor_id, name, kind)
		SELECT 'C-MANY-' || n, 'Bailleur ' || n, 'LANDLORD' FROM generate_series(1, 50) n;
		INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_at)
		SELECT 'C-MANY-' || n, 1, 'FR7699999002000000000300158', repeat('a', 64), masp.now() FROM generate_series(1, 50) n`)
	if err != nil {
		t.Fatal(err)
	}
	got := d.ask("v.olivier", http.MethodGet, "/v1/search?q=bailleur", "").wants(200)
	if n := got.length("creditors"); n != 20 {
		t.Errorf("got %d payees", n)
	}
}

func TestTheDaysOfBenefitsComeInPages(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	seen, cursor := map[string]bool{}, ""
	for range 5 {
		got := d.ask("v.olivier", http.MethodGet, "/v1/benefit_days?limit=1&months=3"+cursor, "").wants(200)
		for i := range got.length("data") {
			seen[got.text("data", i, "mandate")] = true
			if n := got.length("data", i, "cells"); n != got.length("months") {
				t.Errorf("%d cells for %d months", n, got.length("months"))
			}
		}
		if cursor = "&cursor=" + got.text("next_cursor"); got.text("next_cursor") == "" {
			break
		}
	}
	if len(seen) != 3 {
		t.Errorf("saw %v", seen)
	}
}

func TestADeskCountsWhatItsReaderReaches(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	for user, runs := range map[string]int{"c.martin": 1, "c.nadir": 1, "v.olivier": 2, "k.perrin": 2} {
		got := d.ask(user, http.MethodGet, "/v1/desk", "").wants(200)
		if n := got.length("runs"); n != runs {
			t.Errorf("%s sees %s runs", user, strconv.Itoa(n))
		}
	}
	mine := d.ask("c.nadir", http.MethodGet, "/v1/desk", "")
	if yours, _ := mine.get("runs", 0, "yours").(bool); !yours {
		t.Errorf("who has prepared a run does not see that it is hers: %s", mine.Body)
	}
}
