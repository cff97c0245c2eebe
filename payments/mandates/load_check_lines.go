package mandates

import (
	"fmt"
	"slices"

	"masp/payments/sepa"
)

func (c *checker) expected() {
	type key struct{ mandate, benefit, month string }
	seen := map[key]bool{}
	for i, e := range c.load.Expected {
		m, exists := c.files[e.Mandate]
		if !exists {
			c.missing(inExpected, i, "mandate", e.Mandate, "Le mandat")
			continue
		}
		c.expectation(i, e, m)
		k := key{e.Mandate, e.Benefit, e.Period.String()}
		if seen[k] {
			c.wrong(inExpected, i, "period", "duplicate", "Cette prestation est déjà attendue pour ce mois, plus haut dans le fichier.")
		}
		seen[k] = true
	}
}

// expectation judges one expected benefit against the catalogue and the mandate.
func (c *checker) expectation(i int, e ExpectedBenefit, m knownMandate) {
	row, listed := Find(c.known.catalogue, e.Benefit, e.ExpectedOn)
	authorised := slices.ContainsFunc(m.benefits, func(a Authorisation) bool { return a.Benefit == e.Benefit })
	switch {
	case !listed:
		c.wrong(inExpected, i, "benefit", "BENEFIT_UNKNOWN", fmt.Sprintf("« %s » n'est pas une prestation connue à cette date.", e.Benefit))
	case e.ThirdParty && !row.ThirdPartyExcluded:
		c.wrong(inExpected, i, "third_party", "NEVER_THIRD_PARTY", "Cette prestation n'est jamais versée à un tiers : retirez « third_party ».")
	case !e.ThirdParty && !authorised:
		c.wrong(inExpected, i, "benefit", "BENEFIT_NOT_AUTHORISED",
			"Le mandat n'autorise pas cette prestation : elle ne peut pas être attendue sur le compte.")
	case !slices.Contains(row.Payers, e.Payer):
		c.wrong(inExpected, i, "payer", "PAYER_OF_ANOTHER_BENEFIT", fmt.Sprintf("« %s » ne verse pas cette prestation.", e.Payer))
	}
	if !e.Amount.IsPositive() {
		c.wrong(inExpected, i, "amount", "AMOUNT_NOT_POSITIVE", "Le montant attendu doit être supérieur à zéro.")
	}
}

func (c *checker) debts() {
	seen := map[string]bool{}
	for i, d := range c.load.Debts {
		_, exists := c.known.debts[d.ID]
		c.twice(inDebts, i, d.ID, seen, exists)
		c.holdsMoney(inDebts, i, d.Mandate)
		if _, exists := c.payees[d.Creditor]; !exists {
			c.missing(inDebts, i, "creditor", d.Creditor, "Le créancier")
		}
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
	case m.level == MASP1:
		c.wrong(section, i, "mandate", "MASP1_HOLDS_NO_MONEY", "Une MASP 1 ne gère pas d'argent.")
	}
}

func (c *checker) obligations() {
	seen := map[string]bool{}
	for i, o := range c.load.Obligations {
		c.twice(inObligations, i, o.ID, seen, c.known.obligations[o.ID])
		c.holdsMoney(inObligations, i, o.Mandate)
		if _, exists := c.payees[o.Creditor]; o.Creditor != "" && !exists {
			c.missing(inObligations, i, "creditor", o.Creditor, "Le destinataire")
		}
		c.broken(inObligations, i, o.Check(), obligationField)
		debt, exists := c.owed[o.Debt]
		switch {
		case o.Debt == "":
		case !exists:
			c.missing(inObligations, i, "debt", o.Debt, "La dette")
		case debt.Mandate != o.Mandate || debt.Creditor != o.Creditor:
			c.wrong(inObligations, i, "debt", "debt_of_another",
				"Cette dette est celle d'un autre mandat ou d'un autre créancier.")
		}
	}
}

func obligationField(code string) string {
	field, ok := map[string]string{
		"CLASS_UNKNOWN": "class", "AMOUNT_NOT_POSITIVE": "amount", "FREQUENCY_UNKNOWN": "frequency",
		"DUE_DAY_UNKNOWN": "due_day", "DATES_REVERSED": "to", "RESERVE_HAS_CREDITOR": "creditor",
		"CREDITOR_MISSING": "creditor", "DEBT_MISSING": "debt",
	}[code]
	if !ok {
		return "from"
	}
	return field
}

// references: what a creditor will read tells nothing of the measure. The writer
// of payment files has the last word on a reference, so it is asked for all of them.
func (c *checker) references() {
	batch := sepa.Batch{Transfers: make([]sepa.Transfer, len(c.load.Obligations))}
	for i, o := range c.load.Obligations {
		batch.Transfers[i].Reference = o.Reference
	}
	for _, p := range (sepa.File{Batches: []sepa.Batch{batch}}).Check() {
		if p.Field == "Ustrd" && p.Transfer > 0 {
			c.wrong(inObligations, p.Transfer-1, "reference", "REFERENCE_UNFIT", p.French)
		}
	}
}
