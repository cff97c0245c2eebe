package browsertest

import "testing"

// Whoever reads badly makes letters twice as large, or sets them apart: nothing is cut, and nothing leaves the
// screen of the smallest telephone (WCAG 1.4.4 and 1.4.12, ux 6.D 35).
func TestAPersonsPagesBearLargeLettersAndWideSpaces(t *testing.T) {
	b := newTab(t, small).enter("M. Renard Thierry")
	b.crawl("/moi", func(path string, status int64) {
		if status != 200 {
			return
		}
		for name, style := range map[string]string{
			"letters twice as large": `html { font-size: 200% !important; }`,
			"letters set apart": `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
				p { margin-bottom: 2em !important; }`,
		} {
			if cut := value[string](b, `(() => { const s = new CSSStyleSheet(); s.replaceSync(`+"`"+style+"`"+`); document.adoptedStyleSheets = [s]; return `+outside+`; })()`); cut != "" {
				t.Errorf("%s, %s: cut or outside of the screen: %s", path, name, cut)
			}
		}
	})
}

// outside is the first text that is cut, or goes on outside of the screen without a place that scrolls it.
const outside = `(() => { const w = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > w) return 'the page scrolls by ' + (document.documentElement.scrollWidth - w) + ' px: ' + ` + widest + `;
	for (const e of document.querySelectorAll('main *')) { const s = getComputedStyle(e);
		if (s.overflow === 'hidden' && s.clip === 'auto' && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) return e.outerHTML.slice(0, 160); }
	return ''; })()`
