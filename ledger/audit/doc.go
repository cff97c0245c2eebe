// Package audit is the log of acts: who did what to which thing, when, why, and what the thing's
// content was before and after.
//
// # Rules
//
// An act is recorded in the transaction of what it tells about ([Record] joins the caller's): both
// are stored or neither. Acts are numbered without a gap. Each carries the hash of the act before
// it, so that a changed, inserted or missing act breaks the chain; a deleted tail shows when an
// earlier printed [Head] is compared. The database computes number, time and hash in the function
// masp.record_act, the only door to the table: nobody chooses them, not even the program. [Verify]
// computes the hashes again, independently, with package chain.
//
// # Order of locks
//
// Recording locks the head of the log until the transaction ends. It therefore comes last in a
// transaction, after any posting: books first, log last. The other order can end in a deadlock,
// which PostgreSQL resolves by refusing one of the two transactions.
//
// # What goes in
//
// References and hashes, not personal text: the log is kept for years and never erased.
//
// # Encoding of an act, version 1
//
// Domain "act" of package chain, fields in this order: number (integer), time (microseconds since
// 1970 UTC), actor, action, object type, object id (texts), before and after (32 bytes or null),
// reason, details (texts), hash of the act before (32 bytes).
//
// Details are kept as text (JSON with sorted keys, made once): what is hashed is what was written,
// never something serialised again.
package audit
