package pagestest

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// broken are texts that no page of ours says: what a fault of the program looks like (ux 6.7).
var broken = regexp.MustCompile(`NaN|undefined|<nil>|%!|\bnull\b|map\[|-0,00|0001-01-01|\d\.\d{2}\s?€`)

// foreign are signs of design systems that are not ours to use (ux 6.56).
var foreign = regexp.MustCompile(`class="[^"]*\bfr-|Marianne`)

// lint holds a page against the rules of all pages; a real browser with axe judges the rest.
func (s *Screen) lint() {
	s.t.Helper()
	bad := func(format string, args ...any) {
		s.t.Helper()
		s.t.Errorf("%s: "+format, append([]any{s.Path}, args...)...)
	}
	if found := broken.FindString(s.Text()); found != "" {
		bad("says %q", found)
	}
	if foreign.MatchString(s.Body) {
		bad("uses a design that is not ours")
	}
	if strings.Contains(s.Body, "<script") || regexp.MustCompile(`\son[a-z]+="`).MatchString(s.Body) || strings.Contains(s.Body, ` style="`) {
		bad("has a script or a style of its own, which browsers refuse here")
	}
	if n := len(s.find("h1")); n != 1 {
		bad("has %d h1", n)
	}
	for _, tag := range []string{"main", "title"} {
		if n := len(s.find(tag)); n < 1 {
			bad("has no %s", tag)
		}
	}
	if all := s.find("html"); attr(all[0], "lang") != "fr" {
		bad("does not say that it is French")
	}
	s.lintIDs(bad)
	s.lintFields(bad)
	s.lintTables(bad)
}

func (s *Screen) lintIDs(bad func(string, ...any)) {
	ids := map[string]int{}
	walk(s.root, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			if ids[id]++; ids[id] == 2 {
				bad("two things have the id %q", id)
			}
		}
	})
	walk(s.root, func(n *html.Node) {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby"} {
			for id := range strings.FieldsSeq(attr(n, name)) {
				if ids[id] == 0 {
					bad("%s=%q leads nowhere", name, id)
				}
			}
		}
		if to := attr(n, "href"); len(to) > 1 && to[0] == '#' && ids[to[1:]] == 0 {
			bad("the link %q leads nowhere", to)
		}
	})
}

func (s *Screen) lintFields(bad func(string, ...any)) {
	labelled := map[string]bool{}
	for _, l := range s.find("label") {
		labelled[attr(l, "for")] = true
	}
	walk(s.root, func(n *html.Node) {
		switch {
		case n.Data == "form" && strings.EqualFold(attr(n, "method"), "post"):
			if typed(n).Get("cle") == "" {
				bad("the form to %q has no key", attr(n, "action"))
			}
		case n.Data == "input" && attr(n, "type") == "hidden":
		case n.Data == "input" || n.Data == "select" || n.Data == "textarea":
			inside := n.Parent != nil && n.Parent.Data == "label"
			if !inside && !labelled[attr(n, "id")] && attr(n, "aria-label") == "" {
				bad("the field %q has no label", attr(n, "name"))
			}
		case n.Data == "button" && textOf(n) == "":
			bad("a button says nothing")
		case n.Data == "a" && textOf(n) == "" && attr(n, "aria-label") == "":
			bad("the link to %q says nothing", attr(n, "href"))
		}
	})
}

func (s *Screen) lintTables(bad func(string, ...any)) {
	for _, table := range s.find("table") {
		var caption, heads bool
		walk(table, func(n *html.Node) {
			caption = caption || n.Data == "caption"
			if n.Data == "th" {
				heads = true
				if attr(n, "scope") == "" {
					bad("the head %q of a table has no scope", textOf(n))
				}
			}
		})
		if !caption || !heads {
			bad("a table has no caption or no heads")
		}
	}
	for _, svg := range s.find("svg") {
		title := false
		walk(svg, func(n *html.Node) { title = title || n.Data == "title" })
		if !title && attr(svg, "aria-hidden") == "" {
			bad("a drawing has no title")
		}
	}
}
