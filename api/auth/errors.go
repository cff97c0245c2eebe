package auth

import "errors"

// ErrUnknown is a secret that proves nobody: unknown, expired, revoked or disabled.
var ErrUnknown = errors.New("the secret proves no living user")

// ErrNoProof is an act without a secret that wants one: in production, or on a person who
// holds a token.
var ErrNoProof = errors.New("this act needs the secret of a living user")

// ErrRole is a person who holds no role that may do this.
var ErrRole = errors.New("the role of the user does not allow this act")

// ErrSelf is a user who would disable himself.
var ErrSelf = errors.New("nobody disables himself")

// ErrExists is a user who is already there with another name or other roles.
var ErrExists = errors.New("the user exists already")

// ErrNoUser is a reference that names no user, or one who is disabled.
var ErrNoUser = errors.New("no such living user")

// InvalidError is a field that a user may not have.
type InvalidError struct {
	Field, Value string
	French       string // what to do, for people
}

// Error names the field.
func (e *InvalidError) Error() string { return "invalid user: " + e.Field + " " + e.Value }

// ErrClockMoved is an organisation that cannot be a real one yet: its clock is not the real one.
var ErrClockMoved = errors.New("the clock of the books is moved")
