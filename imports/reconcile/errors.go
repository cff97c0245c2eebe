package reconcile

import (
	"errors"
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// What may be refused, in Go for the message and in PostgreSQL for the truth (migration 0023).
var (
	ErrToken      = errors.New("this act needs the token of a living user")
	ErrRole       = errors.New("the role of the user does not allow to lock days")
	ErrNotOver    = errors.New("only days that are over are reconciled, and locked once")
	ErrNotLocked  = errors.New("these days are not locked")
	ErrSamePerson = errors.New("days are reopened by another person than who closed them")
	ErrNoReason   = errors.New("a reason is missing")
	ErrNoAccount  = errors.New("no such bank account")
	ErrNoMandate  = errors.New("no such mandate with money of its own")
)

// OpenDaysError refuses to lock the days of an account that are not all right.
type OpenDaysError struct {
	Account   string
	Since     civil.Date // the first day of a difference; zero when days are not reconciled otherwise
	Gap       money.Amount
	Importing bool
}

// Error names the account; amounts stay out of logs.
func (e *OpenDaysError) Error() string {
	return "the days of bank account " + e.Account + " are not reconciled"
}

// French says what is in the way and where to look.
func (e *OpenDaysError) French() string {
	switch {
	case e.Importing:
		return fmt.Sprintf("Un relevé du compte %s est en cours d'import : attendez sa fin, puis recommencez.", e.Account)
	case e.Since.IsZero():
		return fmt.Sprintf("Le compte %s n'est pas rapproché jusqu'à ce jour : importez ses relevés "+
			"(masp reconcile status).", e.Account)
	}
	return fmt.Sprintf("Le compte %s a un écart de %s avec la banque depuis le %s : corrigez-le d'abord "+
		"(masp reconcile show %s %s).", e.Account, e.Gap.French(), e.Since.French(), e.Account, e.Since)
}
