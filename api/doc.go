// Package api is the HTTP service: the one door through which requests come in.
//
// # The way of a request
//
//	observed    its id (X-Request-Id, taken over when it is a plain word), one line in the log
//	bounded     size, time, how many at once; pages of other sites are refused
//	identified  a token or the session of a browser, never both; no identity for what is public
//	allowed     the one table role × action (auth.Right): none, own, whole
//	paced       so many requests a second for one sender, known or guessing
//	judged      by the contract (package contract): all problems at once, each in its place
//	done        Operation.Do, in one transaction; its answer and its key are committed with it
//	answered    JSON with its ETag, a page of a list, a file as it is read, or a problem (RFC 9457)
//
// A request that reads sees one view of the books. Whoever does not see the whole organisation reads
// as a role of the database that row-level security restricts to what he reaches (auth.Restricted).
// A request that writes is one transaction together with its Idempotency-Key: what the services begin
// is a part of it (package unit), so that after a crash either the effect and its answer are there or
// neither. The same key at the same time waits for its turn and gets the same answer. What was refused
// leaves nothing behind, and may be corrected under its key.
//
// A change names in If-Match what its sender has read. The kernel compares it with the answer of the
// operation that reads the thing (Operation.Of), one change of it at a time; a run compares the hash
// of its content itself.
//
// A list that grows with the house is cut in the database, by the place in its order that the cursor holds
// (Call.After, Call.Limit), and counted no further than it is asked (Call.CountMost); Paged is for lists
// that are short by nature.
//
// # What a machine asks about the service itself
//
//	/healthz   200 while the process lives
//	/readyz    200 when every check passes, else 503, with the checks as JSON
//	/metrics   the figures as Prometheus text
//	/version   what runs here
//	/docs, /openapi.json   the contract
//
// # Decisions
//
//   - The contract is written by hand and nothing is generated from it: the server refuses to start
//     when contract and operations differ, and tests judge every answer by it.
//   - Limits, identity, log and headers are our own, some ten lines each: those of echo log paths and
//     errors word by word. Compression is echo's.
//   - The figures are written by hand: the text format is four rules.
//   - A compressed answer has the tag of the plain one: it stands for the state of a thing, and no
//     answer of ours is ever asked for in parts. What a proxy adds to a tag is taken off again.
//   - Nothing is remembered of an identity between two requests: a right that was taken is gone at the
//     next one.
package api
