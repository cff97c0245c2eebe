// Command masp keeps the books of an association that manages the benefits of persons
// under MASP 2 mandates: bank statements in, rent first, two signatures, SEPA files out,
// everything proved.
//
// # What this package owns
//
// The wiring and nothing else: settings (settings.go), the database and the services
// (session.go; only it and store_figures.go know the driver), what a person reads (printer.go,
// message.go), and one file per family of commands (cmd_*.go). Rules live in the packages
// below; a command is: who, what, one call, print.
//
// # Conventions
//
//   - Data on stdout, words and progress on stderr; --json gives the same data to programs.
//   - Messages are French and say what to do; the only table error → words → exit code is
//     in message.go.
//   - A human act (approve a run, identify money, confirm an IBAN) needs that person's own
//     token, by MASP_TOKEN or MASP_TOKEN_FILE, never by a flag.
//   - The demonstration (demo*.go) uses the same services as every day. Only the bank is
//     invented, and it reads nothing of ours but the released payment files.
//   - Without MASP_DATABASE_URL the program runs its own PostgreSQL; its schema follows the
//     program. A server of the user's is migrated by `masp migrate` alone.
//   - A payment file is committed first and written to the outbox after. `masp run file` asked again
//     writes it again; for remittances, which nobody asks for by name, an intent stands in the outbox
//     between the two (outbox_due.go).
package main
