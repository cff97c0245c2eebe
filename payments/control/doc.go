// Package control is what an auditor does with the books besides reading them: he follows one cent, and
// he draws a sample of entries and takes its pieces home.
//
// # Trace
//
// [Service.Trace] answers, in one call, the whole way of the money that a bank line, an entry, a line of
// a run, a run (its approvals), a payment or a payment file belongs to, from whichever end it is asked:
//
//	out  line of a run → acts (proposed, submitted, approved, filed, handed over) → payment → entry
//	     (467 to 580) → payment file → the bank's answer → bank line → entry (580 to 512)
//	     and, when it came back: bank line or answer → entry
//	in   bank line → what it was recognised as, by what rule or by whom → entry → account of the person
//
// Each link has its reference, its day, its amount, the hash that seals it, a sentence in French and one
// for the person; From names the links that it comes from, so that both directions are one list.
//
//   - What was paid with a receipt is never guessed: money on an account has no marks. The way in ends
//     at the account, the way out begins at the line that asked.
//   - The hash of a link is one that somebody has sealed: of an entry its content hash in the chain, of a
//     run line, an act and a payment the content that was signed, of a file and of what the bank said the
//     SHA-256 of the bytes.
//   - A bank line that books forty transfers at once shows the part of those that are traced.
//   - A match that was undone is no link; its undoing stands in the log of acts.
//   - It reads through unit.Reader: what row-level security hides from a reader is not in his trace, and
//     where he sees nothing of the first link the answer is ErrNothing, as for what does not exist.
//
// # Sample
//
// [Draw] is pure: a population (read twice, in the order of the entries) and a [Plan] give a [Sample].
// The same seed gives the same list on any machine, with nothing but SHA-256:
//
//	number(what) = the first 16 hexadecimal digits of SHA-256("masp sample 1|" seed "|" what)
//
//	RANDOM   the size entries with the smallest number(entry number), so that anybody checks one of them
//	         by a single sha256sum, and an entry keeps its rank when others are added to the books
//	STRATUM  as RANDOM within each stratum; the size is shared out in proportion to the entries of the
//	         strata by the largest remainder, the first stratum in alphabetical order winning a tie
//	VALUE    monetary units: items of at least the interval (value / size) are certain; they are taken
//	         out and the interval is computed again until none is left. Of the rest, worth T cents, m are
//	         drawn: r = number("start"), of 128 bits, modulo T, and the entries that hold the cents
//	         (r + k·T) / m, k from 0 to m − 1, counted in the order of the entries. So an item of v cents
//	         is drawn with probability m·v/T exactly (TestEveryCentHasTheSameChance counts all r).
//
// The value of an entry is the sum of its postings that the reader sees; the stratum is the kind, the hub
// account or the mandate of its first posting with one. The memory of a draw grows with its size only.
//
// [Service.Archive] writes the list (csv-fr) with the pieces: of each entry its trace, the bank files and
// payment files as they were, byte for byte, the approvals; and SHA256SUMS. The same books, plan and
// reader give the same bytes: files stand in one order, their times are fixed. Who does not see
// the whole organisation gets no file of a bank: others stand in them. Their hashes are in the traces.
//
// # Decisions (22 November 2026)
//
//   - No math/rand and no key: an auditor who mistrusts us draws again with sha256sum and a spreadsheet.
//   - A size is at most 2 000: a sample is read by persons.
package control
