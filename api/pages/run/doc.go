// Package run is the pages of payment runs, for who prepares them, who signs them and who takes their files to
// the bank: the runs, one of them with its exceptions first, its payments, the page on which it is signed, what
// happens next, its files; and the payments that came back.
//
// # Decisions
//
//   - A run is shown by what must be looked at: the exceptions, the blocking ones first, forty on a page, with
//     what was and what is, and one button for each decision. What is as last month, or follows from a decision,
//     stands on a page of its own, by pages of fifty, where it can be looked for: so the page of a run of 200
//     mandates and that of 20 000 weigh the same.
//   - A decision wants a reason where a person vouches for something that the program cannot see (a call, two
//     debts of one amount, no rent at all); elsewhere the words of the button are the reason.
//   - What is signed is the content hash that the page was made of: it travels in the form (seal) and is the
//     If-Match of the act. A run that has changed meanwhile is never signed: the page says what has changed.
//   - The box « J'ai vu » counts the exceptions that the page has shown; without it nothing is sent.
//   - The second factor is asked for on the page of the signature when it may be older than five minutes, and
//     proved in the same submit. Whether it was needed is the database's to say, not this page's.
//   - While the books differ from the bank the page says since when and by how much, and has no button: the
//     signature would be refused all the same.
//   - A run that is signed already is never asked for a code again: the button Back leads to what was done.
//   - The bytes of a file are fetched from their address in the contract: a page in between would count nothing.
package run
