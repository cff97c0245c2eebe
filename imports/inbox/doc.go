// Package inbox takes the files that the bank puts somewhere, imports each once, and puts it away.
//
// # Sources
//
// A [Source] is a place where files appear: a folder ([Folder]) or a directory of an SFTP server
// ([SFTP]). A [Box] looks at one source. One look takes every file that is complete, hands it to
// the import, and moves it:
//
//	traites     what the import has taken, also what it knew already
//	en_attente  a statement of it waits for something or somebody, or it is an archive of which
//	            some files were refused: its text says which
//	refuses     nothing of it was stored
//
// Beside each lies a text in French: what was booked, why not, what to do. A name that is taken
// gets a number; nothing is ever overwritten. What is no ordinary file (link, device, pipe, folder)
// is left alone; a folder is read through [os.Root], so no link leads out of it.
//
// # Complete files
//
// A name that ends in .part or .tmp, or begins with a point, is being written. Any other file is
// taken when its size and its time have not changed between two looks that are ten seconds apart
// (Box.Settle), or at once when it was seen under such a name before: then it was renamed in.
//
// A writer may pause for longer, and a file must not be moved from under him: the rest would be
// written where nobody reads. So a file of a folder that a process of this machine has open for
// writing is not taken, which the kernel tells. Where it cannot (network folders, servers), what
// was refused stays in its place until it has not changed for ten minutes (Box.Rest), by our looks
// or by its own time; when it changes before, it is judged anew. The first refusal is logged.
//
// What nobody takes (links, pipes, folders; a name of writing or an open file for more than an
// hour) is one alert with the names, until it is gone, and the gauge masp_inbox_left.
//
// # What may go wrong
//
// An import is one transaction, and the same bytes twice are booked once. So the worst that a crash
// leaves is a file in its place, which the next look imports again, as known, and puts away. A file
// is put away in three steps: its text is written under a hidden name, the file is renamed, the text
// is renamed; the next process mends what a crash leaves between them.
//
//   - An import that fails by an accident (database away, disk full) leaves the file in its place.
//     It is tried again after 30 seconds, twice that, up to an hour; the other files go on
//     meanwhile. The third failure is an alert.
//   - A file that cannot be put away (folder read-only or full) is not imported again by this
//     process: the moving alone is tried again, and an alert says so.
//   - A file that changes between look and move stays, and is imported again once it rests.
//
// # Runs
//
// [Jobs] lets one process at a time run a job. It holds a lease of some seconds in the database and
// renews it while it works: the lease of a killed or stopped process ends by itself. The lease saves
// work; that nothing happens twice is kept by the import itself. A job that panics has failed; one
// that exceeds its time is given up. A job with a calendar is done up to an instant: what was missed
// is made up for once. Runs that did something or failed stand in masp.job_runs, with the kind of
// the error, never its words: they may hold names and paths.
//
// # Decisions
//
//   - No watch on the folder by the kernel: it knows nothing of network folders, and a look every
//     few seconds costs less than the doubt.
//   - Two clocks: leases and rests are measured in real time, what is written down and told is the
//     time of the books, masp.now().
package inbox
