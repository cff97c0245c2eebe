package worklist

// RefusedError is an act that the state of the list does not allow.
type RefusedError struct {
	Reason string // stable, English, for logs
	french string
}

// Error is the reason.
func (e *RefusedError) Error() string { return e.Reason }

// French says what to do.
func (e *RefusedError) French() string { return e.french }

// The refusals that callers branch on.
var (
	ErrNoAlert = &RefusedError{"no such alert", "Cette alerte n'existe pas (masp alert list)."}
	ErrClosed  = &RefusedError{"the alert is closed", "Cette alerte est déjà close : une nouvelle viendra si le fait se répète."}
	ErrReason  = &RefusedError{"this act needs a reason", "Dites pourquoi : cela reste dans le journal."}
	ErrPast    = &RefusedError{"an alert sleeps until a later day", "Donnez un jour à venir."}
	ErrNoUser  = &RefusedError{"no such living user", "Cet utilisateur n'existe pas, ou est désactivé (masp user list)."}
	ErrRole    = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action."}
	ErrToken   = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
)
