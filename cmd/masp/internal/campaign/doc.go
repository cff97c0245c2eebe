// Package campaign kills the program, PostgreSQL and the connections between them at every point of
// the works of a month, and proves each time that nothing was lost, doubled or left half done. It
// holds tests alone; the program is the real one, built once, and PostgreSQL is a private cluster.
//
// # What is tried
//
// The month of testdata/month.txtar is played work by work, by commands: the schema, the load, the
// bank's files, the run from its proposal to the bank, the closing, exports. Before each work the
// whole house (database and folders) is kept; each point begins with a copy of it.
//
//   - The program is killed at a step of what it says to PostgreSQL, before PostgreSQL sees the step
//     and after it has done it; and at random moments.
//   - The connection is cut there and the program lives: nobody knows whether the commit was made.
//   - PostgreSQL is killed with all its children, or stopped at once, under load.
//   - Disks fill: that of the payment files, of the exports, of the bank's files, of the database.
//   - Two services work on one database; the clock of the books jumps; the zone of the process is odd.
//
// After each point the books are proved (masp verify), the same work is done again by the same
// command, and the house is compared with one that nobody disturbed: rows and sums of every table,
// balances, transfers, runs, bytes of the files. It must be as after the work done once, or as after
// the work done once and asked for a second time; nothing between, nothing more. Most points leave the
// house that another one has left, to the last row, number and byte (a rolled back transaction): that
// house is proved once, and the points that leave it are counted.
//
// # How much
//
// Nothing is tried unless it is asked for. CI=true takes every commit and draws some other steps, in
// about two minutes; MASP_LONG=1 (make crash) tries every step. A work that no point reaches, or in
// the long form a step or a point left out for want of time, fails the campaign. The draw is printed;
// MASP_SEED repeats it.
package campaign
