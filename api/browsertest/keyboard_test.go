package browsertest

import (
	"strings"

	"github.com/chromedp/chromedp/kb"
)

// toured is what a tour of a page by Tab has found.
type toured struct {
	Met, Wanted int
	Faults      []string
}

// begin remembers each stop of the tour, whether it was seen there, and what there is to reach. A group of radio
// buttons is one stop.
const begin = `(() => { window.met = [];
	addEventListener('focusin', e => { const s = getComputedStyle(e.target);
		e.target.ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; met.push(e.target); });
	const groups = new Set();
	window.wanted = [...document.querySelectorAll('a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea, summary, [tabindex="0"]')]
		.filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0)
		.filter(e => e.type !== 'radio' || !groups.has(e.name) && (groups.add(e.name), true));
	window.missed = () => wanted.filter(e => !met.includes(e) && !(e.type === 'radio' && met.some(m => m.name === e.name)));
	return wanted.length; })()`

// judged says what Tab has not met, what comes in another order than it is read, and what faultOf says of the rest.
const judged = `(() => { const faults = missed().map(e => 'Tab never comes to ' + e.outerHTML.slice(0, 120));
	if (!met[0]?.matches('.saut')) faults.push('the first stop is ' + met[0]?.outerHTML.slice(0, 80));
	const all = [...new Set(met)], rects = all.map(e => e.getBoundingClientRect());
	all.forEach((e, i) => { const r = rects[i], last = rects[i - 1];
		if (i > 1 && r.bottom <= last.top && r.left < last.right) faults.push('it is read before what comes before it: ' + e.outerHTML.slice(0, 120));
		if (!e.ring) faults.push('the focus is not seen: ' + e.outerHTML.slice(0, 120));
		e.focus(); const fault = (` + faultOf + `)(e); if (fault) faults.push(fault); });
	return {Met: all.length, Wanted: wanted.length, Faults: faults}; })()`

// tour goes through a whole page by Tab alone and comes out at its end: no trap, nothing left out, in the order
// of reading, always seen (WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11, 2.5.8).
func (b *tab) tour(path string, width int64) {
	b.t.Helper()
	stops := value[int](b, begin)
	b.key(strings.Repeat(kb.Tab, stops))
	for range stops { // a field of a day is three stops, what scrolls by itself is one
		if value[int](b, `missed().length`) == 0 {
			break
		}
		b.key(strings.Repeat(kb.Tab, stopsMore))
	}
	got := value[toured](b, judged)
	for _, fault := range got.Faults {
		b.t.Errorf("%s at %d px: %s", path, width, fault)
	}
}

const stopsMore = 8
