package v1

import (
	"context"
	"errors"
	"io"
	"net/http"

	"masp/api"
	"masp/payments/reports"
)

func (h *House) reports() *reports.Service { return &reports.Service{DB: h.DB} }

// getReport makes a report of what the reader sees, as JSON or as a file.
func (h *House) getReport(ctx context.Context, c *api.Call) (api.Answer, error) {
	ask := reports.Ask{Department: c.Query("department")}
	var err error
	if ask.From, ask.To, err = daysAsked(c); err != nil {
		return api.Answer{}, err
	}
	made, err := h.reports().Make(ctx, reports.Name(c.Path("report")), ask)
	if err != nil {
		return api.Answer{}, err
	}
	paper := made.Paper()
	if c.Query("format") == "csv-fr" {
		return api.Answer{Persons: made.Mandates(), File: &api.File{
			Type: "text/csv; charset=utf-8", Name: paper.Number + ".csv",
			Write: func(w io.Writer) error {
				_, err := io.WriteString(w, made.CSV())
				return err
			},
			Whole: true,
		}}, nil
	}
	form, printed := paperForms[c.Query("format")]
	if !printed {
		return api.Answer{Persons: made.Mandates(), Body: made}, nil
	}
	return api.Answer{Persons: made.Mandates(), File: &api.File{
		Type: form.kind, Name: paper.Number + extensions[c.Query("format")],
		Write: func(w io.Writer) error { return form.print(paper, w) }, Whole: true,
	}}, nil
}

var extensions = map[string]string{"html": ".html", "pdf": ".pdf", "text": ".txt"}

func (h *House) noteActivity(ctx context.Context, c *api.Call) (api.Answer, error) {
	var noted reports.Noted
	if err := c.Read(&noted); err != nil {
		return api.Answer{}, err
	}
	added, err := h.reports().Note(ctx, c.Who, noted)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: map[string]int64{"new": added}, Location: "/v1/yearly_reports/activity"}, nil
}

// explainReport explains the refusals of reports and of activity.
func explainReport(err error) *api.Fault {
	own, ok := errors.AsType[*reports.RefusedError](err)
	switch {
	case !ok:
		return nil
	case errors.Is(err, reports.ErrToken):
		return &api.Fault{Status: http.StatusUnauthorized, Code: "unauthenticated"}
	case errors.Is(err, reports.ErrRole):
		return &api.Fault{Status: http.StatusForbidden, Code: "forbidden"}
	case errors.Is(err, reports.ErrConflict):
		f := refusal(own.Reason, own.French())
		f.Status = http.StatusConflict
		return f
	}
	return refusal(own.Reason, own.French())
}
