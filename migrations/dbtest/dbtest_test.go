package dbtest_test

import (
	"testing"
	"time"

	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := dbtest.New(t), dbtest.New(t)
	if _, err := one.Owner.Exec(t.Context(), `CREATE TABLE only_here (n int)`); err != nil {
		t.Fatal(err)
	}
	var seen bool
	err := two.Super.QueryRow(t.Context(), `SELECT to_regclass('masp.only_here') IS NOT NULL`).Scan(&seen)
	if err != nil || seen {
		t.Errorf("a table of one test is seen by the other: got %v, %v, want false", seen, err)
	}
}

func TestEveryPoolConnectsAsItsRole(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var got [3]string
	for i, query := range []interface {
		Scan(...any) error
	}{
		db.Owner.QueryRow(t.Context(), `SELECT current_user`),
		db.App.QueryRow(t.Context(), `SELECT current_user`),
		db.Super.QueryRow(t.Context(), `SELECT current_user`),
	} {
		if err := query.Scan(&got[i]); err != nil {
			t.Fatal(err)
		}
	}
	if want := [3]string{"masp_owner", "masp_app", "postgres"}; got != want {
		t.Errorf("roles: got %v, want %v", got, want)
	}
}

func TestTheClockOfTheDatabaseCanBeMoved(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	want := time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC)
	db.SetClock(t, want)
	var got time.Time
	if err := db.App.QueryRow(t.Context(), `SELECT masp.now()`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got.Before(want) || got.After(want.Add(time.Minute)) {
		t.Errorf("masp.now(): got %v, want a moment after %v", got, want)
	}
	db.SetClock(t, time.Time{})
	if err := db.App.QueryRow(t.Context(), `SELECT masp.now()`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if off := time.Since(got).Abs(); off > time.Minute {
		t.Errorf("the real time is %v away after the reset", off)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		dbtest.New(b)
	}
}
