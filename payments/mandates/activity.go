package mandates

// Activity is what an establishment does, by the national nomenclature TRE-R401.
type Activity int

// The activities beside which a MASP stands.
const (
	ActivityMASP    Activity = iota // accompaniment by contract: ours
	ActivityMAJ                     // ordered by the judge
	ActivityMJAGBF                  // family benefits, ordered by the judge
	activityUnknown = "?"
)

// Code is the code of TRE-R401.
func (a Activity) Code() string {
	switch a {
	case ActivityMASP:
		return "522"
	case ActivityMAJ:
		return "521"
	case ActivityMJAGBF:
		return "380"
	}
	return activityUnknown
}

// French is the activity as an export prints it.
func (a Activity) French() string {
	switch a {
	case ActivityMASP:
		return "mesure d'accompagnement social personnalisé"
	case ActivityMAJ:
		return "mesure d'accompagnement judiciaire"
	case ActivityMJAGBF:
		return "mesure judiciaire d'aide à la gestion du budget familial"
	}
	return activityUnknown
}
