package auth

import "errors"

// ErrUnknown is a secret that proves nobody: unknown, expired, revoked or disabled.
var ErrUnknown = errors.New("the secret proves no living user")

// ErrExists is a user who is already there with another name or other roles.
var ErrExists = errors.New("the user exists already")

// ErrNoUser is a reference that names no user.
var ErrNoUser = errors.New("no such user")

// InvalidError is a field that a user may not have.
type InvalidError struct {
	Field, Value string
	French       string // what to do, for people
}

// Error names the field.
func (e *InvalidError) Error() string { return "invalid user: " + e.Field + " " + e.Value }
