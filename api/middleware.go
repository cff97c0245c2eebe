package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"
)

// plainID is an id of a request that may stand in a log.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// observed gives each request its id and its line in the log, and each answer its headers.
func (s *Server) observed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !plainID.MatchString(id) {
			id = rand.Text()
		}
		h := c.Response().Header()
		h.Set(echo.HeaderXRequestID, id)
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		code := ""
		if err := next(c); err != nil {
			c.Error(err) // writes the answer, so that its status is known
			code = s.service.Kind(err)
		}
		level := slog.LevelInfo
		if c.Response().Status >= http.StatusInternalServerError {
			level = slog.LevelWarn
		}
		s.service.Log.Log(c.Request().Context(), level, "request", "request_id", id, "method", c.Request().Method,
			"route", c.Path(), "status", c.Response().Status, "code", code,
			"duration_ms", time.Since(start).Milliseconds())
		return nil
	}
}

// errPanic is a fault of the program; its words stay out of the answer and of the log.
var errPanic = errors.New("the program has failed")

// recovered makes of a panic an answer of 500.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%w: %T", errPanic, p)
				s.service.Log.Error("panic", "route", c.Path(), "request_id", c.Response().Header().Get(echo.HeaderXRequestID))
			}
		}()
		return next(c)
	}
}

// limited bounds what a request may send.
func limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.ContentLength > bodySize {
			return echo.ErrStatusRequestEntityTooLarge
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, bodySize)
		return next(c)
	}
}

// problem answers an error as RFC 9457 asks; what went wrong inside stays inside.
func (s *Server) problem(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := http.StatusInternalServerError
	if known, ok := errors.AsType[*echo.HTTPError](err); ok {
		status = known.Code
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	_ = c.JSON(status, map[string]any{ // the client is gone when it cannot be written
		"type": "about:blank", "status": status, "title": frenchStatus(status),
		"request_id": c.Response().Header().Get(echo.HeaderXRequestID),
	})
}

func frenchStatus(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Cette adresse n'existe pas."
	case http.StatusMethodNotAllowed:
		return "Cette adresse ne répond pas à cette méthode."
	case http.StatusRequestEntityTooLarge:
		return "La requête est trop longue."
	case http.StatusServiceUnavailable:
		return "Le service ne répond pas pour l'instant : réessayez."
	}
	return "La requête n'a pas abouti."
}
