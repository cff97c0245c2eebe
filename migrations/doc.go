// Package migrations holds the schema of the database and brings a database to it.
//
// # What it owns
//
// The files NNNN_name.sql, embedded in the program; [Apply], which runs the missing ones;
// [Check], which compares a database with the program; [Guard], which refuses a database or a
// role on which the promises of the ledger would not hold; [Open], which makes the pools.
//
// # Rules
//
//   - Forward only. A mistake in a migration is corrected by the next one; there is no way down,
//     because tables of a ledger are never dropped.
//   - An applied file never changes. Its SHA-256 is stored before it is run, and compared at
//     each start; a changed file is refused by name.
//   - Everything lives in the schema masp. The connections made by [Open] look there first and
//     use the time zone UTC, so that no result depends on the server's settings.
//   - Any number of programs may start at once: one applies, the others wait and find nothing
//     left to do.
//
// # Decisions
//
// goose (a Provider over the embedded files) parses and runs the files and keeps
// masp.schema_versions. The lock is PostgreSQL's session advisory lock, taken by us around
// goose instead of its own locker: it must also cover the creation of the schema and the
// checksums, and it is waited for in the server instead of polled once a second.
package migrations
