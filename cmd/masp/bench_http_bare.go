package main

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"masp/cmd/masp/internal/invent"
	"masp/imports"
)

// serveBare is the least that could do the same posting: a route that calls the service.
func (b *httpBench) serveBare() (string, error) {
	who, err := b.auth.Authenticate(b.ctx, b.tokens[reader])
	if err != nil {
		return "", err
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.POST("/:line", func(c echo.Context) error {
		line, err := strconv.ParseInt(c.Param("line"), 10, 64)
		if err != nil {
			return err
		}
		var body asked
		if err := c.Bind(&body); err != nil {
			return err
		}
		done, err := b.imports.AssignSuspense(c.Request().Context(), who, line, imports.Assignment{
			Mandate: body.Mandate, Benefit: body.Benefit, Period: body.Period, Reason: body.Reason,
		})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, done)
	})
	server := &http.Server{Handler: e, ReadHeaderTimeout: closeTime}
	return b.listen(server.Serve, server.Shutdown)
}

// pooled are the mandates on the pooled account.
func (b *httpBench) pooled() []invent.Mandate {
	if b.onPool == nil {
		for _, m := range b.month.Load.Mandates {
			if m.BankAccount == b.month.Load.BankAccounts[0].ID {
				b.onPool = append(b.onPool, m)
			}
		}
	}
	return b.onPool
}
