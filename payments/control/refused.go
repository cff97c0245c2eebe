package control

// RefusedError is a trace or a sample that cannot be made.
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
	ErrNothing = &RefusedError{"nothing of that name", "Rien ne porte ce nom : donnez une écriture (171), une ligne de banque (line:17), un virement, une campagne (C-2026-11-1), une de ses lignes (C-2026-11-1:M-0001:3) ou un fichier de virements."}
	ErrMethod  = &RefusedError{"unknown method of sampling", "Un sondage se tire par RANDOM (au hasard), VALUE (selon la valeur) ou STRATUM (par strate)."}
	ErrSize    = &RefusedError{"the size of a sample is from 1 to 2000", "Un sondage compte de 1 à 2 000 écritures."}
	ErrSeed    = &RefusedError{"a seed has 1 to 64 characters", "Donnez une graine de 1 à 64 caractères, sans caractère de commande ; notez-la : elle redonne la même liste."}
	ErrStratum = &RefusedError{"unknown stratum", "Une strate est KIND (nature), ACCOUNT (compte) ou MANDATE (mandat), et seulement avec la méthode STRATUM."}
	ErrPeriod  = &RefusedError{"the period ends before it begins", "La période finit avant de commencer : corrigez les jours."}
	ErrEmpty   = &RefusedError{"there is no entry to draw from", "Aucune écriture à tirer dans cette période et ce périmètre."}
	ErrScope   = &RefusedError{"a sample is of a mandate or of a Département", "Donnez un mandat ou un département, pas les deux."}
)
