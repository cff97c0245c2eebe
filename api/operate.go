package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"masp/api/auth"
	"masp/api/contract"
)

// mount serves an operation of the contract.
func (s *Server) mount(e *echo.Echo, op Operation, of *contract.Operation) {
	serve := func(c echo.Context) error { return s.operate(c, op, of) }
	e.Add(of.Method, of.Route(), serve)
	if of.Method == http.MethodGet {
		e.HEAD(of.Route(), serve)
	}
}

// operate takes a request through its doors, in this order: who, whether his roles allow it, how
// fast, whether the contract allows it; then does it and answers.
func (s *Server) operate(c echo.Context, op Operation, of *contract.Operation) error {
	who, reach, err := s.identify(c, op)
	if asking(c.Request().Context()) == nil { // a page has waited once
		if pace := s.slow(c, who); pace != nil { // whoever guesses secrets too
			return pace
		}
	}
	if err != nil {
		return err
	}
	call, err := s.call(c, of)
	if err != nil {
		return err
	}
	if of.Upload {
		drop, err := call.spool(c.Request().Body)
		if err != nil {
			return err
		}
		defer drop()
	}
	call.Who, call.Reach = who, reach
	w := &answering{server: s, c: c, op: op, of: of, call: call}
	if of.Writes() {
		return w.write()
	}
	return w.read()
}

// answering is one request on its way to its answer.
type answering struct {
	server *Server
	c      echo.Context
	op     Operation
	of     *contract.Operation
	call   *Call
}

// read answers from one view of the books; what a person, a coordinator or an auditor reads is
// restricted by the database too.
func (w *answering) read() error {
	var made *made
	var persons []string
	var always bool
	var cookies []*http.Cookie
	view := w.server.service.view
	if w.op.Alone {
		view = func(ctx context.Context, _ *Call, read func(context.Context) error) error { return read(ctx) }
	}
	err := view(w.c.Request().Context(), w.call, func(ctx context.Context) error {
		answer, err := w.op.Do(ctx, w.call)
		if err != nil {
			return err
		}
		persons, always, cookies = answer.Persons, answer.Always, w.server.cookies(answer)
		if answer.File != nil {
			return w.stream(answer)
		}
		made, err = w.make(answer)
		return err
	})
	if err != nil {
		return err
	}
	if b := asking(w.c.Request().Context()); b != nil && w.c.Request().Context().Value(viewKey{}) != nil {
		b.notes = append(b.notes, reading{w.of.ID, persons})
	} else if err := w.server.service.noteRead(w.c.Request().Context(), w.call, w.of.ID, persons); err != nil {
		return err
	}
	if made == nil {
		return nil
	}
	w.keepCookies(cookies)
	if tag := made.Header.Get("ETag"); tag != "" && !always && unchanged(w.c.Request(), tag) {
		w.c.Response().Header().Set("ETag", tag)
		return w.c.NoContent(http.StatusNotModified)
	}
	return w.give(made)
}

func unchanged(r *http.Request, tag string) bool {
	var all []string
	for part := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		all = append(all, untag(strings.TrimPrefix(strings.TrimSpace(part), "W/")))
	}
	return slices.Contains(all, untag(tag))
}

// write does the call in one transaction together with the row of its key.
func (w *answering) write() error {
	ctx := context.WithoutCancel(w.c.Request().Context()) // the effect is whole, whoever hangs up
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	var cookies []*http.Cookie
	do := func(ctx context.Context) (*made, error) {
		if err := w.match(ctx); err != nil {
			return nil, err
		}
		answer, err := w.op.Do(ctx, w.call)
		if err != nil {
			return nil, err
		}
		cookies = w.server.cookies(answer)
		return w.make(answer)
	}
	made, err := w.once(ctx, do)
	if err != nil {
		return err
	}
	w.keepCookies(cookies)
	return w.give(made)
}

// match compares what the sender has read with what is there.
func (w *answering) match(ctx context.Context) error {
	if w.op.Of == "" {
		return nil
	}
	read := w.server.operations[w.op.Of]
	if err := lockPath(ctx, w.c.Request().URL.Path); err != nil {
		return err
	}
	now, err := read.Do(ctx, w.call)
	if err != nil {
		return err
	}
	shown, err := w.make(now)
	if err != nil {
		return err
	}
	if untag(shown.Header.Get("ETag")) != w.call.Match {
		return Stale()
	}
	return nil
}

// principalKey names who asks, for his keys and his pace.
func principalKey(who auth.Principal, address string) string {
	switch {
	case who.ID != "":
		return "user " + who.ID
	case who.Beneficiary != "":
		return "beneficiary " + who.Beneficiary
	}
	return "address " + address
}
