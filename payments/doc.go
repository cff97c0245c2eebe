// Package payments decides what is paid and carries it out.
//
// # The decision
//
// Allocate is a pure function: a Question (what one mandate has available, its
// policy, its lines) gives an Allotment (each line with status and reason, the
// transfers, the remittances, what is carried forward). It has no clock and no
// database, so a proposal, a simulation and an approved run decide alike.
//
// The order of events for one mandate:
//
//  1. Senior lines (rent and rental charges in progress) take what they need
//     from everything available.
//  2. While one of them is not paid in full, nothing else leaves: lower lines
//     are BLOCKED with RENT_FIRST and the person gets nothing.
//  3. Other lines take what is above the living floor. The first that
//     cannot be paid stops the rest under STOP, not under SKIP.
//  4. What is left goes to the person: all of it, or at most the floor while
//     some line waits. The rest is carried forward.
//
// A line that the law blocks neither stops others nor counts as unpaid rent.
//
// A line whose creditor has no IBAN that may be paid (new, held, or refused by a bank) has its turn
// and its money, which then stays on the account: it is not law that stops it, so nobody lower may
// take it (withhold). When that line is rent, the whole mandate waits instead.
//
// # What one more cent may do
//
// The first line whose payment changes is paid more, never less; when no line
// changes, the person does not get less. Nobody at all gets less under STOP when
// the senior classes may be paid in part. Otherwise one more cent can let an
// earlier line be paid whole with money that a later one had: that is the
// priority at work, and the tests state it exactly.
//
// # What must be looked at, and why a line is what it is
//
// Exceptions is pure too: from Facts (the computed run, what approved runs did before, the payees,
// the benefits, the acts) it finds 22 kinds of things to look at. Eleven of them block: the run is
// submitted once somebody has decided each, in Go for the words and in PostgreSQL for the truth
// (MA038). A line is LAST_MONTH (the same amount to the same account as the last time that it was
// paid), or a DECISION (its act stands in the log of acts), or it carries an exception: what nobody
// decided is never silent, whatever the thresholds of the organisation.
//
// Three of them need facts from outside of the run. A line that another open run holds
// (already_in_run) is shown by WhatIf; Propose refuses the whole mandate before (OpenRunError), as two
// drafts would count on one balance. A run that pays only what is asked for may leave the rent of the
// month out: what leaves below it is priority_violated unless the money of the rent stays, and nobody
// may keep it so (2026-11). A name that differs at the payee's bank (name_mismatch) comes from the
// newest verification of that name on that IBAN; it is information before the signature and refuses
// nothing (Reg. (EU) 2024/886 art. 5c).
//
// Exceptions, origins and reasons (Why, in codes; Explanations for the coordinator, ToPerson for the
// person) are part of the plan. Decisions are not: masp.decide_exception adds them, each as an edit
// of the run, so that whoever decides never approves; the newest counts, an empty one takes back.
// A decision that asks for another draft (Exception.Awaits) is carried out in the same act, as an
// adjustment, and taken back with it. One waits, and the run with it (MA039): an IBAN that others
// must correct. What is held back (BLOCK) is so in this run: the next one asks again. A rent is
// never held back, and the IBAN of last time is never paid once another is payable (2026-11).
//
// # The run as a document
//
// While it is a draft, Adjust changes the part of one mandate and computes it again; what was
// changed, from what to what, by whom and why stays with the run and is part of its plan. Comment
// keeps what the person says, and a line that the person refuses is not paid. PostgreSQL
// opens a draft for the transaction in which somebody has signed an edit, on the content that was
// read, and for nothing else. Reopen takes a submitted run back: its files are void, its signatures
// count no more. Above the amounts of the organisation (TwoSignatures) two persons sign, PostgreSQL counts them, and
// what the run rests on (terms, obligations, debts, IBANs) may not have changed meanwhile.
//
// Before the bank has it, CancelTransfer gives a transfer back and VoidFile replaces a file, under
// an identifier of its own; a void file is never released, handed over or written out again.
// A MANUAL run pays dues by hand, with evidence: it stands in no file.
//
// # The execution
//
// Propose writes a run with its lines, sentences and transfers; after its first act only the edit
// of a draft changes them, for the owner of the database too. Submit builds the files of the first
// day. Approve, by a second person, lets dues and debts fall, posts the payments in the order of
// the run and schedules the remittances, those of the same day too, or does nothing at all. File
// and ReleaseDue post the remittances: a file that has left holds posted transfers only. EndMandate
// cancels those of a measure that ends, and a death freezes what is left.
//
// A run is MONTHLY, OFF_CYCLE or EMERGENCY: they differ in what they pay, not in who signs. What no
// run shares out (money that may not be managed, a balance after the end, undue benefits, an
// estate) leaves by a payout: a run of one transfer and no line, whose kind tells PostgreSQL which
// account it may debit. A mandate that is not active is left out of a run and says so in an alert.
//
//   - Who names nobody asks for nobody: a run says its mandates, or All; one between two months pays
//     the lines that it names and no other. A list that a filter has emptied is never everybody
//     (2026-11).
//   - A transfer leaves on a calendar day (LeaveOn: its entry, its file, the month of the living
//     floor) and asks the bank for the banking day on or after it (ExecuteOn).
//   - A remittance that is cancelled before its file leaves makes that file void: another one holds
//     the rest. It is the only difference between what was approved and what leaves (decisions 2).
//   - Undue benefits go back to who paid them on a written claim only. Two years after the last one
//     came no claim is possible any more, and they leave like the estate (ESTATE_PAYOUT from UNDUE).
//   - A failed payment comes back with its dues, or is issued again by one obligation of the same
//     amount: then dues.replaced_cents keeps the old dues from coming back beside it.
//   - WhatIf is Propose in a transaction that is rolled back, with suppositions written under
//     aliases: the same statements decide, so a supposition cannot decide otherwise (2026-11).
//   - Every step of a run needs the act of a person in run_acts, which only masp.act_on_run
//     writes, and that function knows the person by the secret. PostgreSQL keeps the path of
//     runs, transfers and files by itself (migration 0006): a program that was taken over
//     approves nothing.
//   - Two signatures cover two things: Content is what the approver compares (who is paid, on
//     which IBAN, how much, when), the plan is everything else that was shown. The log of acts
//     keeps both, with the instant of each act; Checks computes them again.
//   - A file is a function of stored facts: Checks makes its bytes again. The number of the
//     file within its run stands in each identifier, so that two files of one day, or a day
//     made up for, never share one.
//   - The work of an act grows with its run and no faster: no plan is kept from a smaller run, what
//     rows name and how they move is judged for a statement at once, rows and digests are streamed
//     (BenchmarkPropose, BenchmarkRun). What is only computed is computed while the database works
//     (meanwhile): the parts while it tells what their exceptions depend on, the exceptions while it
//     writes the transfers, the plan while it writes the lines. One connection serves all of it, so
//     nothing is read from another moment (2026-11).
//   - A run is proposed in pieces of ten thousand mandates: one is computed while the one before it is
//     written and the next one is read, so the memory does not grow with the run. That is why Propose
//     answers the head of the run alone, why what is signed ends with a mark and does not begin with a
//     number, and why exceptions are numbered in the order of the mandates. Smaller pieces cost more:
//     what a table is read for once would be read for each (2026-11).
//   - Who proposed an IBAN never approves its first payment, nor does who confirmed it while as many
//     others as the run wants signatures of may approve it: approvers who can prove themselves, did
//     not prepare the run and have not signed it. In a house of two who hold every role the confirmer
//     may: a stricter rule would leave a corrected IBAN unpaid for ever (2026-11). The IBANs of a load
//     are nobody's change, for two persons have signed it (decisions 5).
//   - Locks are taken in this order: mandates, transfers under way, books, run, dues and debts,
//     log of acts, as an import does, which settles a run at its end. A run that nobody has
//     approved is locked before the books: nothing of it is under way.
package payments
