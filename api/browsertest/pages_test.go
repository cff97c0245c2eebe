package browsertest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"masp/migrations/dbtest"
)

// people are the invented persons who look at all that they can reach, and where they begin.
var people = []struct{ name, role, home string }{
	{"Karim Benali", "coordinator", "/accueil"},
	{"Hélène Lefèvre", "approver", "/accueil"},
	{"Simon Marchand", "accountant", "/accueil"},
	{"Judith Vasseur", "auditor", "/controle"},
	{"Inès Garnier", "admin", "/utilisateurs"},
	{"M. Renard Thierry", "person", "/moi"},
}

// Every page that somebody can reach by links, once for each kind of address: axe-core finds nothing, nothing
// scrolls sideways, and what every page must have is there (ux 6.E, 6.D 35). Of the people one is drawn; CI
// takes all of them. Of a few kinds of pages half are judged, in CI each
// of all.
func TestEveryPageIsForEverybodyAtEveryWidth(t *testing.T) {
	stride := dbtest.Form(len(people), 1, 1)
	drawn := dbtest.NewLot(t, stride, 1, 1).First()
	lot := dbtest.NewLot(t, 2, 1, 1)
	widths := []int64{phone}
	if inCI {
		widths = []int64{small, phone, desk}
	}
	judged := map[string]bool{} // what several of the staff see is judged once
	for i, p := range people {
		if i%stride != drawn {
			continue
		}
		t.Run(p.role, func(t *testing.T) {
			b := newTab(t, phone).enter(p.name)
			seen := 0
			b.crawl(p.home, func(path string, status int64) {
				if seen++; status != 200 {
					t.Errorf("%s answers %d", path, status)
				}
				if judged[kind(path)] {
					return
				}
				judged[kind(path)] = true
				if !lot.Takes() {
					return
				}
				for _, width := range widths {
					b.wide(width)
					b.judge(path, width)
				}
				b.tour(path, widths[len(widths)-1])
			})
			t.Logf("%s: %d kinds of pages, %d in all, at %d widths", p.role, seen, len(judged), len(widths))
			if seen < 3 {
				t.Errorf("only %d pages were found", seen)
			}
		})
	}
}

func TestPublicPagesAreForEverybody(t *testing.T) {
	b, lot := newTab(t, phone), dbtest.NewLot(t, 3, 1, 1)
	for _, path := range []string{"/", "/connexion", "/carte", "/aide", "/accessibilite", "/mentions", "/nulle-part"} {
		b.open(path)
		if !lot.Takes() {
			continue
		}
		for _, width := range []int64{small, phone, desk} {
			b.wide(width)
			b.judge(path, width)
			b.tour(path, width)
		}
	}
}

// mostPages is where a crawl ends; by default it goes where a lot leads it.
var mostPages = dbtest.Form(24, 140, 140)

// number is what one address has and another of the same kind has not.
var number = regexp.MustCompile(`[A-Za-z]*[-_]?\d[\w.-]*|[a-z]{3}_[a-z0-9]{10,}`)

// kind is the shape of an address: pages of one kind are judged once.
func kind(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return number.ReplaceAllString(u.Path, "*") + "?" + strings.Join(names, "&")
}

// crawl opens one page of each kind that links lead to.
func (b *tab) crawl(home string, see func(path string, status int64)) {
	b.t.Helper()
	waiting, known := []string{home}, map[string]bool{kind(home): true}
	lot := dbtest.NewLot(b.t, 1, 1, 1)
	for n := 0; len(waiting) > 0 && n < mostPages; n++ {
		next := dbtest.Form(lot.IntN(len(waiting)), 0, 0)
		path := waiting[next]
		waiting = slices.Delete(waiting, next, next+1)
		status := b.open(path)
		see(path, status)
		for _, to := range value[[]string](b, `[...document.querySelectorAll('a[href^="/"]')].map(a => a.getAttribute('href'))`) {
			if shape := kind(to); !known[shape] && isPage(to) {
				known[shape] = true
				waiting = append(waiting, to)
			}
		}
	}
}

// isPage tells a page from what is for programs, for other programs of the reader, or ends the visit.
func isPage(to string) bool {
	if strings.HasSuffix(to, "/pdf") {
		return false
	}
	for _, other := range []string{"/v1/", "/docs", "/openapi", "/problems", "/demonstration", "/deconnexion"} {
		if strings.HasPrefix(to, other) {
			return false
		}
	}
	return true
}

// finding is what axe-core says of a page.
type finding struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML string `json:"html"`
	} `json:"nodes"`
}

const axeRun = `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'],
	resultTypes: ['violations']}).then(r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => ({html: n.html}))})))`

// judge holds the page that is open against what every page must be.
func (b *tab) judge(path string, width int64) {
	b.t.Helper()
	where := fmt.Sprintf("%s at %d px", path, width)
	if over := value[int64](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		b.t.Errorf("%s scrolls sideways by %d px: %s", where, over, value[string](b, widest))
	}
	if cut := value[string](b, cutCaption); cut != "" {
		b.t.Errorf("%s: the caption %q is wider than the screen", where, cut)
	}
	if lang := value[string](b, `document.documentElement.lang`); lang != "fr" {
		b.t.Errorf("%s: lang is %q", where, lang)
	}
	if n := value[int64](b, `document.querySelectorAll('h1').length`); n != 1 {
		b.t.Errorf("%s has %d h1", where, n)
	}
	value[int64](b, world.axe+"; 0")
	for _, f := range value[[]finding](b, axeRun, chromedp.EvalAwaitPromise) {
		b.t.Errorf("%s: axe %s: %s\n\t%s", where, f.ID, f.Help, f.Nodes[0].HTML)
	}
}

// cutCaption is what stands over a table and goes on outside of the screen.
const cutCaption = `[...document.querySelectorAll('caption')].filter(c => c.getBoundingClientRect().right > innerWidth).map(c => c.textContent)[0] || ''`

// widest names what is wider than the screen.
const widest = `(() => { const w = document.documentElement.clientWidth; for (const e of document.querySelectorAll('main *')) {
	if (e.getBoundingClientRect().right > w + 1 && getComputedStyle(e.parentElement).overflowX === 'visible') return e.outerHTML.slice(0, 160); } return ''; })()`
