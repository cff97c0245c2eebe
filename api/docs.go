package api

import (
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"masp/api/auth"
	"masp/api/contract"
)

// document serves the contract: for programs, and for readers without any script. The page is made when
// somebody first reads it.
func (s *Server) document(e *echo.Echo) {
	page := sync.OnceValues(func() ([]byte, error) { return s.service.Contract.Page(rightsOf(s.service.Operations)) })
	for path, part := range map[string]struct {
		kind string
		text func() ([]byte, error)
	}{
		"/openapi.json": {echo.MIMEApplicationJSON, func() ([]byte, error) { return s.service.Contract.JSON(), nil }},
		"/docs":         {echo.MIMETextHTMLCharsetUTF8, page},
		"/docs.css":     {"text/css; charset=utf-8", func() ([]byte, error) { return contract.PageStyle, nil }},
	} {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, func(c echo.Context) error {
			text, err := part.text()
			if err != nil {
				return err
			}
			return c.Blob(http.StatusOK, part.kind, text)
		})
	}
	e.Match([]string{http.MethodGet, http.MethodHead}, "/problems/:code", s.explain)
}

var reachWords = map[auth.Reach]string{auth.Nowhere: "", auth.Own: "own", auth.Whole: "whole"}

// rightsOf is the table of rights as the page prints it.
func rightsOf(operations []Operation) contract.Rights {
	r := contract.Rights{Of: map[string]string{}}
	roles := append(auth.Roles(), auth.Beneficiary)
	for _, role := range roles {
		r.Roles = append(r.Roles, string(role))
	}
	for _, action := range auth.Actions() {
		row := contract.ActionRow{Action: string(action)}
		for _, role := range roles {
			row.Reach = append(row.Reach, reachWords[auth.Right(role, action)])
		}
		r.Actions = append(r.Actions, row)
	}
	for _, op := range operations {
		r.Of[op.ID] = string(op.Action)
	}
	return r
}
