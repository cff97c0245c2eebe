package auth

import (
	"regexp"
	"slices"

	"masp/ledger/civil"
)

// Role is what a user may do; the word stands in the database and in the pages' rules.
type Role string

// The roles. Machine is a program with its own token.
const (
	Coordinator Role = "coordinator"
	Approver    Role = "approver"
	Accountant  Role = "accountant"
	Auditor     Role = "auditor"
	Admin       Role = "admin"
	Machine     Role = "machine"

	// Beneficiary is the person helped, on her own pages: no role of a user.
	Beneficiary Role = "beneficiary"
)

// Roles returns every role that a user may have.
func Roles() []Role { return []Role{Coordinator, Approver, Accountant, Auditor, Admin, Machine} }

var frenchRoles = map[Role]string{
	Coordinator: "coordination",
	Approver:    "validation",
	Accountant:  "comptabilité",
	Auditor:     "contrôle",
	Admin:       "administration technique",
	Machine:     "programme",
	Beneficiary: "personne accompagnée",
}

// French is the role as a page prints it.
func (r Role) French() string { return frenchRoles[r] }

// User is somebody who may act.
type User struct {
	ID    string // "a.morel": chosen once, never changed, stands in every act
	Name  string
	Roles []Role
	Email string     // lower case, of one user; may be empty
	Until civil.Date // last day; none is without end. An auditor has one

	Disabled bool // for ever: stands in the past acts only
}

var (
	userID    = regexp.MustCompile(`^[a-z][a-z0-9.-]{1,31}$`)
	userEmail = regexp.MustCompile(`^[^@ A-Z]+@[^@ A-Z]+$`)
)

// Check refuses a user that the database would refuse, with a French sentence.
func (u User) Check() error {
	switch {
	case !userID.MatchString(u.ID):
		return &InvalidError{
			Field: "id", Value: u.ID,
			French: "L'identifiant a de 2 à 32 caractères : minuscules, chiffres, point, tiret (exemple : a.morel).",
		}
	case u.Name == "":
		return &InvalidError{Field: "name", French: "Indiquez le nom de la personne."}
	case u.Email != "" && (!userEmail.MatchString(u.Email) || len(u.Email) > 254):
		return &InvalidError{Field: "email", French: "L'adresse de courriel s'écrit en minuscules : nom@domaine."}
	}
	return checkRoles(u.Roles, u.Until)
}

func checkRoles(roles []Role, until civil.Date) error {
	for _, r := range roles {
		if !slices.Contains(Roles(), r) {
			return &InvalidError{Field: "roles", Value: string(r), French: "Ce rôle n'existe pas : " + string(r) + "."}
		}
	}
	switch {
	case len(roles) == 0:
		return &InvalidError{Field: "roles", French: "Indiquez au moins un rôle."}
	case slices.Contains(roles, Admin) && len(roles) > 1:
		return &InvalidError{
			Field: "roles", Value: string(Admin),
			French: "Le rôle admin ne se cumule avec aucun autre : qui crée les comptes ne touche pas à l'argent.",
		}
	case slices.Contains(roles, Machine) && len(roles) > 1:
		return &InvalidError{
			Field: "roles", Value: string(Machine),
			French: "Le rôle machine ne se cumule avec aucun autre : un programme n'est pas une personne.",
		}
	case slices.Contains(roles, Auditor) && until.IsZero():
		return &InvalidError{
			Field: "until", French: "Un contrôle a une fin : indiquez le dernier jour (--until 2027-03-31).",
		}
	}
	return nil
}
