package main

import (
	"strings"
	"testing"

	"masp/ledger/money"
)

func TestAFlagReadsAnAmountAsPeopleOrProgramsWriteIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"412": "412.00", "412,5": "412.50", "412,50": "412.50", "412.50": "412.50", "1 234,50": "1234.50", " 412.50 ": "412.50",
	} {
		var got euros
		if err := got.UnmarshalText([]byte(text)); err != nil || got.Amount != money.MustParse(want) {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{"1.234,50": "Écrivez 1234,50", "1.234": "virgule", "quatre": "chiffres"} {
		_, err := parseAmount(text)
		if err == nil || !strings.Contains(frenchUsage(err), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
