package mandates

import "regexp"

// The shapes of the words that name a record of the house, an obligation, a Département.
var (
	ReferenceShape  = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,23}$`)
	ObligationShape = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,31}$`)
	DepartmentShape = regexp.MustCompile(`^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$`)
)

// FrenchReference says how a reference is written.
const FrenchReference = "Une référence a 1 à 24 majuscules, chiffres ou tirets (M-0001)."

// checkReference returns nil or Violations.
func checkReference(id string) error {
	if ReferenceShape.MatchString(id) {
		return nil
	}
	return Violations{{Rule: "form", Code: "reference", French: FrenchReference}}
}
