package simbank

import (
	"strings"
	"testing"
	"time"
)

func TestAmountsAreReadStrictly(t *testing.T) {
	t.Parallel()
	good := map[string]int64{"0.01": 1, "12": 1200, "12.5": 1250, "999999999.99": 99999999999, "0": 0}
	for text, want := range good {
		if got, err := parseCents(text, transferDigits); err != nil || got != want {
			t.Errorf("parseCents(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	odd := []string{
		"", "12,50", " 12.50", "12.50 ", "+1", "-1.00", "1e3", "1e9999999", "NaN", "1.005", "1.", ".5",
		"0012.00", "1 234.50", "1234567890.00", "1.2.3", "٣.00", strings.Repeat("9", 1_000_000),
	}
	for _, text := range odd {
		if got, err := parseCents(text, transferDigits); err == nil {
			t.Errorf("parseCents(%.20q) = %d, want a refusal", text, got)
		}
	}
}

func TestReferencesFollowTheRulesOfSEPA(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"P000042-0007": true, "A/B": true, "": false, "/A": false, "A/": false, "A//B": false,
		"DÉPÔT": false, "A_B": false, strings.Repeat("A", 35): true, strings.Repeat("A", 36): false,
	} {
		if got := isReference(text); got != want {
			t.Errorf("isReference(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestIBANsHaveCheckDigits(t *testing.T) {
	t.Parallel()
	for iban, want := range map[string]bool{
		"FR7699999000010000000010203": true, "FR7699999000010000000010204": false,
		"FR14 2004 1010 0505": false, "": false, "fr7699999000010000000010203": false,
	} {
		if got := isIBAN(iban); got != want {
			t.Errorf("isIBAN(%q) = %v, want %v", iban, got, want)
		}
	}
}

func TestClosedDaysOfTARGET(t *testing.T) {
	t.Parallel()
	closed := []Day{
		On(2026, 1, 1), On(2026, 4, 3), On(2026, 4, 6), On(2026, 5, 1), On(2026, 12, 25), On(2026, 12, 26),
		On(2027, 3, 26), On(2027, 3, 29), On(2028, 4, 14), On(2028, 4, 17), On(2026, 11, 7), On(2026, 11, 8),
	}
	for _, d := range closed {
		if d.IsTARGET() {
			t.Errorf("%s is open, want closed", d)
		}
	}
	for _, d := range []Day{On(2026, 7, 14), On(2026, 11, 11), On(2026, 5, 14), On(2026, 12, 24)} {
		if !d.IsTARGET() {
			t.Errorf("%s is closed, want open: a French holiday is not a TARGET one", d)
		}
	}
	if got, want := On(2026, 4, 30).AddTARGET(1), On(2026, 5, 4); got != want {
		t.Errorf("the day after 30 April 2026 is %s, want %s", got, want)
	}
}

func TestEasterFallsWhereTheCalendarSays(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		1954: "1954-04-18", 1981: "1981-04-19", 2000: "2000-04-23", 2024: "2024-03-31",
		2025: "2025-04-20", 2026: "2026-04-05", 2038: "2038-04-25", 2049: "2049-04-18",
	} {
		if got := easterSunday(year).String(); got != want {
			t.Errorf("Easter of %d = %s, want %s", year, got, want)
		}
	}
}

func TestTheCAFPaysOnTheFifthOrNearIt(t *testing.T) {
	t.Parallel()
	want := []string{
		"2026-01-05", "2026-02-05", "2026-03-05", "2026-04-07", "2026-05-05", "2026-06-05",
		"2026-07-06", "2026-08-05", "2026-09-04", "2026-10-05", "2026-11-05", "2026-12-04",
	}
	for i, w := range want {
		if got := CAFDay(2026, time.Month(i+1)).String(); got != w {
			t.Errorf("CAF day of month %d = %s, want %s", i+1, got, w)
		}
	}
}
