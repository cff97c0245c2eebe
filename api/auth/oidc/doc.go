// Package oidc lets staff enter by the organisation's own provider of identities (OpenID Connect:
// ProConnect, Keycloak, …), by the authorisation code flow with PKCE, state and nonce.
//
// # How it goes
//
// [Provider.Begin] answers where to send the browser, and a binding that the browser keeps in a
// cookie. [Provider.Finish] takes what the provider has sent the browser back with, and that cookie,
// and answers who it is: an [Identity] that an admin has linked to a user. auth.Service.OpenSession
// opens his session. A step-up is the same way with [Provider.BeginAgain]: the provider asks its user
// again, and must say that it has.
//
// # What is believed
//
//   - A login is finished once, within ten minutes, by the browser that began it. The table holds the
//     hashes of state and binding; nonce and verifier are computed from both when they are needed,
//     so nothing that is stored finishes a login.
//   - The answer must come from our provider (iss, RFC 9207, where it says it or promises to), the ID
//     token be signed by a key of its discovery, be for us alone, carry our nonce, and be in time.
//   - An identity is the pair issuer and subject. Nobody is created: one that is unknown is refused
//     with the words for the admin (masp user link). Where the organisation allows it (ByEmail, off by
//     default), an address that the provider has verified links the user who has it, at his first
//     login only.
//   - A second factor counts when the provider says so: amr names one, or acr is of the configured
//     list. It is as old as auth_time, told by the clock of the books. Else our own TOTP is asked at
//     the first approval.
//   - After the login the browser goes where the program sends it: no address comes in from outside.
//
// # What it costs
//
// PostgreSQL judges our passwords by itself, but cannot read what a provider has signed: there it
// believes the program (masp.enter_by_identity), and only for users whom an admin has linked. A
// program that was taken over could open the session of such a user. Who does not want that for the
// ones who approve, links the others only: both ways in live side by side.
//
// # For the one who calls it
//
// The binding goes into a cookie that is HttpOnly, Secure and SameSite=Lax: the way back is a GET
// from another site. Finish uses the login up whatever becomes of the caller's transaction.
//
// # When the provider is down
//
// It is looked up at the first login, not at the start, and for at most five seconds; after a failure
// the next look waits five more. The service starts without it, and its other ways in stay open.
//
// # The provider of the tests
//
// panva's oidc-provider, a certified one, from npm by its version: the dex of the Go module proxy is
// of 2018 and knows no PKCE. It runs as a process of its own on a loopback port.
package oidc
