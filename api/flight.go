package api

import (
	"context"
	"sync"
)

// flights lets the same request of the same sender, sent many times at once, in one at a time, so
// that those that wait hold no connection of the database.
type flights struct {
	mu   sync.Mutex
	busy map[string]*flight
}

type flight struct {
	turn    chan struct{}
	waiting int
}

// enter waits for its turn; leave gives it on.
func (f *flights) enter(ctx context.Context, key string) (leave func(), err error) {
	f.mu.Lock()
	if f.busy == nil {
		f.busy = map[string]*flight{}
	}
	one := f.busy[key]
	if one == nil {
		one = &flight{turn: make(chan struct{}, 1)}
		f.busy[key] = one
	}
	one.waiting++
	f.mu.Unlock()
	done := func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if one.waiting--; one.waiting == 0 {
			delete(f.busy, key)
		}
	}
	select {
	case one.turn <- struct{}{}:
		return func() { <-one.turn; done() }, nil
	case <-ctx.Done():
		done()
		return nil, ctx.Err()
	}
}
