// Package admin is the pages of who keeps the house: who may enter and do what, what the organisation has
// chosen, and what the service does by itself.
//
// # Decisions
//
//   - One thing to do has one page: rights, a new link, the end of an account, what a coordinator follows, what
//     an auditor may see. So each form asks its own second factor, and says what follows from it.
//   - A secret (a setup link, the token of a program) stands in the answer to the form that made it, and on no
//     page that can be read again: who loads it anew makes another one, and the one before ends.
//   - What has changed since it was read is never written over: the page says what was read and what is so now.
//     When it is what was asked already, as after a second tap, it is done.
//   - An administrator reads references of measures, no name and no amount of a person: his rights reach none.
//   - Settings are read by everybody who works here, and changed on pages of their own by who may.
package admin
