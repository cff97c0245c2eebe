// Package v1 is what the service does for each operation of the contract (api/openapi.yaml): one
// file for each resource, and in it for each operation one function: who, what, one call to a
// service of the domain, and the answer in the words of the contract.
//
// Nothing here knows HTTP beyond the status of an answer, and nothing here decides about money:
// the services do, in the transaction that package api has begun and joined to the context.
//
// # Rights
//
// Package api asks the table of auth whether a role may take an action at all. Whether the thing is
// in the reach of who asks is asked here, by the mandate that it belongs to (House.reached): what
// is not answers like what does not exist. Row-level security says the same once more to whoever
// does not see the whole organisation.
//
// # Decisions
//
//   - Addresses carry the references that people say on the telephone (M-0001, C-2026-11-1): they
//     stand on papers, they name nobody, and guessing one opens nothing. Numbers of rows are sealed
//     (ids.go): their order and their number tell nothing.
//   - The words of states, classes and codes are those of the domain and of the scenarios, not
//     lowered: one word, one meaning, everywhere.
//   - What lets somebody in (a session, a link, a token, a card) is shown once: such a POST takes no
//     Idempotency-Key, so that no answer with a secret is kept. A session's secret is in its cookie.
//   - What ends a way in (a session, a token, the devices of a person) needs no If-Match: whoever ends
//     it wants it over, whatever it is by now.
//   - The tag of a run is its content hash, what an approver signs, and not of all that is read: the body
//     is sent whatever tag the reader has. Who signs another content is told what has changed since.
//   - A file whose bytes are stored, or made before they are sent (payment files, the bank's files, papers,
//     reports, a person's copy), goes out with its Repr-Digest and uncompressed: the digest is of what is
//     received. An export of the books and the bundle are streamed instead: one snapshot of the database, memory
//     that does not grow, an end as soon as the reader hangs up. We do not also make them as a job that is
//     polled: a finished export would have to be kept, with everybody's names in it, and to expire. Their last
//     entry stands before them (Masp-Last-Entry), so that the same export can be asked for again and compared;
//     the bundle has its sums inside (2026-11).
//   - A run is changed as a whole by who has prepared it, or reaches each of its mandates; each
//     coordinator reads her own lines of it. Who works with figures alone reads no words of persons.
//   - The bytes of a payment file are fetched by who works for the whole organisation, once it has left.
//     Each fetching is an act of the log; from the second on a person says why.
package v1
