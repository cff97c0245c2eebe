package money

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The grammars as the documentation states them, independent of the scanners.
var (
	strictGrammar = regexp.MustCompile(`\A-?[0-9]{1,13}\.[0-9]{2}\z`)
	exactGrammar  = regexp.MustCompile(`\A[+-]?[0-9]{1,64}(\.[0-9]{0,64})?\z`)
	inputGrammar  = regexp.MustCompile(`\A[ \t\r\n\x{A0}\x{202F}]*` +
		`(-?(?:[0-9]+|[0-9]{1,3}(?:[ \x{A0}\x{202F}][0-9]{3})+)(?:,[0-9]{1,2})?)` +
		`[ \t\r\n\x{A0}\x{202F}]*€?[ \t\r\n\x{A0}\x{202F}]*\z`)
	spaces = strings.NewReplacer(" ", "", "\u00A0", "", "\u202F", "", ",", ".")
)

var seeds = []string{
	"", "0.00", "-0.00", "12.50", "12,50", " 1.005 ", "1e9999999", "NaN", "Inf", "0x1p10", "1_000",
	"+5", ".5", "5.", "\u0661.00", "\u22125.00", strings.Repeat("9", 400), "9999999999999.99",
	"1 234,50", "1\u202F234,50\u00A0€", "1.234,50", "412", "412,5", "- 5", "1 23", "\xff", "€", "--1",
	strings.Repeat("9", 64) + "." + strings.Repeat("9", 64), "1,,2", "1.2.3", "12 345 678,9€",
	strings.Repeat(" ", 99) + "5", strings.Repeat(" ", 100) + "5",
}

// checkFuzzed compares a reader with its grammar and with the rational number of the text.
func checkFuzzed(t *testing.T, text string, want bool, got *big.Rat, number string, err error) {
	t.Helper()
	if (err == nil) != want {
		t.Fatalf("%q: got error %v; the grammar says %v", text, err, want)
	}
	if err != nil {
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || frenchReasons[syntax.Why] == "" {
			t.Fatalf("%q: got %v; want a *SyntaxError with a known reason", text, err)
		}
		if sentence := syntax.French(); len(sentence) > 250 || !utf8.ValidString(sentence) {
			t.Fatalf("%q: unfit for a person: %q", text, sentence)
		}
		return
	}
	if x, ok := new(big.Rat).SetString(number); !ok || x.Cmp(got) != 0 {
		t.Fatalf("%q: got %s; want %s", text, got, number)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		checkFuzzed(t, s, strictGrammar.MatchString(s), big.NewRat(a.Cents(), 100), s, err)
	})
}

func FuzzParseExact(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseExact(s)
		got, ok := new(big.Rat).SetString(e.String())
		if !ok {
			t.Fatalf("%q: printed as %q", s, e)
		}
		number, _ := strings.CutSuffix(s, ".")
		checkFuzzed(t, s, exactGrammar.MatchString(s), got, number, err)
	})
}

func FuzzParseInput(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseInput(s)
		number, want := "", false
		if groups := inputGrammar.FindStringSubmatch(s); groups != nil {
			number = spaces.Replace(groups[1])
			euros, _, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
			want = len(euros) <= maxEuroDigits && len(s) <= 100
		}
		checkFuzzed(t, s, want, big.NewRat(a.Cents(), 100), number, err)
	})
}
