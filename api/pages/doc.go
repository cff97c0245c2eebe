// Package pages is the pages of browsers: what they have in common. Each kind of users has a package
// of its own beside it (a Face): addresses, templates, and the few lines that fill them.
//
// # The way of a page
//
//	GET   Page.Do reads what it shows by operations of the contract (Visit.Read), Visit.Show writes it
//	POST  Page.Do reads the form (Visit.Form), sends it as an operation (Visit.Act), and sends the
//	      browser on to a page that can be read again (Visit.Done); what was refused is shown on the
//	      form, as it was typed, with what to do
//
// A page knows no service and no table: its rights, rules, transactions and logs are those of the
// operations that it asks (api.Browser). So a page can never show more, or do other things, than the
// contract does, and both say the same figures.
//
// # Forms
//
// Each form that is shown has a key: chance, sealed for this browser (form.go). A form without it was
// not made by us for this browser and is refused (403). The key is the Idempotency-Key of what the
// form does too: sent twice, by a second tap or by the button Back, it has one effect. A second click of
// the next five seconds is given the very answer of the first, with its cookies (api.Browser.Once): a browser
// that is clicked twice gives the first answer up.
//
// Whoever has to prove who he is when he sends a form, because his session is over or his code too old, finds
// what he had typed on the page of the form again (typed.go): it waits a quarter of an hour in his browser,
// without secrets and files, and comes back for him alone. Two minutes before a session ends a notice asks
// whether to stay; the style sheet lets it appear, and its link keeps the session from another tab.
//
// Fields are named like the place of their value in the body of the operation ("amount",
// "lines.0.amount"), so that what the contract or a rule refuses is shown at its field.
//
// # Rules of all pages
//
//   - No script. Everything is HTML that works with a keyboard, at 320 px, and on paper.
//   - One h1, which is the title too; « Erreur : » before the title when a form was refused. Tables
//     have captions and headed columns; a colour never speaks alone.
//   - Amounts, days and hours come by the functions of text.go: always in French form.
//   - Signs that French sets apart (« : », « ? », « ✔ ») are tied to their word when the page is written
//     (page.TiedHTML).
//   - One style sheet for all, under 5 KB compressed, kept by browsers for as long as it is the same.
//
// # Decisions
//
//   - The pages are a client of the contract in the same process, and not a second caller of the
//     services: a JSON text more for each reading (a run of 200 mandates: some milliseconds) buys one
//     door instead of two.
//   - Templates are html/template, parsed at the start: a template that does not parse is found there.
package pages
