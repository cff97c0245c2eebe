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
// Recognise is pure; the same line and the same knowledge give the same answer. A line is judged
// transaction by transaction where their amounts add up to it: what is certain is booked, the
// rest of the line waits in suspense. Where they do not add up, the line is one. The stronger
// sign decides, and no two that disagree are ever weighed against each other:
//
//  1. Money out is one of our transfers by its reference (EndToEndId, InstrId), else the batch
//     that the bank names (PmtInfId, or MsgId alone): the sum of what is still in transit of it,
//     when some was rejected since too, or single amounts within it. The bank's own number of a
//     line names nothing.
//  2. Money back needs the reference or the batch, the full amount, and a transfer that was
//     debited. That the bank calls it a return (a reason, RRTN, the codes 12, C3 and C5 of CFONB)
//     or does not, and whatever it writes as RvslInd, changes nothing of that. Fees that it kept
//     from one return are a debit in suspense, not of the person.
//  3. A payer's list (below), a wage by its purpose.
//  4. A benefit needs the name of a payer *and* a number that this payer has for the person, and
//     on a person's own account that person: else it is told, and booked to neither. The split
//     over benefits needs the exact sum of what was expected, or a single possibility. A benefit
//     that the text names, by code or label, is never taken for another one.
//  5. A rule that a person wrote.
//
// Everything else is suspense: never a guess, never on a name alone. What is certain
// about the person but not manageable goes to the sub-accounts (mandates.Destination).
//
// # Rules, offers and suggestions
//
// A Rule says of the credits with its words who pays them, or that they are a benefit of a
// mandate. The second books by itself only on the account in the person's name, or by a number
// among its words; else it suggests. It never overrules: two rules that differ, the number of
// another person, a benefit that the text names, and nothing is booked by it. PostgreSQL asks
// again when the use of a rule is stored. A rule is an act of a person with a reason, ended and
// replaced, never changed or deleted; it holds for what comes after. One that could fit the lines
// of another is refused by name, unless its author says why both are right. There is no rule for
// bank fees: the books have no account for them.
//
// Nothing is learnt silently. Three equal choices of persons (same account, payer and words, same
// mandate and benefit, none other) make an Offer, which a person accepts or refuses for good;
// offers are no part of what recognition knows. Suggest ranks what an unidentified line may be,
// five at most, each with reasons in French whose points add up to its score. 99 is the most that
// they make: what is certain is booked, not suggested. Suggestions are stored with the line as
// known when it came, so that the number that a person takes is the one that was read.
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
