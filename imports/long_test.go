package imports_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/imports"
	"masp/ledger"
	"masp/migrations"
	"masp/migrations/dbtest"
	"masp/payments"
)

// atOnce lets one transaction post few lines, so that short statements are long ones.
func (w *world) atOnce(n int) *world {
	w.AtOnce = n
	return w
}

// other is a second process on the same database.
func (w *world) other(pool int32) *imports.Service {
	w.t.Helper()
	db, err := migrations.Open(w.t.Context(), w.db.AppURL, pool)
	w.must(err)
	w.t.Cleanup(db.Close)
	books := ledger.New(db)
	return &imports.Service{
		DB: db, Ledger: books, Payments: &payments.Service{DB: db, Ledger: books}, AtOnce: w.AtOnce,
	}
}

// books512 is what must be true at any time of the long statement: so many entries and lines as
// it says that are posted, and nothing twice.
func (w *world) wantLong(lines int, state string) {
	w.t.Helper()
	got := ""
	w.must(w.db.Super.QueryRow(w.t.Context(), `
		SELECT concat_ws(' ', state, posted_lines, (SELECT count(*) FROM masp.bank_lines),
		       (SELECT count(*) FROM masp.entries WHERE kind <> 'OPENING'))
		  FROM masp.bank_statements WHERE bank_ref = 'long'`).Scan(&got))
	if want := fmt.Sprintf("%s %d %d %d", state, lines, lines, lines); got != want {
		w.t.Errorf("got state, posted, lines, entries %s, want %s", got, want)
	}
	w.sound()
}

func TestALongStatementIsPostedInSeveralTransactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t).atOnce(10)
	var steps []string
	w.Progress = func(p imports.Progress) {
		steps = append(steps, fmt.Sprintf("%s %d/%d", p.Ref, p.Done, p.Lines))
		if p.Done < p.Lines {
			w.wantLong(p.Done, "importing")
		}
	}
	o := w.drop(long(34))
	w.wantLong(34, "accepted")
	if want := "long 10/34 long 20/34 long 30/34 long 34/34"; strings.Join(steps, " ") != want {
		t.Errorf("got the steps %s, want %s", strings.Join(steps, " "), want)
	}
	st := o.Statements[0]
	if st.State != "accepted" || st.AlreadyKnown || st.Lines != 34 || st.Done != 34 ||
		st.Posted+st.Suspense+st.Matched != 34 || len(o.Released) != 0 ||
		o.Message() != "1 relevé reçu, 34 mouvements." {
		t.Errorf("got %+v %q", st, o.Message())
	}
	if again := w.drop(long(34)); !again.AlreadyKnown || len(again.Released) != 0 {
		t.Errorf("got %+v the second time, want it known", again)
	}
}

// gone ends an import after so many transactions, as a crash does.
func (w *world) gone(file string, after int) {
	w.t.Helper()
	ctx, crash := context.WithCancel(w.t.Context())
	defer crash()
	s := w.other(1)
	s.Progress = func(imports.Progress) {
		if after--; after <= 0 {
			crash()
		}
	}
	if _, err := s.Import(ctx, "test", "long.xml", strings.NewReader(file)); err == nil {
		w.t.Fatal("the import has not noticed its end")
	}
}

func TestAnInterruptedImportGoesOnWithWhateverComesNext(t *testing.T) {
	t.Parallel()
	next := statements(paper{
		iban: ibanPooled, id: "next", from: "2026-11-05", to: "2026-11-05", opening: "1.00", closing: "1.00",
	})
	for name, goOn := range map[string]func(*world){
		"the same file": func(w *world) {
			o := w.drop(long(34))
			if !o.AlreadyKnown || len(o.Released) != 1 ||
				o.Message() != "Déjà reçu le 05/11 à 13 h 00. 1 relevé en attente a pu suivre. 7 mouvements restent à identifier." {
				w.t.Errorf("got %q %+v, want it finished", o.Message(), o)
			}
		},
		"another file of the account": func(w *world) {
			if o := w.drop(next); len(o.Released) != 1 {
				w.t.Errorf("got %+v, want the long one finished", o)
			}
		},
		"the retry": func(w *world) {
			if done, err := w.RetryHeld(w.t.Context(), "test"); err != nil || len(done) != 1 || done[0].Done != 34 {
				w.t.Errorf("got %+v, %v; want the long one finished", done, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).atOnce(10)
			w.gone(long(34), 2)
			w.wantLong(20, "importing")
			held, err := w.Held(t.Context())
			if err != nil || len(held) != 1 || held[0].Reason != imports.HeldImporting ||
				!strings.HasPrefix(held[0].Explanation, "20 de ses 34 lignes sont enregistrées") {
				t.Errorf("got %+v, %v; want it told how far it is", held, err)
			}
			goOn(w)
			w.wantLong(34, "accepted")
		})
	}
}

func TestNothingElseOfAnAccountIsAcceptedWhileAStatementIsOnItsWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t).atOnce(10)
	w.gone(long(34), 1)
	for _, sql := range []string{
		`UPDATE masp.bank_statements SET state = 'accepted', chain_no = 1 WHERE bank_ref = 'long'`,
		`UPDATE masp.bank_statements SET posted_lines = 34 WHERE bank_ref = 'long'`,
		`UPDATE masp.bank_statements SET posted_lines = 9 WHERE bank_ref = 'long'`,
		`UPDATE masp.bank_statements SET state = 'held', reason = 'GAP' WHERE bank_ref = 'long'`,
	} {
		if _, err := w.db.App.Exec(t.Context(), sql); err == nil {
			t.Errorf("the application may run %s", sql)
		}
	}
	w.exec(`INSERT INTO masp.bank_statements (file_id, ordinal, account_iban, bank_ref, opening_cents, closing_cents, opening_on, closing_on,
	          entries, content_hash, state, reason, explanation)
	        SELECT file_id, 2, account_iban, 'behind', opening_cents, opening_cents, opening_on, closing_on, 0, sha256('x'), 'held', 'GAP', 'x'
	          FROM masp.bank_statements`)
	_, err := w.db.App.Exec(t.Context(), `UPDATE masp.bank_statements
	    SET state = 'accepted', reason = NULL, bank_account_id = 'BK-2', chain_no = 1 WHERE bank_ref = 'behind'`)
	if err == nil || !strings.Contains(err.Error(), "MA051") {
		t.Errorf("got %v, want the one behind refused", err)
	}
}

func TestManyImportersOfOneLongFilePostItOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).atOnce(7)
	var group sync.WaitGroup
	for range 8 {
		s := w.other(2)
		group.Go(func() {
			if _, err := s.Import(t.Context(), "test", "long.xml", strings.NewReader(long(61))); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			if _, err := s.RetryHeld(t.Context(), "test"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	w.wantLong(61, "accepted")
}

func TestStatementsOfOneFileFollowEachOtherInAnyOrderAcrossTransactions(t *testing.T) {
	t.Parallel()
	papers := func() (all []paper) {
		for i := range 12 {
			own := quiet(fmt.Sprintf("o%d", i), "2026-11-05", fmt.Sprintf("%d.00", 100+2*i))
			own.closing = fmt.Sprintf("%d.00", 102+2*i)
			line := strings.ReplaceAll(fromSomebody("1.00", "2026-11-05"), "991", fmt.Sprint(i))
			own.lines = []string{line, line}
			pooled := own
			pooled.iban, pooled.id = ibanPooled, "p"+own.id
			pooled.opening, pooled.closing = fmt.Sprintf("%d.00", 1000+2*i), fmt.Sprintf("%d.00", 1002+2*i)
			all = append(all, own, pooled)
		}
		return all
	}
	for _, atOnce := range []int{1, 3, 7, 1000} {
		t.Run(fmt.Sprint(atOnce), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).atOnce(atOnce)
			all := papers()
			rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			for i, st := range w.drop(statements(all...)).Statements {
				if st.State != "accepted" || st.Ref != all[i].id {
					t.Errorf("got %+v, want %s accepted", st, all[i].id)
				}
			}
			if got := w.balance("512:BK-1") + " " + w.balance("512:BK-2"); got != "124.00 1024.00" {
				t.Errorf("got %s in the banks", got)
			}
			w.sound()
		})
	}
}

// cutter ends what a process does at its nth call of the database: before the call, or, of a
// commit, after it.
type cutter struct {
	at, calls int
	after     bool
	cut       func()
}

func (c *cutter) step() {
	if c.calls++; c.calls == c.at && !c.after {
		c.cut()
	}
}

func (c *cutter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	c.step()
	if c.after && q.SQL == "commit" && c.calls >= c.at {
		return context.WithValue(ctx, c, true)
	}
	return ctx
}

func (c *cutter) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if ctx.Value(c) != nil {
		c.cut()
	}
}

func (c *cutter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.step()
	return ctx
}

func (c *cutter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *cutter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

func (c *cutter) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceCopyFromStartData) context.Context {
	c.step()
	return ctx
}
func (c *cutter) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}

// cutImport imports a file in a process that ends at its nth call; it answers whether the call
// came before the end of the import.
func (w *world) cutImport(file string, at int, after bool) (ended bool) {
	w.t.Helper()
	ctx, end := context.WithCancel(w.t.Context())
	defer end()
	config, err := pgxpool.ParseConfig(w.db.AppURL)
	w.must(err)
	config.MaxConns = 1
	config.ConnConfig.Tracer = &cutter{at: at, after: after, cut: func() { ended = true; end() }}
	db, err := pgxpool.NewWithConfig(w.t.Context(), config)
	w.must(err)
	defer db.Close()
	s := w.other(1)
	s.DB, s.Ledger = db, ledger.New(db)
	s.Payments = &payments.Service{DB: db, Ledger: s.Ledger}
	_, _ = s.Import(ctx, "test", "long.xml", strings.NewReader(file))
	return ended
}

// TestACutAtAnyStepIsMadeGood ends an import before each of its calls of the database, and after
// each of its commits: the books are sound at once, and going on posts every line exactly once.
// MASP_LONG tries every call, CI some, otherwise a few that a lot draws.
func TestACutAtAnyStepIsMadeGood(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	const lines = 23
	stride := dbtest.Form(61, 7, 1)
	first := 1 + dbtest.NewLot(t, stride, 1, 1).First()
	for at, more := first, true; more; at += stride {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, after its commit %t", at, after), func(t *testing.T) {
				w := newWorld(t).atOnce(10)
				if more = more && w.cutImport(long(lines), at, after); more {
					w.sound()
				}
				w.drop(long(lines))
				w.wantLong(lines, "accepted")
			})
		}
	}
}
