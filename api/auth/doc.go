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
// # Who makes users
//
// Only doors of the database do (masp.add_user, add_credential, revoke_credentials,
// disable_user). While the organisation is set up, tried or shown, whoever runs the program is
// the operator: he adds people and gives each a first token. A second one, or the revocation
// of the first, wants the person's own secret or an admin's, or the operator would be two
// persons at once. In production the doors want an admin for everything else as well; ProveTx
// asks the same for an act that has no door. When nobody who could help has a secret left,
// only the owner of the database can: he inserts a row into masp.credentials.
//
// # Decisions
//
//   - Roles are a set: in an association of two, both prepare and both approve, each the
//     other's runs. Only admin stands alone: who makes users touches no money.
//   - A refused secret says nothing about why: unknown, expired, revoked and disabled are
//     one answer, ErrUnknown.
package auth
