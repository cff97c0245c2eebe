package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger/audit"
	"masp/migrations/dbtest"
)

// change adds one creditor as somebody, followed by so many acts.
func change(t *testing.T, pool *pgxpool.Pool, id string, acts int) error {
	return pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `INSERT INTO masp.creditors VALUES ($1, 'Société', 'OTHER')`, id); err != nil {
			return err
		}
		for i := range acts {
			if _, err := audit.Record(t.Context(), tx, act(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

func mustChange(t *testing.T, pool *pgxpool.Pool, id string, acts int) {
	t.Helper()
	if err := change(t, pool, id, acts); err != nil {
		t.Fatal(err)
	}
}

func mustRun(t *testing.T, tx pgx.Tx, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := tx.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// registers are what the proof of the registers finds, as "CODE table".
func registers(t *testing.T, pool *pgxpool.Pool, forge ...string) (found []string) {
	t.Helper()
	tx, err := pool.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead}) // one snapshot, like masp verify
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	mustRun(t, tx, forge...)
	var last audit.Recorded
	if _, err := audit.Verify(t.Context(), tx, nil, func(f audit.Fault) { t.Error(f) }, func(r audit.Recorded) { last = r }); err != nil {
		t.Fatal(err)
	}
	err = audit.VerifyRegisters(t.Context(), tx, last, func(f audit.RegisterFault) { found = append(found, f.Code+" "+f.Table) })
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func wantFound(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: found %v, want %v", when, got, want)
	}
}

func TestAChangeBelongsToTheActOfItsTransaction(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	mustChange(t, db.Owner, "C-1", 0)
	mustChange(t, db.App, "C-2", 0)
	wantFound(t, "before the first act nothing is signed", registers(t, db.App))
	mustChange(t, db.App, "C-3", 2)
	wantFound(t, "the first act takes over what stood there", registers(t, db.App))
	mustChange(t, db.App, "C-4", 1)
	wantFound(t, "a change with its act", registers(t, db.App))
	mustChange(t, db.Owner, "C-5", 0)
	wantFound(t, "a change without an act", registers(t, db.App), "CHANGED_WITHOUT_ACT creditors")
	mustChange(t, db.App, "C-6", 1)
	wantFound(t, "the act of another does not cover it", registers(t, db.App), "CHANGED_WITHOUT_ACT creditors")
}

func TestAnActCoversWhatItsTransactionChangedBeforeIt(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	mustChange(t, db.App, "C-1", 1)
	err := pgx.BeginFunc(t.Context(), db.Owner, func(tx pgx.Tx) error {
		mustRun(t, tx, `SET LOCAL TimeZone = 'Asia/Tokyo'`, `SET LOCAL DateStyle = 'SQL, DMY'`, `SET LOCAL bytea_output = 'escape'`,
			`INSERT INTO masp.users VALUES ('a.one', 'A', '{coordinator}', now()), ('b.two', 'B', '{coordinator}', now())`,
			`INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at) VALUES ('a.one', 'token', sha256('x'), now(), now())`,
			`SAVEPOINT s`, `DELETE FROM masp.users WHERE user_id = 'b.two'`, `ROLLBACK TO s`,
			`UPDATE masp.users SET name = 'C'`, `UPDATE masp.users SET name = name`, `DELETE FROM masp.users WHERE user_id = 'b.two'`)
		_, err := audit.Record(t.Context(), tx, act(1))
		mustRun(t, tx, `UPDATE masp.users SET name = 'D'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantFound(t, "a change after the act", registers(t, db.App), "CHANGED_WITHOUT_ACT users")
	wantFound(t, "the change taken back", registers(t, db.Super, `SET LOCAL session_replication_role = replica`,
		`DELETE FROM masp.register_changes`, `UPDATE masp.users SET name = 'C'`))
}

func TestAForgedRegisterIsFound(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	mustChange(t, db.App, "C-1", 1)
	off := `SET LOCAL session_replication_role = replica`
	wantFound(t, "triggers off", registers(t, db.Super, off, `UPDATE masp.creditors SET name = 'Eve'`), "REGISTER_CHANGED creditors")
	wantFound(t, "triggers off for one table", registers(t, db.Owner, `ALTER TABLE masp.creditors DISABLE TRIGGER USER`,
		`DELETE FROM masp.creditors`), "REGISTER_CHANGED creditors")
	// A change whose trace is written by hand where the acts keep theirs.
	folded := `UPDATE masp.registers r SET rows = r.rows + c.rows, w1 = r.w1 # c.w1, w2 = r.w2 # c.w2, w3 = r.w3 # c.w3, w4 = r.w4 # c.w4
		FROM masp.register_changes c WHERE c.table_name = r.table_name`
	wantFound(t, "registers made to fit", registers(t, db.Super, `UPDATE masp.creditors SET name = 'Eve'`, off, folded,
		`DELETE FROM masp.register_changes`), "REGISTER_HEAD registers")
	wantFound(t, "a register deleted", registers(t, db.Super, off, `DELETE FROM masp.registers WHERE table_name = 'creditors'`),
		"REGISTER_CHANGED creditors", "REGISTER_HEAD registers")
	wantFound(t, "a register added", registers(t, db.Super, off, `INSERT INTO masp.registers VALUES ('alerts')`), "REGISTER_HEAD registers")
}

func TestNobodyWritesTheRegistersByHand(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	mustChange(t, db.Owner, "C-1", 0)
	for statement, want := range map[string]string{
		`UPDATE masp.registers SET rows = 1`:                               "MA002",
		`DELETE FROM masp.registers`:                                       "MA001",
		`INSERT INTO masp.registers VALUES ('alerts')`:                     "MA002",
		`TRUNCATE masp.registers`:                                          "MA001",
		`DELETE FROM masp.register_changes`:                                "MA002",
		`UPDATE masp.register_changes SET rows = 0`:                        "MA001",
		`INSERT INTO masp.register_changes SELECT * FROM register_changes`: "MA002",
		`TRUNCATE masp.register_changes`:                                   "MA001",
		`TRUNCATE masp.creditors CASCADE`:                                  "MA001",
		`SELECT masp.register('creditors')`:                                "has rows already",
	} {
		if _, err := db.Owner.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("owner: %s: got %v, want %s", statement, err, want)
		}
		if _, err := db.App.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("application: %s: got %v, want 42501", statement, err)
		}
	}
}

func TestChangesAtTheSameTimeAreAllSealed(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for j := range 5 {
				if err := change(t, db.App, fmt.Sprintf("C-%d-%d", i, j), 1+i%2); err != nil {
					t.Error(err)
				}
				if found := registers(t, db.App); len(found) > 0 {
					t.Errorf("meanwhile: found %v, want nothing", found)
				}
			}
		})
	}
	all.Wait()
	wantFound(t, "afterwards", registers(t, db.App))
}

// BenchmarkRecord records an act with one changed row before it, or with none.
func BenchmarkRecord(b *testing.B) {
	db := dbtest.New(b, dbtest.Durable)
	for _, rows := range []int{0, 1} {
		b.Run(fmt.Sprintf("changes=%d", rows), func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				err := pgx.BeginFunc(b.Context(), db.App, func(tx pgx.Tx) error {
					_, err := tx.Exec(b.Context(), `INSERT INTO masp.creditors SELECT 'C-' || count(*), 'S', 'OTHER' FROM masp.creditors HAVING $1 > 0`, rows)
					if err != nil {
						return err
					}
					_, err = audit.Record(b.Context(), tx, act(n))
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
