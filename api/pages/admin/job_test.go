package admin_test

import (
	"context"
	"time"

	"masp/imports/inbox"
)

const jobLimit = time.Minute

// failure is an error with a kind of its own.
type failure string

func (f failure) Error() string { return string(f) }

// Kind is what the log of runs says.
func (f failure) Kind() string { return string(f) }

// worked is the work of a job that takes three files, or fails.
func worked(store *inbox.Store, name, kind string) func(context.Context) (inbox.Tally, error) {
	return func(ctx context.Context) (inbox.Tally, error) {
		if err := store.Begin(ctx, name); err != nil {
			return inbox.Tally{}, err
		}
		if kind != "" {
			return inbox.Tally{}, failure(kind)
		}
		return inbox.Tally{Taken: 3}, nil
	}
}
