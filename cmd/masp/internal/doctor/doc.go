// Package doctor looks whether the machine has what masp runs on, and installs what is missing
// through the system's own package manager.
//
// # What it owns
//
// [Inspect] lists the programs that masp calls: PostgreSQL 15 or later (the books), xmllint
// (checks the payment files against the official schemas), hledger and gcc (optional: a
// second accountant and the race detector, for the tests). [MakePlan] is pure: from what is missing and what the machine is to
// the exact commands. [Install] says them in French, runs them and looks again.
//
// # Rules
//
//   - Nothing is run that was not printed first, word for word.
//   - Nothing missing: one line, no command, no network.
//   - Only apt-get is run, as root or through sudo without a question; for dnf, apk, pacman and
//     brew the command is named and the person runs it, because we could not try it.
//   - Debian's package also creates its standard server "main". It is left as it is, and said:
//     changing the system's settings to avoid it would surprise more than an idle server.
package doctor
