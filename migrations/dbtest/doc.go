// Package dbtest gives each test a PostgreSQL database of its own. Only tests import it.
//
// The first [New] of a test process starts a private cluster in a temporary folder; every further
// one copies its template database, in some tens of milliseconds, so tests run in parallel and
// leave nothing behind. The server ends with the test process, even a killed one; its folder is
// removed by [Main], or by the next test process. The cluster itself is a copy of a ready one with
// the migrated template, which all packages share for half an hour, as long as PostgreSQL and the
// migrations stay the same: initdb and the migrations were most of the time of a small package.
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
// Where many tests furnish a house each, those of a file take [Turns]: by default one in so many is done, and one
// at least. A long test has three forms ([Form], [NewLot], [Seldom]): by default a part of it, drawn by lot and
// repeated with MASP_SEED; what CI does; and all of it with MASP_LONG. The examples that keep money
// right (double entry, four eyes, once only) are done whole in every form.
//
// The cluster trades durability for speed: fsync is off, and its files lie in memory where the
// machine has such a file system with room. Tests of what demands the settings of production
// take [Strict]; benchmarks that are compared with real use take [Durable], on a disk.
package dbtest
