package papers

// RefusedError is a paper that cannot be made or handed over.
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
	ErrPeriod    = &RefusedError{"the period ends before it begins", "La période finit avant de commencer : corrigez les jours."}
	ErrNotOver   = &RefusedError{"the measure is not over", "Cette mesure n'est pas finie : son compte rendu final se fait à la fin (masp mandate end)."}
	ErrUnproved  = &RefusedError{"the account does not agree with the books", "Ce compte ne tombe pas juste avec les livres : rien n'est imprimé. Lancez masp verify."}
	ErrToken     = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
	ErrRole      = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action : la coordination, l'approbation ou la comptabilité remettent les papiers."}
	ErrDay       = &RefusedError{"the paper is not handed over on that day", "Un papier se remet une fois sa période finie, et se note le jour même ou après : corrigez le jour."}
	ErrDead      = &RefusedError{"the person has died", "Cette personne est décédée : le papier va aux héritiers (HEIRS) ou au Département."}
	ErrTwice     = &RefusedError{"this handing over is noted already", "Cette remise est déjà notée (masp paper list)."}
	ErrRecipient = &RefusedError{"unknown recipient or means", "Un papier se remet à PERSON, DEPARTMENT, COURT, HEIRS, RELAY ou OTHER (dites à qui par --note), BY_HAND, par POST, EMAIL ou PORTAL."}
	ErrKind      = &RefusedError{"unknown kind of paper", "Un papier est STATEMENT, ANNUAL ou FINAL."}
)
