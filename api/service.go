package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/api/contract"
)

// Service is what the server asks; each answer has a few seconds.
type Service struct {
	// Ready says how each thing stands that the service needs.
	Ready func(ctx context.Context) []Check
	// Version is what the program says of itself.
	Version any
	// Metrics are the figures of the moment.
	Metrics func(ctx context.Context) ([]Metric, error)
	// Kind names an error for the log in one word, which tells nothing of what it holds.
	Kind func(err error) string
	Log  *slog.Logger

	// Contract is what is served, and Operations what does it: one for each of its operations. Without
	// a contract the server only answers about itself.
	Contract   *contract.Contract
	Operations []Operation
	Site       Site // the pages of browsers; nil is none
	DB         *pgxpool.Pool
	Auth       Authenticator
	// Restricted reads as a role that sees only what the principal reaches.
	Restricted func(ctx context.Context, who auth.Principal, read func(context.Context) error) error
	// NoteRead logs that the file of a person was read.
	NoteRead func(ctx context.Context, who auth.Principal, mandate, what, request string) error
	// Explain finds what the receiver reads of an error of the domain, nil when it is none.
	Explain func(error) *Fault
	// Client tells who asks: behind a proxy that is believed, whom the proxy names. The zero value is
	// the other end of the connection.
	Client func(*http.Request) string
	// Proxied tells whether the other end of the connection is a proxy that is believed. Through it no
	// figure of the service is read, and only whether it is ready.
	Proxied func(*http.Request) bool
	// Plain is a server without TLS on a loopback address.
	Plain  bool
	Limits Limits
	// Observe is told how long each answer took.
	Observe func(method, route string, status int, took time.Duration)
}

// Authenticator answers whose secret it is; auth.ErrUnknown when it is nobody's.
type Authenticator interface {
	Authenticate(ctx context.Context, secret string) (auth.Principal, error)
}

// noteRead logs the files that an answer has shown.
func (s *Service) noteRead(ctx context.Context, c *Call, what string, mandates []string) error {
	if s.NoteRead == nil {
		return nil
	}
	for _, mandate := range mandates {
		if err := s.NoteRead(ctx, c.Who, mandate, snake(what), c.RequestID); err != nil {
			return err
		}
	}
	return nil
}

// snake is the id of an operation as the log of readings writes it: getMandate, get_mandate.
func snake(id string) string {
	var b strings.Builder
	for _, r := range id {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
