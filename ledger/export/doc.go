// Package export writes the books out for others: accountants, auditors, the tax office, programs.
//
// [Ledger] streams the entries of a scope (all, a period, a mandate, a Département) from one snapshot
// into a writer. Its memory grows with the accounts, not with the entries. It counts before and after:
// a file whose rows are not those that were counted is an error, never a success. The same books give
// the same bytes in every format; the time of the snapshot stands in the [Summary], not in the file.
// [Preview] answers the counts and totals alone, before anybody downloads.
//
// # Formats
//
//	csv-fr   UTF-8 with BOM, ";", CRLF, decimal comma, 05/11/2026: a double click opens it in a French Excel
//	csv      RFC 4180, LF, decimal point, 2026-11-05
//	fec      the tax office's file of entries (art. A47 A-1 LPF): 18 fields, tab, 20261105, decimal comma
//	hledger  a journal that "hledger check --strict" accepts, its accounts declared at its end
//	jsonl    one entry a line, its postings inside, amounts as strings
//	xlsx     numbers and days as such, frozen header, total row, next sheet after 1 048 575 rows
//
// An entry is shown by its hub rule, as in the view masp.posting_lines: one summed line of the hub
// account first, then the other lines one by one. jsonl has the pairs instead (debit, credit, amount).
// A scope of persons keeps only the postings that touch their accounts, and the hub sums those alone:
// of a bank transfer for forty persons, a mandate's export shows its own share.
//
// # Rules
//
//   - A period is one of posting days, which never go back: it is a range of entry numbers.
//   - Under a joined transaction (package unit) the export reads there: what row-level security hides
//     from a reader is not in the file. An account that is hidden while its line is not is an error.
//   - In csv a text that begins with = + - @ TAB or CR gets ' before it, so that no spreadsheet computes
//     it. Numbers and days are never touched. In xlsx a text is typed as text.
//   - FEC has neither quotes nor escapes: control characters become spaces. EcritureNum is the number in
//     the journal, without a gap when the scope is all; CompteNum is 467 (and its sub-account) for
//     persons, who stand in CompAuxNum, else the number with the owner behind it.
//   - When ctx ends, the running query is stopped and Ledger returns its error.
//
// # Decisions
//
//   - 2026-11: rows are read in stretches of 8 192 entries, the next one while this one is written: each
//     query has a plan that cannot become a sort of everything, and the first byte leaves at once.
//   - 2026-11: xlsx is written with archive/zip here, and excelize only reads it back in the tests: its
//     writer gathers the whole file in memory, takes amounts as floats and orders several sheets by chance.
//   - 2026-11: no Parquet: its libraries are larger than this program, and every reader of it reads csv.
//
// # Measured
//
// BenchmarkExport prints each format against COPY TO of the same rows, of the same database in the same
// run, with the growth of the memory (README, "Figures").
package export
