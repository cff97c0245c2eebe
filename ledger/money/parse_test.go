package money

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseReadsTheStrictForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0.00":              0,
		"-0.00":             0,
		"0.01":              1,
		"-0.05":             -5,
		"12.50":             1250,
		"0012.50":           1250,
		"1234.50":           123450,
		"9999999999999.99":  maxCents,
		"-9999999999999.99": -maxCents,
	} {
		got, err := Parse(text)
		if err != nil || got != Cents(want) {
			t.Errorf("Parse(%q) = %v, %v; want %d cents", text, got, err, want)
		}
	}
}

// refusals are texts that no reader of this package takes for money.
var refusals = map[string]Reason{
	"":                          Empty,
	"1e9999999":                 Exponent,
	"1E5":                       Exponent,
	" 1.005 ":                   Space,
	"NaN":                       Character,
	"Inf":                       Character,
	"-Inf":                      Character,
	"0x1p10":                    Character,
	"1_000":                     Character,
	".":                         NoDigit,
	"-":                         NoDigit,
	"--1.00":                    Character,
	"1.00-":                     Character,
	"\u0661\u0662.\u0665\u0660": Character, // Arabic digits
	"\u22125.00":                Character, // U+2212, the typographic minus
	"\uFF15.00":                 Character, // full-width digit
	"1.00\x00":                  Character,
	"\x00":                      Character,
	"\xff\xfe":                  Character,
	"1.00\n":                    Space,
	"12,50 EUR":                 Comma,
	strings.Repeat("9", 400):    TooLong,
}

func TestParseRefusesEverythingElseAndSaysWhy(t *testing.T) {
	t.Parallel()
	checkRefusals(t, refusals, func(s string) error { _, err := Parse(s); return err })
	checkRefusals(t, map[string]Reason{
		"12,50":             Comma,
		"+5":                PlusSign,
		"+5.00":             PlusSign,
		".5":                NoDigit,
		"-.50":              NoDigit,
		"5":                 TwoDecimals,
		"5.":                TwoDecimals,
		"5.0":               TwoDecimals,
		"1.005":             ManyDecimals,
		"1.2.3":             Character,
		"10000000000000.00": TooLong,
		"1 234.50":          Space,
	}, func(s string) error { _, err := Parse(s); return err })
}

func checkRefusals(t *testing.T, texts map[string]Reason, parse func(string) error) {
	t.Helper()
	for text, want := range texts {
		err := parse(text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q: got %v; want a *SyntaxError", text, err)
			continue
		}
		if syntax.Why != want || syntax.Text != text {
			t.Errorf("%.40q: refused for %q; want %q", text, syntax.Why, want)
		}
		if syntax.French() == "" || frenchReasons[syntax.Why] == "" {
			t.Errorf("%.40q: no French sentence for %q", text, syntax.Why)
		}
	}
}

func TestRefusalsTakeMicrosecondsWhateverTheLength(t *testing.T) {
	t.Parallel()
	hostile := []string{
		"1e9999999",
		strings.Repeat("9", 10_000_000),
		strings.Repeat(" ", 10_000_000),
		"0." + strings.Repeat("0", 10_000_000),
		strings.Repeat("1 ", 5_000_000) + "x",
	}
	// One conversion of such a text by a decimal parser takes longer than all these refusals; the
	// wall is far above what a loaded machine needs.
	const rounds, wall = 100, 2 * time.Second
	start := time.Now()
	for range rounds {
		for _, text := range hostile {
			if _, err := Parse(text); err == nil {
				t.Fatalf("Parse took %.20q for money", text)
			}
			if _, err := ParseExact(text); err == nil {
				t.Fatalf("ParseExact took %.20q for a number", text)
			}
			if _, err := ParseInput(text); err == nil {
				t.Fatalf("ParseInput took %.20q for money", text)
			}
		}
	}
	if took := time.Since(start); took > wall {
		t.Errorf("%d refusals took %v; want less than %v", 3*rounds*len(hostile), took, wall)
	}
}

func TestErrorsNeverRepeatTheText(t *testing.T) {
	t.Parallel()
	_, err := Parse("1234,50")
	if got := err.Error(); strings.Contains(got, "1234") {
		t.Errorf("got %q; an amount must not reach the logs", got)
	}
	if got, want := err.Error(), "parse amount of 7 bytes: a comma"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

func TestFrenchOfARefusalSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	_, err := Parse("1234,50")
	want := "« 1234,50 » : Les centimes se séparent ici par un point. Écrivez par exemple 1234.50"
	if got := french(t, err); got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	_, err = Parse(strings.Repeat("é", 1000))
	if got := french(t, err); len(got) > 200 || !strings.Contains(got, "é…") {
		t.Errorf("got %q; want the text clipped at a whole letter", got)
	}
	_, err = Parse(strings.Repeat("\x80", 1000))
	if got := french(t, err); len(got) > 200 || !strings.Contains(got, "\uFFFD") {
		t.Errorf("got %q; want broken bytes replaced", got)
	}
}

func french(t *testing.T, err error) string {
	t.Helper()
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("got %v; want a *SyntaxError", err)
	}
	return syntax.French()
}

func TestMustParsePanicsOnARefusal(t *testing.T) {
	t.Parallel()
	if got := MustParse("412.00"); got != Cents(41200) {
		t.Errorf("got %v; want 412.00", got)
	}
	mustPanic(t, "MustParse", func() { MustParse("412") })
}

func mustPanic(t *testing.T, what string, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", what)
		}
	}()
	do()
}
