package mandates

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// CreditorKind sorts the people and bodies that receive transfers.
type CreditorKind string

// The kinds. BENEFICIARY is a person's own account; HEIR is who proves to inherit.
const (
	Landlord        CreditorKind = "LANDLORD"
	Insurer         CreditorKind = "INSURER"
	Energy          CreditorKind = "ENERGY"
	Water           CreditorKind = "WATER"
	Telecom         CreditorKind = "TELECOM"
	PublicBody      CreditorKind = "PUBLIC"
	OtherCreditor   CreditorKind = "CREDITOR"
	BenefitPayer    CreditorKind = "PAYER"
	OwnAccount      CreditorKind = "BENEFICIARY"
	Notary          CreditorKind = "NOTARY"
	Heir            CreditorKind = "HEIR"
	OtherKind       CreditorKind = "OTHER"
	maxCreditorName              = 70 // characters that pain.001 carries
)

// CreditorKinds returns every known kind.
func CreditorKinds() []CreditorKind {
	return []CreditorKind{
		Landlord, Insurer, Energy, Water, Telecom, PublicBody, OtherCreditor,
		BenefitPayer, OwnAccount, Notary, Heir, OtherKind,
	}
}

// Creditor is who receives transfers: a landlord, a supplier, the person. Its
// IBAN is versioned beside it, because it needs two people and time.
type Creditor struct {
	ID   string
	Name string // as the bank knows it, 1 to 70 characters
	Kind CreditorKind
	// Beneficiary is whose own account it is: of kind BENEFICIARY always, of the others never. Two
	// persons who share an account have a record each.
	Beneficiary string
}

// Check returns nil or Violations.
func (c Creditor) Check() error {
	var vs Violations
	name := strings.TrimSpace(c.Name)
	vs.add(name == "", "R-060", "CREDITOR_NAME_MISSING", "Indiquez le nom du destinataire.")
	vs.add(utf8.RuneCountInString(name) > maxCreditorName, "R-060", "CREDITOR_NAME_TOO_LONG",
		"Le nom du destinataire a plus de 70 caractères : la banque le couperait, raccourcissez-le.")
	vs.add(!slices.Contains(CreditorKinds(), c.Kind), "R-060", "CREDITOR_KIND_UNKNOWN",
		"Le type de destinataire n'existe pas.")
	vs.add((c.Kind == OwnAccount) != (c.Beneficiary != ""), "R-061", "OWN_ACCOUNT_OF_NOBODY",
		"Un destinataire BENEFICIARY est le compte d'une personne accompagnée : dites laquelle ; les autres types n'en ont pas.")
	return vs.err()
}
