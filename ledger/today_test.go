package ledger_test

import (
	"testing"
	"time"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
)

// TestTheDatabaseKeepsTheDayOfParis asks for the day around midnights, changes of the clocks and the
// end of a year, in sessions of several zones.
func TestTheDatabaseKeepsTheDayOfParis(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Conns(1))
	for _, zone := range []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		if _, err := db.App.Exec(t.Context(), `SELECT set_config('TimeZone', $1, false)`, zone); err != nil {
			t.Fatal(err)
		}
		for _, instant := range []string{
			"2026-11-04T22:59:50Z", "2026-11-04T23:00:00Z", "2026-12-31T22:59:50Z", "2026-12-31T23:00:00Z",
			"2026-03-28T22:59:50Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:50Z", "2026-03-29T22:00:00Z",
			"2026-10-25T22:59:50Z", "2026-10-25T23:00:00Z", "2028-02-29T12:00:00Z",
		} {
			now, err := time.Parse(time.RFC3339, instant)
			if err != nil {
				t.Fatal(err)
			}
			db.SetClock(t, now)
			got, err := ledger.Today(t.Context(), db.App)
			if want := civil.FromTime(now, civil.Paris); err != nil || got != want {
				t.Errorf("%s, session in %s: got %s, %v, want %s", instant, zone, got, err, want)
			}
		}
	}
}
