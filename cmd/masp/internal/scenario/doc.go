// Package scenario plays worked months: a dated story of one or more mandates, for
// training, what-if and acceptance.
//
// [Read] reads a story strictly. It tells every problem at once, in French, with its JSON
// pointer and line: form, unknown keys and words, and names that name nothing in the
// story. Whether the money suffices is for the services to say when the story is played.
//
// [Play] plays it on an empty database, day by day, through the services of production, and
// answers a [Result] that is read back from the database. No rule of money stands here: a
// line of a run is an obligation of one day, the split of a credit is a payer's list that
// names its transfer by the payer's own number, what the bank says is written by simbank.Desk
// from our payment files and comes in by an import, and two persons act, of whom one prepares
// and the other approves. What the law wants and a story leaves out (signatures, commitments,
// users) is filled in when it opens.
//
// # A day
//
// Only days on which something happens are visited: those of events and remittances, the
// banking day after each transfer, and the third banking day after a benefit was expected.
// The clock of the database stands at eight in the morning. In this order: debits, credits,
// returns (each unbroken series of one account is a statement), identifications and
// withholdings, deaths, checks of benefits, runs, remittances of the day, transfers outside
// a run, files to the bank, ends of measure, refusals by the bank.
//
// # Decisions
//
//   - A name of a story may be any text. Where it is no reference of ours (load file), it gets
//     one, and the result speaks the language of the story again.
//   - A run is never a monthly one: its lines and remittances are those of the story alone.
//   - Amounts are integer cents in these files only: 0 to 99 999 999 999, the most that one
//     SEPA transfer carries.
//   - The kinds of payees and debts are open words (capitals and underscores); classes,
//     policies, models, levels, sub-accounts and types of event are closed lists.
//   - The adjustment of a run is made again when it lowers a bill, which is then all that the run
//     owes. Of a rent, an instalment, a reserve or a payment issued again it is a note (2026-11).
//   - A line, and each share of one, is at least a cent, as nobody owes nothing; a payment is issued
//     again by one line of the runs that are played and approved.
//   - Context (housing, household, over-indebtedness, a note anywhere) is accepted and not
//     looked into: the lines of a run already carry what follows from it.
package scenario
