package imports

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// purposeWage is the ISO purpose of a wage; benefitWage is our name for it.
const (
	purposeWage = "SALA"
	benefitWage = "WAGE"
)

// recogniseCredit books what came in, transaction by transaction where their amounts add up to
// the line: what comes back to where it came from, the rest to the persons, as its payer has
// announced it or by number. What is not certain stays in suspense, and nothing else of the line.
func recogniseCredit(l Line, k *Known) Recognition {
	details, whole := l.details()
	back := k.backIn(l, details)
	returned := slices.Contains(back, true)
	if !returned {
		if r, known := byAdvice(l, k, nil); known {
			return r
		}
	}
	if !whole && returned {
		return returnedLess(l, details, k)
	}
	if !whole && len(details) > 1 {
		return unidentified(
			l, "plusieurs opérations dont les montants ne s’additionnent pas.", "",
		)
	}
	if !whole {
		details[0].Amount = l.magnitude()
	}
	r := Recognition{Kind: ledger.BankCredit}
	for i, d := range details {
		if back[i] {
			r.add(returnOf(l.only(d), k, r.Parts))
		} else {
			r.add(creditOf(l.only(d), k, r.advices))
		}
	}
	r.judge()
	return r
}

// creditOf recognises a line of one transaction: by a list that no other one has taken, a wage
// by its purpose, a benefit by payer and number, and last by the rules that persons wrote.
func creditOf(l Line, k *Known, taken []int64) Recognition {
	if r, known := byAdvice(l, k, taken); known {
		return r
	}
	d := l.Details[0]
	if d.Purpose == purposeWage && k.holder() != "" {
		return k.byRule(l, wage(l, d, k))
	}
	payers := payersOf(l, d)
	var named []int64 // rules that name the payer
	if len(payers) == 0 {
		payers, named = k.payersByRule(l)
	}
	switch len(payers) {
	case 0:
		return k.byRule(l, unidentified(l, "le payeur n’est pas un organisme connu.", ""))
	case 1:
		r := benefit(l, d, payers[0], k)
		if r.State != LineSuspense {
			r.rules = named
		}
		return k.byRule(l, r)
	}
	return k.byRule(l, unidentified(
		l, "plusieurs organismes sont cités : "+strings.Join(payers, ", ")+".", "",
	))
}

// wage keeps a wage apart: a MASP manages benefits only, and the account is the person's own,
// so it is clear whose wage it is.
func wage(l Line, d Detail, k *Known) Recognition {
	m, known := k.mandateOf(k.holder(), l.BookedOn)
	if !known {
		return unidentified(l, "salaire, mais aucun mandat sur ce compte.", "")
	}
	return k.received(l, m, []Part{{Amount: d.Amount, Benefit: benefitWage}},
		"Salaire (code SALA) sur le compte de la personne : il ne peut pas être géré.")
}

// benefit finds the person by the payer's number, then the mandate, then what was paid.
func benefit(l Line, d Detail, payer string, k *Known) Recognition {
	text := join(d.Text, l.Text)
	person, why := k.personIn(text, payer)
	if why != "" {
		return unidentified(l, why, "")
	}
	m, known := k.mandateOf(person, l.BookedOn)
	if !known {
		return otherPerson(l, person, payer, k)
	}
	period := monthIn(text, l.BookedOn)
	named, why := k.benefitsIn(text, m, l.BookedOn)
	if wrong := k.paysNot(payer, named); why == "" && wrong != "" {
		why = "le texte nomme " + wrong + ", que cet organisme ne paie pas."
	}
	var parts []Part
	if why == "" {
		parts, why = k.split(claim{
			mandate: m, payer: payer, named: named, period: period, amount: d.Amount, on: l.BookedOn,
		})
	}
	if parts == nil {
		return unidentified(
			l, fmt.Sprintf("payé par %s pour le mandat %s, mais %s", payer, m.ID, why),
			hint(m, period),
		)
	}
	return k.received(l, m, parts, fmt.Sprintf("%s, numéro du mandat %s : %s", payer, m.ID, why))
}

// personIn finds whose number of the payer stands in a text; exactly one person, or why not.
func (k *Known) personIn(text, payer string) (person, why string) {
	for _, number := range numbersIn(text) {
		owner, registered := k.Numbers[PayerNumber{payer, number}]
		if !registered {
			continue
		}
		if person != "" && person != owner {
			return "", fmt.Sprintf("le texte porte les numéros %s de plusieurs personnes.", payer)
		}
		person = owner
	}
	if person == "" {
		return "", fmt.Sprintf(
			"payé par %s, mais aucun numéro enregistré n’est dans le texte.", payer,
		)
	}
	return person, ""
}

// otherPerson is a benefit of somebody who has no mandate on this account: on a person's own
// account that is another one's money, and somebody has to look at once.
func otherPerson(l Line, person, payer string, k *Known) Recognition {
	r := unidentified(
		l,
		fmt.Sprintf(
			"payé par %s avec le numéro de %s, qui n’a pas de mandat sur ce compte.", payer, person,
		),
		"",
	)
	if k.Model == mandates.Individual {
		r.Alerts = append(r.Alerts, worklist.Alert{
			Code: AlertOtherPerson, Subject: person, Amount: l.magnitude(),
			Text: "Le numéro " + payer + " de ce virement est celui d’une autre personne que le titulaire du compte.",
		})
	}
	return r
}

// received books the parts to the accounts that the mandate's state and contract give them.
func (k *Known) received(l Line, m mandates.Mandate, parts []Part, why string) Recognition {
	r := Recognition{Kind: ledger.BankCredit, State: LinePosted, Why: why}
	for _, p := range parts {
		to := m.Destination(k.Catalogue, p.Benefit, p.Period, l.BookedOn)
		p.Mandate, p.Account = m.ID, accountOf(m.ID, to.Sub)
		r.Parts = append(r.Parts, p)
		if to.Alert != "" {
			r.Alerts = append(r.Alerts, worklist.Alert{
				Code: to.Alert, Mandate: m.ID, Subject: p.Benefit,
				Amount: p.Amount, Text: k.what(p) + alertTexts[to.Alert],
				Details: map[string]string{"benefit": p.Benefit},
			})
		}
	}
	return r
}

// accountOf is the ledger account of a mandate or of a part of it.
func accountOf(mandate string, sub mandates.SubAccount) ledger.Code {
	if sub == mandates.Managed {
		return ledger.Mandate(mandate)
	}
	return ledger.Sub(mandate, ledger.SubAccount(sub))
}

// what names a part for whoever reads its alert: "salaire, 412,37 €".
func (k *Known) what(p Part) string {
	name := p.Benefit
	for _, b := range k.Catalogue {
		if b.Code == p.Benefit {
			name = b.Label
		}
	}
	if !p.Period.IsZero() {
		name += " (" + p.Period.French() + ")"
	}
	return name + ", " + p.Amount.French() + ". "
}

// alertTexts say what to do about the alerts of mandates.Destination.
var alertTexts = map[string]string{
	"RESOURCE_NOT_ELIGIBLE": "Cet argent ne peut pas être géré : reversez-le en entier à la personne sous deux jours.",
	"CREDIT_AFTER_END":      "La mesure est finie : reversez cet argent à la personne et demandez au payeur de changer de compte.",
	"BENEFIT_AFTER_DEATH":   "Versé pour le mois du décès ou après : à rendre seulement sur demande écrite du payeur.",
}

// hint tells the person who has to identify a credit what the contract names.
func hint(m mandates.Mandate, period civil.Month) string {
	var names []string
	for _, a := range m.Benefits {
		names = append(names, a.Benefit)
	}
	text := fmt.Sprintf("Mandat %s ; prestations du contrat : %s.", m.ID, strings.Join(names, ", "))
	if !period.IsZero() {
		text = join(text, "Mois :", period.French()+".")
	}
	return text
}
