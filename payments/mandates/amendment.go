package mandates

import (
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Amendment changes the terms of a contract from a day on. What is left empty stays
// as it is; past runs keep the terms that they were made with.
type Amendment struct {
	EffectiveOn        civil.Date `json:"effective_on"`
	Reason             string     `json:"reason"`
	SignedByPerson     civil.Date `json:"signed_by_person_on"`
	SignedByDepartment civil.Date `json:"signed_by_department_on"`

	Level       Level  `json:"level,omitempty"`        // today only
	BankAccount string `json:"bank_account,omitempty"` // with MASP2

	AddBenefits []string `json:"add_benefits,omitempty"`
	EndBenefits []string `json:"end_benefits,omitempty"`

	LivingFloor    *money.Amount   `json:"living_floor,omitempty"` // euros per month
	Shortfall      ShortfallPolicy `json:"shortfall,omitempty"`
	ClassOrder     []Class         `json:"class_order,omitempty"`
	PartialClasses []Class         `json:"partial_classes,omitempty"`

	RemitTo    string          `json:"remit_to,omitempty"`
	Remittance *RemittancePlan `json:"remittance,omitempty"`
}

// changesTerms tells whether the policy or the remittances change.
func (a Amendment) changesTerms() bool {
	return a.LivingFloor != nil || a.Shortfall != "" || a.ClassOrder != nil || a.PartialClasses != nil ||
		a.RemitTo != "" || a.Remittance != nil
}

// opens tells whether the measure goes from MASP 1 to MASP 2.
func (a Amendment) opens(m Mandate) bool { return a.Level == MASP2 && m.Level == MASP1 }

// closes tells whether the measure goes from MASP 2 to MASP 1.
func (a Amendment) closes(m Mandate) bool { return a.Level == MASP1 && m.Level == MASP2 }

// Amended is the mandate as the amendment leaves it from its day on. The measure, its contract and
// its months go on.
func (m Mandate) Amended(a Amendment) Mandate {
	if a.Level != "" {
		m.Level = a.Level
	}
	if a.BankAccount != "" {
		m.BankAccount = a.BankAccount
	}
	kept := []Authorisation{}
	for _, b := range m.Benefits {
		if b.validOn(a.EffectiveOn) && m.Level == MASP2 && !slices.Contains(a.EndBenefits, b.Benefit) {
			kept = append(kept, b)
		}
	}
	for _, code := range a.AddBenefits {
		kept = append(kept, Authorisation{Benefit: code, From: a.EffectiveOn})
	}
	m.Benefits = kept
	if m.Level == MASP1 {
		m.BankAccount = ""
		return m
	}
	m.Policy = m.Policy.amended(a)
	if a.RemitTo != "" {
		m.RemitTo = a.RemitTo
	}
	if a.Remittance != nil {
		m.Remittance = *a.Remittance
	}
	return m
}

func (p Policy) amended(a Amendment) Policy {
	if a.LivingFloor != nil {
		p.LivingFloor = *a.LivingFloor
	}
	if a.Shortfall != "" {
		p.Shortfall = a.Shortfall
	}
	if a.ClassOrder != nil {
		p.ClassOrder = a.ClassOrder
	}
	if a.PartialClasses != nil {
		p.PartialClasses = a.PartialClasses
	}
	return p
}

// check returns nil or Violations: of the amendment itself, and of the rules of money and policy
// that the mandate must keep after it. Terms is the day of the latest terms.
func (a Amendment) check(m Mandate, terms, today civil.Date, catalogue []Benefit) error {
	var vs Violations
	vs.add(strings.TrimSpace(a.Reason) == "", "R-013", "REASON_MISSING", "Dites pourquoi le contrat change.")
	vs.add(!a.changesTerms() && (a.Level == "" || a.Level == m.Level) && len(a.AddBenefits)+len(a.EndBenefits) == 0,
		"R-013", "NOTHING_CHANGES", "Cet avenant ne change rien : dites ce qui change.")
	vs.add(a.SignedByPerson.IsZero() || a.SignedByDepartment.IsZero(), "R-013", "AMENDMENT_NOT_SIGNED",
		"Un avenant est signé par la personne et par le Département : indiquez les deux jours.")
	vs.add(a.SignedByPerson.After(a.EffectiveOn) || a.SignedByDepartment.After(a.EffectiveOn),
		"R-013", "EFFECT_BEFORE_SIGNATURE", "Un avenant prend effet au plus tôt le jour de la dernière signature.")
	vs.add(a.EffectiveOn.Before(today), "R-013", "EFFECT_IN_THE_PAST",
		"Un avenant prend effet aujourd'hui ou plus tard : le passé garde ses conditions.")
	vs.add(a.Level != "" && a.Level != m.Level && a.EffectiveOn != today, "R-015", "LEVEL_CHANGES_TODAY",
		"Un changement de niveau se note le jour où il prend effet.")
	vs.add(a.changesTerms() && !a.EffectiveOn.After(terms) && !a.opens(m), "R-013", "TERMS_OF_THAT_DAY",
		"Des conditions prennent déjà effet ce jour-là ou plus tard : choisissez un jour après elles.")
	vs.add(a.changesTerms() && (m.Level == MASP1 && !a.opens(m) || a.closes(m)), "R-014", "MASP1_HAS_NO_TERMS",
		"Une MASP 1 ne gère pas d'argent : elle n'a ni reste à vivre ni versements.")
	for _, code := range a.EndBenefits {
		vs.add(!m.Authorises(code, a.EffectiveOn), "R-007", "BENEFIT_NOT_AUTHORISED", "La prestation "+code+" n'est pas autorisée ce jour-là.")
	}
	for _, code := range a.AddBenefits {
		vs.add(m.Authorises(code, a.EffectiveOn), "R-007", "BENEFIT_AUTHORISED", "La prestation "+code+" est déjà autorisée.")
	}
	after := m.Amended(a)
	after.checkMoney(&vs, catalogue)
	vs.join(after.Policy.Check())
	vs.join(after.Remittance.Check())
	return vs.err()
}
