package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tab is one person at a browser of his own: nothing is shared with other tabs.
type tab struct {
	t      *testing.T
	ctx    context.Context
	person string // who has entered

	pressed int // keys
	clicks  int // that a mouse would have needed for the same
}

// Widths of the screens that people have.
const (
	small, phone, desk = 320, 360, 1280
)

func newTab(t *testing.T, width int64) *tab {
	t.Helper()
	if world.missing != "" {
		t.Skip(world.missing)
	}
	ctx, cancel := chromedp.NewContext(world.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error { // :focus is told of the tab in front alone
		_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	b.wide(width)
	return b
}

// do does steps in the browser.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", b.at(), err)
	}
}

// wide gives the screen its width; a telephone is 640 px high.
func (b *tab) wide(width int64) {
	b.t.Helper()
	if width < desk {
		b.do(chromedp.EmulateViewport(width, 640, chromedp.EmulateMobile))
		return
	}
	b.do(chromedp.EmulateViewport(width, 900))
}

// withoutScript lets no page run a script.
func (b *tab) withoutScript() *tab {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	return b
}

// at is the address where the tab is.
func (b *tab) at() string {
	path, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		return "?"
	}
	return strings.TrimPrefix(path, world.base)
}

// open reads a page, and answers its status.
func (b *tab) open(path string) int64 {
	b.t.Helper()
	got, err := chromedp.RunResponse(b.ctx, chromedp.Navigate(world.base+path))
	if err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
	return got.Status
}

// entered are the sessions of the invented persons, one each: a code proves once in half a minute.
var entered = map[string]*network.Cookie{}

const sessionCookie = "masp" // of a plain loopback address

// enter goes in as one of the invented persons.
func (b *tab) enter(name string) *tab {
	b.t.Helper()
	b.person = name
	if known := entered[name]; known != nil {
		b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{
				Name: known.Name, Value: known.Value, URL: world.base, HTTPOnly: new(true),
			})
			return err
		}))
		return b
	}
	b.open("/demonstration")
	b.press("Entrer comme " + name)
	b.session()
	return b
}

// session is the secret of the tab's session, which a proof of the second factor changes: tabs that come
// later enter with it.
func (b *tab) session() (secret string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		got, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{world.base}})
		if err != nil {
			return err
		}
		for _, cookie := range got.Cookies {
			if cookie.Name == sessionCookie {
				entered[b.person], secret = cookie, cookie.Value
			}
		}
		return nil
	}))
	return secret
}

// press presses the button with this text, and waits for the page that comes.
func (b *tab) press(text string) {
	b.t.Helper()
	b.click(`//button[contains(normalize-space(.), "` + text + `") and not(@disabled)]`)
}

func (b *tab) click(where string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.Search(where)))
	if err != nil {
		b.t.Fatalf("%s: %s: %v\n%s", b.at(), where, err, b.text())
	}
}

// fill types into the empty field with this name.
func (b *tab) fill(name, value string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(`[name="`+name+`"]`), value))
}

// text is what stands on the page.
func (b *tab) text() string {
	said, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(said)
}

// says fails when the page does not say it.
func (b *tab) says(all ...string) {
	b.t.Helper()
	said := b.text()
	for _, text := range all {
		if !strings.Contains(said, text) {
			b.t.Errorf("%s does not say %q:\n%s", b.at(), text, said)
		}
	}
}

// value asks the page for a value.
func value[T any](b *tab, script string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, options...))
	if err != nil {
		b.t.Fatalf("%s: %v", b.at(), err)
	}
	return v
}

// picture takes a picture of what is seen.
func (b *tab) picture() []byte {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatalf("%s: %v", b.at(), err)
	}
	return png
}
