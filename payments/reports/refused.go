package reports

// RefusedError is a report that cannot be made, or activity that cannot be noted.
type RefusedError struct {
	Reason string // stable, English, for logs
	french string
}

// Error is the reason.
func (e *RefusedError) Error() string { return e.Reason }

// French says what to do.
func (e *RefusedError) French() string { return e.french }

// The refusals.
var (
	ErrReport   = &RefusedError{"unknown report", "Les états sont priority, late_rents, arrears, activity et masp."}
	ErrPeriod   = &RefusedError{"the period ends before it begins", "La période finit avant de commencer : corrigez les jours."}
	ErrToken    = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
	ErrRole     = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action : la coordination note l'activité."}
	ErrConflict = &RefusedError{"activity contradicts what was noted before", "Ce que vous notez contredit ce qui est déjà noté : un diagnostic ou un accompagnement ne change pas, seul son dernier jour s'ajoute ; un accompagnement suit un diagnostic suivi du même département ; une visite a lieu pendant son accompagnement. Rien n'a été noté."}
	ErrFuture   = &RefusedError{"what has not happened yet is not noted", "Ce qui n'a pas encore eu lieu ne se note pas : corrigez les jours. Rien n'a été noté."}
	ErrActivity = &RefusedError{"activity of an unknown kind", "Un diagnostic finit par FOLLOWED, REFUSED ou NEVER_MET ; un accompagnement est MAINTENANCE, SEARCH ou ACCESS ; une visite est HOME, OFFICE ou PHONE ; une référence a des majuscules, des chiffres et des tirets. Rien n'a été noté."}
)
