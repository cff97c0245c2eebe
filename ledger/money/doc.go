// Package money owns amounts: exact, in euros, with no binary fraction anywhere.
//
// [Amount] is money of ours: whole cents in an int64, comparable with ==, zero value 0.00 €. A third
// decimal cannot exist. [Exact] is a number as a file gives it, of any length and sign: it is only
// compared, summed and converted, and becomes an Amount when it is one, or an error that says why
// not.
//
// # Borders
//
//	text                            reads              writes
//	our files, JSON, database text  [Parse]            [Amount.String]  "1234.50"
//	a person's typing               [ParseInput]       [Amount.French]  "1 234,50 €"
//	a bank's file                   [ParseExact]       [Exact.String]   "1234.50", "1.005"
//	bigint column (cents)           [Amount.Scan]      [Amount.Value]
//
// Each text is checked byte by byte against its grammar before anything computes with it: a parser
// of decimals stalls on 1e9999999, and NaN, 0x1p10, 1_000 or Arabic digits are no money. A refusal
// is a [*SyntaxError]: its Error is for logs and never repeats the text, for an amount is a
// person's affair; its French tells who typed it what to write.
//
// # Limits
//
// Texts are limited to 9 999 999 999 999.99 € ([Limit]), so that sums of thousands of the largest
// amounts stay far from the end of int64. Arithmetic beyond int64 panics: it is a broken program,
// never an input.
//
// # Logs
//
// Amount and Exact print as "…" when they are the value of a log/slog attribute. A struct that
// holds amounts and is logged as a whole does not profit from it: log numbers of things.
//
// # Decisions
//
//   - Amount computes with int64 cents, not with decimals: the type itself forbids a third decimal,
//     == means equal, and the database keeps bigint cents. shopspring/decimal carries Exact, and
//     nothing outside this package sees it.
//   - ParseInput refuses a point: 1.234 is a thousand for one person and one euro for another.
package money
