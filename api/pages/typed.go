package pages

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"masp/api"
)

// What was typed into a form whose session was over meanwhile, or wants its code again, waits in the browser
// until its reader is back on the page of the form: nothing typed is lost (WCAG 2.2.1, 3.3.7).
const (
	typedCookie = "ecrit"
	typedLife   = 15 * 60 // seconds
	typedSize   = 3000    // of a cookie that every browser keeps
)

// neverKept are the fields that hold a secret, or belong to the form that was sent.
var neverKept = []string{keyField, "password", "again", "current", "code", "link"}

// keepTyped keeps what a form has sent, for whoever it was made for. What is too long is not kept, nor a file.
func (v *Visit) keepTyped() {
	if v.Method != http.MethodPost || v.Form.of == "" {
		return
	}
	typed := url.Values{}
	for name, values := range v.PostForm {
		if !slices.Contains(neverKept, name) {
			typed[name] = values
		}
	}
	page, err := url.Parse(formPage(v.Browser))
	if err != nil {
		return
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(v.Form.of + "\n" + page.Path + "\n" + typed.Encode()))
	if len(typed) > 0 && len(text) <= typedSize {
		v.Keep(typedCookie, text, typedLife)
	}
}

// backTyped fills the form of a page with what its reader had typed before he had to prove who he is. It ends
// what another one, or he on another page, had typed only by time.
func (v *Visit) backTyped() {
	text, err := base64.RawURLEncoding.DecodeString(v.Kept(typedCookie))
	if err != nil || v.Method != http.MethodGet {
		return
	}
	of, rest, _ := strings.Cut(string(text), "\n")
	path, query, found := strings.Cut(rest, "\n")
	typed, err := url.ParseQuery(query)
	if !found || err != nil || path != v.URL.Path || of != readerOf(v.Browser) {
		return
	}
	v.Keep(typedCookie, "", 0)
	v.Form.Values = typed
	v.back = true
}

// readerOf names who reads; empty for nobody.
func readerOf(b *api.Browser) string {
	if who := b.Who(); who.ID != "" {
		return who.ID
	}
	return b.Who().Beneficiary
}

const typedBack = "Ce que vous aviez écrit est revenu. Relisez, puis envoyez : rien n'a encore été fait."
