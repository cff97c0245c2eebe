package bankfile

import (
	"testing"

	"masp/payments/sepa"
)

// ibanOf makes the IBAN of bank, branch and account.
func ibanOf(t *testing.T, rib []string) string {
	t.Helper()
	iban, err := sepa.MakeFrenchIBAN(rib[0], rib[1], rib[2])
	if err != nil {
		t.Fatal(err)
	}
	return iban.String()
}
