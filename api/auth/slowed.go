package auth

import (
	"fmt"
	"time"
)

// SlowedError is a try that came too soon after others that failed. Nobody is locked out for good.
type SlowedError struct {
	RetryAfter time.Duration // until the next try counts
}

// Error tells how long.
func (e *SlowedError) Error() string {
	return "too many tries failed: wait " + e.RetryAfter.Round(time.Second).String()
}

// French says when to try again.
func (e *SlowedError) French() string {
	if e.RetryAfter > 90*time.Second {
		return fmt.Sprintf("Trop d'essais. Recommencez dans %d minutes.", int((e.RetryAfter+time.Minute-1)/time.Minute))
	}
	seconds := int((e.RetryAfter + time.Second - 1) / time.Second)
	if seconds <= 1 {
		return "Trop d'essais. Recommencez dans 1 seconde."
	}
	return fmt.Sprintf("Trop d'essais. Recommencez dans %d secondes.", seconds)
}
