package api

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// clicks keeps the answers to forms for a moment, for a second click: a browser gives the first answer up
// and waits for that of the second. They are in memory alone; without them the second click is a request
// like others.
type clicks struct {
	mu    sync.Mutex
	known map[string]*click
}

// click is one form that was sent.
type click struct {
	answered chan struct{} // closed when it is over
	until    time.Time     // zero while it runs
	answer   *made         // nil for none that could be given again
}

// sameClick is how long after an answer the same form is still the same click.
const sameClick = 5 * time.Second

// claim is the click of a key, and whether it is the first.
func (k *clicks) claim(key string, now time.Time) (c *click, first bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.known, func(_ string, old *click) bool { return !old.until.IsZero() && now.After(old.until) })
	if c = k.known[key]; c != nil {
		return c, false
	}
	if k.known == nil {
		k.known = map[string]*click{}
	}
	c = &click{answered: make(chan struct{})}
	k.known[key] = c
	return c, true
}

// end keeps the answer of a click.
func (k *clicks) end(c *click, answer *made, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c.answer, c.until = answer, now.Add(sameClick)
	close(c.answered)
}

// Once answers a form; the same form again, within some seconds, is given the same answer with its cookies.
// The key is a secret of the form and of what was typed into it.
func (b *Browser) Once(ctx context.Context, key string, do func() error) error {
	all := &b.server.clicks
	c, first := all.claim(key, time.Now())
	if !first {
		select {
		case <-c.answered:
		case <-ctx.Done():
			return ctx.Err()
		}
		if c.answer == nil { // it broke: this one tries for itself
			return do()
		}
		h := b.c.Response().Header()
		for name, values := range c.answer.Header {
			h[name] = values
		}
		return b.c.Blob(c.answer.Status, c.answer.Header.Get(echo.HeaderContentType), c.answer.Body)
	}
	response := b.c.Response()
	written := response.Writer
	heard := &overheard{ResponseWriter: written}
	response.Writer = heard
	defer func() { response.Writer = written }()
	var answer *made
	defer func() { all.end(c, answer, time.Now()) }() // also when it panics
	err := do()
	if err == nil && heard.status != 0 {
		answer = &made{heard.status, heard.kept, heard.body}
	}
	return err
}

// overheard remembers an answer while it is written.
type overheard struct {
	http.ResponseWriter
	status int
	kept   http.Header
	body   []byte
}

// WriteHeader remembers what a browser needs of the head.
func (o *overheard) WriteHeader(status int) {
	o.status, o.kept = status, http.Header{}
	for _, name := range []string{echo.HeaderContentType, echo.HeaderLocation, echo.HeaderSetCookie} {
		if values := o.Header().Values(name); len(values) > 0 {
			o.kept[name] = append([]string(nil), values...)
		}
	}
	o.ResponseWriter.WriteHeader(status)
}

// Write remembers a part of the page.
func (o *overheard) Write(part []byte) (int, error) {
	o.body = append(o.body, part...)
	return o.ResponseWriter.Write(part)
}

// Unwrap is for http.ResponseController.
func (o *overheard) Unwrap() http.ResponseWriter { return o.ResponseWriter }
