package browsertest

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shift is pressed with Tab to go back.
var shift = chromedp.KeyModifiers(kb.ModifierShift)

// key presses keys one after the other, as many times as they stand there.
func (b *tab) key(keys string, options ...chromedp.KeyOption) {
	b.t.Helper()
	b.pressed += len([]rune(keys))
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(keys, options...)); err != nil {
		b.t.Fatalf("%s: %q: %v", b.at(), keys, err)
	}
}

// stop is where the keyboard stands.
type stop struct {
	Tag, Type, Name, Text string
	Card                  bool // in something to decide
	Ring                  bool // the focus is seen
	Fault                 string
}

// here describes what has the focus, and what is wrong with it: it cannot be seen, or has no name.
const here = `(() => { const e = document.activeElement;
	const named = e.getAttribute('aria-label') || [...(e.labels || [])].map(l => l.textContent).join(' ')
		|| (e.getAttribute('aria-labelledby') || '').split(' ').map(i => document.getElementById(i)?.textContent || '').join(' ') || e.textContent || '';
	return {Tag: e.tagName, Type: e.type || '', Name: e.name || '', Text: named.replace(/\s+/g, ' ').trim(),
		Card: !!e.closest('li.carte'), Ring: e === document.body || getComputedStyle(e).outlineStyle !== 'none', Fault: (` + faultOf + `)(e)}; })()`

// faultOf is a function of an element that has the focus: what WCAG 2.4.11, 2.5.8 and 4.1.2 would say.
const faultOf = `e => { if (e === document.body) return '';
	const s = getComputedStyle(e), faults = [];
	const r = e.getClientRects()[0] || e.getBoundingClientRect(), w = innerWidth, h = innerHeight;
	if (r.width < 1 || r.height < 1 || r.bottom <= 0 || r.top >= h || r.right <= 0 || r.left >= w) faults.push('it is not on the screen');
	else { const x = Math.min(Math.max(r.left + r.width / 2, 1), w - 1), y = Math.min(Math.max(r.top + r.height / 2, 1), h - 1);
		const over = document.elementFromPoint(x, y);
		if (over && !e.contains(over) && !over.contains(e)) faults.push('it is under ' + over.outerHTML.slice(0, 80)); }
	const text = (e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || [...(e.labels || [])].map(l => l.textContent).join('') || e.textContent).trim();
	if (!text) faults.push('it has no name');
	const all = e.getBoundingClientRect(), label = e.closest('label')?.getBoundingClientRect() || all;
	const inline = e.tagName === 'A' && s.display === 'inline';
	if (!inline && (Math.max(all.height, label.height) < 23.5 || Math.max(all.width, label.width) < 23.5)) faults.push('it is ' + all.width + ' × ' + all.height + ' px');
	return faults.length ? faults.join(', ') + ': ' + e.outerHTML.slice(0, 120) : ''; }`

// stands is where the keyboard stands now.
func (b *tab) stands() stop {
	b.t.Helper()
	s := value[stop](b, here)
	s.Text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s.Text)
	if !s.Ring {
		b.t.Errorf("%s: the focus is not seen on %s %s", b.at(), s.Tag, s.Text)
	}
	if s.Fault != "" {
		b.t.Errorf("%s: %s", b.at(), s.Fault)
	}
	return s
}

const mostStops = 400

// tabTo presses Tab until the keyboard stands on what is wanted.
func (b *tab) tabTo(what string, wanted func(stop) bool) stop {
	b.t.Helper()
	for range mostStops {
		b.key(kb.Tab)
		if s := b.stands(); wanted(s) {
			return s
		}
	}
	b.t.Fatalf("%s: Tab never comes to %s\n%s", b.at(), what, b.text())
	return stop{}
}

// tabOn goes on to the link or button that says it.
func (b *tab) tabOn(text string) stop {
	b.t.Helper()
	return b.tabTo(text, func(s stop) bool {
		return (s.Tag == "A" || s.Tag == "BUTTON" || s.Tag == "SUMMARY") && strings.Contains(s.Text, text)
	})
}

// tabField goes on to a field, and types into it.
func (b *tab) tabField(name, typed string) {
	b.t.Helper()
	b.tabTo("the field "+name, func(s stop) bool { return s.Name == name && s.Tag != "BUTTON" })
	if b.clicks++; typed != "" {
		b.key(typed)
	}
}

// goes presses a key that leads to another page, and waits for it.
func (b *tab) goes(key string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	b.pressed++
	b.clicks++
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(key)); err != nil {
		b.t.Fatalf("%s: the key leads nowhere: %v\n%s", b.at(), err, b.text())
	}
}
