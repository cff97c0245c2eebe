package sepa

import (
	"fmt"
	"strings"
)

// Codes of [Problem], stable.
const (
	ProblemEmpty     = "empty"      // a file or batch without content
	ProblemID        = "identifier" // see checkID
	ProblemDuplicate = "duplicate"  // an identifier used twice
	ProblemName      = "name"       // missing, or over 70 characters
	ProblemReference = "reference"  // over 140 characters
	ProblemAddress   = "address"    // incomplete or too long
	ProblemIBAN      = "iban"       // missing, or outside SEPA
	ProblemBIC       = "bic"
	ProblemAmount    = "amount"  // outside 0.01 to 999 999 999.99
	ProblemDay       = "day"     // not a TARGET day, or before the file
	ProblemCreated   = "created" // no creation time
	ProblemSecrecy   = "secrecy" // a word that betrays the measure
	ProblemVersion   = "version"
)

// A Problem is one reason why a file cannot be written.
type Problem struct {
	Code            string
	Batch, Transfer int    // where, from 1; 0 = the file, or the batch itself
	ID              string // EndToEndId or PmtInfId there
	Field           string // ISO tag
	French          string // sentence that says what to do
}

// Place is "lot 2, virement 7 (C-2026-11)", or "fichier".
func (p Problem) Place() string {
	if p.Batch == 0 {
		return "fichier"
	}
	place := fmt.Sprintf("lot %d", p.Batch)
	if p.Transfer > 0 {
		place += fmt.Sprintf(", virement %d", p.Transfer)
	}
	if p.ID != "" {
		place += " (" + p.ID + ")"
	}
	return place
}

// RefusedError is the answer of [File.WriteTo] to a file that has problems.
type RefusedError struct{ Problems []Problem }

// Error counts the problems by code; it holds no personal data.
func (e *RefusedError) Error() string {
	var seen []string
	count := map[string]int{}
	for _, p := range e.Problems {
		if count[p.Code]++; count[p.Code] == 1 {
			seen = append(seen, p.Code)
		}
	}
	for i, code := range seen {
		seen[i] = fmt.Sprintf("%s ×%d", code, count[code])
	}
	return "payment file refused: " + strings.Join(seen, ", ")
}

// French lists the problems with their places, one per line.
func (e *RefusedError) French() string {
	var b strings.Builder
	b.WriteString("Fichier de virements non créé :")
	for _, p := range e.Problems {
		b.WriteString("\n  - " + p.Place() + " : " + p.French)
	}
	return b.String()
}
