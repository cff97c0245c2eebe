package sepa

import (
	"errors"
	"strings"
)

// IDMax is the longest identifier of a SEPA message, in characters.
const IDMax = 35

// Reasons why an identifier cannot go into a file.
var (
	ErrIDLength    = errors.New("identifier must have 1 to 35 characters")
	ErrIDCharacter = errors.New("identifier with a character outside the SEPA set")
	ErrIDSlash     = errors.New("identifier with a slash at an end or two in a row")
	ErrIDBlank     = errors.New("identifier with a blank at an end or two in a row")
)

// checkID checks a MsgId, PmtInfId, InstrId or EndToEndId (EPC, "Clarification
// paper on the use of slashes"). Identifiers are never transliterated: the bank
// returns them and they must be found again.
func checkID(id string) error {
	switch {
	case id == "" || len(id) > IDMax:
		return ErrIDLength
	case !allAllowed(id):
		return ErrIDCharacter
	case id[0] == '/' || id[len(id)-1] == '/' || strings.Contains(id, "//"):
		return ErrIDSlash
	case !tidy(id):
		return ErrIDBlank
	}
	return nil
}
