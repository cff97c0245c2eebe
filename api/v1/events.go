package v1

import (
	"context"

	"masp/api"
	"masp/ledger/unit"
)

const (
	eventKind = "evt"
	readKind  = "rea"
)

// listEvents feeds the log of acts, from one act on. Of a restricted reader the database shows the acts
// of his mandates.
func (h *House) listEvents(ctx context.Context, c *api.Call) (api.Answer, error) {
	after := int64(0)
	if c.Has("after") {
		var err error
		if after, err = h.seal.Number(eventKind, c.Query("after")); err != nil {
			return api.Answer{}, err
		}
	}
	found, err := readActs(ctx, unit.Reader(ctx, h.DB), after, c.Query("object_type"), c.Query("object"), c.Limit()+1)
	if err != nil {
		return api.Answer{}, err
	}
	feed := struct {
		Data    []act  `json:"data"`
		HasMore bool   `json:"has_more"`
		Last    string `json:"last,omitempty"`
	}{Data: []act{}, HasMore: len(found) > c.Limit()}
	for _, a := range found[:min(len(found), c.Limit())] {
		a.Event = h.seal.ID(eventKind, a.number)
		feed.Data, feed.Last = append(feed.Data, a), a.Event
	}
	return api.Answer{Body: feed, Many: true}, nil
}

// listFileReads tells who has read a person's file, the newest reading first.
func (h *House) listFileReads(ctx context.Context, c *api.Call) (api.Answer, error) {
	if err := h.mandateSeen(ctx, c, c.Path("mandate")); err != nil {
		return api.Answer{}, err
	}
	before, err := h.afterNumber(c, readKind)
	if err != nil {
		return api.Answer{}, err
	}
	found, err := readFileReads(ctx, unit.Reader(ctx, h.DB), c.Path("mandate"), before, c.Limit()+1)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[fileRead]{Data: []fileRead{}, HasMore: len(found) > c.Limit()}
	page.Data = append(page.Data, found[:min(len(found), c.Limit())]...)
	if page.HasMore {
		page.NextCursor = c.Cursor(h.seal.ID(readKind, page.Data[len(page.Data)-1].number))
	}
	return api.Answer{Body: page, Many: true}, nil
}
