package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

// Check is one thing that the service needs.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"` // no name, no amount: anybody on the network may read it
}

// The limits of a request.
const (
	headerTime = 5 * time.Second
	readTime   = 15 * time.Second
	writeTime  = 30 * time.Second
	idleTime   = time.Minute
	headerSize = 16 << 10
	headerRoom = 64 << 10 // beyond it net/http answers 431 by itself, in its own words, before we see anything
	bodySize   = 1 << 20
	uploadSize = 64 << 20
	uploadTime = 5 * time.Minute
	answerTime = 5 * time.Second // for the database to answer a check
)

// Server is the HTTP service.
type Server struct {
	service    Service
	http       http.Server
	stopping   atomic.Bool
	limits     Limits
	operations map[string]Operation
	uploads    map[string]bool // method and route of what takes a file
	flights    flights
	clicks     clicks
	paces      paces
}

// New wires the routes. An operation that the contract does not know, or that nobody does, is a
// mistake of the program.
func New(service Service) (*Server, error) {
	s := &Server{service: service, limits: service.Limits, operations: map[string]Operation{}, uploads: map[string]bool{}}
	if s.limits == (Limits{}) {
		s.limits = DefaultLimits()
	}
	s.paces.limits = s.limits
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = service.Client
	if service.Client == nil {
		e.IPExtractor = echo.ExtractIPDirect()
	}
	e.HTTPErrorHandler = s.problem
	e.Pre(decoded)
	e.Use(s.observed, s.recovered, sameSite(), s.bounded, s.limited, compressed())
	e.GET("/healthz", s.health)
	e.GET("/readyz", s.ready)
	e.GET("/metrics", s.metrics)
	e.GET("/version", func(c echo.Context) error { return c.JSON(http.StatusOK, s.service.Version) })
	if err := s.mountAll(e); err != nil {
		return nil, err
	}
	s.http = http.Server{
		Handler: e, ReadHeaderTimeout: headerTime, ReadTimeout: readTime,
		WriteTimeout: writeTime, IdleTimeout: idleTime, MaxHeaderBytes: headerRoom,
		ErrorLog: slog.NewLogLogger(silent{}, slog.LevelDebug),
	}
	return s, nil
}

// mountAll serves the contract.
func (s *Server) mountAll(e *echo.Echo) error {
	if s.service.Contract == nil {
		return nil
	}
	for _, op := range s.service.Operations {
		of := s.service.Contract.Find(op.ID)
		switch {
		case of == nil:
			return fmt.Errorf("the operation %q is not in the contract", op.ID)
		case of.Public != (op.Action == ""):
			return fmt.Errorf("the operation %q: contract and program differ on who may", op.ID)
		case of.Guarded != (op.Of != "") && !of.Guarded:
			return fmt.Errorf("the operation %q is guarded in the program only", op.ID)
		}
		s.operations[op.ID] = op
		s.uploads[of.Method+" "+of.Route()] = of.Upload
		s.mount(e, op, of)
	}
	for _, of := range s.service.Contract.Operations {
		if _, ok := s.operations[of.ID]; !ok {
			return fmt.Errorf("nobody does the operation %q of the contract", of.ID)
		}
	}
	s.mountSite(e)
	s.document(e)
	return nil
}

// Serve answers until Shutdown; then the error is nil.
func (s *Server) Serve(l net.Listener) error {
	err := s.http.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Stopping makes /readyz say that no new work should come here.
func (s *Server) Stopping() { s.stopping.Store(true) }

// Shutdown ends the server once the answers under way are given, or when ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Stopping()
	return s.http.Shutdown(ctx)
}

// ServeHTTP lets tests ask without a network.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.http.Handler.ServeHTTP(w, r) }

func (s *Server) health(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

func (s *Server) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), answerTime)
	defer cancel()
	checks := s.service.Ready(ctx)
	if s.stopping.Load() {
		checks = append(checks, Check{Name: "service", Detail: "stopping"})
	}
	status, answer := http.StatusOK, readiness{Ready: true, Checks: checks}
	for _, check := range checks {
		if !check.OK {
			status, answer.Ready = http.StatusServiceUnavailable, false
		}
	}
	if s.proxied(c) {
		answer.Checks = nil
	}
	return c.JSON(status, answer)
}

type readiness struct {
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks,omitempty"`
}

// proxied tells that a believed proxy has brought the request: from outside, for all we know.
func (s *Server) proxied(c echo.Context) bool {
	r := c.Request()
	return r.Header.Get(echo.HeaderXForwardedFor) != "" && s.service.Proxied != nil && s.service.Proxied(r)
}

func (s *Server) metrics(c echo.Context) error {
	if s.proxied(c) {
		return NotFound()
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), answerTime)
	defer cancel()
	all, err := s.service.Metrics(ctx)
	if err != nil {
		return echo.NewHTTPError(http.StatusServiceUnavailable).SetInternal(err)
	}
	return c.Blob(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", writeMetrics(all))
}

// silent drops what net/http logs about broken connections: it names addresses.
type silent struct{ slog.Handler }

func (silent) Enabled(context.Context, slog.Level) bool { return false }

func (silent) Handle(context.Context, slog.Record) error { return nil }
