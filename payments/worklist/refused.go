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
	ErrNoAlert     = &RefusedError{"no such alert", "Cette alerte n'existe pas (masp alert list)."}
	ErrClosed      = &RefusedError{"the alert is closed", "Cette alerte est déjà close : une nouvelle viendra si le fait se répète."}
	ErrQuestion    = &RefusedError{"a question is one of four, with 1000 letters at most", "Choisissez une question. Écrivez moins de mille lettres."}
	ErrReason      = &RefusedError{"this act needs a reason", "Dites pourquoi : cela reste dans le journal."}
	ErrPast        = &RefusedError{"an alert sleeps until a later day", "Donnez un jour à venir."}
	ErrNoUser      = &RefusedError{"no such living user", "Cet utilisateur n'existe pas, ou est désactivé (masp user list)."}
	ErrRole        = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action."}
	ErrNoMandate   = &RefusedError{"no such mandate", "Ce mandat n'existe pas (masp mandate list)."}
	ErrNoAccount   = &RefusedError{"no such bank account", "Ce compte de banque n'existe pas (masp import status)."}
	ErrDelay       = &RefusedError{"the delay is not one", "Un délai va de 1 à 60 jours ouvrés."}
	ErrPayer       = &RefusedError{"unknown payer or direction", "Ce payeur n'est pas connu : CAF, MSA, CPAM, CARSAT, CNAV ou DEPARTEMENT."}
	ErrAsked       = &RefusedError{"the payer was asked already", "Cette demande est déjà faite et attend sa confirmation."}
	ErrNotAsked    = &RefusedError{"the payer was not asked", "Aucune demande n'attend de confirmation (masp payer list)."}
	ErrBeforeAsked = &RefusedError{"confirmed before it was asked", "La confirmation précède la demande : corrigez le jour."}
	ErrFuture      = &RefusedError{"the day lies in the future", "Ce jour est à venir : notez-le le jour venu."}
	ErrToken       = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
)
