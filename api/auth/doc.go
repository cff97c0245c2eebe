// Package auth knows who acts: users, their roles, and the secrets that prove them.
//
// # How a person is believed
//
// A secret (of a token, a session, a setup link, a device) is 32 random bytes, shown once and
// never stored: the database keeps its SHA-256. A Principal carries the secret of the request
// because the acts that need two people (approving a run, confirming an IBAN, signing a
// load) hand it to the database, which looks the user up by itself (masp.user_of). A
// service that lies about a name therefore approves nothing.
//
// # Who makes users
//
// Only doors of the database do (masp.add_user, give_setup, add_token, set_roles,
// revoke_credentials, disable_user). While the organisation is set up, tried or shown, whoever runs the program is
// the operator: he adds people and gives each a first token. A second one, or the revocation
// of the first, wants the person's own secret or an admin's, or the operator would be two
// persons at once. In production the doors want an admin for everything else as well; ProveTx
// asks the same for an act that has no door. When nobody who could help has a secret left,
// only the owner of the database can: he inserts a row into masp.credentials.
//
// # How staff enter
//
// Nobody is given a password. Invite makes a user and a setup link: 72 hours, one use, the latest
// alone. At the link he puts a second factor into his authenticator (RFC 6238; the secret follows
// from the link by the program's Key, so that showing it stores nothing) and chooses a password.
// Login asks for both. A password has twelve characters and is none of the first that everybody
// tries; nothing else is asked of it, and it never ages.
//
// The database judges the password itself: the program derives a key from it (Argon2id) and hands
// the key over; stored is the SHA-256 of that key. So a program that was taken over opens no session
// of a person who does not log in meanwhile. The code of the second factor is judged here, for its
// secret is encrypted for the program (Key); that each code is used once, ever, is kept there, under
// the lock of the row.
//
// A session ends 15 minutes after its last use for who may move money, after 30 for others, and ten
// hours after the login. Its use is written once a minute. It gets a new secret at StepUp, and at
// ChangePassword, which wants the current password and ends his other sessions. That of StepUp follows from the
// secret before and the code, by the program's Key; the one before proves the same session for ten seconds more,
// in PostgreSQL too (masp.principal_of), so that a second click does not end at the login. Roles,
// accounts, passwords and last days act at the next request: nothing of a user is remembered.
//
// The Key is changed without anybody at an authenticator: the older one reads on beside the new one
// (Key.After), Rekey encrypts everything with the new one, then the older one goes. A setup link that was
// open meanwhile shows another second factor: whoever has scanned it already scans it again.
//
// An approval by session, a token, a setup link and other roles want a second factor of the last
// five minutes (Fresh, ErrStepUp), in PostgreSQL too. Who has a second factor does these by such a
// session only: his token is refused like an old session. For who has none (a trial, the command line
// alone) a personal token is his signature. Codes follow the real time, also where the clock of the
// books is moved. A program (role machine) holds no other role, so that no token of it approves.
//
// # Tokens
//
// A token has a name, an end (180 days, at most 365) and may have scopes: then it does these actions
// only. In production a person's are made by himself alone (ErrOwnToken), a program's by an admin; over
// HTTP so in a trial too. A reset ends them. The service asks for scopes at each route
// (Principal.Reach); the command line takes no such token at all. PostgreSQL knows the actions of few doors: it keeps scopes for approvals, and lets a
// token with scopes make neither another token nor a setup link.
//
// # Tries in vain
//
// Each try is counted in the database before it is made, for its account and for its address, and
// the one that succeeds is forgiven. From the first on (an address: the twenty-first) the pause
// doubles from a second to a quarter of an hour (*SlowedError); nothing is ever locked for good,
// and a day later all is forgotten. What cannot be a user counts as one account. A login in vain is
// always ErrLogin, after the same work, whatever was wrong.
//
// # How persons enter
//
// A coordinator hands the person a card on paper (PrintCard): twelve characters that cannot be taken
// for each other, 54 bits by chance and a check character, 30 days, one use; the next card ends the
// one before. Stored is an Argon2id of the code, because a fast hash of 54 bits is found in time by
// who has the table. The code opens a device (Enter), three at most, the fourth ends the one used
// longest ago. A device lives 30 days from its last use, which is written once a day; EndDevices ends
// all of them and the code that waits; a death ends them by itself, an end of the measure does not:
// the person may read until it is revoked. A slip of the finger is found by the check character and
// counts for nothing; a wrong code counts as a login in vain does, for its first four characters and
// for its address. A device reads its person's pages (masp.beneficiary_of): it runs no command, and
// no door of an act takes its secret but those that end it.
//
// Staff may also enter by the organisation's provider of identities: package oidc, OpenSession.
// There the database believes the program.
//
// # Who sees whom
//
// A coordinator sees the mandates of her caseload (Assign, Release), an auditor those of his
// Départements and of the journal the days of his period (Audits), a person herself; an approver, an
// accountant and a program see the whole house, an admin nobody. A user of several roles sees the
// union. Reaches and Reached say it; Restricted makes PostgreSQL keep it, whatever is then asked: the
// transaction reads as masp_reach, for whom each table has a policy, and a secret that proves nobody
// sees no row. A new table is closed to masp_reach until a migration restricts it (masp.restrict).
// What is seen goes by rows. A line of the bank that several share is seen by each of them, and a
// posting shows the balance of its other account: no service posts between two persons. The balances
// of a pooled bank account, but not its lines, are seen by those whose money lies on it.
// NoteRead keeps who has read a file. The command line is not restricted: who runs it holds the machine.
//
// # Decisions
//
//   - Roles are a set: in an association of two, both prepare and both approve, each the
//     other's runs. Only admin stands alone: who makes users touches no money.
//   - No password of the operator's choice, no default one, and no second factor by e-mail.
//   - An auditor has a last day (users.ends_on). His tokens end with him.
//   - Nobody changes his own roles: with that and with Disable an admin is always left.
//   - One e-mail address and one second factor are one user's: two accounts of one person would be
//     two signatures.
//   - Sessions, logins and roles stand under the log of acts, so a login is an act. When a session
//     was used, and what was tried in vain, give nobody a right and stand beside it.
//   - A refused secret says nothing about why: unknown, expired, revoked and disabled are
//     one answer, ErrUnknown.
package auth
