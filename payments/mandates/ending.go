package mandates

import "slices"

// EndReason is why a measure ended; statistics need it.
type EndReason string

// The reasons of.
const (
	AutonomyRegained   EndReason = "AUTONOMY_REGAINED"
	TermReached        EndReason = "TERM_REACHED"
	TerminatedByPerson EndReason = "TERMINATED_BY_PERSON"
	TerminatedBreach   EndReason = "TERMINATED_BREACH"
	Moved              EndReason = "MOVED"
	MAJOpened          EndReason = "MAJ_OPENED"
	ProtectionOpened   EndReason = "PROTECTION_OPENED"
	MASP3Ordered       EndReason = "MASP3"
	Prosecutor         EndReason = "REFERRED_TO_PROSECUTOR"
	Death              EndReason = "DEATH"
	OtherEnd           EndReason = "OTHER"
)

// endLabels are the reasons as a page prints them, in the order of a form.
var endLabels = []struct {
	reason EndReason
	french string
}{
	{AutonomyRegained, "autonomie retrouvée"},
	{TermReached, "terme du contrat"},
	{TerminatedByPerson, "résiliation par la personne"},
	{TerminatedBreach, "résiliation pour non-respect des engagements"},
	{Moved, "départ du Département"},
	{MAJOpened, "ouverture d'une mesure d'accompagnement judiciaire"},
	{ProtectionOpened, "ouverture d'une tutelle ou d'une curatelle"},
	{MASP3Ordered, "versement direct au bailleur ordonné par le juge (MASP 3)"},
	{Prosecutor, "signalement au procureur"},
	{Death, "décès"},
	{OtherEnd, "autre raison"},
}

// EndReasons returns the reasons in the order of a form.
func EndReasons() []EndReason {
	reasons := make([]EndReason, len(endLabels))
	for i, l := range endLabels {
		reasons[i] = l.reason
	}
	return reasons
}

// Known tells whether r is a reason of R-090.
func (r EndReason) Known() bool { return slices.Contains(EndReasons(), r) }

// French is the reason as a page prints it; the code itself when unknown.
func (r EndReason) French() string {
	for _, l := range endLabels {
		if l.reason == r {
			return l.french
		}
	}
	return string(r)
}
