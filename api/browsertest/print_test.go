package browsertest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"masp/migrations/dbtest"
)

// A coordinator takes one sheet of paper to a visit (ux 2, P1 6).
func TestASheetForAVisitIsOnePageOfPaper(t *testing.T) {
	b := newTab(t, desk).enter("Karim Benali")
	b.open("/beneficiaires")
	some := dbtest.Form(2, 12, 12)
	files := value[[]string](b, `[...document.querySelectorAll('main a[href^="/beneficiaires/M-"]')].map(a => a.getAttribute('href'))`)
	for _, file := range files[:min(some, len(files))] {
		b.open(file + "/visite")
		b.onPaper(file)
	}
}

// A month of about ten movements is one sheet of paper, as from a bank (ux 6.D 48).
func TestAStatementOfAMonthIsOnePageOfPaper(t *testing.T) {
	b := newTab(t, desk).enter("M. Renard Thierry")
	b.open("/moi/releves/2026-11")
	if n := value[int64](b, `document.querySelectorAll('tbody tr:not(.total)').length`); n < 8 {
		t.Fatalf("the month has %d movements only", n)
	}
	b.onPaper("the statement of November")
}

// onPaper prints what is open on A4: one page.
func (b *tab) onPaper(what string) {
	b.t.Helper()
	reader, err := exec.LookPath("pdfinfo")
	if err != nil {
		if inCI {
			b.t.Fatal("in CI pdfinfo must be there: apt-get install poppler-utils")
		}
		b.t.Skip("pdfinfo is not there: apt-get install poppler-utils")
	}
	file := filepath.Join(b.t.TempDir(), "page.pdf")
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		got, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true), PrintBackground: new(true)})
		if err != nil {
			return err
		}
		return os.WriteFile(file, got.Data, 0o600)
	}))
	out, err := exec.CommandContext(b.ctx, reader, file).Output()
	if err != nil {
		b.t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if after, ok := strings.CutPrefix(line, "Pages:"); ok && strings.TrimSpace(after) != "1" {
			b.t.Errorf("%s takes %s pages, want 1", what, strings.TrimSpace(after))
		}
	}
}
