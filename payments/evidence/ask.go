package evidence

import (
	"regexp"

	"masp/ledger/civil"
)

// Ask says what a bundle holds. The zero scope is the whole house from its first day on.
type Ask struct {
	From, To   civil.Date // days of posting, both included; zero for the first, the last
	Mandate    string     // M-0001: what concerns this mandate only
	Department string     // 59: the mandates of this Département only
	Sample     int        // entries drawn for the auditor
	Seed       string     // of the draw; the same seed draws the same entries
	Program    string     // version of the program that writes, for the manifest
}

// RefusedError is a bundle or a seal that nobody can make.
type RefusedError struct{ why, french string }

func (e *RefusedError) Error() string { return "cannot make the bundle: " + e.why }

// French says what to ask instead.
func (e *RefusedError) French() string { return e.french }

// The refusals that callers branch on.
var (
	ErrPeriod = &RefusedError{"the period ends before it begins", "La période finit avant de commencer : inversez les deux jours."}
	ErrScope  = &RefusedError{"a mandate and a Département", "Donnez un mandat ou un département, pas les deux."}
	ErrSample = &RefusedError{"the sample is too large", "L'échantillon compte de 0 à 10 000 écritures."}
	// ErrNobody: the mandate is unknown, or nobody is followed in the Département.
	ErrNobody = &RefusedError{"no such mandate", "Aucun mandat ne répond à cette demande (masp mandate list)."}
	errEmpty  = &RefusedError{"there is no organisation", "Cette base n'a pas encore d'organisation : il n'y a rien à prouver."}
)

var departmentForm = regexp.MustCompile(`^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$`)

const largestSample = 10_000

func (a Ask) check() error {
	switch {
	case !a.From.IsZero() && !a.To.IsZero() && a.To.Before(a.From):
		return ErrPeriod
	case a.Mandate != "" && a.Department != "":
		return ErrScope
	case a.Department != "" && !departmentForm.MatchString(a.Department):
		return ErrNobody
	case a.Sample < 0 || a.Sample > largestSample:
		return ErrSample
	}
	return nil
}

// FileName is the name that the bundle should have.
func (a Ask) FileName() string {
	name := "preuves"
	for _, part := range []string{a.Mandate, a.Department} {
		if part != "" {
			name += "-" + part
		}
	}
	if !a.From.IsZero() {
		name += "-du-" + a.From.String()
	}
	if !a.To.IsZero() {
		name += "-au-" + a.To.String()
	}
	return name + ".zip"
}
