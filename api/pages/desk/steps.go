package desk

import (
	"context"

	"masp/api/pages"
)

// step is one page of a form in several: one thing.
type step struct {
	Name, Title, Intro string
	Asks               []ask
}

// walk is a form in several steps. Nothing is written before the last one, which shows all of it.
type walk struct {
	Steps  []step
	Check  string // the title of the page that checks
	Warn   string // what will happen
	Button string
	Back   string
	// finish sends all of it. What is refused goes back to the step that has the field.
	finish func(ctx context.Context, v *pages.Visit) error
	// extra is what a step shows besides its questions.
	extra func(ctx context.Context, v *pages.Visit, s *step) error
}

// checking is the name of the page that checks.
const checking = "verifier"

func (w walk) at(name string) int {
	for i, s := range w.Steps {
		if s.Name == name {
			return i
		}
	}
	return -1
}

// begin shows the first step, or the one where what was typed comes back.
func (w walk) begin(ctx context.Context, v *pages.Visit) error {
	if v.Form.Value("etape") == checking {
		return w.show(ctx, v, len(w.Steps))
	}
	return w.show(ctx, v, max(0, w.at(v.Form.Value("etape"))))
}

// goOn takes a step: to the next one, back to another one, or to the end.
func (w walk) goOn(ctx context.Context, v *pages.Visit) error {
	if to := w.at(v.Form.Value("aller")); to >= 0 {
		return w.show(ctx, v, to)
	}
	here := w.at(v.Form.Value("etape"))
	if v.Form.Has("chercher", "oui") && here >= 0 {
		return w.show(ctx, v, here)
	}
	last := len(w.Steps) - 1
	if here >= 0 && !v.Form.Has("puis", checking) {
		last = here
	}
	for i := range last + 1 {
		if !check(v, w.Steps[i].Asks) {
			return w.show(ctx, v, i)
		}
	}
	switch {
	case here >= 0 && last < len(w.Steps)-1:
		return w.show(ctx, v, last+1)
	case here >= 0 || v.Form.Value("etape") != checking:
		return w.show(ctx, v, len(w.Steps))
	}
	return w.end(ctx, v)
}

func (w walk) end(ctx context.Context, v *pages.Visit) error {
	err := w.finish(ctx, v)
	if err == nil {
		return nil
	}
	if err = v.Form.Refused(err); err != nil {
		return err
	}
	var asks []ask
	for _, s := range w.Steps {
		asks = append(asks, s.Asks...)
	}
	place(v, asks)
	for i, s := range w.Steps {
		for _, a := range s.Asks {
			if v.Form.Wrong(a.Name) != "" {
				return w.show(ctx, v, i)
			}
		}
	}
	return w.show(ctx, v, len(w.Steps))
}

// carried is a value that a step keeps for the next ones.
type carried struct{ Name, Value string }

// answered is one line of the page that checks.
type answered struct{ Label, Value string }

// stepShown is what the page of a step reads.
type stepShown struct {
	Walk    walk
	Step    string
	Number  int
	Intro   string
	Asks    []ask
	Carried []carried
	Then    string // where the reader came from to change one thing
	Before  string
	Checked []checkedStep
}

type checkedStep struct {
	Name, Title string
	Lines       []answered
}

// show shows a step, or after the last one the page that checks.
func (w walk) show(ctx context.Context, v *pages.Visit, n int) error {
	d := stepShown{Walk: w, Number: n + 1, Step: checking}
	title := w.Check
	var here []ask // the fields of other steps are not on this page
	if n < len(w.Steps) {
		here = w.Steps[n].Asks
	}
	place(v, here)
	if n < len(w.Steps) {
		s := w.Steps[n]
		if w.extra != nil {
			if err := w.extra(ctx, v, &s); err != nil {
				return err
			}
		}
		title = s.Title
		d.Step, d.Intro, d.Asks = s.Name, s.Intro, filled(v, s.Asks)
		if v.Form.Value("aller") != "" && v.Form.Value("etape") == checking || v.Form.Has("puis", checking) {
			d.Then = checking
		} else if n > 0 {
			d.Before = w.Steps[n-1].Name
		}
	}
	for i, s := range w.Steps {
		line := checkedStep{Name: s.Name, Title: s.Title}
		for _, a := range s.Asks {
			if i != n {
				for _, value := range v.Form.Values[a.Name] {
					d.Carried = append(d.Carried, carried{a.Name, value})
				}
			}
			if !a.Aside {
				line.Lines = append(line.Lines, answered{a.Label, a.Shown(v)})
			}
		}
		d.Checked = append(d.Checked, line)
	}
	return v.Show("bureau_etape.html", pages.Sheet{Title: title, Data: d, Back: w.Back})
}
