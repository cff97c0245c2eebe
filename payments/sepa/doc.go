// Package sepa speaks the bank's language for transfers: it checks IBAN and
// BIC, writes credit transfer files (pain.001) and reads the bank's answers
// (pain.002). It keeps nothing and knows neither database nor clock.
//
// # Out: pain.001
//
// A [File] holds one [Batch] (PmtInf) per debtor account and execution day.
// [File.Check] tells everything that is wrong in French before a byte is
// written; [File.WriteTo] refuses a file that has a [Problem]. Same content,
// same bytes: nothing is drawn, read from a clock or taken from a map.
//
// Rules, with their sources:
//
//   - pain.001.001.09 by default and .03 where a bank still asks for it: a
//     setting of the bank account (EPC implementation guidelines 2025).
//   - Only a-z A-Z 0-9 / - ? : ( ) . , ' + and space (EPC217-08). Texts are
//     transliterated; identifiers are not: they are right or refused, since the
//     bank sends them back and they must be found again.
//   - Identifiers have 1 to 35 characters, no slash at an end, no double slash
//     (EPC, use of slashes).
//   - A name over 70 characters is refused, never cut: the payee's bank compares
//     it with the holder's (verification of payee, regulation (EU) 2024/886).
//   - No creditor address by default; a structured one has town and country. An
//     unstructured one cannot be written: they ended on 15 November 2026
//     (EPC 2025 rulebook v1.1).
//   - BtchBookg false: one line per transfer on the statement, so that each
//     person's books can be matched (bank contract permitting).
//   - Execution on a TARGET day; 0.01 to 999 999 999.99 EUR.
//   - Professional secrecy: nothing that a creditor can read tells that
//     the person is under a measure; see secrecy.go for the words refused.
//
// # In: pain.002
//
// [ReadReport] reads .03 to .14, at the three levels group, PmtInf and
// transaction, and keeps unknown codes verbatim. [Report.Rejected] says what
// was rejected, [Report.Kind] what a report speaks of: the same folder receives
// verifications of payees, acknowledgements of the transport (EBICS HAC) and
// answers to direct debits, and none of these rejects a payment. Rejects that the
// bank counts and does not name are a warning, never a guess.
//
// # Decisions
//
// 2026-11: writer of our own; no library obtainable writes .03 or .09 with
// exact amounts. A BIC must fit the pattern of both versions. A character
// without an equivalent becomes a full stop, as in the EPC conversion table,
// except € that becomes EUR, which a reader understands. The creation time is
// written as Paris time without offset, the habit of French banks.
package sepa
