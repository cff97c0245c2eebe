// Package control is the pages of who checks (/controle): whether bank, books and persons agree, the books
// themselves, one cent from end to end, samples, who signed what, IBANs that changed, reports, exports.
//
// # Who reads what
//
// An auditor reads the persons of his Départements and the days of his mission; approvers and accountants
// read the whole house. Nobody writes anything here: no form of this face is a POST. What goes out (an
// export, a sample) is an act of the log, by the operation itself.
//
// # Decisions
//
//   - Each figure leads to what it is made of: balance → account → entry → trace. From a line of the bank
//     to the sentence for the person is one click (ux 6.G 75).
//   - The difference of the whole house is a total of all persons, which an auditor of one Département
//     may not read. He reads the one of the bank accounts in his reach.
//   - A file is fetched from the contract itself, as it comes: the page says before what it will hold.
//   - The proof reads everything again and takes minutes on large books, so a page does not run it: it
//     shows the head to compare, and the words to type.
//   - A report shows its figures here; its lines are on its sheet, for print and for spreadsheets.
package control
