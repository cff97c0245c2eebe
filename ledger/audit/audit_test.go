package audit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func record(t *testing.T, db *dbtest.DB, a audit.Act) audit.Seq {
	t.Helper()
	var seq audit.Seq
	err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) (err error) {
		seq, err = audit.Record(t.Context(), tx, a)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func act(id int) audit.Act {
	return audit.Act{Actor: "marie", Action: "run.submit", ObjectType: "run", ObjectID: fmt.Sprint(id)}
}

func faults(t *testing.T, q audit.Querier, known *audit.Head) []audit.Fault {
	t.Helper()
	var found []audit.Fault
	if _, err := audit.Verify(t.Context(), q, known, func(f audit.Fault) { found = append(found, f) }, nil); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTheHashOfTheDatabaseIsTheHashOfGo(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	full := act(1)
	full.Before, full.After = chain.Hash{1}, chain.Hash{2}
	full.Reason, full.Details = "élève « 50 % » ‒ €", map[string]any{"b": 1, "a": []string{"x"}}
	record(t, db, act(0))
	record(t, db, full)
	half := act(2)
	half.After = chain.Hash{3}
	record(t, db, half)
	if found := faults(t, db.App, nil); len(found) > 0 {
		t.Errorf("found %v, want nothing", found)
	}
	var got []audit.Recorded
	if err := audit.Read(t.Context(), db.App, 2, func(r audit.Recorded) bool { got = append(got, r); return false }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Details != `{"a":["x"],"b":1}` || got[0].Reason != full.Reason || got[0].Before != full.Before {
		t.Errorf("got %+v, want the second act as it was recorded", got)
	}
}

func TestActsAtTheSameTimeAreNumberedWithoutAGap(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
				if _, err := audit.Record(t.Context(), tx, act(i)); err != nil {
					return err
				}
				if i%4 == 0 {
					return context.Canceled // taken back: no gap stays
				}
				return nil
			})
			if (err != nil) != (i%4 == 0) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	head, err := audit.HeadOf(t.Context(), db.App)
	if err != nil || head.Seq != 15 {
		t.Errorf("got %v, %v, want 15 acts", head, err)
	}
	if found := faults(t, db.App, &head); len(found) > 0 {
		t.Errorf("found %v, want nothing", found)
	}
	if got, err := audit.ParseHead(head.String()); err != nil || got != head {
		t.Errorf("got %v, %v, want the head as printed", got, err)
	}
}

func TestAnActWithoutItsPartsIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*audit.Act){
		"actor":       func(a *audit.Act) { a.Actor = "" },
		"action":      func(a *audit.Act) { a.Action = "" },
		"object type": func(a *audit.Act) { a.ObjectType = "" },
		"object id":   func(a *audit.Act) { a.ObjectID = "" },
		"details":     func(a *audit.Act) { a.Details = func() {} },
	} {
		a := act(1)
		change(&a)
		if _, err := audit.Record(t.Context(), nil, a); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s missing: got %v", name, err)
		}
	}
}

func TestAMovedInsertedOrRewrittenActIsFound(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	for i := range 5 {
		record(t, db, act(i))
	}
	printed, err := audit.HeadOf(t.Context(), db.App)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		statement string
		first     audit.Seq
	}{
		"edited":    {`UPDATE masp.audit_log SET actor = 'eve' WHERE seq = 2`, 2},
		"deleted":   {`DELETE FROM masp.audit_log WHERE seq = 3`, 3},
		"swapped":   {`UPDATE masp.audit_log a SET object_id = b.object_id FROM masp.audit_log b WHERE a.seq + b.seq = 5 AND a.seq IN (2, 3)`, 2},
		"inserted":  {`INSERT INTO masp.audit_log SELECT 6, at, actor, action, object_type, object_id, NULL, NULL, '', '', registers, hash, hash FROM masp.audit_log WHERE seq = 5`, 6},
		"rewritten": {`WITH x AS (DELETE FROM masp.audit_log) UPDATE masp.audit_heads SET last_seq = 0, hash = decode(repeat('00', 32), 'hex')`, 1},
	} {
		tx, err := db.Super.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{`SET LOCAL session_replication_role = replica`, c.statement} {
			if _, err := tx.Exec(t.Context(), s); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		found := faults(t, tx, &printed)
		if len(found) == 0 || found[0].Seq != c.first {
			t.Errorf("%s: found %v, want the first at act %d", name, found, c.first)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
