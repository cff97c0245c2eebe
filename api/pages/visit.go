package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"masp/api"
	"masp/api/auth"
)

// The addresses where somebody says who he is.
const (
	staffEntry  = "/connexion"
	personEntry = "/carte"
	proofEntry  = "/code" // asks for the second factor again
)

// entryFor is where an unknown reader goes, and comes back from.
func entryFor(b *api.Browser) string {
	entry := staffEntry
	if strings.HasPrefix(b.URL.Path, "/moi") {
		entry = personEntry
	}
	return entry + "?" + url.Values{"vers": {formPage(b)}}.Encode()
}

// Visit is one request for a page.
type Visit struct {
	*api.Browser
	Form Form

	site *Site
	sent int    // operations that this visit has sent
	back bool   // the form holds what was typed before its reader had to prove who he is
	made string // the secret that this visit gave the browser for the keys of its forms
}

// May tells whether the reader may take an action at all.
func (v *Visit) May(a auth.Action) bool { return v.Who().Reach(a) != auth.Nowhere }

// Query is a parameter of the address, without blanks around.
func (v *Visit) Query(name string) string { return strings.TrimSpace(v.URL.Query().Get(name)) }

// Read reads what an address of the contract answers.
func (v *Visit) Read(ctx context.Context, target string, into any) error {
	_, err := v.ReadTagged(ctx, target, into)
	return err
}

// ReadTagged reads as Read does, and answers the tag that a change must name.
func (v *Visit) ReadTagged(ctx context.Context, target string, into any) (tag string, err error) {
	reply, err := v.Ask(ctx, http.MethodGet, target, http.Header{}, http.NoBody)
	if err != nil {
		return "", err
	}
	return reply.Tag, json.Unmarshal(reply.Body, into)
}

// listed is a page of a list of the contract.
type listed[T any] struct {
	Data       []T    `json:"data"`
	NextCursor string `json:"next_cursor"`
}

const wholePage = "500"

// All reads a whole list.
func All[T any](ctx context.Context, v *Visit, target string) (all []T, err error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("limit", wholePage)
	for {
		u.RawQuery = q.Encode()
		var page listed[T]
		if err := v.Read(ctx, u.String(), &page); err != nil {
			return nil, err
		}
		if all = append(all, page.Data...); page.NextCursor == "" {
			return all, nil
		}
		q.Set("cursor", page.NextCursor)
	}
}

// Some reads one page of a list, and the cursor of the next one: empty at its end.
func Some[T any](ctx context.Context, v *Visit, target string) (some []T, next string, err error) {
	var page listed[T]
	err = v.Read(ctx, target, &page)
	return page.Data, page.NextCursor, err
}

// Act sends a change: a body that becomes JSON, nil for none; match is the tag of what the reader has
// seen, empty when the operation asks none. The key of the form makes its repetition harmless.
func (v *Visit) Act(ctx context.Context, method, target string, body any, match string) (*api.Reply, error) {
	head := http.Header{}
	var text io.Reader = http.NoBody
	if body != nil {
		written, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = bytes.NewReader(written)
		head.Set("Content-Type", "application/json")
	}
	if match != "" {
		head.Set("If-Match", match)
	}
	return v.Send(ctx, method, target, head, text)
}

// Send sends a change with a body as it is, as a file is.
func (v *Visit) Send(ctx context.Context, method, target string, head http.Header, body io.Reader) (*api.Reply, error) {
	v.sent++
	if method == http.MethodPost {
		head.Set("Idempotency-Key", "form-"+v.Form.key+"-"+strconv.Itoa(v.sent))
	}
	return v.Ask(ctx, method, target, head, body)
}

// Done sends the browser on after a change, to a page that may be read again, and says there what was
// done.
func (v *Visit) Done(to, say string) error {
	if say != "" {
		v.Keep("fait", url.QueryEscape(say), 60)
	}
	return v.Go(to)
}

// said takes what the page before wanted to say.
func (v *Visit) said() string {
	say, err := url.QueryUnescape(v.Kept("fait"))
	if err != nil || say == "" {
		return ""
	}
	v.Keep("fait", "", 0)
	return say
}
