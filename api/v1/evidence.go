package v1

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"masp/api"
	"masp/payments/evidence"
)

// exportBundle streams the bundle of evidence from one snapshot. It holds files that name everybody who
// is paid: whoever does not see the whole house has none, and gets one from who does.
func (h *House) exportBundle(ctx context.Context, c *api.Call) (api.Answer, error) {
	from, to, err := daysAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	ask := evidence.Ask{
		From: from, To: to, Mandate: c.Query("mandate"), Department: c.Query("department"), Seed: c.Query("seed"), Program: "masp",
	}
	if c.Has("sample") {
		if ask.Sample, err = strconv.Atoi(c.Query("sample")); err != nil {
			return api.Answer{}, wrongParameter("?sample")
		}
	}
	if ask.Mandate != "" {
		if err := h.reached(ctx, c, ask.Mandate); err != nil {
			return api.Answer{}, err
		}
	}
	bundles := &evidence.Service{DB: h.DB}
	if err := bundles.Check(ctx, ask); err != nil {
		return api.Answer{}, err
	}
	if !c.HeadOnly {
		err = h.noteExport(ctx, c.Who, map[string]string{
			"format": "bundle", "from": from.String(), "to": to.String(), "mandate": ask.Mandate, "department": ask.Department,
		})
		if err != nil {
			return api.Answer{}, err
		}
	}
	a := api.Answer{File: &api.File{
		Type: "application/zip", Name: ask.FileName(), Head: http.Header{},
		Write: func(w io.Writer) error {
			_, err := bundles.Write(ctx, ask, w, nil)
			return err
		},
	}}
	if ask.Mandate != "" {
		a.Persons = []string{ask.Mandate}
	}
	return a, nil
}
