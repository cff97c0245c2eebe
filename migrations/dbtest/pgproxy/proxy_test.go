package pgproxy_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/migrations/dbtest"
	"masp/migrations/dbtest/pgproxy"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// desk is a database with one empty table, behind a proxy.
type desk struct {
	*pgproxy.Proxy
	t    *testing.T
	db   *dbtest.DB
	told atomic.Int64 // how often the end of a connection was told
}

func newDesk(t *testing.T, rule func(pgproxy.Step) pgproxy.Verdict) *desk {
	t.Helper()
	db := dbtest.New(t, dbtest.Empty)
	if _, err := db.Super.Exec(t.Context(), `CREATE TABLE public.kept (n int); GRANT ALL ON public.kept TO public`); err != nil {
		t.Fatal(err)
	}
	d := &desk{Proxy: pgproxy.New(t, db.AppURL), t: t, db: db}
	d.Rule, d.OnCut = rule, func() { d.told.Add(1) }
	d.Serve()
	return d
}

// write adds a row in a transaction of its own: begin, prepare, insert, commit.
func (d *desk) write() error {
	ctx := d.t.Context()
	conn, err := pgx.Connect(ctx, d.URL())
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO public.kept VALUES ($1)`, 1)
		return err
	})
}

func (d *desk) wantRows(want int) {
	d.t.Helper()
	var got int
	if err := d.db.Super.QueryRow(d.t.Context(), `SELECT count(*) FROM public.kept`).Scan(&got); err != nil {
		d.t.Fatal(err)
	}
	if got != want {
		d.t.Errorf("got %d rows, want %d", got, want)
	}
}

func TestStepsAreCountedAndTheCommitOfAWriterIsKnown(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	if err := d.write(); err != nil {
		t.Fatal(err)
	}
	d.wantRows(1)
	steps := d.Steps()
	commits, named := 0, 0
	for i, s := range steps {
		if s.No != i+1 {
			t.Errorf("step %d is numbered %d", i+1, s.No)
		}
		if s.Commit {
			commits++
		}
		if s.Query == `INSERT INTO public.kept VALUES ($1)` {
			named++
		}
	}
	if len(steps) != 4 || commits != 1 || named != 1 || !steps[3].Commit {
		t.Errorf("got %+v, want begin, the statement prepared and executed, commit", steps)
	}
	if len(d.Cuts()) != 0 || d.told.Load() != 0 {
		t.Errorf("cut at %v", d.Cuts())
	}
}

func TestBeforeTheCommitNothingIsThereAndAfterItAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		verdict pgproxy.Verdict
		rows    int
	}{{"before", pgproxy.Before, 0}, {"after", pgproxy.After, 1}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, func(s pgproxy.Step) pgproxy.Verdict {
				if s.Commit {
					return c.verdict
				}
				return pgproxy.Pass
			})
			if err := d.write(); err == nil {
				t.Error("nobody was told")
			}
			d.wantRows(c.rows)
			if cuts := d.Cuts(); len(cuts) != 1 || cuts[0].No != 4 || d.told.Load() != 1 {
				t.Errorf("cut at %+v, told %d times, want once at the fourth step", cuts, d.told.Load())
			}
		})
	}
}

func TestAStepThatIsCutEarlyIsNeverCommitted(t *testing.T) {
	t.Parallel()
	for no := 1; no <= 3; no++ {
		for _, verdict := range []pgproxy.Verdict{pgproxy.Before, pgproxy.After} {
			d := newDesk(t, pgproxy.At(no, verdict))
			if err := d.write(); err == nil {
				t.Errorf("step %d: nobody was told", no)
			}
			d.wantRows(0)
		}
	}
}

func TestTheEndOfAReaderIsNoCommit(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	conn, err := pgx.Connect(t.Context(), d.As("masp_read"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	err = pgx.BeginTxFunc(t.Context(), conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SELECT 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Steps() {
		if s.Commit {
			t.Errorf("%+v passes for the commit of a writer", s)
		}
	}
}
