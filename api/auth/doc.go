// Package auth knows who acts: users, their roles, and the secrets that prove them.
//
// # How a person is believed
//
// A secret (a token today, a session later) is 32 random bytes, shown once and never
// stored: the database keeps its SHA-256. A Principal carries the secret of the request
// because the acts that need two people (approving a run, confirming an IBAN, signing a
// load) hand it to the database, which looks the user up by itself (masp.user_of). A
// service that lies about a name therefore approves nothing.
//
// # Decisions
//
//   - Roles are a set: in an association of two, both prepare and both approve, each the
//     other's runs. Only admin stands alone: who makes users touches no money.
//   - A refused secret says nothing about why: unknown, expired, revoked and disabled are
//     one answer, ErrUnknown.
package auth
