// Package cluster starts the program's own PostgreSQL: the embedded default that makes the
// product work with two commands, without a server to configure and without a network port.
//
// # What it owns
//
// One folder per cluster:
//
//	MASP-CLUSTER   marker: only a folder that carries it is ever started or wiped
//	lock, serving, users   locks (flock) that say who starts or ends it, serves it and uses it
//	data           the PostgreSQL data folder, 0700
//	run            the unix socket, 0700 (elsewhere when the path would pass 107 bytes)
//	postgres.log   what the server says; statements and details of errors are kept out of it
//
// # Rules
//
//   - The first start is atomic: initdb works in data.new, which is renamed when complete. A
//     kill at any instant leaves either no cluster or a whole one.
//   - The server lives as long as any process uses it, and belongs to none: it runs in its own
//     session, each user shares the lock "users", and who leaves last (who gets that lock alone,
//     at once) ends it. Nobody waits for another, and nobody loses the server to another's end.
//   - After a kill of its users the server goes on without any. The next process that opens the
//     folder uses it as it is and ends it on leaving; [Wipe] ends it. So a folder has at most
//     one server without user, which does no work; nobody watches it.
//   - A folder that goes with its process ([Options].Temporary) has no next one: there the
//     kernel sends SIGINT to the server when the process dies, however it dies.
//   - A server that has gone under its users (killed, or ended with the unit that had started
//     it) is started again by the first user that dials ([Cluster.Dial]), on the same socket.
//   - Whether a server or one of its children still lives is told by a lock that they inherit:
//     /proc may be closed to root in a container, and numbers of processes are used again.
//     postmaster.pid is PostgreSQL's own guard against two servers; it is removed only when its
//     number belongs to another program or to a dead process.
//   - PostgreSQL refuses to run as root. As root we run it as the owner of an existing data
//     folder, else as "postgres", else as "nobody"; an ordinary user runs it as himself.
//     Folders that root makes on the way are open to crossing under any umask ([MakeFolder]).
//   - Durability is never weakened unless [Options].Unsafe asks for it; tests do.
//
// # Roles
//
// The superuser is postgres. masp_owner owns the databases and runs migrations; masp_app is the
// program; masp_reach is what the program becomes to read for a person, within her reach
// (row-level security, 0029); masp_read is the auditor. All authenticate by the socket folder,
// which only the server's user and root can enter ("trust" behind 0700).
//
// # Decisions
//
// An own launcher rather than fergusstrange/embedded-postgres: that one downloads at run time,
// fails as root and wipes the data folder when its configured version differs from the
// cluster's. Linux only: flock, parent-death signals and /proc are what make it safe.
//
// A server of all users rather than a child of its starter (2026-11): as a child it died with
// a starter that was killed, and a starter that left had to wait for all others or take the
// server from them. A watcher that would end it after a kill of the last user was left out: one
// more process to lose, for a server that the next start finds in good order.
package cluster
