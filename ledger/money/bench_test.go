package money

import (
	"strings"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("1234567.89"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseExact(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseExact("1234567.89"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExactSum(b *testing.B) {
	b.ReportAllocs()
	var total Exact
	e := ExactMinor(123456, 2)
	for b.Loop() {
		total = total.Add(e)
	}
}

func BenchmarkRefusal(b *testing.B) {
	for name, text := range map[string]string{
		"exponent":  "1e9999999",
		"400digits": strings.Repeat("9", 400),
		"10MB":      strings.Repeat("0", 10_000_000),
		"spaces":    " 1.005 ",
		"NaN":       "NaN",
	} {
		b.Run("Parse/"+name, func(b *testing.B) { benchRefusal(b, text, Parse) })
		b.Run("ParseExact/"+name, func(b *testing.B) { benchRefusal(b, text, ParseExact) })
		b.Run("ParseInput/"+name, func(b *testing.B) { benchRefusal(b, text, ParseInput) })
	}
}

func benchRefusal[T any](b *testing.B, text string, parse func(string) (T, error)) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parse(text); err == nil {
			b.Fatal("not refused")
		}
	}
}

func BenchmarkFrench(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Cents(123456789).French()
	}
}
