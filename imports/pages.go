package imports

import (
	"cmp"
	"fmt"
	"slices"
)

// missingPages holds a page that leaves a balance out until all pages of its statement are there.
func missingPages(st *statement) hold {
	return hold{
		HeldPages,
		fmt.Sprintf("C’est la page %d du relevé %s, dont les pages n’ont pas toutes leurs soldes : elles "+
			"sont jugées ensemble quand toutes sont là. Déposez celles qui manquent.", st.page, st.ref),
	}
}

// join fills in the balances of the pages of an account whose statements are whole, so that each
// page is a link of the chain by itself. The last page's own balance proves them.
func (b *batch) join(q *queue) error {
	byRef := map[string][]*statement{}
	for _, st := range q.pages {
		byRef[st.ref] = append(byRef[st.ref], st)
	}
	for _, pages := range byRef {
		slices.SortFunc(pages, func(a, b *statement) int { return cmp.Compare(a.page, b.page) })
		if !complete(pages) {
			continue
		}
		if !fill(pages) {
			for _, st := range pages {
				b.hold(st, hold{
					HeldUnbalanced,
					"Les pages du relevé " + st.ref + " ne tombent pas juste ensemble." + askBank,
				})
			}
			continue
		}
		if err := fillPages(b.ctx, b.tx, pages); err != nil {
			return err
		}
		q.waiting = append(q.waiting, pages...)
	}
	return nil
}

// complete tells that these are the pages of one statement, each once, to the last one.
func complete(pages []*statement) bool {
	for i, st := range pages {
		if st.page != i+1 || st.lastPage != (i == len(pages)-1) {
			return false
		}
	}
	return pages[0].opens && pages[len(pages)-1].closes && !pages[len(pages)-1].to.IsZero()
}

// fill computes the balances and days that the pages leave out; false when one that a page gives
// says otherwise.
func fill(pages []*statement) bool {
	last := pages[len(pages)-1]
	at := pages[0].opening
	for _, st := range pages {
		closing := at.Add(st.moved)
		if st.opens && st.opening != at || st.closes && st.closing != closing {
			return false
		}
		st.opening, st.closing, st.opens, st.closes = at, closing, true, true
		st.to = cmp.Or(st.to, last.to)
		st.from = cmp.Or(st.from, st.to)
		st.held = unread
		at = closing
	}
	return true
}
