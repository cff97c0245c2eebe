package unit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/unit"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var errStop = errors.New("stop")

func notes(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t, dbtest.Empty)
	_, err := db.Super.Exec(t.Context(), `CREATE SCHEMA desk; CREATE TABLE desk.notes (
		id int PRIMARY KEY, parent int CONSTRAINT has_parent REFERENCES desk.notes DEFERRABLE INITIALLY DEFERRED)`)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func add(ctx context.Context, db *dbtest.DB, id int, parent any) error {
	return unit.Begin(ctx, db.Super, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO desk.notes VALUES ($1, $2)`, id, parent)
		return err
	})
}

func count(ctx context.Context, t *testing.T, db *dbtest.DB) (n int) {
	t.Helper()
	if err := unit.Reader(ctx, db.Super).QueryRow(ctx, `SELECT count(*) FROM desk.notes`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatIsBegunUnderAJoinedTransactionIsAPartOfIt(t *testing.T) {
	t.Parallel()
	db, alone := notes(t), t.Context()
	err := pgx.BeginFunc(alone, db.Super, func(tx pgx.Tx) error {
		ctx := unit.Joined(alone, tx)
		if err := add(ctx, db, 1, nil); err != nil {
			return err
		}
		if got := count(ctx, t, db); got != 1 {
			t.Errorf("inside the transaction: %d notes, want 1", got)
		}
		if got := count(alone, t, db); got != 0 {
			t.Errorf("outside of it: %d notes, want 0", got)
		}
		return errStop
	})
	if !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	if got := count(alone, t, db); got != 0 {
		t.Errorf("after the rollback of the whole: %d notes, want 0", got)
	}
}

func TestAPartThatFailsLeavesTheRestWhole(t *testing.T) {
	t.Parallel()
	db, alone := notes(t), t.Context()
	err := pgx.BeginFunc(alone, db.Super, func(tx pgx.Tx) error {
		ctx := unit.Joined(alone, tx)
		if err := add(ctx, db, 1, nil); err != nil {
			return err
		}
		if err := add(ctx, db, 1, nil); err == nil {
			t.Error("the same note twice was taken")
		}
		return add(ctx, db, 2, 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := count(alone, t, db); got != 2 {
		t.Errorf("%d notes, want 2", got)
	}
}

func TestAConstraintThatWaitsForTheCommitIsCheckedAtTheEndOfEachPart(t *testing.T) {
	t.Parallel()
	db, alone := notes(t), t.Context()
	err := pgx.BeginFunc(alone, db.Super, func(tx pgx.Tx) error {
		ctx := unit.Joined(alone, tx)
		var refused *pgconn.PgError
		if err := add(ctx, db, 1, 9); !errors.As(err, &refused) || refused.ConstraintName != "has_parent" {
			t.Errorf("a note without its parent: got %v, want has_parent", err)
		}
		// And the next part may again keep its order to itself.
		return unit.Begin(ctx, db.Super, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO desk.notes VALUES (2, 3); INSERT INTO desk.notes VALUES (3, NULL)`)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestASnapshotUnderAJoinedTransactionSeesIt(t *testing.T) {
	t.Parallel()
	db, alone := notes(t), t.Context()
	err := pgx.BeginFunc(alone, db.Super, func(tx pgx.Tx) error {
		ctx := unit.Joined(alone, tx)
		if err := add(ctx, db, 1, nil); err != nil {
			return err
		}
		return unit.Snapshot(ctx, db.Super, func(view pgx.Tx) error {
			if got := count(unit.Joined(ctx, view), t, db); got != 1 {
				t.Errorf("%d notes, want 1", got)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
