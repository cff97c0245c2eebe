package mandates

import (
	"errors"
	"strings"
)

// Violation is one rule that a mandate, a policy, an obligation or a debt breaks.
type Violation struct {
	Rule   string // the rule of the domain that speaks, "R-009"
	Code   string // stable word for programs, "CONTRACT_TOO_SHORT"
	French string // what a person reads: what is wrong and what to do
}

// Error names the rule and the code; the sentence for people is French.
func (v *Violation) Error() string { return v.Rule + " " + v.Code }

// Violations are all the rules broken at once, so that a person corrects a form
// in one go. errors.As finds the first *Violation in it.
type Violations []*Violation

// Error lists rule and code of each violation.
func (vs Violations) Error() string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives the violations one by one to errors.Is and errors.As.
func (vs Violations) Unwrap() []error {
	errs := make([]error, len(vs))
	for i, v := range vs {
		errs[i] = v
	}
	return errs
}

// French is the sentences for a page, one per line.
func (vs Violations) French() string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.French
	}
	return strings.Join(texts, "\n")
}

// add notes a violation when broken is true.
func (vs *Violations) add(broken bool, rule, code, french string) {
	if broken {
		*vs = append(*vs, &Violation{Rule: rule, Code: code, French: french})
	}
}

// join takes over the violations of another check.
func (vs *Violations) join(err error) {
	if more, ok := errors.AsType[Violations](err); ok {
		*vs = append(*vs, more...)
	}
}

// err is nil when nothing was noted: a typed nil must not look like an error.
func (vs Violations) err() error {
	if len(vs) == 0 {
		return nil
	}
	return vs
}
