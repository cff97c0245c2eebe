package api

import (
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"masp/api/auth"
	"masp/api/contract"
)

// Limits bound what one sender and all of them may ask at once.
type Limits struct {
	PerSender int // requests a second of one user, or of one address that nobody has proved
	Burst     int
	AtOnce    int // requests under way
}

// DefaultLimits suit an organisation on one machine.
func DefaultLimits() Limits { return Limits{PerSender: 100, Burst: 300, AtOnce: 256} }

// paces slow each sender down to his pace. They forget the oldest half when they are too many.
type paces struct {
	mu     sync.Mutex
	limits Limits
	known  map[string]*pace
}

type pace struct {
	*rate.Limiter
	seen time.Time
}

const maxPaces = 20_000

// wait answers how long the sender must wait, zero when he may go on.
func (p *paces) wait(sender string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) > maxPaces {
		p.forget(now)
	}
	one := p.known[sender]
	if one == nil {
		one = &pace{Limiter: rate.NewLimiter(rate.Every(time.Second/time.Duration(p.limits.PerSender)), p.limits.Burst)}
		p.known[sender] = one
	}
	one.seen = now
	turn := one.ReserveN(now, 1)
	delay := turn.DelayFrom(now)
	if delay > 0 {
		turn.CancelAt(now)
	}
	return delay
}

// forget drops the senders whose pace is full again.
func (p *paces) forget(now time.Time) {
	kept := map[string]*pace{}
	for sender, one := range p.known {
		if now.Sub(one.seen) < time.Minute && len(kept) < maxPaces/2 {
			kept[sender] = one
		}
	}
	p.known = kept
}

// slow refuses a sender who asks too fast.
func (s *Server) slow(c echo.Context, who auth.Principal) error {
	if delay := s.paces.wait(principalKey(who, c.RealIP()), time.Now()); delay > 0 {
		return &Fault{Status: http.StatusTooManyRequests, Code: "too_many_requests", After: delay}
	}
	return nil
}

// bounded refuses what comes while too much is under way: a fast no is better than a slow yes.
func (s *Server) bounded(next echo.HandlerFunc) echo.HandlerFunc {
	room := make(chan struct{}, s.limits.AtOnce)
	return func(c echo.Context) error {
		if isAboutService(c.Path()) {
			return next(c)
		}
		select {
		case room <- struct{}{}:
			defer func() { <-room }()
			return next(c)
		default:
			return &Fault{Status: http.StatusServiceUnavailable, Code: "busy", After: time.Second, Detail: contract.Text{
				French: "Trop de demandes à la fois : recommencez dans un instant.", English: "Too many requests at once: try again in a moment.",
			}}
		}
	}
}

// isAboutService tells the questions of machines about the service, which are always answered.
func isAboutService(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == "/metrics" || path == "/version"
}
