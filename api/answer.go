package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// made is an answer as it goes out, and as it is kept for the same request again.
type made struct {
	Status int
	Header http.Header
	Body   []byte
}

// make writes the answer as bytes.
func (w *answering) make(a Answer) (*made, error) {
	m := &made{Status: a.Status, Header: http.Header{}}
	if m.Status == 0 {
		m.Status = http.StatusOK
	}
	if a.Location != "" {
		m.Header.Set("Location", a.Location)
	}
	if a.Body == nil {
		if a.Status == 0 {
			m.Status = http.StatusNoContent
		}
	} else {
		var err error
		if m.Body, err = encode(a.Body); err != nil {
			return nil, err
		}
		m.Header.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	}
	switch {
	case a.Tag != "":
		m.Header.Set("ETag", `"`+a.Tag+`"`)
	case !a.Many && a.Body != nil:
		m.Header.Set("ETag", `"`+tagOf(m.Body)+`"`)
	}
	if a.Many {
		w.linkNext(m, a)
	}
	return m, nil
}

// linkNext names the next page in a header too.
func (w *answering) linkNext(m *made, a Answer) {
	next, ok := a.Body.(interface{ next() string })
	if !ok || next.next() == "" {
		return
	}
	u := *w.c.Request().URL
	q := u.Query()
	q.Set("cursor", next.next())
	u.RawQuery = q.Encode()
	m.Header.Set("Link", "<"+u.RequestURI()+`>; rel="next"`)
}

func (p Page[T]) next() string { return p.NextCursor }

func (w *answering) give(m *made) error {
	h := w.c.Response().Header()
	for name := range m.Header {
		h.Set(name, m.Header.Get(name))
	}
	if m.Body == nil {
		return w.c.NoContent(m.Status)
	}
	return w.c.Blob(m.Status, m.Header.Get(echo.HeaderContentType), m.Body)
}

// stream writes a file while it is read.
func (w *answering) stream(a Answer) error {
	h := w.c.Response().Header()
	h.Set(echo.HeaderContentType, a.File.Type)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": a.File.Name}))
	for name := range a.File.Head {
		h.Set(name, a.File.Head.Get(name))
	}
	if a.File.Whole {
		return w.whole(a)
	}
	if h.Get(digestHeader) != "" {
		w.plain()
	}
	w.c.Response().WriteHeader(http.StatusOK)
	if w.c.Request().Method == http.MethodHead {
		return nil
	}
	if err := a.File.Write(patient{w.c.Response()}); err != nil {
		return errors.Join(errBroken, err) // the status is gone: only a cut connection says it
	}
	return nil
}

const digestHeader = "Repr-Digest"

// whole sends a file with its digest, once it is made.
func (w *answering) whole(a Answer) error {
	var content bytes.Buffer
	if err := a.File.Write(&content); err != nil {
		return err
	}
	sum := sha256.Sum256(content.Bytes())
	h := w.c.Response().Header()
	h.Set(digestHeader, Digest(sum[:]))
	h.Set(echo.HeaderContentLength, strconv.Itoa(content.Len()))
	w.plain()
	w.c.Response().WriteHeader(http.StatusOK)
	if w.c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := content.WriteTo(patient{w.c.Response()})
	return err
}

// plain takes the compression away: a digest is of the bytes that are sent, and that are kept.
func (w *answering) plain() {
	if coded, ok := w.c.Response().Writer.(interface{ Unwrap() http.ResponseWriter }); ok {
		w.c.Response().Writer = coded.Unwrap()
	}
}

// patient is a reader who may take his time as long as he takes something: a long file has no end in
// time, a reader who stopped has.
type patient struct{ http.ResponseWriter }

func (p patient) Write(part []byte) (int, error) {
	// What cannot set it, a test, needs none.
	_ = http.NewResponseController(p.ResponseWriter).SetWriteDeadline(time.Now().Add(writeTime))
	return p.ResponseWriter.Write(part)
}

// errBroken is an answer that ended before its end.
var errBroken = errors.New("the answer was cut")

// encode writes JSON as it is read: no HTML escapes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writeJSON(c echo.Context, status int, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	c.Response().WriteHeader(status)
	_, err = c.Response().Write(body)
	return err
}
