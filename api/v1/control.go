package v1

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/control"
)

func (h *House) controlOperations() []api.Operation {
	return []api.Operation{
		{ID: "getTrace", Action: auth.ReadJournal, Do: h.getTrace},
		{ID: "drawSample", Action: auth.ReadExports, Do: h.drawSample},
		{ID: "exportSample", Action: auth.ReadExports, Do: h.exportSample},
		{ID: "listRunApprovals", Action: auth.ReadRuns, Do: h.listRunApprovals},
		{ID: "getReport", Action: auth.ReadPersons, Do: h.getReport},
		{ID: "getYearlyReport", Action: auth.ReadProof, Do: h.getReport},
		{ID: "noteActivity", Action: auth.WritePersons, Do: h.noteActivity},
	}
}

func (h *House) control() *control.Service { return &control.Service{DB: h.DB} }

// traceLink is a TraceLink of the contract.
type traceLink struct {
	Kind    control.Kind  `json:"kind"`
	ID      string        `json:"id"`
	On      civil.Date    `json:"on"`
	At      *time.Time    `json:"at,omitempty"`
	Amount  *money.Amount `json:"amount,omitempty"`
	Part    *money.Amount `json:"part,omitempty"`
	Hash    string        `json:"hash,omitempty"`
	Mandate string        `json:"mandate,omitempty"`
	State   string        `json:"state,omitempty"`
	What    string        `json:"what"`
	Person  string        `json:"for_person,omitempty"`
	From    []string      `json:"from"`
}

// traceAsked reads where a trace begins: the numbers of rows are sealed.
func (h *House) traceAsked(c *api.Call) (control.Ref, error) {
	text := c.Path("trace")
	for kind, of := range map[string]control.Kind{entryKind: control.Entry, lineKind: control.BankLine} {
		if strings.HasPrefix(text, kind+"_") {
			no, err := h.seal.Number(kind, text)
			return control.Ref{Kind: of, Number: no}, err
		}
	}
	ref, err := control.ParseRef(text)
	if err != nil || ref.Number != 0 {
		return ref, api.NotFound()
	}
	return ref, nil
}

// getTrace is one cent in both directions.
func (h *House) getTrace(ctx context.Context, c *api.Call) (api.Answer, error) {
	ref, err := h.traceAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	most := control.DefaultMost
	if c.Has("most") {
		if most, err = strconv.Atoi(c.Query("most")); err != nil {
			return api.Answer{}, wrongParameter("?most")
		}
	}
	if mandate := c.Query("mandate"); mandate != "" {
		if err := h.reached(ctx, c, mandate); err != nil {
			return api.Answer{}, err
		}
	}
	t, err := h.control().Trace(ctx, ref, c.Query("mandate"), most)
	if err != nil {
		return api.Answer{}, err
	}
	ids := make(map[string]string, len(t.Links))
	for _, l := range t.Links {
		ids[l.Key()] = h.traceID(l.Ref)
	}
	out := struct {
		Trace    string      `json:"trace"`
		Payments int         `json:"payments"`
		Shown    int         `json:"shown"`
		Links    []traceLink `json:"links"`
	}{h.traceID(t.Start), t.Payments, t.Shown, []traceLink{}}
	for _, l := range t.Links {
		out.Links = append(out.Links, traceLinkOf(l, ids))
	}
	return api.Answer{Body: out, Persons: t.Mandates()}, nil
}

func traceLinkOf(l control.Link, ids map[string]string) traceLink {
	one := traceLink{
		Kind: l.Kind, ID: ids[l.Key()], On: l.On, Hash: l.Hash, Mandate: l.Mandate, State: l.State, What: l.What, Person: l.Person,
		From: []string{},
	}
	for _, key := range l.From {
		one.From = append(one.From, ids[key])
	}
	if !l.At.IsZero() {
		one.At = &l.At
	}
	if !l.Amount.IsZero() {
		one.Amount = &l.Amount
	}
	if !l.Part.IsZero() {
		one.Part = &l.Part
	}
	return one
}

// traceID is the id of a link as the service writes it: a number of a row is sealed.
func (h *House) traceID(r control.Ref) string {
	sealed := func(kind, number string) string {
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return number
		}
		return h.seal.ID(kind, n)
	}
	switch r.Kind {
	case control.Entry:
		return h.entryID(r.Number)
	case control.BankLine:
		return h.seal.ID(lineKind, r.Number)
	case control.Answer:
		return h.seal.ID("ans", r.Number)
	case control.Match:
		what, number, _ := strings.Cut(r.ID, "-")
		return sealed(what[:3], number)
	case control.Account:
		account, entry, _ := strings.Cut(r.ID, "@")
		return account + "@" + sealed(entryKind, entry)
	}
	return r.ID
}

// sampleAsked reads the plan of a sample.
func (h *House) sampleAsked(ctx context.Context, c *api.Call) (p control.Plan, err error) {
	p = control.Plan{
		Method: control.Method(c.Query("method")), By: control.By(c.Query("by")), Seed: c.Query("seed"),
		Mandate: c.Query("mandate"), Department: c.Query("department"),
	}
	if p.Size, err = strconv.Atoi(c.Query("size")); err != nil {
		return p, wrongParameter("?size")
	}
	if p.From, p.To, err = daysAsked(c); err != nil {
		return p, err
	}
	if p.Mandate != "" {
		return p, h.reached(ctx, c, p.Mandate)
	}
	return p, nil
}

// sampleItem is a drawn entry of the contract.
type sampleItem struct {
	Entry   string       `json:"entry"`
	Number  int64        `json:"number"`
	Value   money.Amount `json:"value"`
	Stratum string       `json:"stratum,omitempty"`
	Drawn   string       `json:"drawn_number,omitempty"`
	Certain bool         `json:"certain,omitempty"`
	Hits    int          `json:"hits,omitempty"`
}

func (h *House) drawSample(ctx context.Context, c *api.Call) (api.Answer, error) {
	plan, err := h.sampleAsked(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	s, err := h.control().Sample(ctx, plan)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Method   control.Method    `json:"method"`
		By       control.By        `json:"by,omitempty"`
		Seed     string            `json:"seed"`
		Size     int               `json:"size"`
		Entries  int64             `json:"population_entries"`
		Value    money.Amount      `json:"population_value"`
		Interval *money.Amount     `json:"interval,omitempty"`
		Certain  int64             `json:"certain"`
		Draws    int64             `json:"draws"`
		Strata   []control.Stratum `json:"strata"`
		Items    []sampleItem      `json:"items"`
	}{plan.Method, plan.By, plan.Seed, plan.Size, s.Entries, s.Value, nil, s.Certain, s.Draws, append([]control.Stratum{}, s.Strata...), []sampleItem{}}
	if plan.Method == control.ByValue {
		out.Interval = &s.Interval
	}
	for _, i := range s.Items {
		out.Items = append(out.Items, sampleItem{h.entryID(i.Entry), i.Entry, i.Value, i.Stratum, i.Number, i.Certain, i.Hits})
	}
	a := api.Answer{Body: out}
	if plan.Mandate != "" {
		a.Persons = []string{plan.Mandate}
	}
	return a, nil
}

// exportSample streams the archive of a sample. That it went out is an act. Others stand in the files of
// the bank: who sees a part gets none of them.
func (h *House) exportSample(ctx context.Context, c *api.Call) (api.Answer, error) {
	plan, err := h.sampleAsked(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if _, err := h.control().Sample(ctx, plan); err != nil {
		return api.Answer{}, err
	}
	if !c.HeadOnly {
		err = h.noteSent(ctx, c.Who, "sample.export", map[string]string{
			"method": string(plan.Method), "by": string(plan.By), "size": strconv.Itoa(plan.Size), "seed": plan.Seed,
			"from": plan.From.String(), "to": plan.To.String(), "mandate": plan.Mandate, "department": plan.Department,
		})
		if err != nil {
			return api.Answer{}, err
		}
	}
	pieces := c.Who.Reach(auth.FetchFiles) == auth.Whole
	a := api.Answer{File: &api.File{
		Type: "application/zip", Name: "sondage-" + strings.ToLower(string(plan.Method)) + ".zip",
		Write: func(w io.Writer) error {
			_, err := h.control().Archive(ctx, plan, pieces, w)
			return err
		},
	}}
	if plan.Mandate != "" {
		a.Persons = []string{plan.Mandate}
	}
	return a, nil
}

// explainControl explains the refusals of traces and samples.
func explainControl(err error) *api.Fault {
	own, ok := errors.AsType[*control.RefusedError](err)
	if !ok {
		return nil
	}
	f := refusal(own.Reason, own.French())
	if errors.Is(err, control.ErrNothing) {
		f = &api.Fault{Status: http.StatusNotFound, Code: "not_found"}
	}
	return f
}
