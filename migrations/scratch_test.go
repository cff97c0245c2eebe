package migrations_test

import (
	"testing"

	"masp/migrations"
	"masp/migrations/dbtest"
)

func TestAScratchDatabaseIsMigratedAndGoesAway(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t, dbtest.Empty)
	if _, err := migrations.NewScratch(t.Context(), db.OwnerURL, db.AppURL); err == nil {
		t.Error("a role made a database without the right to")
	}
	scratch, err := migrations.NewScratch(t.Context(), db.SuperURL, db.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := migrations.Open(t.Context(), scratch.AppURL, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := migrations.Check(t.Context(), pool); err != nil {
		t.Errorf("the schema of a scratch database: %v", err)
	}
	if err := scratch.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	err = db.Super.QueryRow(t.Context(), `SELECT count(*) FROM pg_database WHERE datname LIKE 'masp_scratch_%'`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("scratch databases left: got %d, %v, want none", left, err)
	}
}
