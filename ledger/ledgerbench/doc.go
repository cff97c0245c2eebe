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
// Each figure is the median of the rounds. The database must be one to throw away: entries stay.
// Numbers of a busy machine are lower, the ratios hold.
package ledgerbench
