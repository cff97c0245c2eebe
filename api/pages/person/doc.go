// Package person is the pages of the person who is helped: what is left for her, whether her rent is paid, when
// her next money comes, and behind these where it went, what is coming, each movement as a sentence, her account
// statement, her debts, and a question to who helps her.
//
// # How it speaks
//
// Sentences of twelve words at most, one idea each, in words that everybody uses: words_test.go reads every state
// and every page and refuses the words of banks, percentages, minus signs and exclamation marks. « Nous » is the
// association, « vous » the person. Only her account statement has the words of a bank, each of them explained on
// the page: it is for proof, and for learning. The texts follow the rules of easy language; no person concerned has
// read them yet, so no page claims it.
//
// # What it promises
//
//   - All figures of the first page are of one reading, of one moment. A figure older than two banking days says so.
//   - What is left is what she may count on: what falls due before her next benefit is kept, whether a run has it
//     yet or not. So it does not fall when her rent is paid, and a run that is prepared changes nothing of it.
//   - What nobody has signed is said to be prepared, never sure.
//   - No name, reference or amount stands in an address or in the title of a tab.
//   - Amounts are hidden by a choice that stays on that device.
//
// # Decisions
//
//   - state.go is a pure function from the facts of the contract (PersonView) to sentences, so that every state has
//     a test without a database.
//   - The same page is shown to who helps her (« voir comme la personne »), by an operation of its own: it reads the
//     same facts, changes nothing, and the reading is noted.
//   - No chart on the first page: a drawing is never simpler than « Il vous reste 187,40 € ».
package person
