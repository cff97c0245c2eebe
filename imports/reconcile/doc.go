// Package reconcile holds the bank against the books: per bank account and day, and per person and
// month; it stores what it found, locks the days that are right, and finds the first that is not.
//
// # The equation
//
// For each bank account and each day (R-046, house rules 4)
//
//	bank = books (512) = in transit (580) + unidentified (471) + persons (467)
//
// The bank is what its statements say, never our lines: the closing balance of the last accepted
// statement, and within the days of a longer statement that balance and its lines so far. The
// persons are those whose mandate lies on the account, whether it is in the name of one of them or
// holds the money of many (pooled): money booked from one account to a person of another one is a
// difference on both.
//
// # The day of an entry
//
// A bank line counts on the bank's booking day, within the days that its statement adds to those
// before it: a bank may date a line back or ahead, but only then is it part of the balance that it
// says. Everything else counts on the day on which it was posted, so what is learnt later never
// changes an earlier day, but for bank lines that come late. Views entry_days and agreement_moves
// (migration 0023) are the one definition.
//
// # Stored and reproducible
//
// A day is stored with what it was computed from: the entries up to a number, the statements up to
// a place in their chain. History is only added to, so the same bounds give the same figures for
// ever: Checks reads the books once, in their order, and computes every stored day again. What comes
// after for an earlier day makes another revision of it; a locked day has none any more: what comes
// then counts in the first open day. An account of which a statement is still on its way into the
// books is not reconciled (decisions 13).
//
// # Locks
//
// Close locks the days of accounts through one that is over, each without a difference; PostgreSQL
// then refuses entries that are dated in them (MA070). A late line of the bank keeps the bank's date
// and is posted in the open period (decisions 3); it and the balance that it leads to count in the first
// open day (view statement_days), and stay there when the days are reopened: what was stored stays true. Reopen is for a second person, with a reason. When
// the last day of a month is locked, what each person had in it is stored too.
//
// # Approvals
//
// No run is approved while any account differs, of the run or not (package payments, MA071):
// masp.bank_agreement compares the balances, the transfers under way and the open lines, which takes the
// same time after ten years as after one day; a difference in the middle of the history is known by the
// days that the morning has stored. masp.drift_since looks for the first day only when there is one.
//
// # Totals
//
// The proof of the first page (Totals) is bank = books = sum of the persons of the moment at which it is read,
// for 20 000 persons in some microseconds. It was computed from all accounts, and serves again only where a
// reader sees the very books that it was computed from: the same last entry, nothing undone of what was seen
// then, and no mark of another transaction (migration 0045: every table that the sums read, but those that
// only an entry changes, marks its changes in their own transaction, so that both are seen together or not at
// all). Where anything has changed it is computed anew, by one reader while the others wait for it. What
// nobody but a forger does (triggers off, balances written by hand) is seen a minute later here, and at once
// by an approval and by verify, which keep nothing.
//
// # Decisions
//
//   - 2026-11: a day without statement is reconciled against the last balance before it: a bank
//     need not send a statement of a day on which nothing happened.
//   - 2026-11: identification counts on the day on which somebody says it, not on the day of the
//     line: what was unknown in the evening was unknown.
//   - 2026-11: what the bank says must be what the books say on each day of the history, however right
//     the days after it are. What the books stand for must add up today: a posting to the wrong account
//     is corrected on a later day.
//   - 2026-11: locked days are not compared again before each approval, although a
//     difference on an open one refuses them all. A day is locked without a difference, and
//     then PostgreSQL lets nothing be dated in it (MA070), late lines count after it, and replaced
//     statements are refused; what the program cannot write, verify finds, which computes locked days too.
//   - 2026-11: before its first statement and its opening entry an account has no balance of the
//     bank; its days are NO_STATEMENT, neither right nor wrong.
package reconcile
