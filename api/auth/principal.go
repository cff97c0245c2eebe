package auth

import (
	"log/slog"
	"slices"
	"time"
)

// Operator is who acts where nobody has proved who he is: whoever may run the program here.
const Operator = "operator"

// Means is what a principal has proved himself with.
type Means string

// The means. Who runs the program and shows no secret is the operator.
const (
	ByNobody  Means = "" // the operator
	ByToken   Means = "token"
	BySession Means = "session"
	ByDevice  Means = "device" // a beneficiary, entered by card
)

// Action is one thing that may be done, as "runs:approve": a right of roles, a scope of a token.
type Action string

// Fresh is how long a second factor proves that its owner sits there still.
const Fresh = 5 * time.Minute

// Principal is who has proved who he is, with the secret that proved it. The zero Principal
// is the operator.
type Principal struct {
	User               // zero for a beneficiary, but for its roles
	Beneficiary string // reference of the person who entered by card, else empty

	Means    Means
	Scopes   []Action  // what a token is for; nil is all that the roles allow
	Key      string    // public name of the credential: listed, revoked and logged by it
	ProvedAt time.Time // last second factor of this session; zero is never

	secret string
}

// Secret is what the database asks for at an act of a person. It never leaves for a log,
// a page or an error.
func (p Principal) Secret() string { return p.secret }

// Is tells whether the principal holds a role.
func (p Principal) Is(r Role) bool { return slices.Contains(p.Roles, r) }

// May tells whether the scopes of the principal allow an action; what the roles allow is
// another question.
func (p Principal) May(a Action) bool { return p.Scopes == nil || slices.Contains(p.Scopes, a) }

// LogValue prints the reference of the user and nothing else.
func (p Principal) LogValue() slog.Value {
	if p.Beneficiary != "" {
		return slog.StringValue("beneficiary")
	}
	return slog.StringValue(p.ID)
}

// Idle is how long the session of a user lives without a use; zero for who has none. PostgreSQL keeps it
// (masp.start_session); this is for telling him.
func (p Principal) Idle() time.Duration {
	switch {
	case p.Means != BySession:
		return 0
	case p.Is(Approver) || p.Is(Accountant):
		return 15 * time.Minute
	}
	return 30 * time.Minute
}
