// Package ledgerbench measures the books against what the same machine can do at best, in the same
// run, on the same database, with fsync on.
//
// Baselines:
//
//   - bulk: COPY of the very rows (entries and postings, binary, read back from the books) into tables
//     with the same keys, without checks and triggers, one transaction per batch like ours;
//   - single: a bare transaction that inserts two rows, from as many clients, into a table with a
//     primary key and an index of its accounts.
//
// # Measured
//
// The figures stand in the README ("Figures"). Two were aimed higher and are not reached: 700 000 entries
// verified a second, 15 000 pages of 50 lines a second.
//
// Where the time of 10 000 entries goes (172 ms): inserting entries and postings 78, their texts 15,
// counting balances and lines again 14, looking up sources 8, receiving the arrays about 15, deciding
// and hashing in Go 30, commit. COPY of entries and postings alone takes 77. Verification waits for the
// database to send the rows: the hashing alone runs at 500 000 entries/s. A page reads three rows per
// line (posting, entry, text), each at another place, because texts stand outside the chain: of the
// 0.3 ms of a core that the bare query takes in the database, postings take 0.05, entries 0.1, texts
// 0.15. Arrays instead of rows, keys as one array and a query outside a function gained nothing or
// little; one question instead of two and rows set aside beforehand gained a quarter
// to a half.
//
// Each figure is the median of the rounds. The database must be one to throw away: entries stay.
// Numbers of a busy machine are lower, the ratios hold.
package ledgerbench
