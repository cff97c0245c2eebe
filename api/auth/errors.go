package auth

import "errors"

// ErrUnknown is a secret that proves nobody: unknown, expired, revoked or disabled.
var ErrUnknown = errors.New("the secret proves no living user")

// ErrNoProof is an act without a secret that wants one: in production, or on a person who
// holds a token.
var ErrNoProof = errors.New("this act needs the secret of a living user")

// ErrRole is a person who holds no role that may do this.
var ErrRole = errors.New("the role of the user does not allow this act")

// ErrSelf is a user who would disable himself, or change his own roles.
var ErrSelf = errors.New("nobody disables himself or changes his own roles")

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

// ErrSamePerson is an e-mail address or a second factor that another user has: one person would be two.
var ErrSamePerson = errors.New("another user has this e-mail address or second factor")

// ErrLogin is a login that proves nobody: user, password or code, or a code that was used. It never
// says which.
var ErrLogin = errors.New("the login proves nobody")

// ErrPassword is a current password that is another one: nothing is changed.
var ErrPassword = errors.New("the current password is another one")

// ErrStepUp is an act that wants a second factor of the last five minutes (see [Fresh]).
var ErrStepUp = errors.New("this act needs a fresh second factor")

// ErrSetup is a setup link that opens nothing: unknown, used, or older than 72 hours.
var ErrSetup = errors.New("the setup link opens nothing")

// ErrEntered is a user who has a password already: he is given a new link by a reset.
var ErrEntered = errors.New("the user has a password already")

// ErrScope is an act that the token was not made for.
var ErrScope = errors.New("the token was not made for this")

// ErrNoCredential is a key that names no living session or token of the user.
var ErrNoCredential = errors.New("no such session or token")

// ErrOwnToken is a token of a person that another would make: in production he makes it himself.
var ErrOwnToken = errors.New("a person makes his own tokens")

// ErrKey is the key of the second factors: none is given, it is too short, or it is not the one
// that they were encrypted with.
var ErrKey = errors.New("the key of the second factors is missing or wrong")

var errKDF = errors.New("no argon2id of ours")
