package pagestest

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

const passed = time.Minute

// Now is the moment of the books.
func (h *House) Now() (at time.Time) {
	h.T.Helper()
	if err := h.DB.App.QueryRow(h.T.Context(), `SELECT masp.now()`).Scan(&at); err != nil {
		h.T.Fatal(err)
	}
	return at
}

// Screen is one page as it was read.
type Screen struct {
	Status int
	Path   string // where the browser has arrived
	Header http.Header
	Body   string

	browser *Browser
	t       testing.TB
	root    *html.Node
}

func newScreen(b *Browser, got *http.Response, path string) *Screen {
	t := b.house.T
	t.Helper()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	s := &Screen{Status: got.StatusCode, Path: path, Header: got.Header, Body: string(body), browser: b, t: t}
	if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
		return s
	}
	if s.root, err = html.Parse(strings.NewReader(s.Body)); err != nil {
		t.Fatal(err)
	}
	s.lint()
	return s
}

// In is the same page in another browser.
func (s *Screen) In(b *Browser) *Screen {
	same := *s
	same.browser = b
	return &same
}

// Wants fails when the status is another one.
func (s *Screen) Wants(status int) *Screen {
	s.t.Helper()
	if s.Status != status {
		s.t.Fatalf("%s: got %d, want %d\n%s", s.Path, s.Status, status, s.Text())
	}
	return s
}

// Says fails when the page does not say each of the texts. Spaces of every kind are alike.
func (s *Screen) Says(texts ...string) *Screen {
	s.t.Helper()
	all := s.Text()
	for _, text := range texts {
		if !strings.Contains(all, Plain(text)) {
			s.t.Errorf("%s does not say %q:\n%s", s.Path, text, all)
		}
	}
	return s
}

// SaysNot fails when the page says one of the texts.
func (s *Screen) SaysNot(texts ...string) *Screen {
	s.t.Helper()
	all := s.Text()
	for _, text := range texts {
		if strings.Contains(all, Plain(text)) {
			s.t.Errorf("%s says %q:\n%s", s.Path, text, all)
		}
	}
	return s
}

// Text is what a reader sees, with single spaces.
func (s *Screen) Text() string {
	if s.root == nil {
		return s.Body
	}
	return textOf(s.root)
}

// Title is the title of the tab.
func (s *Screen) Title() string {
	for _, n := range s.find("title") {
		return textOf(n)
	}
	return ""
}

// Links are the addresses that the page leads to.
func (s *Screen) Links() (all []string) {
	for _, n := range s.find("a") {
		if to := attr(n, "href"); strings.HasPrefix(to, "/") {
			all = append(all, to)
		}
	}
	return all
}

// Click follows the link with this text.
func (s *Screen) Click(text string) *Screen {
	s.t.Helper()
	for _, n := range s.find("a") {
		if strings.Contains(textOf(n), Plain(text)) {
			return s.browser.Get(attr(n, "href"))
		}
	}
	s.t.Fatalf("%s has no link %q:\n%s", s.Path, text, s.Text())
	return nil
}

// Press presses the button with this text; of what was typed before, only fields of its form count. Pairs
// are a field and its value.
func (s *Screen) Press(text string, pairs ...string) *Screen {
	s.t.Helper()
	path, method, values := s.form(text, pairs)
	if method == http.MethodGet {
		return s.browser.Get(path + "?" + values.Encode())
	}
	return s.browser.follow(s.browser.Raw(method, path, values), path)
}

// Upload presses a button of a form with a file.
func (s *Screen) Upload(text, field, name string, content []byte, pairs ...string) *Screen {
	s.t.Helper()
	path, method, values := s.form(text, pairs)
	kind, body := upload(values, field, name, content)
	return s.browser.follow(s.browser.send(method, path, kind, body), path)
}

// form finds the form of a button and what it would send.
func (s *Screen) form(text string, pairs []string) (path, method string, values url.Values) {
	s.t.Helper()
	for _, button := range s.find("button") {
		if !strings.Contains(textOf(button), Plain(text)) || has(button, "disabled") {
			continue
		}
		form := button
		for form != nil && form.Data != "form" {
			form = form.Parent
		}
		if form == nil {
			s.t.Fatalf("%s: the button %q is in no form", s.Path, text)
		}
		values = typed(form)
		if name := attr(button, "name"); name != "" {
			values.Set(name, attr(button, "value"))
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		path, method = attr(form, "action"), strings.ToUpper(attr(form, "method"))
		if to := attr(button, "formaction"); to != "" {
			path = to
		}
		if path == "" {
			path = s.Path
		}
		if method == "" {
			method = http.MethodGet
		}
		return path, method, values
	}
	s.t.Fatalf("%s has no button %q:\n%s", s.Path, text, s.Text())
	return "", "", nil
}

// typed is what the fields of a form hold.
func typed(form *html.Node) url.Values {
	values := url.Values{}
	walk(form, func(n *html.Node) {
		name := attr(n, "name")
		switch {
		case name == "" || has(n, "disabled"):
		case n.Data == "textarea":
			values.Add(name, textOf(n))
		case n.Data == "select":
			walk(n, func(o *html.Node) {
				if o.Data == "option" && (has(o, "selected") || !values.Has(name) && !has(n, "size")) {
					values.Set(name, attr(o, "value"))
				}
			})
		case n.Data == "input" && slices.Contains([]string{"radio", "checkbox"}, attr(n, "type")):
			if has(n, "checked") {
				values.Add(name, attr(n, "value"))
			}
		case n.Data == "input" && attr(n, "type") != "submit" && attr(n, "type") != "file":
			values.Add(name, attr(n, "value"))
		}
	})
	return values
}

func (s *Screen) find(tag string) (all []*html.Node) {
	if s.root == nil {
		return nil
	}
	walk(s.root, func(n *html.Node) {
		if n.Data == tag {
			all = append(all, n)
		}
	})
	return all
}

func walk(n *html.Node, see func(*html.Node)) {
	if n.Type == html.ElementNode {
		see(n)
	}
	for c := range n.ChildNodes() {
		walk(c, see)
	}
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "style") {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(Plain(b.String())), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
