package unit_test

import (
	"errors"
	"testing"

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
