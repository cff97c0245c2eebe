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

// ux 29: twelve exceptions, a submission, a signature, in at most 35 presses and typed fields.
func TestTwelveExceptionsAreDecidedInFewSteps(t *testing.T) {
	t.Parallel()
	h := &pagestest.House{Office: v1test.Many(t, pages.New(run.Face()), 20), T: t}
	const path = "/campagnes/C-2026-12-1"
	b := h.As("c.martin")
	page, steps := b.Get(path), 1
	for range 3 {
		page = page.Press("Payer 100,00 €").Wants(200)
		steps++
	}
	page.Says("Toutes les exceptions bloquantes sont décidées")
	for range 3 {
		field := regexp.MustCompile(`name="(raison-\d+)"`).FindStringSubmatch(page.Body)
		page = page.Press("Vérifié par appel", field[1], "M. Dupré, au numéro du bail").Wants(200)
		steps += 2
	}
	for _, decision := range []string{"Payer 71,20 €", "Payer 71,20 €", "Payer 71,20 €", "C'est vu", "C'est vu", "C'est vu"} {
		page = page.Press(decision).Wants(200)
		steps++
	}
	page.Click("Vérifier avant de soumettre").Says("12 sur 12 exceptions").Press("Soumettre", "vu", "oui").Wants(200)
	signed := h.As("v.olivier").Get(path+"/verifier").Says("J'ai vu les 12 exceptions").Press("Approuver", "vu", "oui").Wants(200)
	signed.Says("C-2026-12-1 approuvée")
	steps += 6
	t.Logf("%d steps", steps)
	if steps > 35 {
		t.Errorf("%d steps", steps)
	}
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
