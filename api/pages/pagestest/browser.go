package pagestest

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/api/pages"
	"masp/api/v1/v1test"
	"masp/migrations/dbtest"
)

// House is an office with pages.
type House struct {
	*v1test.Office
	T testing.TB
}

// New opens an office with the pages of some faces.
func New(t testing.TB, faces []pages.Face, options ...dbtest.Option) *House {
	t.Helper()
	return &House{v1test.New(t, pages.New(faces...), options...), t}
}

// On opens an office with pages on a database that is furnished already.
func On(t testing.TB, db *dbtest.DB, tokens map[string]string, faces ...pages.Face) *House {
	t.Helper()
	o := v1test.On(t, db, pages.New(faces...))
	o.Tokens = tokens
	return &House{o, t}
}

// Browser is one person at a browser.
type Browser struct {
	house   *House
	cookies map[string]string
	Secret  string // of the authenticator, of who has one
	at      string // the page that it shows
}

// Stranger is a browser that nobody has used.
func (h *House) Stranger() *Browser { return &Browser{house: h, cookies: map[string]string{}} }

const sessionCookie = "masp" // of a plain loopback address

// As is the browser of a user who has entered by his token: no second factor.
func (h *House) As(user string) *Browser {
	h.T.Helper()
	if h.Tokens[user] == "" {
		h.T.Fatalf("nobody is called %s", user)
	}
	return h.With(h.Tokens[user])
}

// With is a browser that has a secret: of a session, or of the device of a person.
func (h *House) With(secret string) *Browser {
	b := h.Stranger()
	b.cookies[sessionCookie] = secret
	return b
}

// Password is what every user of the tests has chosen.
const Password = "quatre mots de son choix" //nolint:gosec // G101: invented

// Twin is the browser with its cookies as they are now: what it sends before an answer has come.
func (b *Browser) Twin() *Browser {
	twin := *b
	twin.cookies = maps.Clone(b.cookies)
	return &twin
}

// Settled is the browser of a user with a password and a second factor, who has just entered.
func (h *House) Settled(user string) *Browser {
	h.T.Helper()
	ctx := h.T.Context()
	admin, err := h.House.Auth.Authenticate(ctx, h.Tokens["i.texier"])
	if err != nil {
		h.T.Fatal(err)
	}
	link, err := h.House.Auth.Reset(ctx, admin, user)
	if err != nil {
		h.T.Fatal(err)
	}
	offer, err := h.House.Auth.Setup(ctx, link)
	if err != nil {
		h.T.Fatal(err)
	}
	b := h.Stranger()
	b.Secret = offer.Secret
	secret, _, err := h.House.Auth.Complete(ctx, auth.SetupAsk{
		Link: link, Password: Password, Code: b.Code(), Address: "192.0.2.7", Agent: "Firefox/140.0",
	})
	if err != nil {
		h.T.Fatal(err)
	}
	b.cookies[sessionCookie] = secret
	return b
}

// Entered is the browser of a person who has entered by her paper card.
func (h *House) Entered(coordinator, person string) *Browser {
	h.T.Helper()
	ctx := h.T.Context()
	who, err := h.House.Auth.Authenticate(ctx, h.Tokens[coordinator])
	if err != nil {
		h.T.Fatal(err)
	}
	card, err := h.House.Auth.PrintCard(ctx, who, person)
	if err != nil {
		h.T.Fatal(err)
	}
	secret, _, err := h.House.Auth.Enter(ctx, card.Code, "192.0.2.7")
	if err != nil {
		h.T.Fatal(err)
	}
	return h.With(secret)
}

// Code is what the authenticator shows. Each code proves once: a minute passes before.
func (b *Browser) Code() string {
	t := b.house.T
	t.Helper()
	at := b.house.Now().Add(passed)
	b.house.DB.SetClock(t, at)
	return auth.CodeAt(b.Secret, at)
}

// Get reads a page, wherever it sends on to.
func (b *Browser) Get(path string) *Screen {
	b.house.T.Helper()
	return b.follow(b.send(http.MethodGet, path, "", nil), path)
}

// Raw sends a form as it is, and follows nothing: what no button of ours would send.
func (b *Browser) Raw(method, path string, values url.Values) *http.Response {
	b.house.T.Helper()
	return b.send(method, path, "application/x-www-form-urlencoded", []byte(values.Encode()))
}

func (b *Browser) send(method, path, kind string, body []byte) *http.Response {
	t := b.house.T
	t.Helper()
	asked, _, _ := strings.Cut(path, "#") // a browser keeps the place on the page to itself
	r := httptest.NewRequestWithContext(t.Context(), method, asked, bytes.NewReader(body))
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	r.Header.Set("Accept-Language", "fr")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if b.at != "" {
		r.Header.Set("Referer", "http://"+r.Host+b.at)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value}) //nolint:gosec // G124: sent, not kept
	}
	w := httptest.NewRecorder()
	b.house.Server.ServeHTTP(w, r)
	got := w.Result()
	for _, cookie := range got.Cookies() {
		if b.cookies[cookie.Name] = cookie.Value; cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		}
	}
	return got
}

const mostSteps = 5

func (b *Browser) follow(got *http.Response, path string) *Screen {
	t := b.house.T
	t.Helper()
	for range mostSteps {
		if got.StatusCode != http.StatusSeeOther {
			b.at = path
			return newScreen(b, got, path)
		}
		path = got.Header.Get("Location")
		got = b.send(http.MethodGet, path, "", nil)
	}
	t.Fatalf("sent from page to page without an end, at last to %s", path)
	return nil
}

// upload is the body of a form with a file.
func upload(values url.Values, field, name string, content []byte) (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, all := range values {
		for _, value := range all {
			_ = w.WriteField(key, value) // a buffer takes all
		}
	}
	part, _ := w.CreateFormFile(field, name)
	_, _ = part.Write(content)
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// Plain is a text without the spaces that do not break, for comparisons.
func Plain(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
