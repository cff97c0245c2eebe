package mandates

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"masp/ledger/civil"
)

// Contact is whom to ask at a creditor about a debt.
type Contact struct {
	Creditor string
	On       civil.Date // noted on
	Name     string
	Phone    string
	Email    string
	Hours    string // "lundi au vendredi, 9 h à 12 h"
}

// DebtUpdate is when a creditor last said what is owed, and by what.
type DebtUpdate struct {
	On       civil.Date
	Evidence string // empty for what came in with the debt
}

var (
	phoneShape = regexp.MustCompile(`^([0-9+][0-9 .()-]{2,29})?$`)
	emailShape = regexp.MustCompile(`^([^@ ]{1,100}@[^@ ]{1,100})?$`)
)

// maxContactText is the most of a name or of hours, in characters.
const maxContactText = 140

// Check returns nil or Violations: somebody can be asked by it.
func (c Contact) Check() error {
	var vs Violations
	vs.add(strings.TrimSpace(c.Name+c.Phone+c.Email) == "", "R-156", "CONTACT_EMPTY", "Donnez un nom, un téléphone ou une adresse électronique.")
	vs.add(!phoneShape.MatchString(c.Phone), "R-156", "PHONE", "Ce numéro de téléphone ne se lit pas.")
	vs.add(!emailShape.MatchString(c.Email), "R-156", "EMAIL", "Cette adresse électronique ne se lit pas.")
	vs.add(max(utf8.RuneCountInString(c.Name), utf8.RuneCountInString(c.Hours)) > maxContactText, "R-156", "CONTACT_TOO_LONG",
		"Un nom ou des horaires ont au plus 140 caractères.")
	return vs.err()
}

// French is the contact on one line.
func (c Contact) French() string {
	var parts []string
	for _, text := range []string{c.Name, c.Phone, c.Email, c.Hours} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}
