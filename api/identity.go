package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"masp/api/auth"
	"masp/api/contract"
)

// CookieName is the cookie of a session. The prefix binds it to this host and to TLS; on a plain
// loopback address, where no browser would keep such a cookie, it has none.
const (
	CookieName = "__Host-masp"
	// PlainCookieName is that of a plain loopback address, where no browser keeps the other.
	PlainCookieName = "masp"
)

// cookieName is the name that this server uses.
func (s *Server) cookieName() string {
	if s.service.Plain {
		return PlainCookieName
	}
	return CookieName
}

// secret finds what proves the sender: a token, or the session of a browser. Both at once are
// refused: nobody is two persons.
func (s *Server) secret(r *http.Request) (string, error) {
	if b := asking(r.Context()); b != nil {
		return b.secret, nil
	}
	cookies := r.CookiesNamed(s.cookieName())
	header := r.Header.Values(echo.HeaderAuthorization)
	switch {
	case len(cookies)+len(header) > 1:
		return "", &Fault{Status: http.StatusBadRequest, Code: "two_identities", Detail: contract.Text{
			French: "La requête porte deux identités.", English: "The request carries two identities.",
		}}
	case len(header) == 1:
		scheme, token, ok := strings.Cut(header[0], " ")
		if !ok || !strings.EqualFold(scheme, "Bearer") {
			return "", unknown()
		}
		return token, nil
	case len(cookies) == 1:
		return cookies[0].Value, nil
	}
	return "", nil
}

func unknown() *Fault {
	return &Fault{Status: http.StatusUnauthorized, Code: "unauthenticated", Detail: contract.Text{
		French:  "Ce secret ne prouve l'identité de personne : inconnu, expiré ou révoqué.",
		English: "This secret proves nobody: unknown, expired or revoked.",
	}}
}

// identify answers who asks, and whether his roles allow it at all.
func (s *Server) identify(c echo.Context, op Operation) (auth.Principal, auth.Reach, error) {
	secret, err := s.secret(c.Request())
	if err != nil {
		return auth.Principal{}, auth.Nowhere, err
	}
	if op.Action == "" && secret == "" {
		return auth.Principal{}, auth.Nowhere, nil
	}
	if secret == "" {
		return auth.Principal{}, auth.Nowhere, &Fault{Status: http.StatusUnauthorized, Code: "unauthenticated"}
	}
	who, err := s.known(c.Request().Context(), secret)
	switch {
	case errors.Is(err, auth.ErrUnknown) && op.Action == "":
		return auth.Principal{}, auth.Nowhere, nil // a session that is over must not keep from a new one
	case errors.Is(err, auth.ErrUnknown):
		return auth.Principal{}, auth.Nowhere, unknown()
	case err != nil:
		return auth.Principal{}, auth.Nowhere, err
	case op.Action == "":
		return who, auth.Nowhere, nil
	}
	reach := who.Reach(op.Action)
	if reach == auth.Nowhere {
		return auth.Principal{}, reach, &Fault{Status: http.StatusForbidden, Code: "forbidden"}
	}
	return who, reach, nil
}

// known answers whose secret it is. For what a page asks, it is asked once.
func (s *Server) known(ctx context.Context, secret string) (who auth.Principal, err error) {
	b := asking(ctx)
	if b != nil && b.who.Means != auth.ByNobody {
		return b.who, nil
	}
	if who, err = s.service.Auth.Authenticate(ctx, secret); b != nil && err == nil {
		b.who = who
	}
	return who, err
}

// cookies are what an answer gives the browser to keep, or takes from it.
func (s *Server) cookies(a Answer) (all []*http.Cookie) {
	if a.Cookie != nil {
		all = append(all, s.cookie(s.cookieName(), a.Cookie.Secret))
	}
	if a.Binding != nil {
		kept := s.cookie(s.cookieName()+bindingMark, a.Binding.Secret) //nolint:gosec // G124: see cookie
		if kept.MaxAge == 0 {
			kept.MaxAge = bindingSeconds
		}
		all = append(all, kept)
	}
	return all
}

// The cookie that binds a login at the provider of identities to its browser.
const (
	bindingMark    = "-login"
	bindingSeconds = 600
)

// cookie is one that no script reads, no other site sends with a change, and no plain connection
// carries; empty, it ends.
func (s *Server) cookie(name, value string) *http.Cookie {
	made := &http.Cookie{ //nolint:gosec // G124: a plain loopback address alone has no Secure
		Name: name, Value: value, Path: "/", HttpOnly: true, Secure: !s.service.Plain, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		made.MaxAge = -1
	}
	return made
}

func (w *answering) keepCookies(all []*http.Cookie) {
	for _, cookie := range all {
		w.c.SetCookie(cookie)
	}
}

// binding is what the browser has kept of a login at the provider of identities; empty for none.
func (s *Server) binding(r *http.Request) string {
	kept := r.CookiesNamed(s.cookieName() + bindingMark)
	if len(kept) != 1 {
		return ""
	}
	return kept[0].Value
}
