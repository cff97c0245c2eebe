package payments

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What a decision may be refused for.
var (
	ErrNoException = errors.New("the run has no exception of that number")
	ErrNoReason    = errors.New("a decision needs a reason")
	ErrThreshold   = errors.New("a threshold of exceptions is out of its range")
)

// ChoiceError is a decision that its exception does not allow.
type ChoiceError struct {
	Exception Exception
	Decision  Decision
}

// Error names both.
func (e *ChoiceError) Error() string {
	return fmt.Sprintf("exception %d (%s) cannot be decided by %s", e.Exception.No, e.Exception.Code, e.Decision)
}

// French lists the decisions that are possible.
func (e *ChoiceError) French() string {
	var words []string
	for _, d := range e.Exception.Choices() {
		words = append(words, fmt.Sprintf("%s (%s)", d, d.French()))
	}
	return fmt.Sprintf("« %s » ne répond pas à l'exception %d, « %s ». Décisions possibles : %s.",
		e.Decision, e.Exception.No, e.Exception.Code.French(), strings.Join(words, ", "))
}

// UndecidedError is a draft with blocking exceptions that nobody has decided.
type UndecidedError struct {
	Run  string
	Open []Exception
}

// Error counts them.
func (e *UndecidedError) Error() string {
	if len(e.Open) == 1 {
		return fmt.Sprintf("run %s has a blocking exception that nobody has decided", e.Run)
	}
	return fmt.Sprintf("run %s has %d blocking exceptions that nobody has decided", e.Run, len(e.Open))
}

// French lists them, with what to do.
func (e *UndecidedError) French() string {
	waiting := fmt.Sprintf("%d exceptions bloquantes attendent une décision", len(e.Open))
	if len(e.Open) == 1 {
		waiting = "Une exception bloquante attend une décision"
	}
	return fmt.Sprintf("%s :%s\nDécidez chacune (masp run decide %s NUMÉRO DÉCISION --reason RAISON), puis soumettez.",
		waiting, listed(e.Open), e.Run)
}

// UnchangedError is a draft that does not yet do what was decided: it waits for an IBAN that
// somebody decided to correct, or for the rent that must leave before the person's money.
type UnchangedError struct {
	Run       string
	Decisions []Exception
}

// Error counts them.
func (e *UnchangedError) Error() string {
	return fmt.Sprintf("run %s does not do what %d decisions ask for", e.Run, len(e.Decisions))
}

// French lists them, with what to do.
func (e *UnchangedError) French() string {
	return fmt.Sprintf("La campagne ne fait pas encore ce que vous avez décidé :%s\n"+
		"Un IBAN à corriger : une fois le nouveau confirmé, recalculez la ligne (masp run adjust %s RESTORE), ou retirez-la "+
		"(masp run decide %s NUMÉRO WITHDRAW) ; un loyer ou une charge se reporte (masp run adjust %s DEFER). "+
		"Un versement avant le loyer : ajoutez le loyer (masp run adjust %s ADD_LINE), ou annulez la campagne.",
		listed(e.Decisions), e.Run, e.Run, e.Run, e.Run)
}

// listed is one line for each exception, the first twenty.
func listed(all []Exception) string {
	const most = 20
	var out strings.Builder
	for i, e := range all {
		if i == most {
			fmt.Fprintf(&out, "\n  … et %d autres", len(all)-most)
			break
		}
		fmt.Fprintf(&out, "\n  %d  %s  %s : %s", e.No, e.Mandate, e.Code.French(), e.Text)
		if e.Verdict.Decided() {
			fmt.Fprintf(&out, " Décidé : %s.", e.Verdict.Decision.French())
		}
	}
	return out.String()
}

// Exceptions are those of all mandates of the run, the blocking ones first.
func (r Run) Exceptions() []Exception {
	var all []Exception
	for _, m := range r.Mandates {
		all = append(all, m.Exceptions...)
	}
	slices.SortStableFunc(all, func(a, b Exception) int { return first(a.Code.Blocking(), b.Code.Blocking()) })
	return all
}

// refuseUndecided keeps a draft from being submitted while a blocking exception is open, or a
// decision asks for another draft.
func (r Run) refuseUndecided() error {
	var open, unchanged []Exception
	for _, e := range r.Exceptions() {
		switch {
		case e.Open():
			open = append(open, e)
		case e.Changes(e.Verdict.Decision):
			unchanged = append(unchanged, e)
		}
	}
	switch {
	case len(open) > 0:
		return &UndecidedError{Run: r.ID, Open: open}
	case len(unchanged) > 0:
		return &UnchangedError{Run: r.ID, Decisions: unchanged}
	}
	return nil
}
