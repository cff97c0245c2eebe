package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// request is one caller of Post who waits for his answer.
type request struct {
	ctx    context.Context
	entry  *Entry
	posted Posted
	err    error
	done   chan struct{}
}

// Limits of the writer: how many callers share a commit, how often a transaction that the database
// gave up is tried, and how long a group may take in all.
const (
	maxGroup  = sealEvery
	tries     = 5
	groupTime = time.Minute
)

// Post writes one entry in a transaction of its own. Callers at the same time share a commit: while
// one is on its way to the disk, the others wait together for the next. Each has its own result,
// and an entry that is refused does not touch the others. When ctx ends before the answer, the
// caller gets its error and the entry is stored whole or not at all: asking again with the same
// source tells which.
//
// Errors: those of PostTx.
func (l *Ledger) Post(ctx context.Context, e Entry) (Posted, error) {
	if err := e.check(); err != nil {
		return Posted{}, err
	}
	r := &request{ctx: ctx, entry: &e, done: make(chan struct{})}
	l.mu.Lock()
	l.waiting = append(l.waiting, r)
	if !l.writing {
		l.writing = true
		go l.writeWaiting()
	}
	l.mu.Unlock()
	select {
	case <-r.done:
		return r.posted, r.err
	case <-ctx.Done():
		return Posted{}, fmt.Errorf("post entry %q: %w", e.Source, ctx.Err())
	}
}

// writeWaiting commits what waits, group after group, until nobody waits.
func (l *Ledger) writeWaiting() {
	for {
		l.mu.Lock()
		n := min(len(l.waiting), maxGroup)
		if n == 0 {
			l.writing = false
			l.mu.Unlock()
			return
		}
		group := l.waiting[:n:n]
		l.waiting = l.waiting[n:]
		l.mu.Unlock()
		l.writeGroup(group)
		for _, r := range group {
			close(r.done)
		}
	}
}

// writeGroup answers every request of a group. A group that the database refuses as a whole is
// written one by one, so that only the one to blame is refused.
func (l *Ledger) writeGroup(group []*request) {
	ctx, stop := context.WithTimeout(context.Background(), groupTime)
	defer stop()
	err := l.tryGroup(ctx, group)
	if err == nil {
		return
	}
	if len(group) > 1 && !retryable(err) {
		for i := range group {
			l.writeGroup(group[i : i+1])
		}
		return
	}
	for _, r := range group {
		r.posted, r.err = Posted{}, err
	}
}

// tryGroup writes a group in one transaction, again when the database gave up on it.
func (l *Ledger) tryGroup(ctx context.Context, group []*request) error {
	var err error
	for try := range tries {
		if err = l.commitGroup(ctx, group); err == nil || !retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(1<<try) * 5 * time.Millisecond):
		}
	}
	return err
}

func (l *Ledger) commitGroup(ctx context.Context, group []*request) error {
	entries := make([]*Entry, 0, len(group))
	for _, r := range group {
		if r.err = r.ctx.Err(); r.err == nil {
			entries = append(entries, r.entry)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	tx, err := l.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(ctx) //nolint:errcheck // after a commit there is nothing to roll back
	p, err := begin(ctx, tx, entries)
	if err != nil {
		return err
	}
	for _, r := range group {
		if r.err == nil {
			r.posted, r.err = p.add(r.entry)
		}
	}
	if err := p.finish(ctx, tx); err != nil {
		return err
	}
	if !p.written {
		return nil
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
