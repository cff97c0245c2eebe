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
// # Registers
//
// Persons, payees, rights and dues change, so their tables cannot be chained like postings. They are
// registered instead ([Registered]): every change of a row must be followed by an act in the same
// transaction. A register is what one table holds: the number of its rows and the XOR of the SHA-256
// of each, as table name and to_jsonb of the row, in four words of 64 bits. Rows have a key, so no
// two are alike. XOR knows no order and takes back what it added: a change costs the rows that it
// touches, never the table, and two transactions never wait for each other.
//
//   - Statement triggers (masp.note_change) note what a statement has changed in
//     masp.register_changes, with the number of its transaction. Nobody else writes there.
//   - masp.record_act folds what its own transaction has noted into masp.registers, under the lock of
//     the log that it holds anyway, and seals the hash of all registers in the act. The first act of
//     all folds whatever stands there: nothing was signed before it.
//   - [VerifyRegisters] reads every row again with statements of its own and finds
//     CHANGED_WITHOUT_ACT (triggers on, no act after it in its transaction), REGISTER_CHANGED (triggers
//     off: rows are not what the acts have left) and REGISTER_HEAD (registers rewritten to fit).
//
// So an act comes after the last change of its transaction, also of one that changes a row and
// seems to have nothing to tell.
//
// What this does not do. It does not name the row; payments/mandates does so for IBANs. It does not
// judge: who may call masp.record_act can follow a false change by a false act, which then stands in
// the log under its number. Who rewrites everything, acts included, is found by a printed head alone.
// XOR is linear: a superuser who rewrites some 260 rows of one table as he likes can compute them so
// that their XOR, and with it every head, stays what it was. Of the credentials, whose hashes the
// program may not read, it reads the hashes of the rows through the view masp.credential_rows, and
// believes the view as it believes the functions of the schema: the definitions are not proved.
// A migration that adds a column to a registered table changes the text of all its rows: it has to
// carry the register along, with an act.
//
// # Encoding of an act, version 2
//
// Domain "act" of package chain, fields in this order: number (integer), time (microseconds since
// 1970 UTC), actor, action, object type, object id (texts), before and after (32 bytes or null),
// reason, details (texts), hash of the registers and hash of the act before (32 bytes each).
//
// Hash of the registers: domain "registers", version 1; for each table in the order of the bytes of
// its name: name (text), rows and the four words (integers).
//
// Details are kept as text (JSON with sorted keys, made once): what is hashed is what was written,
// never something serialised again.
package audit
