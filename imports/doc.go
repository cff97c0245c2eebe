// Package imports brings what the bank says into the books.
//
// # From file to books
//
// A file is read to its last byte before anything is written (package bankfile for
// statements, payments/sepa for pain.002). Then one transaction does everything it says:
//
//  1. the original is stored, byte for byte, once: the same bytes find it and change nothing;
//  2. its bank accounts are locked, in the order of their references;
//  3. each statement takes its place in the chain of its account, or is held whole;
//  4. every booked line is recognised and becomes one entry against 512, in bulk;
//  5. lines, matches, receipts, suspense and alerts are stored, the payments are told;
//  6. the log of acts gets one act with the digest of every row that was written.
//
// So there is no half-imported file, and a process that dies leaves nothing behind. A file
// that cannot be read whole is refused and writes nothing at all.
//
// # The chain of statements
//
// A statement is accepted when it opens with the balance on which the last one of its account
// closed; the first one when it opens with the balance of the books. Then 512 is the bank's
// balance after every commit. Otherwise it is held: nothing of it is posted, a French
// sentence says what is missing, and when that comes, the statements behind it follow by
// themselves, whatever the order in which they were handed in. Numbers of statements are
// trusted for a year at most, content for ever: the same number with another content within
// 300 days is a conflict for a person.
// A statement that closes more than 31 days after today is held as well: accepted, its day would
// hold every true one behind it. RetryHeld judges again what waits, after each import too. What
// will never be right a person drops, by an act with a reason; it stays stored and is not posted.
//
// # Recognition
//
// Recognise is pure; the same line and the same knowledge give the same answer. Money out is
// one of our transfers by its reference (EndToEndId, InstrId), else within the batch that the
// bank names (whole total, or single amounts). Money back needs the reference or the batch,
// the full amount, and a transfer that was debited. A benefit needs the name of a payer *and*
// a number that this payer has for the person, and on a person's own account that person; the
// split over benefits needs the exact sum of what was expected, or a single possibility. A
// benefit that the text names, by code or label, is never taken for another one.
// Everything else is suspense: never a guess, never on a name alone. What is certain
// about the person but not manageable goes to the sub-accounts (mandates.Destination).
//
// # Answers to payment files
//
// A pain.002 is one of five kinds (sepa.Kind). Only an answer about our transfers gives something
// back, once, at the level at which the bank rejects it: transfer, PmtInf or file. Acknowledgements
// of the transport and answers to direct debits are stored and do nothing. A verification of payees
// is stored for each name and account (name_checks), told when the name is close or none, and shown
// by the next run that pays that account (name_mismatch); it moves no transfer. The status of a whole
// speaks for a transfer that it does not list only where it must: all names match, none could be
// compared, or there is one transfer.
//
// CheckFile says of a file of any family what an import would make of it, and keeps nothing.
//
// # Lists of the payers
//
// A payer may say what a credit brings (Announce, R-031). A credit of that account, amount and
// reference is then split by the list: a posting for each part, in its order, none merged;
// parts without a mandate, and what the list leaves of the credit, stay unidentified. When the
// credit came first and waits whole in suspense, the list identifies it in one entry. A list is
// used once, by one line, within a fortnight of its day, as payers use references again; when
// two lists fit alike, none is used.
//
// # Expected and received
//
// A benefit is MATCHED, SHORT, OVER, LATE or MISSING beyond the tolerance of the organisation
// only; what payers withheld for a debt that day explains a short one. A benefit for a
// purpose that was not spent on it in its month is told, never blocked (RaisePurposes, R-036).
//
// # Decisions
//
//   - One transaction for a file, not one for a statement: the file is what a person hands in
//     and sees accepted; hundreds of small statements share one commit and one seal of the
//     books. Each statement is still judged by itself.
//   - What left is recognised before what came in: a transfer that is debited and comes back
//     on one day is settled, then returned. A return whose debit nobody saw is suspense, as
//     580 would otherwise keep money of a transfer that is over.
//   - Lines that nothing tells apart (same batch, same amount) are settled together when
//     there are as many lines as transfers; which is which then changes nothing.
//   - Days decide nothing but labels: a benefit that comes late is the same benefit.
//   - A return or a rejection names the transfer; a pain.002 and a bank line about the same
//     transfer give the money back once.
//   - The application may change two things of what it stored: whether a line is still in
//     suspense, by a function that asks for a person's secret, and that a held statement is
//     accepted. Every other column is sealed by the act and recomputed by verify.
//   - Deadlocks with a concurrent approval (its locks come in another order where a return
//     reopens dues) end in one of the two starting again, five times at most.
package imports
