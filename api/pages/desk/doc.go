// Package desk is the pages of the coordinator, and what approvers and accountants share with her: what
// waits today, the persons and their money, payees and their IBANs, benefits, alerts.
//
// # Rules
//
//   - The first page is a list of things to do, in the order of a morning, and the proof of the day. A
//     difference between the bank and the books comes before everything.
//   - A person's page has the same card on top everywhere, so that nobody works on another file than he
//     thinks. Names and amounts stand in no address and no title.
//   - A list keeps its filters and its page in its address.
//   - What is written in several steps is written at once, by the last one: the steps before carry what was
//     typed in hidden fields, and the page that checks leads back to each of them (steps.go).
//   - A reference that a person need not know (of a payment that is due, of a payee, of a measure) is made
//     here from what it is of and from the key of the form (refs.go): the same form sent twice makes the same
//     reference, and has one effect.
//
// # Decisions (22 November 2026)
//
//   - Buttons of an act that nobody does by mistake stand on a page of their own that says what will happen:
//     the end of a measure, an IBAN that is confirmed.
//   - The square on the access card (rsc.io/qr) is drawn as one SVG path: no script, no picture file, sharp on
//     paper. It holds the address of the card's code, which the page of the entry takes out of it at once; the
//     same code stands beside it in letters. It is checked by a reader that is not ours (zbarimg).
//   - The visit sheet is a page with a print style: one A4, for the table of the kitchen.
package desk
