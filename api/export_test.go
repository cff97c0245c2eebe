package api

import "github.com/labstack/echo/v4"

// Router is what answers in fact, for the test that compares it with the contract.
func (s *Server) Router() []*echo.Route { return s.http.Handler.(*echo.Echo).Routes() }
