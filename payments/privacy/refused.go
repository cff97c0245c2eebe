package privacy

// RefusedError is an act of data protection that is refused.
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
	ErrToken    = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
	ErrRole     = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action."}
	ErrNotDue   = &RefusedError{"the file is not in the state for this", "Ce dossier n'est pas proposé pour cela, ou c'est déjà fait : voyez masp retention status."}
	ErrKept     = &RefusedError{"something keeps the file", "Quelque chose retient ce dossier (solde, virement en route, litige, dette, indu) : voyez masp retention status."}
	ErrNoPerson = &RefusedError{"no such person", "Cette personne n'existe pas, ou son dossier ne vous est pas ouvert."}
	ErrUnproved = &RefusedError{"the books are not proved", "Les livres ne sont pas justes : rien n'est effacé. Lancez masp verify."}
	ErrBreaks   = &RefusedError{"the erasing would break a proof", "L'effacement romprait une preuve : rien n'est effacé. Signalez-le."}
	ErrGround   = &RefusedError{"the ground or its note is missing", "Une raison est LITIGATION, DEBT, UNDUE ou OTHER, avec une précision écrite."}
	ErrTimes    = &RefusedError{"the times are out of bounds", "Base active : 1 à 60 mois ; comptes : 10 à 30 ans ; autres dossiers : 2 à 30 ans."}
	ErrReason   = &RefusedError{"the reason is missing", "Dites pourquoi : la raison reste au journal."}
)
