package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"masp/api/auth"
	"masp/api/contract"
)

// document serves the contract: for programs, and for readers without any script.
func (s *Server) document(e *echo.Echo) error {
	text, err := s.service.Contract.Page(rightsOf(s.service.Operations))
	if err != nil {
		return err
	}
	for path, page := range map[string]struct {
		kind string
		text []byte
	}{
		"/openapi.json": {echo.MIMEApplicationJSON, s.service.Contract.JSON()},
		"/docs":         {echo.MIMETextHTMLCharsetUTF8, text},
		"/docs.css":     {"text/css; charset=utf-8", contract.PageStyle},
	} {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, func(c echo.Context) error {
			return c.Blob(http.StatusOK, page.kind, page.text)
		})
	}
	e.Match([]string{http.MethodGet, http.MethodHead}, "/problems/:code", s.explain)
	return nil
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
