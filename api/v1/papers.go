package v1

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/payments/papers"
	"masp/payments/papers/page"
)

func (h *House) paperOperations() []api.Operation {
	return []api.Operation{
		{ID: "getPaper", Action: auth.ReadPersons, Do: h.getPaper},
		{ID: "listHandedPapers", Action: auth.ReadPersons, Do: h.listHandedPapers},
		{ID: "handOverPaper", Action: auth.HandPapers, Do: h.handOverPaper},
	}
}

func (h *House) papers() *papers.Service {
	return &papers.Service{DB: h.DB, Ledger: h.Ledger, Mandates: h.Mandates}
}

// paperForms are how a paper is printed.
var paperForms = map[string]struct {
	kind  string
	print func(page.Paper, io.Writer) error
}{
	"html": {"text/html; charset=utf-8", page.Paper.HTML},
	"pdf":  {"application/pdf", page.Paper.PDF},
	"text": {"text/plain; charset=utf-8", func(p page.Paper, w io.Writer) error {
		_, err := io.WriteString(w, p.Text())
		return err
	}},
}

func (h *House) getPaper(ctx context.Context, c *api.Call) (api.Answer, error) {
	mandate := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, mandate); err != nil {
		return api.Answer{}, err
	}
	from, to, err := daysAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	made, err := h.papers().Make(ctx, papers.Kind(c.Path("kind")), mandate, from, to)
	if err != nil {
		return api.Answer{}, err
	}
	paper, form, name := made.Paper(), "html", "html"
	if c.Has("format") {
		form, name = c.Query("format"), strings.Replace(c.Query("format"), "text", "txt", 1)
	}
	sum := paper.Fingerprint()
	return api.Answer{Persons: []string{mandate}, File: &api.File{
		Type: paperForms[form].kind, Name: paper.Number + "." + name,
		Head:  http.Header{"Masp-Content": {hex.EncodeToString(sum[:])}},
		Write: func(w io.Writer) error { return paperForms[form].print(paper, w) }, Whole: true,
	}}, nil
}

// handedPaper is a HandedPaper of the contract.
type handedPaper struct {
	Paper      string           `json:"handed_paper"`
	Mandate    string           `json:"mandate"`
	Kind       papers.Kind      `json:"kind"`
	From       civil.Date       `json:"from"`
	To         civil.Date       `json:"to"`
	Content    chain.Hash       `json:"content"`
	Recipient  papers.Recipient `json:"recipient"`
	Means      papers.Means     `json:"means"`
	On         civil.Date       `json:"on"`
	Note       string           `json:"note,omitempty"`
	RecordedBy string           `json:"recorded_by"`
	RecordedAt time.Time        `json:"recorded_at"`
}

func (h *House) handedPaperOf(p papers.Handed) handedPaper {
	return handedPaper{
		Paper: h.seal.ID("pap", p.No), Mandate: p.Mandate, Kind: p.Kind, From: p.From, To: p.To, Content: p.Fingerprint,
		Recipient: p.Recipient, Means: p.Means, On: p.On, Note: p.Note, RecordedBy: p.RecordedBy, RecordedAt: p.RecordedAt,
	}
}

func (h *House) listHandedPapers(ctx context.Context, c *api.Call) (api.Answer, error) {
	mandate := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, mandate); err != nil {
		return api.Answer{}, err
	}
	all, err := h.papers().HandedOver(ctx, mandate)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]handedPaper, 0, len(all))
	for _, p := range all {
		found = append(found, h.handedPaperOf(p))
	}
	a, err := api.Paged(c, found, func(p handedPaper) string { return p.RecordedAt.UTC().Format(momentKey) + p.Paper }, ascending)
	a.Persons = []string{mandate}
	return a, err
}

// momentKey writes a moment so that texts are in its order.
const momentKey = "2006-01-02T15:04:05.000000000Z"

func (h *House) handOverPaper(ctx context.Context, c *api.Call) (api.Answer, error) {
	mandate := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, mandate); err != nil {
		return api.Answer{}, err
	}
	var body struct {
		Kind      papers.Kind
		From, To  civil.Date
		Recipient papers.Recipient
		Means     papers.Means
		On        civil.Date
		Note      string
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	noted, err := h.papers().HandOver(ctx, c.Who, papers.Handed{
		Mandate: mandate, Kind: body.Kind, From: body.From, To: body.To, Recipient: body.Recipient, Means: body.Means,
		On: body.On, Note: body.Note,
	})
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{
		Status: http.StatusCreated, Body: h.handedPaperOf(noted), Location: "/v1/mandates/" + mandate + "/handed_papers",
		Persons: []string{mandate},
	}, nil
}

// explainPaper explains the refusals of papers.
func explainPaper(err error) *api.Fault {
	own, ok := errors.AsType[*papers.RefusedError](err)
	switch {
	case !ok:
		return nil
	case errors.Is(err, papers.ErrToken):
		return &api.Fault{Status: http.StatusUnauthorized, Code: "unauthenticated"}
	case errors.Is(err, papers.ErrRole):
		return &api.Fault{Status: http.StatusForbidden, Code: "forbidden"}
	case errors.Is(err, papers.ErrTwice), errors.Is(err, papers.ErrNotOver):
		f := refusal(own.Reason, own.French())
		f.Status = http.StatusConflict
		return f
	}
	return refusal(own.Reason, own.French())
}
