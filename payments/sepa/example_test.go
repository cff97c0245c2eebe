package sepa_test

import (
	"errors"
	"fmt"

	"masp/payments/sepa"
)

func ExampleParseIBAN() {
	iban, _ := sepa.ParseIBAN("fr76 3000 6000 0112 3456 7890 189")
	fmt.Println(iban.Formatted())
	fmt.Println(iban.Masked())

	_, err := sepa.ParseIBAN("FR54 3000 6000 0112 3456 7890 100")
	var refused *sepa.IBANError
	if errors.As(err, &refused) {
		fmt.Println(refused.French())
	}
	// Output:
	// FR76 3000 6000 0112 3456 7890 189
	// FR76…0189
	// L’IBAN est faux : la clé RIB ne correspond pas. Demandez un nouveau RIB.
}

func ExampleTransliterate() {
	fmt.Println(sepa.Transliterate("Régie de l’Œuvre & Cie – nov. 2026"))
	// Output: Regie de l'OEuvre + Cie - nov. 2026
}
