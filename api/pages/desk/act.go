package desk

import (
	"context"

	"masp/api/auth"
	"masp/api/pages"
)

// act is a form of one page: what it does, what it asks, what it sends.
type act struct {
	Route  string
	Action auth.Action
	// make reads what the form needs, and answers what it shows and how it is sent.
	make func(ctx context.Context, v *pages.Visit) (deed, error)
}

// deed is an act on what was read.
type deed struct {
	Title, Intro, Warn, Back string
	Button                   string // empty: there is nothing for this reader to do
	Danger                   bool   // the button says so
	Asks                     []ask
	Facts                    []answered // what the reader has before him
	Measure                  *measure   // the card on top
	Tag                      string     // of what was read, for what changes it
	// send sends the answers; done is where the reader goes then, and what it says there.
	send func(ctx context.Context, v *pages.Visit, body map[string]any) error
	to   string
	done string
}

// pages are the two addresses of an act.
func (a act) pages() []pages.Page {
	show := func(ctx context.Context, v *pages.Visit) error {
		d, err := a.make(ctx, v)
		if err != nil {
			return err
		}
		return d.show(v)
	}
	do := func(ctx context.Context, v *pages.Visit) error {
		d, err := a.make(ctx, v)
		if err != nil {
			return err
		}
		return d.do(ctx, v)
	}
	return []pages.Page{get(a.Route, a.Action, show), post(a.Route, a.Action, do)}
}

func actPages(all ...act) (found []pages.Page) {
	for _, a := range all {
		found = append(found, a.pages()...)
	}
	return found
}

func (d deed) show(v *pages.Visit) error {
	d.Asks = filled(v, d.Asks)
	return v.Show("bureau_acte.html", pages.Sheet{Title: d.Title, Data: d, Back: d.Back})
}

func (d deed) do(ctx context.Context, v *pages.Visit) error {
	if !check(v, d.Asks) {
		return d.show(v)
	}
	if err := d.send(ctx, v, bodyOf(v, d.Asks)); err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		place(v, d.Asks)
		return d.show(v)
	}
	return v.Done(d.to, d.done)
}

// seen is the tag that the reader has seen: that of the page that he was shown, or of this reading.
func (d deed) seen(v *pages.Visit) string {
	if tag := v.Form.Value("vu"); tag != "" {
		return tag
	}
	return d.Tag
}
