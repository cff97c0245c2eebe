package desk_test

import (
	"maps"
	"testing"

	"masp/api/pages"
	"masp/api/pages/desk"
	"masp/api/pages/pagestest"
	"masp/api/v1/v1test"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// month is the office after the benefits and the runs of a month.
var month struct {
	dbtest.Model
	tokens map[string]string
}

// house is a house with a month behind it, on the morning of 9 November 2026.
func house(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	db := dbtest.New(t, dbtest.Like(&month.Model, func(db *dbtest.DB) {
		month.tokens = v1test.Furnish(t, db)
		o := v1test.On(t, db, nil)
		o.Tokens = month.tokens
		o.Benefits(t)
		o.Runs(t)
	}))
	h := pagestest.On(t, db, maps.Clone(month.tokens), desk.Face())
	h.At(t, "2026-11-09", 10)
	return h
}

// fresh is a house on its first day.
func fresh(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	return pagestest.New(t, []pages.Face{desk.Face()})
}
