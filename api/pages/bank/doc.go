// Package bank is the pages of what the bank says: its statements (/banque/imports), its lines
// (/banque/lignes), what they are (/banque/rapprochement/lignes, /banque/regles, /banque/bordereaux), money
// that is nobody's yet (/banque/attente), and whether bank, books and persons agree (/banque/rapprochement).
//
// # Who reads what
//
// Coordinators, approvers and accountants read these pages; each reads of them what the contract gives
// him. A coordinator reads the lines of her persons, and in suspense every line, for it may be one of
// hers: of a suggestion for another's person she reads that there is one, not whose. The accountant
// hands files in and decides on those that wait.
//
// # Decisions
//
//   - One form takes every kind of file. It goes to the statements first; what is an answer to our
//     payments is refused there by its content, and then goes where answers go.
//   - A suggestion is said as a word and its reasons (« Très probable : même référence, même
//     montant »), never as a number: points are for ranking. Who accepts one gives these reasons as his
//     own.
//   - An undo is shown before it is done: what changes, and what stands in its way. A coordinator, who
//     does not read all matches, undoes the one that she has just made.
//   - A statement that waits says what to do in the words of the import; the buttons under it are those
//     that its reason allows. The rule itself still judges them.
//   - A file as the bank made it is fetched from the contract itself, as it comes: it may be longer than
//     any page.
//   - The bridge from the bank to the persons is drawn with equal lengths for equal amounts, and beside
//     it stand the same figures: a difference is a number first.
package bank
