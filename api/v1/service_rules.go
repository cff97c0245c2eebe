package v1

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
)

// tryOn tries a rule on what came: for who does not see every person, on what came for his own.
func (h *House) tryOn(ctx context.Context, c *api.Call, r imports.Rule, days int) (lines []imports.PastLine, err error) {
	if c.Who.SeesAll() {
		return h.Imports.TryRule(ctx, r, days)
	}
	err = auth.Restricted(ctx, h.DB, c.Who, func(ctx context.Context, _ pgx.Tx) (err error) {
		lines, err = h.Imports.TryRule(ctx, r, days)
		return err
	})
	return lines, err
}
