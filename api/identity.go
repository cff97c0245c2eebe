package api

import (
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
	plainName  = "masp"
)

// cookieName is the name that this server uses.
func (s *Server) cookieName() string {
	if s.service.Plain {
		return plainName
	}
	return CookieName
}

// secret finds what proves the sender: a token, or the session of a browser. Both at once are
// refused: nobody is two persons.
func (s *Server) secret(r *http.Request) (string, error) {
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
	who, err := s.service.Auth.Authenticate(c.Request().Context(), secret)
	switch {
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

// setCookie gives the browser its session, or takes it.
func (s *Server) setCookie(c echo.Context, cookie *Cookie) {
	made := &http.Cookie{
		Name: s.cookieName(), Value: cookie.Secret, Path: "/", HttpOnly: true, Secure: !s.service.Plain,
		SameSite: http.SameSiteLaxMode,
	}
	if cookie.Secret == "" {
		made.MaxAge = -1
	}
	c.SetCookie(made)
}
