// Package simbank is an invented bank: it plays the bank's side of a month in
// the demo and in the worked scenarios.
//
// It is a second reader of our payment files, so it imports nothing of the
// project. It knows of an order what the released pain.001 says, and of an
// account what it was told when the account was opened; it answers with the
// files that a French bank sends: pain.002 on reception, camt.053 or CFONB 120 at
// the end of each banking day. Its money is counted in int64 cents, read by its own strict
// grammar.
//
// # A day of the bank
//
// Receive checks a file as a bank does: a file whose name (MsgId) was seen
// before, whose totals are wrong or whose amounts are odd is refused whole; a
// debtor account that is not held here refuses its PmtInf; a creditor IBAN with
// wrong check digits, or one with a planned reject, refuses its transfer. The
// rest waits for its day: a transfer is debited on the requested date, and never
// before the TARGET day that follows the reception, so that a file handed over
// on Thursday 30 April 2026 is debited on Monday 4 May.
//
// EndOfDay books everything that has become due, in this order: credits,
// returns and debits that nobody ordered, then the orders in their order of
// reception. A transfer without cover is refused (AM04) by a pain.002 among the
// files of the day: the bank never lends. Then every account gets a statement,
// most of them empty: sequence, opening and closing balance follow the previous
// statement without a gap.
//
// # What is made difficult on purpose
//
// Real statements lose references, so these do: every seventh single debit
// carries NOTPROVIDED instead of its EndToEndId and keeps only its InstrId or
// its PmtInfId; accounts under a batch contract show one summed line per PmtInf,
// with or without its details, whatever BtchBookg asked; a return is a credit
// line ICDT/RRTN without RvslInd; a payer's IBAN is never shown to the payee.
// Nothing is random: the same calls give the same bytes.
//
// # A bank that follows a story
//
// Desk is the same bank without habits: it books what it is told, on any day and in any order,
// and writes a statement whenever it is asked. What it knows of our transfers it has read in the
// payment files, too.
package simbank
