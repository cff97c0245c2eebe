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
// 2026-11, two shared cores that did other work as well (load 2 to 4), PostgreSQL 15, fsync on:
//
//	bulk ÷ COPY           0.44 – 0.48   must 0.45   56 000 – 62 000 entries/s, eight quiet runs, median 0.47
//	hot ÷ bare INSERT     0.18 – 0.25   must 0.10   1 900 – 2 500 entries/s
//	hot ÷ uniform         0.96 – 1.11   must 0.80
//	bytes per entry       664           must 700
//	verification          210 000 – 265 000 entries/s, not the 700 000 aimed at
//	pages of 50           2 400 – 2 750 /s at load 5 to 7, p99 10 – 13 ms; not the 15 000 aimed at
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
