package imports_test

import (
	"errors"
	"strings"
	"testing"

	"masp/imports"
)

func TestAPayersFileIsReadWithItsColumnsInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"semicolons":      "mandate;benefit;period;amount\r\nM-2;RSA;2026-10;573,49\r\n;;;12\r\n",
		"commas and mark": "\ufeffAmount, Benefit,Period,mandate\n\"573,49\",rsa,2026-10,M-2\n12,,,\n",
	} {
		parts, err := imports.ReadAdvice(strings.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(parts) != 2 || parts[0] != part("M-2", "RSA", "2026-10", "573.49") || parts[1] != part("", "", "", "12.00") {
			t.Errorf("%s: got %+v", name, parts)
		}
	}
}

func TestAPayersFileThatIsWrongIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"":                                "vide",
		"nom;benefit;amount\n":            "« nom »",
		"benefit;benefit;amount\n":        "chacune une fois",
		"mandate;benefit\n":               "« amount »",
		"benefit;amount\nRSA;1e9\n":       "Ligne 2",
		"benefit;amount;period\nRSA;1;13": "Ligne 2",
		"benefit;amount\nRSA\n":           "Ligne 2",
	} {
		_, err := imports.ReadAdvice(strings.NewReader(file))
		refused, ok := errors.AsType[*imports.RefusedError](err)
		if !ok || !strings.Contains(refused.French, want) {
			t.Errorf("%q: got %v, want it refused with %s", file, err, want)
		}
	}
}

func FuzzAPayersFileNeverPanics(f *testing.F) {
	f.Add("mandate;benefit;period;amount\nM-2;RSA;2026-10;573,49\n")
	f.Add("\ufeffbenefit,amount\n\"a\"\"b\",1\n")
	f.Fuzz(func(t *testing.T, file string) {
		parts, err := imports.ReadAdvice(strings.NewReader(file))
		if err != nil && parts != nil {
			t.Errorf("got both %d parts and %v", len(parts), err)
		}
	})
}
