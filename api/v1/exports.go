package v1

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"masp/api"
	"masp/ledger/export"
)

// exportLedger streams the books as the reader sees them, from one snapshot. That they went out is an act.
func (h *House) exportLedger(ctx context.Context, c *api.Call) (api.Answer, error) {
	from, to, err := daysAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	if !to.IsZero() && to.Before(from) {
		return api.Answer{}, daysReversed()
	}
	ask := export.Ask{
		Format: export.Format(c.Query("format")), From: from, To: to, Mandate: c.Query("mandate"), Department: c.Query("department"),
	}
	if ask.Mandate != "" {
		if err := h.reached(ctx, c, ask.Mandate); err != nil {
			return api.Answer{}, err
		}
	}
	s, err := export.Preview(ctx, h.DB, ask)
	if err != nil {
		return api.Answer{}, err
	}
	if !c.HeadOnly {
		err = h.noteExport(ctx, c.Who, map[string]string{
			"format": string(ask.Format), "from": from.String(), "to": to.String(), "mandate": ask.Mandate, "department": ask.Department,
		})
		if err != nil {
			return api.Answer{}, err
		}
	}
	a := api.Answer{File: &api.File{
		Type: ask.Format.MediaType(), Name: s.FileName(), Head: http.Header{
			"Masp-As-Of":      {s.AsOf.UTC().Format(time.RFC3339Nano)},
			"Masp-Last-Entry": {strconv.FormatInt(s.LastEntry, 10)},
			"Masp-Entries":    {strconv.FormatInt(s.Entries, 10)},
		},
		Write: func(w io.Writer) error {
			_, err := export.Ledger(ctx, h.DB, ask, w, nil)
			return err
		},
	}}
	if ask.Mandate != "" {
		a.Persons = []string{ask.Mandate}
	}
	return a, nil
}
