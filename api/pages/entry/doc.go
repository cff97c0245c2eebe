// Package entry is the pages by which everybody comes in and goes out: the chooser at the address of the
// service, the login of staff and their first one, the card of a person, the second factor asked again, what
// is open in one's name, and the pages that everybody may read: help, accessibility, legal notice.
//
// # Decisions
//
//   - A secret that comes in an address (the link of a first entry, the code of a printed card) is taken out of
//     it at once: it moves into a cookie that only we read, and the browser goes on to an address without it.
//     So it stands in no Referer, on no screen and in no list of visited pages but the first; our log knows
//     routes, never addresses. Opening the link uses nothing up: a preview of it does no harm.
//   - Where a reader goes on to (vers) is a path of ours; another address is the chooser.
//   - A session that is asked for its second factor again comes back to the page of the form, which is read
//     anew: what it changes was refused, so nothing was done.
//   - Nobody learns what was wrong with a login, also not by the field at which the text stands.
package entry
