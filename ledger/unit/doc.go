// Package unit is the unit of work: where a transaction begins, and how several services share
// one.
//
// A service begins its transactions with Begin and reads with Reader. Alone, Begin is a transaction
// of its own. Under a context from Joined it is a savepoint of the joined transaction, so that all
// of it, and what its caller adds, is committed or not as one thing. The HTTP service uses this
// twice:
//
//   - a request that writes runs whole in one transaction together with the row of its idempotency
//     key: after a crash either both are there or neither, and the second sending is harmless;
//   - a request that reads for a person, a coordinator or an auditor runs in a transaction that
//     row-level security restricts, whatever the services read.
//
// # Decisions
//
//   - The context carries the transaction. The alternative, a parameter in each of some hundred
//     methods, would say the same thing a hundred times; and a service that forgets Reader still
//     reads what is committed, never another's uncommitted work.
//   - Constraints that wait for the commit are checked at the end of each joined Begin: a service
//     sees the refusals of its own work, and translates them, as if it were alone.
//   - One joined transaction belongs to one goroutine at a time, like every connection.
package unit
