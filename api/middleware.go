package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"masp/api/contract"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// headers are those of every answer. Nobody else's page may show, load or open ours, and nothing of
// it stays in a cache.
var headers = map[string]string{
	"Cache-Control": "no-store",
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"Masp-Version":                 "1",
}

// plainID is an id of a request that may stand in a log.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// decoded routes by the path that is meant: %3A is a colon (RFC 3986, 6.2.2.2). A slash that is escaped
// separates nothing, and leaves the path as it was sent.
func decoded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if u := c.Request().URL; !strings.Contains(strings.ToUpper(u.RawPath), "%2F") {
			u.RawPath = ""
		}
		return next(c)
	}
}

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
		for name, value := range headers {
			h.Set(name, value)
		}
		if !s.service.Plain {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		code := ""
		if err := next(c); err != nil {
			c.Error(err) // writes the answer, so that its status is known
			code = s.service.Kind(err)
		}
		if s.service.Observe != nil {
			s.service.Observe(c.Request().Method, c.Path(), c.Response().Status, time.Since(start))
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

// sameSite refuses what the page of another site sends with a browser's cookie.
func sameSite() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return &Fault{Status: http.StatusForbidden, Code: "cross_origin", cause: err, Detail: contract.Text{
					French: "Cette demande vient d'un autre site.", English: "This request comes from another site.",
				}}
			}
			return next(c)
		}
	}
}

// limited bounds what a request may send, and gives a file the time to come.
func (s *Server) limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, size := c.Request(), int64(bodySize)
		if headerBytes(r) > headerSize {
			return &Fault{Status: http.StatusRequestHeaderFieldsTooLarge, Code: "headers_too_large"}
		}
		if s.uploads[r.Method+" "+c.Path()] {
			size = uploadSize
			until := time.Now().Add(uploadTime)
			control := http.NewResponseController(c.Response())
			_ = errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)) // a test has no connection
		}
		if r.ContentLength > size {
			return echo.ErrStatusRequestEntityTooLarge
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, size)
		return next(c)
	}
}

// headerBytes is how much the first line and the headers of a request take.
func headerBytes(r *http.Request) int {
	n := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			n += len(name) + len(": \r\n") + len(value)
		}
	}
	return n
}

// compressed sends longer answers compressed to those who read it. Nothing secret stands beside
// what a sender chooses, so their length tells nothing.
func compressed() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{
		MinLength: 1400, Skipper: func(c echo.Context) bool { return isAboutService(c.Path()) },
	})
}
