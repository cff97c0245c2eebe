package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"masp/api/auth"
	"masp/api/contract"
)

// Site is the pages of browsers. They know the books by the operations of the contract alone.
type Site interface {
	Pages() []SitePage
	// Problem answers a browser with the page of an error.
	Problem(b *Browser, f *Fault) error
}

// SitePage is one address for browsers.
type SitePage struct {
	Method, Route string
	Upload        bool // its form brings a file
	Do            func(ctx context.Context, b *Browser) error
}

// Browser is a request of a browser. What its page shows or does goes by the operations of the contract,
// in the name of who has sent it: under the same rights and rules, in the same transactions and logs as
// what a program asks.
type Browser struct {
	*http.Request
	server *Server
	c      echo.Context
	who    auth.Principal
	secret string
	notes  []reading // files of persons that were read in the view under way
}

// reading is one file that was read.
type reading struct {
	what     string
	mandates []string
}

type askingKey struct{}

type viewKey struct{}

// asking is the browser for whose page an operation is asked; nil for a request from outside.
func asking(ctx context.Context) *Browser {
	b, _ := ctx.Value(askingKey{}).(*Browser)
	return b
}

// mountSite serves the pages.
func (s *Server) mountSite(e *echo.Echo) {
	if s.service.Site == nil {
		return
	}
	for _, p := range s.service.Site.Pages() {
		serve := func(c echo.Context) error { return s.page(c, p) }
		s.uploads[p.Method+" "+p.Route] = p.Upload
		e.Add(p.Method, p.Route, serve)
		if p.Method == http.MethodGet {
			e.HEAD(p.Route, serve)
		}
	}
}

func (s *Server) page(c echo.Context, p SitePage) error {
	b := s.browser(c)
	if b.secret != "" {
		who, err := s.service.Auth.Authenticate(c.Request().Context(), b.secret)
		if err != nil && !errors.Is(err, auth.ErrUnknown) {
			return err
		}
		b.who = who
	}
	if pace := s.slow(c, b.who); pace != nil {
		return pace
	}
	c.Set(browserKey, b)
	return p.Do(c.Request().Context(), b)
}

const browserKey = "browser"

// browser is who asks before he is known. A page knows the cookie only: no program reads pages.
func (s *Server) browser(c echo.Context) *Browser {
	b := &Browser{Request: c.Request(), server: s, c: c}
	if kept := c.Request().CookiesNamed(s.cookieName()); len(kept) == 1 {
		b.secret = kept[0].Value
	}
	return b
}

// Who is who asks; zero with no means for nobody.
func (b *Browser) Who() auth.Principal { return b.who }

// Path is a parameter of the path.
func (b *Browser) Path(name string) string { return b.c.Param(name) }

// Route is the address of the page as it was mounted.
func (b *Browser) Route() string { return b.c.Path() }

// RequestID finds the request in the log of the service.
func (b *Browser) RequestID() string { return b.c.Response().Header().Get(echo.HeaderXRequestID) }

// Plain tells that no TLS is there: a loopback address.
func (b *Browser) Plain() bool { return b.server.service.Plain }

// View reads several things of a person's own from one view of the books, so that all of them are of
// the same moment. Others read each thing from a view of its own.
func (b *Browser) View(ctx context.Context, read func(context.Context) error) error {
	if b.who.Beneficiary == "" || b.server.service.Restricted == nil {
		return read(ctx)
	}
	err := b.server.service.Restricted(ctx, b.who, func(ctx context.Context) error {
		return read(context.WithValue(ctx, viewKey{}, true))
	})
	for _, n := range b.notes {
		call := &Call{Who: b.who, RequestID: b.RequestID()}
		err = errors.Join(err, b.server.service.noteRead(ctx, call, n.what, n.mandates))
	}
	b.notes = nil
	return err
}

// Reply is what an operation has answered to a page.
type Reply struct {
	Status   int
	Header   http.Header
	Body     []byte
	Location string
	Tag      string // the ETag as If-Match sends it
}

// Ask asks an operation of the contract. What it refuses is a *Fault. A session that it opens, renews or
// ends is the browser's from then on.
func (b *Browser) Ask(ctx context.Context, method, target string, head http.Header, body io.Reader) (*Reply, error) {
	if !strings.HasPrefix(target, "/v1/") {
		return nil, NotFound()
	}
	r, err := http.NewRequestWithContext(context.WithValue(ctx, askingKey{}, b), method, target, body)
	if err != nil {
		return nil, err
	}
	if head != nil {
		r.Header = head
	}
	r.RequestURI, r.RemoteAddr = target, b.RemoteAddr
	r.Header.Set("User-Agent", b.UserAgent())
	for _, name := range []string{echo.HeaderXForwardedFor, "Cookie"} {
		r.Header[name] = b.Header[name]
	}
	w := &kept{header: http.Header{}}
	c := b.c.Echo().NewContext(r, w)
	c.Response().Header().Set(echo.HeaderXRequestID, b.RequestID())
	b.c.Echo().Router().Find(method, r.URL.Path, c)
	if err := c.Handler()(c); err != nil {
		return nil, b.server.fault(err)
	}
	b.take(w.header)
	return &Reply{w.status, w.header, w.body.Bytes(), w.header.Get("Location"), w.header.Get("ETag")}, nil
}

// take hands the cookies of an answer on to the browser.
func (b *Browser) take(h http.Header) {
	for _, line := range h.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			continue // written by ourselves
		}
		b.c.SetCookie(cookie)
		if cookie.Name == b.server.cookieName() {
			b.secret, b.who = cookie.Value, auth.Principal{}
		}
	}
}

// kept is an answer that stays in memory.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header { return k.header }

func (k *kept) WriteHeader(status int) { k.status = status }

func (k *kept) Write(part []byte) (int, error) { return k.body.Write(part) }

// Keep gives the browser a cookie of the pages, under a name that no other site can set; empty ends it.
// It lives so many seconds, or as long as the browser when that is zero.
func (b *Browser) Keep(name, value string, seconds int) {
	cookie := b.server.cookie(b.server.cookieName()+"-"+name, value) //nolint:gosec // G124: see cookie
	if value != "" {
		cookie.MaxAge = seconds
	}
	b.c.SetCookie(cookie)
}

// Kept is the value of a cookie of the pages; empty when the browser has none.
func (b *Browser) Kept(name string) string {
	found := b.CookiesNamed(b.server.cookieName() + "-" + name)
	if len(found) != 1 {
		return ""
	}
	return found[0].Value
}

// Write answers with a page, or with a file that stays the same for ever.
func (b *Browser) Write(status int, kind string, body []byte, lasting bool) error {
	if lasting {
		b.c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return b.c.Blob(status, kind, body)
}

// Go sends the browser on to another page of ours.
func (b *Browser) Go(to string) error {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		to = "/"
	}
	return b.c.Redirect(http.StatusSeeOther, to)
}

// readsPages tells that whoever gets this answer is a person before a browser. The provider of identities
// sends browsers to an operation.
func readsPages(c echo.Context) bool {
	path := c.Request().URL.Path
	machine := !strings.HasPrefix(path, "/v1/oidc/") && slices.ContainsFunc([]string{"/v1/", "/openapi", "/problems/"}, func(p string) bool { return strings.HasPrefix(path, p) })
	return !machine && !isAboutService(path) && strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMETextHTML)
}

// problemPage answers an error with a page; false when the sender is a program.
func (s *Server) problemPage(f *Fault, c echo.Context) bool {
	if s.service.Site == nil || !readsPages(c) {
		return false
	}
	b, ok := c.Get(browserKey).(*Browser)
	if !ok {
		b = s.browser(c)
	}
	return s.service.Site.Problem(b, f) == nil
}

// Say is a fault of a page in the words of its reader.
func Say(status int, code, french, english string) *Fault {
	return &Fault{Status: status, Code: code, Detail: contract.Text{French: french, English: english}}
}
