package auth

import (
	"errors"
	"regexp"
	"slices"

	"masp/ledger/civil"
)

// ErrNoMandate is a reference that names no mandate.
var ErrNoMandate = errors.New("no such mandate")

// ErrNotHisRole is a caseload for who is no coordinator, or a mission for who is no auditor.
var ErrNotHisRole = errors.New("the user's roles have no such reach")

// Case is a mandate in the caseload of a coordinator, from a day to a last one (zero: until further
// notice).
type Case struct {
	User, Mandate string
	From, Until   civil.Date
}

// Mission is what an auditor may see: the mandates of some Départements, and of the journal the days
// of one period (Until zero: without end).
type Mission struct {
	User        string
	Departments []string
	From, Until civil.Date
}

var department = regexp.MustCompile(`^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$`)

// check refuses a mission that the database would refuse, with a French sentence.
func (m Mission) check() error {
	for _, d := range m.Departments {
		if !department.MatchString(d) {
			return &InvalidError{Field: "department", Value: d, French: "Ce département n'existe pas : " + d + " (exemple : 69)."}
		}
	}
	switch {
	case len(m.Departments) > 0 && m.From.IsZero():
		return &InvalidError{Field: "from", French: "Indiquez le premier jour de la période contrôlée."}
	case !m.Until.IsZero() && m.Until.Before(m.From):
		return &InvalidError{Field: "until", Value: m.Until.String(), French: "La période contrôlée finit avant de commencer."}
	}
	return nil
}

// SeesAll tells that the principal sees every person of the organisation: an approver, an accountant, a
// program within its scopes. The operator too: he holds the machine.
func (p Principal) SeesAll() bool {
	return p.Means == ByNobody || slices.ContainsFunc([]Role{Approver, Accountant, Machine}, p.Is)
}
