package main

import (
	"masp/api/auth"
	"masp/payments/mandates"
)

type debtContact struct {
	Creditor string `arg:"" help:"Créancier (masp creditor list)."`
	Name     string `help:"Personne ou service." placeholder:"NOM"`
	Phone    string `help:"Téléphone." placeholder:"NUMÉRO"`
	Email    string `help:"Adresse électronique." placeholder:"ADRESSE"`
	Hours    string `help:"Quand on peut joindre." placeholder:"TEXTE"`
}

// Run notes whom to ask at a creditor.
func (c *debtContact) Run(s *session) error {
	contact := mandates.Contact{Creditor: c.Creditor, Name: c.Name, Phone: c.Phone, Email: c.Email, Hours: c.Hours}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.SetContact(s.ctx, who, contact); err != nil {
			return err
		}
		return s.out.data(jsonContact(contact), func() { s.out.print("%s : %s.", c.Creditor, contact.French()) })
	})
}

func jsonContact(c mandates.Contact) map[string]any {
	return map[string]any{
		"creditor": c.Creditor, "name": c.Name, "phone": c.Phone, "email": c.Email, "hours": c.Hours, "noted_on": orNothing(c.On),
	}
}

// jsonDebtOf is a debt of a dossier: with whom to ask about it, and when it was last brought up to date.
func jsonDebtOf(d mandates.Dossier, debt mandates.Debt) map[string]any {
	answer := jsonDebt(debt)
	updated := d.Updated[debt.ID]
	answer["updated_on"], answer["update_evidence"], answer["contact"] = orNothing(updated.On), updated.Evidence, nil
	if contact, known := d.Contacts[debt.Creditor]; known {
		answer["contact"] = jsonContact(contact)
	}
	return answer
}
