package auth

import (
	"context"
	"time"
)

// KeyOf is the key of a password as the program derives it.
func KeyOf(ctx context.Context, text, password string) ([]byte, error) {
	k, err := parseKDF(text)
	if err != nil {
		return nil, err
	}
	return k.key(ctx, password)
}

// Seconds is how many whole seconds to wait.
func (e *SlowedError) Seconds() int { return int((e.RetryAfter + time.Second - 1) / time.Second) }
