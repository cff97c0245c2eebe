// Package imports brings what the bank says into the books.
//
// # From file to books
//
// The bytes go through a spool (memory up to 1 MiB, then a file of TMPDIR without a name) and
// are read twice; one line of them is in memory at a time, whatever their length.
//
//  1. The first reading goes to the last byte before anything is written: headers, sums, the
//     content hash of each statement, the reasons to hold it (package bankfile; payments/sepa for
//     pain.002). What cannot be read whole is refused and writes nothing at all.
//  2. The original is stored in pieces of 1 MiB, once: the same bytes find it and change nothing.
//     Its statements are stored, held as UNREAD.
//  3. The bank accounts are locked, in the order of their references; each statement takes its
//     place in the chain of its account, or is held whole and says why.
//  4. The second reading brings the lines: each is recognised and becomes one entry against 512,
//     in bulk; lines, matches, receipts, suspense and alerts are stored, the payments are told.
//  5. The log of acts gets one act with the digest of every row that the transaction wrote.
//
// A file of at most DefaultAtOnce lines does 2 to 5 in one transaction: all or nothing. A longer
// one does 2 in the first, then 3 to 5 again and again, each time with so many lines. Every
// transaction decides on what is stored, and takes from memory only where the reader stands. So
// a second importer, a retry and a crash are harmless at any point: the same file again, the
// next one of the account, RetryHeld, `masp import` and `masp day` go on where the last
// transaction ended.
//
// A statement longer than that is importing (decisions 13) while posted_lines of its lines are
// in the books, each part with its own act and digest. Nothing else of its account is accepted
// meanwhile, said by PostgreSQL too, and it counts when the last part has made it accepted; the
// last part comes with the proof that the statement still is what was stored (content hash).
// BANK_DISAGREES adds what is posted of it to the last balance.
//
// A ZIP is stored once and each of its files imported by itself, with its own hash and outcome;
// one that is refused takes nothing from the others. The archive then waits for a person, and is
// refused when all of its files are: what was lost of it is named wherever it is spoken of. A short
// text of no format is named and ignored.
//
// camt.052 and camt.054 are kept and never posted: they stay held for ever, as INTRADAY and
// NOTICE, so that no question about accepted statements can ever meet them. PostgreSQL refuses
// to accept what is not BOOKED.
//
// # The chain of statements
//
// A statement is accepted when it opens with the balance on which the last one of its account
// closed; the first one when it opens with the balance of the books. Then 512 is the bank's
// balance after every commit. Otherwise it is held: nothing of it is posted, a French
// sentence says what is missing, and when that comes, the statements behind it follow by
// themselves, whatever the order in which they were handed in. Numbers of statements are
// trusted for a year at most, content for ever: the same number with another content within
// 300 days is a conflict for a person. A copy or a duplicate of the same content is known; one
// that was corrected is such a conflict. The person drops the new one, or accepts it beside the
// other when the bank says that both are right and it continues the account (Accept), or puts it
// in the place of the other one which it corrects (Replace).
//
// Only the last statement of an account is replaced, by one that opens with the same balance and
// closes on the same day, and only while its lines stand as their import left them: nothing
// identified, undone, explained or cleared by hand, no money spent, no day locked. Every reason is
// named. In one transaction the entries of its lines are reversed and the new one is accepted right
// behind it. The old one stays in the chain, with its file, its lines and their reversals, so that
// what was stored of earlier days stays true; what the new one says counts on its last day.
//
// A balance that fits is no proof that the lines are new: a week after its days, or a statement
// that the bank has issued again under another number, may open with the last balance. So one
// that would follow, or that waits and reaches into the days of the chain, is held as OVERLAP
// when a line of it is in the books of that account already (same days, amount, references and
// text), or when by its own words it begins before the last day of the chain and has lines of
// those days. No retry takes it: a person drops it, or accepts it when it follows (Accept). Twins
// within one statement or its pages are legitimate; two equal lines of one day in two statements
// wait for a person. A long statement is judged by the lines of its first transaction.
//
// Pages that have their balances, interim ones included, are links of the chain by themselves.
// Pages that leave balances out wait (PAGES) until the last has come; their balances then follow
// from the first one's and their lines, the last one's own balance proves them, and they are
// filled in once.
//
// A statement that closes more than 31 days after today is held as well: accepted, its day would
// hold every true one behind it. RetryHeld judges again what waits, after each import too. What
// will never be right a person drops, by an act with a reason; it stays stored and is not posted.
// So is one with a line booked more than 31 days after its own last day, or after today (LINE_DAY):
// its file is wrong, and only another one from the bank can replace it.
//
// # Recognition
//
// recognise is pure; the same line and the same knowledge give the same answer. A line is judged
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
//     from a return, or from several of one account, are a debit in suspense, not of the person. A credit that names a transfer
//     of ours, in the text too, is its return or waits; no rule or payer is asked. So does the
//     return of what its payee has refunded already.
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
// offers are no part of what recognition knows. suggest ranks what an unidentified line may be,
// five at most, each with reasons in French whose points add up to its score. 99 is the most that
// they make: what is certain is booked, not suggested. Suggestions are stored with the line as
// known when it came, so that the number that a person takes is the one that was read.
//
// # Suspense
//
// A line that nobody knows has an age, an owner, a deadline (a setting of the organisation; 30 days,
// as no law gives one) and the notes of who tried what. It ends in one of five ways: a person
// identifies it, whole or in parts in one act, a transfer that came back included; a payer's list or
// a notice of the bank explains it; it and a line of the other side clear each other (ClearSuspense);
// or it goes back to its sender. The last is a payout like others, with four eyes on the IBAN and on the
// transfer, but out of 471 and of no mandate: whose money it is nobody knows. While its run waits it
// keeps its part of the line; PostgreSQL takes the part off when the transfer is posted and gives it
// back when the transfer is cancelled, rejected or returned. The original line keeps its age.
//
// # Undo
//
// One match is undone by a person: what the import recognised of a line, or one assignment. Its entry
// is reversed; a recognised line is booked again whole against 471 with the bank's days, so that 512
// of that day stays what the bank says. Receipts get a row below zero, the match a mark; a settled
// transfer is under way again, a returned one settled again and its dues and debts paid again. Nothing
// is undone under what was built on it: a return after the settlement, a due paid again, money that
// the person no longer has, a locked day. PlanUndo says all that without doing it. What a person
// undid, no program does again.
//
// # Notices
//
// A camt.054 is kept and never posted: it repeats lines of the statement, may come before them, after
// them or twice, and has no balance that would prove it. A return that it announces is told at once,
// but no due is reopened by it: the money is not back before the statement shows it, and a due paid
// again from money that never comes would overdraw the person. What it says of a line (same account
// and amount, and the bank's reference or the day and the batch; its transactions add up) is used when
// the line lies whole in suspense: the line is recognised with the notice's details, and a second entry
// takes it out of 471. So there is one way, whichever came first, and the books are the same in every
// order. A notice that fits two lines, or a line that two notices describe differently, waits for a
// person.
//
// # Lists of the payers
//
// A payer may say what a credit brings (Announce, R-031). A credit of that account, amount and
// reference is then split by the list: a posting for each part, in its order, none merged;
// parts without a mandate, and what the list leaves of the credit, stay unidentified. When the
// credit came first and waits whole in suspense, the list identifies it in one entry. A list is
// used once, by one line, within a fortnight of its day, as payers use references again; when
// two lists fit alike, none is used. Once what it had identified is undone, the same list may be
// announced again: by the act of a person, its line is identified anew.
//
// # Expected and received
//
// A benefit is MATCHED, SHORT, OVER, LATE or MISSING beyond the tolerance of the organisation
// only; what payers withheld for a debt that day explains a short one. A benefit for a
// purpose that was not spent on it in its month is told, never blocked (RaisePurposes, R-036).
//
// # Decisions
//
//   - One transaction for a file of usual length, not one for a statement: the file is what a
//     person hands in and sees accepted; hundreds of small statements share one commit and one
//     seal of the books. Each statement is still judged by itself.
//   - All statements of a file are stored held before one is judged, so that there is one path
//     into the books, for those at hand and for those that waited, and it can stop anywhere.
//   - Statements are taken in the order of their file over all its accounts, not account by
//     account: a long file is read forward, not from its start for each account.
//   - Where a long statement is cut, recognition is cut too: what left is recognised before what
//     came in within a part only, and lines that nothing tells apart are settled together within
//     a part only. A return whose debit stands in a later part waits in suspense, never guessed.
//     A part ends after DefaultAtOnce lines, earlier when they are long: what a line holds
//     beyond 1 KiB counts as further lines, so that memory stays bounded.
//   - No more than 20 000 statements in a file (bankfile): their headers are in memory at once.
//   - A statement in the middle of its chain is not replaced: those behind it were proved by its
//     balance. Its lines are corrected one by one.
//   - The books have no account for the bank's fees, as the organisation bears them on its own
//     account, outside of this ledger. So a fee waits in 471 until the organisation has paid
//     the same amount in, and a person lets the two lines clear each other. Amounts must be equal, so
//     that no benefit of a person ever pays a fee unseen; nothing is posted, as 471 does not move.
//   - What left is recognised before what came in: a transfer that is debited and comes back
//     on one day is settled, then returned. A return whose debit nobody saw is suspense, as
//     580 would otherwise keep money of a transfer that is over.
//   - Lines that nothing tells apart (same batch, same amount) are settled together when
//     there are as many lines as transfers; which is which then changes nothing.
//   - Days decide nothing but labels: a benefit that comes late is the same benefit.
//   - A return or a rejection names the transfer; a pain.002 and a bank line about the same
//     transfer give the money back once.
//   - The application may change few things of what it stored: whether a line is still in
//     suspense, by a function that asks for a person's secret; and of a statement, on a path that
//     PostgreSQL keeps, why it is held, how many of its lines are posted, that it is accepted, and
//     the balances that a page leaves out. Every other column is sealed by the act and recomputed by verify.
//   - Deadlocks with a concurrent approval (its locks come in another order where a return
//     reopens dues) end in one of the two starting again, five times at most.
package imports
