// Package page is the form of a paper: ready texts go in, and the same paper comes out as HTML, as
// PDF and as plain text.
//
// # Rules
//
//   - A paper holds texts only: amounts and days come as a person reads them. The package imports
//     nothing of ours, so the lengths by which it lays out a sheet, the only fractions outside the
//     benchmarks, never meet money.
//   - The same paper gives the same bytes, in each form. Nothing of the machine or of the hour goes
//     in; a PDF bears the day that the paper names.
//   - Fingerprint names the content whatever the form: who holds the sheet of paper can compare it.
//
// # The forms
//
// HTML is one document without scripts or anything from outside, in French, with its own style for
// print. It is the accessible form: tables have captions, headed columns and rows, and each word of
// the trade opens its « C'est quoi ? ». On paper the explanations stand at the end instead.
//
// PDF is A4, untagged (HTML is its equal for who needs tags), with the head of a table again on each
// page, rows that are never cut, and the pages counted. It is laid out twice, the second time
// knowing the number of pages. Its fonts are the Go fonts of golang.org/x/image (BSD licence, no
// file of ours), cut down to the letters in use; they have no narrow space, so a common one that
// does not break stands for it.
//
// Text is for printers and terminals of fixed width: long cells go on below, nothing is cut.
//
// # Decision
//
// codeberg.org/go-pdf/fpdf (22 November 2026): small, no cgo, and its output depends on nothing but
// its input once the dates are given.
package page
