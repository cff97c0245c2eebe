package page_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// nodes are the elements of a name below a node.
func nodes(n *html.Node, name string) (all []*html.Node) {
	for child := range n.Descendants() {
		if child.Type == html.ElementNode && child.Data == name {
			all = append(all, child)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return b.String()
}

func TestTheHTMLIsOneAccessibleDocumentWithoutScripts(t *testing.T) {
	t.Parallel()
	p := sample(4)
	source := htmlBytes(t, p)
	doc, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	if lang := attribute(nodes(doc, "html")[0], "lang"); lang != "fr" {
		t.Errorf("got lang %q, want fr", lang)
	}
	for _, name := range []string{"script", "img", "link", "iframe", "object"} {
		if found := nodes(doc, name); len(found) > 0 {
			t.Errorf("got %d <%s>, want none", len(found), name)
		}
	}
	if outside := bytes.Contains(source, []byte("http")) || bytes.Contains(source, []byte("url(")); outside {
		t.Error("the document asks for something from outside")
	}
	tables := nodes(doc, "table")
	if len(tables) != 1 {
		t.Fatalf("got %d tables, want one: a section without rows says so in words", len(tables))
	}
	if caption := nodes(tables[0], "caption"); len(caption) != 1 || text(caption[0]) != "Mouvements" {
		t.Error("the table has no caption")
	}
	heads, columns := nodes(nodes(tables[0], "thead")[0], "th"), p.Sections[0].Columns
	if len(heads) != len(columns) {
		t.Fatalf("got %d heads of columns, want %d", len(heads), len(columns))
	}
	for i, th := range heads {
		if attribute(th, "scope") != "col" {
			t.Errorf("the head of column %d has no scope", i)
		}
		if explained := strings.Contains(text(th), "C’est quoi\u202f?"); explained != (columns[i].Meaning != "") {
			t.Errorf("column %q: explained %t", columns[i].Title, explained)
		}
	}
	for i, tr := range nodes(nodes(tables[0], "tbody")[0], "tr") {
		if th := nodes(tr, "th"); len(th) != 1 || attribute(th[0], "scope") != "row" {
			t.Errorf("row %d is not named", i)
		}
	}
}

func TestEachTermOpensItsExplanationAndIsPrintedOnPaper(t *testing.T) {
	t.Parallel()
	doc, err := html.Parse(bytes.NewReader(htmlBytes(t, sample(1))))
	if err != nil {
		t.Fatal(err)
	}
	details := nodes(doc, "details")
	if len(details) != 5 {
		t.Errorf("got %d explanations, want five", len(details))
	}
	for _, d := range details {
		if s := nodes(d, "summary"); len(s) != 1 || len(text(d)) <= len(text(s[0])) {
			t.Errorf("%q opens nothing", text(d))
		}
	}
	if terms := nodes(doc, "dt"); len(terms) != 2+5 { // facts, and the words at the end
		t.Errorf("got %d terms, want 7", len(terms))
	}
}
