package load

import "masp/payments/mandates"

func (c *checker) expected() {
	type key struct{ mandate, benefit, month string }
	seen := map[key]bool{}
	for i, e := range c.load.Expected {
		m, exists := c.files[e.Mandate]
		if !exists {
			c.missing(inExpected, i, "mandate", e.Mandate, "Le mandat")
			continue
		}
		c.broken(inExpected, i, e.Check(c.known.catalogue, m.benefits), expectedField)
		k := key{e.Mandate, e.Benefit, e.Period.String()}
		if seen[k] {
			c.wrong(inExpected, i, "period", "duplicate", "Cette prestation est déjà attendue pour ce mois, plus haut dans le fichier.")
		}
		seen[k] = true
	}
}

// expectedField is the field of the file that a violation of an expectation speaks of.
func expectedField(code string) string {
	switch code {
	case "NEVER_THIRD_PARTY":
		return "third_party"
	case "PAYER_OF_ANOTHER_BENEFIT":
		return "payer"
	case "AMOUNT_NOT_POSITIVE":
		return "amount"
	}
	return "benefit"
}

func (c *checker) debts() {
	seen := map[string]bool{}
	for i, d := range c.load.Debts {
		_, exists := c.known.debts[d.ID]
		c.twice(inDebts, i, d.ID, seen, exists)
		c.holdsMoney(inDebts, i, d.Mandate)
		c.mayReceive(inDebts, i, d.Mandate, d.Creditor)
		c.broken(inDebts, i, d.Check(), func(code string) string {
			if code == "INSTALMENT_NEGATIVE" {
				return "instalment"
			}
			return "outstanding"
		})
	}
}

// holdsMoney notes a mandate that is not there or may not hold money.
func (c *checker) holdsMoney(section string, i int, id string) {
	m, exists := c.files[id]
	switch {
	case !exists:
		c.missing(section, i, "mandate", id, "Le mandat")
	case m.level == mandates.MASP1:
		c.wrong(section, i, "mandate", "MASP1_HOLDS_NO_MONEY", "Une MASP 1 ne gère pas d'argent.")
	}
}

// mayReceive notes a creditor who is not there, or who is another person that is helped.
func (c *checker) mayReceive(section string, i int, mandate, creditor string) {
	to, exists := c.payees[creditor]
	switch {
	case !exists:
		c.missing(section, i, "creditor", creditor, "Le destinataire")
	case to.Beneficiary != "" && to.Beneficiary != c.files[mandate].person:
		c.wrong(section, i, "creditor", "account_of_another", mandates.FrenchOfAnother(creditor))
	}
}

func (c *checker) obligations() {
	seen := map[string]bool{}
	for i, o := range c.load.Obligations {
		c.twice(inObligations, i, o.ID, seen, c.known.obligations[o.ID])
		c.holdsMoney(inObligations, i, o.Mandate)
		if o.Creditor != "" {
			c.mayReceive(inObligations, i, o.Mandate, o.Creditor)
		}
		c.broken(inObligations, i, o.Check(), obligationField)
		debt, exists := c.owed[o.Debt]
		switch {
		case o.Debt == "":
		case !exists:
			c.missing(inObligations, i, "debt", o.Debt, "La dette")
		default:
			c.broken(inObligations, i, o.CheckDebt(debt), obligationField)
		}
	}
}

func obligationField(code string) string {
	field, ok := map[string]string{
		"CLASS_UNKNOWN": "class", "AMOUNT_NOT_POSITIVE": "amount", "FREQUENCY_UNKNOWN": "frequency",
		"DUE_DAY_UNKNOWN": "due_day", "DATES_REVERSED": "to", "RESERVE_HAS_CREDITOR": "creditor",
		"CREDITOR_MISSING": "creditor", "DEBT_MISSING": "debt",
		"debt_of_another": "debt", "REFERENCE_UNFIT": "reference",
	}[code]
	if !ok {
		return "from"
	}
	return field
}
