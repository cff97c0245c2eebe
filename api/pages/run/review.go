package run

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

const blocking = "blocking"

// shownAtOnce is how many exceptions stand on one page.
const shownAtOnce = 40

// reviewed is the page of a run.
type reviewed struct {
	review
	Me       string
	Cards    []card
	Blocked  int // blocking exceptions that nobody has decided
	Decided  int
	Pages    []pageLink
	Drawing  drawing
	Compared []compared
	Quiet    int // payments without an exception
	Prepare  bool
	Files    bool // it has something to do with files
	Check    string
	Recent   []act
}

// pageLink is the way to a part of the exceptions.
type pageLink struct {
	No   int
	Path string
	Here bool
}

// compared is one line of the run beside the month before.
type compared struct {
	What, Now, Then, Gap string
}

func showRun(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	return showReview(v, r)
}

// showReview shows the run as it was read; a form that was refused stands on it as it was typed.
func showReview(v *pages.Visit, r review) error {
	page, err := strconv.Atoi(v.Query("page"))
	if err != nil || page < 1 || (page-1)*shownAtOnce >= max(1, len(r.Exceptions)) {
		page = 1
	}
	data := reviewed{
		review: r, Me: v.Who().ID, Drawing: drawingOf(r.Cascade), Compared: comparedOf(r), Quiet: r.quiet(),
		Prepare: v.May(auth.PrepareRuns), Files: r.approved(), Check: checkWords(v, r), Recent: lastActs(r.Acts),
	}
	for _, e := range r.Exceptions {
		if e.Open {
			data.Blocked++
		}
		if e.Decision != nil {
			data.Decided++
		}
	}
	first := (page - 1) * shownAtOnce
	for _, e := range r.Exceptions[first:min(first+shownAtOnce, len(r.Exceptions))] {
		data.Cards = append(data.Cards, cardOf(v, r, e))
	}
	for no := 1; (no-1)*shownAtOnce < len(r.Exceptions); no++ {
		data.Pages = append(data.Pages, pageLink{no, fmt.Sprintf("%s?page=%d#exceptions", r.Path(), no), no == page})
	}
	title := r.Title()
	if page > 1 {
		title += ", page " + strconv.Itoa(page)
	}
	return v.Show("campagne_detail.html", pages.Sheet{Title: title, Data: data, Back: "/campagnes"})
}

// checkWords is the text of the way to the page on which the run is submitted or signed; empty without one.
func checkWords(v *pages.Visit, r review) string {
	switch {
	case r.State == "draft" && v.May(auth.PrepareRuns):
		return "Vérifier avant de soumettre"
	case r.State == "in_review" && v.May(auth.ApproveRuns):
		return "Vérifier avant d'approuver"
	}
	return ""
}

// quiet is how many payments carry no exception.
func (r review) quiet() (n int) {
	for _, o := range r.Origins {
		if o.Nature != "EXCEPTION" {
			n += o.Transfers
		}
	}
	return n
}

// Origin is how many payments come from somewhere.
func (r review) Origin(of string) int {
	i := slices.IndexFunc(r.Origins, func(n nature) bool { return n.Nature == of })
	if i < 0 {
		return 0
	}
	return r.Origins[i].Transfers
}

// Shared tells that the run shares money out: else it has no cascade.
func (r review) Shared() bool {
	return slices.Contains([]string{"MONTHLY", "OFF_CYCLE", "EMERGENCY"}, r.Purpose)
}

// comparedOf sets the run beside the month before.
func comparedOf(r review) []compared {
	if r.Before == nil || r.Before.Persons == 0 {
		return nil
	}
	count := func(what string, now, then int) compared {
		return compared{what, pages.Number(now), pages.Number(then), signed(now - then)}
	}
	return []compared{
		count("Bénéficiaires", r.Figures.Persons, r.Before.Persons),
		count("Paiements", r.Figures.Transfers, r.Before.Transfers),
		{"Total", r.Figures.Total.French(), r.Before.Total.French(), signedAmount(r.Figures.Total.Sub(r.Before.Total))},
	}
}

// signed writes a difference with its sign; none is 0.
func signed(n int) string {
	switch {
	case n > 0:
		return "+" + pages.Number(n)
	case n < 0:
		return "−" + pages.Number(-n)
	}
	return "0"
}

func signedAmount(a money.Amount) string {
	switch {
	case a.IsPositive():
		return "+" + a.French()
	case a.IsNegative():
		return "−" + a.Abs().French()
	}
	return a.French()
}

const actsShown = 12

// lastActs are the last acts, the newest first; those that somebody did one after the other are one.
func lastActs(all []act) (last []act) {
	for _, a := range slices.Backward(all) {
		if n := len(last) - 1; n >= 0 && last[n].Act == a.Act && last[n].User == a.User {
			last[n].more++
			continue
		}
		if len(last) == actsShown {
			break
		}
		last = append(last, a)
	}
	return last
}
