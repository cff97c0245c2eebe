package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/money"
)

// together runs f n times at the same moment and waits.
func together(n int, f func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			f(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

func TestTwentyPaymentsOfTheSameMoneyGoOutOnce(t *testing.T) {
	t.Parallel()
	for name, post := range map[string]func(b *books, e ledger.Entry) error{
		"grouped":          func(b *books, e ledger.Entry) error { _, err := b.Post(b.t.Context(), e); return err },
		"own transactions": func(b *books, e ledger.Entry) error { _, err := b.post(e); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBooks(t)
			for round := range 5 {
				person := fmt.Sprintf("M%d", round)
				b.mustPost(credit("in "+person, person, 100))
				var accepted, overdrawn atomic.Int64
				together(20, func(i int) {
					err := post(b, payment(fmt.Sprintf("out %s %d", person, i), person, 80))
					var refusal *ledger.OverdrawnError
					switch {
					case err == nil:
						accepted.Add(1)
					case errors.As(err, &refusal) && refusal.Code == ledger.Mandate(person) &&
						refusal.Balance == money.Cents(20) && refusal.Wanted == money.Cents(80):
						overdrawn.Add(1)
					default:
						t.Errorf("got %v, want an overdraft of 20 by 80", err)
					}
				})
				if accepted.Load() != 1 || overdrawn.Load() != 19 {
					t.Errorf("%d accepted and %d overdrawn, want 1 and 19", accepted.Load(), overdrawn.Load())
				}
				if got := b.balance(ledger.Mandate(person)); got != money.Cents(-20) {
					t.Errorf("balance %s, want -0.20 (debit positive)", got)
				}
			}
			b.mustVerify()
		})
	}
}

func TestOneSourceAtTheSameTimeIsOneEntry(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	var stored, replayed atomic.Int64
	together(30, func(int) {
		posted, err := b.Post(t.Context(), credit("same", "M1", 100))
		switch {
		case err != nil || posted.No != 1 || posted.JournalNo != 1:
			t.Errorf("got %v, %v, want entry 1", posted, err)
		case posted.Replayed:
			replayed.Add(1)
		default:
			stored.Add(1)
		}
	})
	if stored.Load() != 1 || replayed.Load() != 29 {
		t.Errorf("%d stored and %d replayed, want 1 and 29", stored.Load(), replayed.Load())
	}
}

func TestARefusedCallerDoesNotHurtTheOthersOfHisGroup(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	var accepted atomic.Int64
	together(60, func(i int) {
		var err error
		var conflict *ledger.ConflictError
		switch i % 3 {
		case 0:
			if _, err = b.Post(t.Context(), credit(fmt.Sprint("ok ", i), fmt.Sprint("M", i), 5)); err == nil {
				accepted.Add(1)
				return
			}
		case 1:
			var overdrawn *ledger.OverdrawnError
			if _, err = b.Post(t.Context(), payment(fmt.Sprint("empty ", i), "NOBODY", 5)); errors.As(err, &overdrawn) {
				return
			}
		case 2:
			// Each has another amount: one is stored, the others are in conflict with it.
			if _, err = b.Post(t.Context(), credit("shared", "M0", int64(100+i))); err == nil || errors.As(err, &conflict) {
				return
			}
		}
		t.Errorf("caller %d: %v", i, err)
	})
	if accepted.Load() != 20 {
		t.Errorf("%d accepted, want 20", accepted.Load())
	}
	var batches int
	if err := b.db.App.QueryRow(t.Context(), `SELECT count(*) FROM masp.seals`).Scan(&batches); err != nil {
		t.Fatal(err)
	}
	if batches >= 21 {
		t.Errorf("21 entries in %d commits, want some shared", batches)
	}
	b.mustVerify()
}

func TestACallerWhoLeavesGetsAWholeEntryOrNone(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	together(40, func(i int) {
		ctx, stop := context.WithTimeout(t.Context(), time.Duration(i%20)*200*time.Microsecond)
		defer stop()
		_, err := b.Post(ctx, credit(fmt.Sprint("s", i), "M1", 100))
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the end of the context", err)
		}
	})
	start := time.Now()
	for i := range 40 { // asking again tells; nothing is stuck
		if _, err := b.Post(t.Context(), credit(fmt.Sprint("s", i), "M1", 100)); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("asking again took %s: a lock was left behind", took)
	}
	if got := b.balance(ledger.Bank("BK")); got != money.Cents(4000) {
		t.Errorf("balance %s, want 40.00", got)
	}
	b.mustVerify()
}

func TestAnOutageIsAnErrorAndTheNextCallerIsServed(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	b.mustPost(credit("first", "M1", 1))
	stop := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() {
		for range 15 {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				_, _ = b.db.Super.Exec(background(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
					WHERE datname = current_database() AND usename = 'masp_app'`)
			}
		}
	})
	var stored atomic.Int64
	together(8, func(i int) {
		for j := range 20 {
			if _, err := b.Post(t.Context(), credit(fmt.Sprintf("s %d %d", i, j), "M1", 1)); err == nil {
				stored.Add(1)
			}
		}
	})
	close(stop)
	killer.Wait()
	b.db.App.Reset()
	for i := range 8 {
		for j := range 20 {
			if _, err := b.Post(t.Context(), credit(fmt.Sprintf("s %d %d", i, j), "M1", 1)); err != nil {
				t.Fatalf("after the outage: %v", err)
			}
		}
	}
	t.Logf("%d of 160 stored while connections were cut", stored.Load())
	if got := b.balance(ledger.Bank("BK")); got != money.Cents(161) {
		t.Errorf("balance %s, want 1.61: each entry once", got)
	}
	b.mustVerify()
}

// The bank test: money goes round between many accounts while everything is read.
func TestEverySnapshotBalances(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	for i := range 20 {
		b.mustPost(credit(fmt.Sprint("in ", i), fmt.Sprint("M", i), 1000))
	}
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := range 100 {
				from, to := rand.IntN(20), rand.IntN(20)
				if from == to {
					continue
				}
				e := entry(ledger.DeathFreeze, fmt.Sprintf("move %d %d", w, i), ledger.Mandate(fmt.Sprint("M", from)),
					ledger.Mandate(fmt.Sprint("M", to)), rand.Int64N(700)+1)
				var overdrawn *ledger.OverdrawnError
				if _, err := b.Post(t.Context(), e); err != nil && !errors.As(err, &overdrawn) {
					t.Error(err)
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() { writers.Wait(); close(finished) }()
	for reading := true; reading; {
		select {
		case <-finished:
			reading = false
		default:
		}
		lines, err := b.TrialBalance(t.Context(), b.db.App)
		if err != nil {
			t.Fatal(err)
		}
		var sum money.Amount
		for _, l := range lines {
			sum = sum.Add(l.Balance)
			if l.Code.PCG() == "467" && l.Balance.IsPositive() {
				t.Errorf("%s is in debit", l.Code)
			}
		}
		if !sum.IsZero() {
			t.Fatalf("the books sum to %s, want zero", sum)
		}
	}
	b.mustVerify()
}

func TestARollbackTakesEverythingBack(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	err := b.in(func(tx pgx.Tx) error {
		if _, err := b.PostTx(t.Context(), tx, credit("gone", "M1", 100)); err != nil {
			return err
		}
		return errors.New("changed my mind")
	})
	if err == nil {
		t.Fatal("the transaction was committed")
	}
	posted := b.mustPost(credit("kept", "M2", 100))
	if posted[0] != (ledger.Posted{No: 1, JournalNo: 1}) {
		t.Errorf("got %v, want number 1: a rollback leaves no gap", posted[0])
	}
	b.mustVerify()
}
