package payments

import (
	"errors"
	"fmt"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// What may be refused, in Go for the message and in PostgreSQL for the truth.
var (
	ErrNoRun       = errors.New("no such run")
	ErrSamePerson  = errors.New("the preparer of a run cannot approve it")
	ErrRole        = errors.New("the role of the user does not allow this act")
	ErrToken       = errors.New("this act needs the token of a living user")
	ErrStale       = errors.New("the run has changed since it was read")
	ErrIBANChanger = errors.New("the user proposed or confirmed an IBAN that the run pays for the first time")
	ErrIBANHeld    = errors.New("the run pays an IBAN that is not confirmed or still held")
	ErrPaidTwice   = errors.New("a line of the run has been paid meanwhile")
	ErrDebtPaid    = errors.New("an instalment is larger than what is left of its debt")
	ErrNotFailed   = errors.New("no failed payment of this mandate and amount")
	ErrReissued    = errors.New("the failed payment has been issued again already")
	ErrNothingDue  = errors.New("no mandate to propose")
	ErrSigned      = errors.New("the user has signed the run already")
	ErrNoTransfer  = errors.New("no such transfer")
	ErrNoFile      = errors.New("no such file, or it is void already")
)

// StateError is an act that does not fit the state of the run.
type StateError struct {
	Run   string
	State RunState
	Act   string
}

// Error names the run, its state and the act.
func (e *StateError) Error() string {
	return fmt.Sprintf("%s run %s: it is %s", e.Act, e.Run, e.State)
}

// French says what the run is, what that means and what may be done now.
func (e *StateError) French() string {
	return fmt.Sprintf("La campagne %s est dans l'état « %s » : cette action n'est pas possible. %s",
		e.Run, e.State.French(), strings.ReplaceAll(nextSteps[e.State], "CAMPAGNE", e.Run))
}

// nextSteps says what is done with a run in each state.
var nextSteps = map[RunState]string{
	Draft:      "Relisez-la, puis soumettez-la : masp run submit CAMPAGNE.",
	InReview:   "Une autre personne l'approuve (masp run approve CAMPAGNE), ou elle redevient un brouillon (masp run reopen CAMPAGNE).",
	Approved:   "Écrivez ses fichiers : masp run file CAMPAGNE.",
	Filed:      "Remettez ses fichiers à la banque, puis : masp run handed-over CAMPAGNE.",
	HandedOver: "La banque répond par ses relevés : masp import.",
	Settled:    "Elle est finie ; ce qui reste dû se paie par une autre : masp run propose.",
	Cancelled:  "Elle ne paie rien ; proposez-en une autre : masp run propose.",
}

// OpenRunError is a mandate that already stands in a run that nobody has decided yet.
type OpenRunError struct{ Run, Mandate string }

// Error names both.
func (e *OpenRunError) Error() string {
	return fmt.Sprintf("mandate %s already stands in open run %s", e.Mandate, e.Run)
}

// French says what to do.
func (e *OpenRunError) French() string {
	return fmt.Sprintf("Le mandat %s est déjà dans la campagne %s, qui n'est pas terminée : "+
		"approuvez-la ou annulez-la (masp run cancel %s ; pour voir ce qui serait en double, masp run propose --what-if).",
		e.Mandate, e.Run, e.Run)
}

// ShortError is a mandate that no longer holds what the run would send.
type ShortError struct {
	Mandate         string
	Available, Need money.Amount
}

// Error names the mandate; amounts stay out of logs.
func (e *ShortError) Error() string {
	return "mandate " + e.Mandate + " no longer holds what the run sends"
}

// French gives the figures to the person who decides.
func (e *ShortError) French() string {
	return fmt.Sprintf("Le mandat %s n'a plus que %s de disponible ; la campagne en demande %s. "+
		"Annulez la campagne et proposez-la de nouveau.", e.Mandate, e.Available.French(), e.Need.French())
}

// OvertakenError is a draft with unpaid lines for which money has come since.
type OvertakenError struct {
	Run, Mandate string
	Then, Now    money.Amount // available
}

// Error names both; amounts stay out of logs.
func (e *OvertakenError) Error() string {
	return fmt.Sprintf("money has come for mandate %s since run %s was proposed", e.Mandate, e.Run)
}

// French says what to do.
func (e *OvertakenError) French() string {
	return fmt.Sprintf("De l'argent est arrivé pour le mandat %s : %s de disponible, contre %s à la proposition, "+
		"et une ligne attend. Annulez la campagne %s et proposez-la de nouveau.",
		e.Mandate, e.Now.French(), e.Then.French(), e.Run)
}

// PastError is a run whose day of execution has gone by.
type PastError struct {
	Run string
	On  civil.Date
}

// Error names the run and the day.
func (e *PastError) Error() string {
	return fmt.Sprintf("run %s was to be executed on %s", e.Run, e.On)
}

// French says what to do.
func (e *PastError) French() string {
	return fmt.Sprintf("La campagne %s devait partir le %s : ce jour est passé. "+
		"Annulez-la et proposez-la de nouveau.", e.Run, e.On.French())
}

// EndedError is a mandate that ended between the proposal and the approval of its run.
type EndedError struct{ Run, Mandate string }

// Error names both.
func (e *EndedError) Error() string {
	return fmt.Sprintf("mandate %s of run %s is no longer active", e.Mandate, e.Run)
}

// French says what to do.
func (e *EndedError) French() string {
	return fmt.Sprintf("Le mandat %s n'est plus actif : rien ne part. Annulez la campagne %s et proposez-la de nouveau.",
		e.Mandate, e.Run)
}

// ChangedError is something that a run rests on and that was changed after it was computed.
type ChangedError struct{ Run, Subject string }

// Error names both.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s has changed since run %s was computed", e.Subject, e.Run)
}

// French says what to do.
func (e *ChangedError) French() string {
	return fmt.Sprintf("%s a changé depuis le calcul de la campagne %s : rien n'est parti. "+
		"Reprenez la campagne (masp run reopen %s) et corrigez-la, ou annulez-la et proposez-la de nouveau.",
		e.Subject, e.Run, e.Run)
}

// ReplacedError is an IBAN of the run that a newer one of the same creditor has replaced.
type ReplacedError struct{}

// Error says it without the creditor: the database names him nowhere.
func (e *ReplacedError) Error() string { return "the run pays an IBAN that another one has replaced" }

// French says what to do.
func (e *ReplacedError) French() string {
	return "L'IBAN d'un destinataire a changé depuis la proposition : rien n'est parti. " +
		"Annulez la campagne et proposez-la de nouveau."
}
