package mandates

// RefusedError is an act that the state of the house does not allow.
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
	ErrNoMandate    = &RefusedError{"no such mandate", "Ce mandat n'existe pas (masp mandate list)."}
	ErrNoCreditor   = &RefusedError{"no such creditor", "Ce destinataire n'existe pas (masp creditor list)."}
	ErrNoObligation = &RefusedError{"no such obligation", "Cette échéance n'existe pas (masp obligation list MANDAT)."}
	ErrNoAccount    = &RefusedError{"no such bank account", "Ce compte bancaire n'existe pas."}
	ErrNoIBAN       = &RefusedError{"no IBAN to confirm", "Aucun IBAN de ce destinataire n'attend de confirmation."}
	ErrNoLoad       = &RefusedError{"no creditor came with this load", "Aucun destinataire ne vient d'un fichier de cette empreinte."}
	ErrSameIBAN     = &RefusedError{"the newest IBAN is this one already", "C'est déjà l'IBAN le plus récent de ce destinataire."}
	ErrEvidence     = &RefusedError{"a new IBAN needs evidence", "Dites d'où vient ce nouvel IBAN (RIB reçu, appel au numéro connu) : --evidence."}
	ErrToken        = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
	ErrSamePerson   = &RefusedError{"the user who proposed an IBAN cannot confirm it", "Une autre personne doit confirmer : qui propose un IBAN ne le confirme jamais."}
	ErrRole         = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action."}
	ErrNotActive    = &RefusedError{"the mandate is not active", "Ce mandat n'est pas en cours : cette action n'est pas possible."}
	ErrFutureEnd    = &RefusedError{"the end lies in the future", "Cette fin est à venir : notez-la le jour venu, car elle arrête les paiements."}
	ErrEndDay       = &RefusedError{"the end lies before the start", "La fin précède le début : corrigez la date."}
	ErrEndReason    = &RefusedError{"unknown reason of an end", "Cette raison de fin n'existe pas."}
	ErrSigned       = &RefusedError{"the party has signed already", "Cette signature est déjà notée."}
	ErrParty        = &RefusedError{"unknown party", "La partie est PERSON, DEPARTMENT ou OPERATOR."}
	ErrPainVersion  = &RefusedError{"unknown version of pain.001", "La version est 001.09 ou 001.03."}
)
