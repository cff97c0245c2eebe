// Package cluster starts the program's own PostgreSQL: the embedded default that makes the
// product work with two commands, without a server to configure and without a network port.
//
// # What it owns
//
// One folder per cluster:
//
//	MASP-CLUSTER   marker: only a folder that carries it is ever started or wiped
//	lock, serving, starter, joined   locks (flock) that say who starts, serves, holds and shares it
//	data           the PostgreSQL data folder, 0700
//	run            the unix socket, 0700 (elsewhere when the path would pass 107 bytes)
//	postgres.log   what the server says; statements and details of errors are kept out of it
//
// # Rules
//
//   - The first start is atomic: initdb works in data.new, which is renamed when complete. A
//     kill at any instant leaves either no cluster or a whole one.
//   - The server is a direct child and gets SIGINT from the kernel when we die, however we die,
//     so it stops cleanly after a kill -9 of the program. A process that opens the folder
//     meanwhile waits for the end of the shutdown, then starts the server again.
//   - A server that already runs on the folder is joined, and left running on Close. The
//     process that started it ends it, after those that joined have closed it.
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
// program; masp_read is the auditor. All authenticate by the socket folder, which only the
// server's user and root can enter ("trust" behind 0700).
//
// # Decisions
//
// An own launcher rather than fergusstrange/embedded-postgres: that one downloads at run time,
// fails as root and wipes the data folder when its configured version differs from the
// cluster's. Linux only: parent-death signals and /proc are what make it safe.
package cluster
