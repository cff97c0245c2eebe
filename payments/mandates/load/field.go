package load

import (
	"errors"
	"regexp"

	"masp/ledger/money"
	"masp/payments/jsonread"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// object reads the fields of one object of a load file.
type object struct{ jsonread.Object }

var (
	payerNumber = regexp.MustCompile(`^[A-Z0-9]{4,20}$`)
	blockReason = regexp.MustCompile(`^[A-Z][A-Z_]{0,39}$`)
)

func (o object) ref(key string) string {
	return o.Matching(key, mandates.ReferenceShape, true, mandates.FrenchReference)
}

func (o object) optRef(key string) string {
	return o.Matching(key, mandates.ReferenceShape, false, mandates.FrenchReference)
}

func (o object) amount(key string, required bool) money.Amount {
	text, n := o.Fit(key, required)
	if n == nil {
		return money.Amount{}
	}
	amount, err := money.Parse(text)
	if err != nil {
		o.Wrong(n, key, "amount", "Un montant s'écrit « 123.45 » : un point et deux décimales.")
	}
	return amount
}

func (o object) iban(key string) sepa.IBAN {
	text, n := o.Fit(key, true)
	if n == nil {
		return sepa.IBAN{}
	}
	iban, err := sepa.ParseIBAN(text)
	if err != nil {
		var own *sepa.IBANError
		if errors.As(err, &own) {
			o.Wrong(n, key, "iban", own.French())
		}
	}
	return iban
}

// inner is an object inside this one; false when it is absent.
func (o object) inner(key string, required bool) (object, bool) {
	inside, ok := o.Inner(key, required)
	return object{inside}, ok
}
