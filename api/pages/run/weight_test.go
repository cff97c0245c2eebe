package run_test

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"
	"time"

	"masp/api/pages"
	"masp/api/pages/pagestest"
	"masp/api/pages/run"
	"masp/api/v1/v1test"
)

// ux 26, 28: what a coordinator reads of 200 mandates.
func TestTwoHundredMandatesAreRead(t *testing.T) {
	t.Parallel()
	o := v1test.Many(t, pages.New(run.Face()), 200)
	h := &pagestest.House{Office: o, T: t}
	b := h.As("c.martin")
	const path = "/campagnes/C-2026-12-1"
	page := b.Get(path).Wants(200).Says("12 exceptions à voir avant d'approuver", "Encore 3 bloquantes à décider", "Novembre 2026")
	if n := len(page.Body); n > 200<<10 {
		t.Errorf("the page is %d bytes", n)
	}
	if n := zipped(t, page.Body); n > 15<<10 {
		t.Errorf("the page is %d bytes on the wire", n)
	}
	words := read(page.Body)
	t.Logf("%d bytes, %d on the wire, %d words before the others", len(page.Body), zipped(t, page.Body), len(words))
	if len(words) > 450 {
		t.Errorf("%d words stand before the other payments:\n%s", len(words), strings.Join(words, " "))
	}
	if strings.Index(page.Body, ">À voir<") < strings.LastIndex(page.Body, ">Bloquant<") {
		t.Error("the blocking exceptions do not come first")
	}
	page.Click("Voir et chercher les").Wants(200).Click("Paiements suivants").Wants(200).Says("Paiements suivants")
	began := time.Now()
	b.Get(path)
	t.Logf("%v for the page", time.Since(began).Round(time.Millisecond))
}

var (
	unread = regexp.MustCompile(`(?s)<span class="lu">.*?</span>|<details>.*?</details>|<title.*?</title>|<desc.*?</desc>`)
	markup = regexp.MustCompile(`<[^>]*>`)
)

// read are the words between the title and the other payments that an eye meets: not those for ears alone,
// nor what is folded.
func read(body string) []string {
	seen := unread.ReplaceAllString(body[strings.Index(body, "<h1>"):strings.Index(body, "<h2>Les autres paiements")], " ")
	return strings.FieldsFunc(markup.ReplaceAllString(seen, " "), func(r rune) bool { return r == ' ' || r == '\n' })
}

func zipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
