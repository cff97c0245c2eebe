package main

import (
	"testing"

	"masp/payments/mandates"
)

func TestEveryKindOfDebtHasItsWord(t *testing.T) {
	t.Parallel()
	for _, kind := range mandates.DebtKinds() {
		if frenchDebts[kind] == "" {
			t.Errorf("%s has no word", kind)
		}
	}
}

func TestANatureIsReadInFrench(t *testing.T) {
	t.Parallel()
	for nature, want := range map[string]string{"BANK_CREDIT": "reçu", "RENT": "loyer", "RSA": "RSA"} {
		if got := frenchNature(nature); got != want {
			t.Errorf("%s: got %q, want %q", nature, got, want)
		}
	}
}
