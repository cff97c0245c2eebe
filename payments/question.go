package payments

import (
	"fmt"

	"masp/payments/mandates"
)

// QuestionError is a question that Allocate must not be asked.
type QuestionError struct {
	Mandate, Line string
	Why           string
}

// Error names the mandate, the line and what is wrong.
func (e *QuestionError) Error() string {
	return fmt.Sprintf("allocate mandate %s: line %q: %s", e.Mandate, e.Line, e.Why)
}

// Check returns nil or a *QuestionError: lines need distinct IDs, a known class,
// an amount that is not negative, and a creditor unless they are reserves; the
// floor is not negative; remittances need somebody to go to.
func (q Question) Check() error {
	seen := make(map[string]bool, len(q.Lines))
	for _, l := range q.Lines {
		if why := l.fault(seen[l.ID]); why != "" {
			return &QuestionError{Mandate: q.Mandate, Line: l.ID, Why: why}
		}
		seen[l.ID] = true
	}
	switch {
	case q.FloorLeft.IsNegative():
		return &QuestionError{Mandate: q.Mandate, Why: "living floor is negative"}
	case len(q.RemitOn) > 0 && q.RemitTo == "":
		return &QuestionError{Mandate: q.Mandate, Why: "remittance without recipient"}
	}
	return nil
}

// fault says what is wrong with a line, or nothing.
func (l DueLine) fault(twice bool) string {
	reserve := l.Class == mandates.Reserve
	switch {
	case twice:
		return "the line stands twice"
	case !l.Class.Known():
		return fmt.Sprintf("unknown class %q", l.Class)
	case l.Due.IsNegative():
		return "amount is negative"
	case !reserve && l.Creditor == "":
		return "creditor is missing"
	default:
		return ""
	}
}
