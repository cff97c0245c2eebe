package unit_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/unit"
	"masp/migrations/dbtest"
)

func TestRowsAreCopiedIntoATableWithPoliciesAsOftenAsATransactionLikes(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	_, err := db.Super.Exec(t.Context(), `
		CREATE TABLE masp.desk (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text CONSTRAINT word_is_short CHECK (length(word) < 4));
		ALTER TABLE masp.desk ENABLE ROW LEVEL SECURITY;
		CREATE POLICY whole_house ON masp.desk TO masp_app USING (true);
		GRANT SELECT, INSERT ON masp.desk TO masp_app`)
	if err != nil {
		t.Fatal(err)
	}
	write := func(words ...string) error {
		return pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
			for _, w := range words {
				rows := [][]any{{w}, {w + "2"}}
				if n, err := unit.Copy(t.Context(), tx, "desk", []string{"word"}, pgx.CopyFromRows(rows)); err != nil || n != 2 {
					return errors.Join(err, errStop)
				}
			}
			return nil
		})
	}
	if err := write("a", "b"); err != nil {
		t.Fatal(err)
	}
	var refused *pgconn.PgError
	if err := write("c", "long"); !errors.As(err, &refused) || refused.ConstraintName != "word_is_short" {
		t.Errorf("got %v, want the refusal of the table", err)
	}
	var got string
	err = db.App.QueryRow(t.Context(), `SELECT string_agg(n || word, ' ' ORDER BY n) FROM masp.desk`).Scan(&got)
	if want := "1a 2a2 3b 4b2"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// What is written here without asking pgx is what pgx would write, and the rest is left to it.
func TestEachTypeOfValueIsCopiedAsItIs(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	_, err := db.Super.Exec(t.Context(), `
		CREATE TABLE masp.kinds (n int, big bigint, small smallint, word text, note text, day date, at timestamptz, words text[], days date[],
		  what jsonb, bytes bytea, yes boolean);
		GRANT SELECT, INSERT ON masp.kinds TO masp_app`)
	if err != nil {
		t.Fatal(err)
	}
	noon, note := time.Date(2026, 11, 5, 12, 30, 0, 0, time.UTC), "é 'x' \\ 0"
	var none *string
	full := []any{
		-7, int64(-1) << 40, 3, "", &note, time.Date(1944, 2, 29, 0, 0, 0, 0, time.UTC), noon,
		[]string{"a", "b,c"},
		[]time.Time{noon},
		struct{ A int }{4},
		[]byte{0, 1},
		true,
	}
	rows := [][]any{full, {nil, nil, nil, "x", none, noon, nil, []string{}, nil, nil, nil, nil}}
	for range 3000 { // more than is made at once
		rows = append(rows, full)
	}
	columns := []string{"n", "big", "small", "word", "note", "day", "at", "words", "days", "what", "bytes", "yes"}
	err = pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
		_, err := unit.Copy(t.Context(), tx, "kinds", columns, pgx.CopyFromRows(rows))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.App.Query(t.Context(), `SELECT k::text || ' ' || count(*) FROM masp.kinds k GROUP BY k ORDER BY count(*)`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(got, pgx.RowTo[string])
	want := []string{
		`(,,,x,,2026-11-05,,{},,,,) 1`,
		`(-7,-1099511627776,3,"","é 'x' \\ 0",1944-02-29,"2026-11-05 12:30:00+00","{a,""b,c""}",{2026-11-05},"{""A"": 4}","\\x0001",t) 3001`,
	}
	if err != nil || !slices.Equal(lines, want) {
		t.Errorf("got %q, %v\nwant %q", lines, err, want)
	}
}

func TestARowOfAnotherLengthOrOfAnotherTypeIsRefused(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := db.Super.Exec(t.Context(), `CREATE TABLE masp.pair (n int, word text); GRANT SELECT, INSERT ON masp.pair TO masp_app`); err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]any{{1}, {"no number", "x"}, {1 << 40, "x"}, {1, make(chan int)}, {1, "\x00"}} {
		err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
			_, err := unit.Copy(t.Context(), tx, "pair", []string{"n", "word"}, pgx.CopyFromRows([][]any{{1, "x"}, row}))
			return err
		})
		if err == nil {
			t.Errorf("%#v was copied", row)
		}
	}
}
