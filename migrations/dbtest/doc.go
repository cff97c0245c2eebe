// Package dbtest gives each test a PostgreSQL database of its own. Only tests import it.
//
// The first [New] of a test process starts a private cluster in a temporary folder and migrates
// a template database; every further one copies the template, in some tens of milliseconds, so
// tests run in parallel and leave nothing behind. The server ends with the test process, even a
// killed one; its folder is removed by [Main], or by the next test process.
//
//	func TestSomething(t *testing.T) {
//		t.Parallel()
//		db := dbtest.New(t)
//		db.SetClock(t, time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC))
//		... ledger.New(db.App) ...
//	}
//
// A package with many tests adds
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
//
// The cluster trades durability for speed: fsync is off, and its files lie in memory where the
// machine has such a file system with room. Tests of what demands the settings of production
// take [Strict]; benchmarks that are compared with real use take [Durable], on a disk.
package dbtest
