package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

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
	if pace := s.slow(c, who); pace != nil { // whoever guesses secrets too
		return pace
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

// call judges the request by the contract.
func (s *Server) call(c echo.Context, of *contract.Operation) (*Call, error) {
	r := c.Request()
	call := &Call{
		operation: of, path: c.Param, query: r.URL.Query(), Address: c.RealIP(), Agent: r.UserAgent(),
		Binding: s.binding(r), HeadOnly: r.Method == http.MethodHead,
		RequestID: c.Response().Header().Get(echo.HeaderXRequestID),
		English:   wantsEnglish(r.Header.Get("Accept-Language")),
	}
	found := of.CheckParameters(c.Param, call.query, r.Header)
	if of.Kept && r.Header.Get(keyHeader) == "" {
		found = append(found, contract.Problem{Pointer: keyHeader + ":", Code: "missing", Text: contract.Text{
			French:  "Donnez une clé à cet envoi : le même envoi, deux fois, n'aura qu'un effet.",
			English: "Give this request a key: sent twice, it will have one effect.",
		}})
	}
	if takes, must := of.HasBody(); takes && !of.Upload {
		more, err := call.readBody(r, must)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	} else if !takes && of.Writes() {
		if err := readNothing(r); err != nil {
			return nil, err
		}
	}
	if len(found) > 0 {
		return nil, refusedBy(found)
	}
	return call, call.readMatch(r)
}

// refusedBy tells what cannot be read (400) from all else of the contract, which is 400 too: a
// rule that only the books know is 422.
func refusedBy(found []contract.Problem) *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: "invalid_request", Problems: found, Detail: contract.Text{
		French:  "Corrigez chaque point de la liste, puis recommencez.",
		English: "Correct each point of the list, then try again.",
	}}
}

// readNothing refuses a body where the contract has none: what is not read is not said.
func readNothing(r *http.Request) error {
	n, err := io.ReadFull(r.Body, make([]byte, 1))
	if n == 0 {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return slowBody(err)
	}
	return &Fault{Status: http.StatusBadRequest, Code: "unexpected_body", Detail: contract.Text{
		French: "Cette adresse ne lit pas de corps : envoyez-la sans.", English: "This address reads no body: send none.",
	}}
}

// slowBody is a body that does not come in its time; another error stays what it is.
func slowBody(err error) error {
	if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
		return &Fault{Status: http.StatusRequestTimeout, Code: "request_timeout", cause: err, Detail: contract.Text{
			French: "Le corps de la requête n'est pas arrivé à temps : recommencez.", English: "The body did not come in time: try again.",
		}}
	}
	return err
}

func (c *Call) readBody(r *http.Request, must bool) (found []contract.Problem, err error) {
	if c.body, err = io.ReadAll(r.Body); err != nil {
		return nil, slowBody(err)
	}
	if len(c.body) == 0 && !must {
		c.body = []byte("{}")
		return nil, nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType)); err != nil || kind != echo.MIMEApplicationJSON {
		return nil, &Fault{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type", Detail: contract.Text{
			French: "Le corps s'écrit en JSON : Content-Type: application/json.", English: "The body is JSON: Content-Type: application/json.",
		}}
	}
	found, _ = c.operation.CheckBody(c.body)
	return found, nil
}

// readMatch takes the tag that a guarded change must name.
func (c *Call) readMatch(r *http.Request) error {
	if !c.operation.Guarded {
		return nil
	}
	header := strings.TrimSpace(r.Header.Get("If-Match"))
	if header == "" {
		return &Fault{Status: http.StatusPreconditionRequired, Code: "precondition_required", Detail: contract.Text{
			French:  "Envoyez dans If-Match l'ETag de ce que vous avez lu.",
			English: "Send in If-Match the ETag of what you have read.",
		}}
	}
	c.Match = untag(header)
	if c.Match == "" {
		return Stale()
	}
	return nil
}

// spool takes a file in before anything is done with it: it is whole, and known by its hash.
func (c *Call) spool(body io.Reader) (drop func(), err error) {
	f, err := os.CreateTemp("", "masp-upload-*")
	if err != nil {
		return nil, err
	}
	drop = func() { _ = errors.Join(f.Close(), os.Remove(f.Name())) } // a name that is gone is gone
	sum := sha256.New()
	if _, err = io.Copy(io.MultiWriter(f, sum), body); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		drop()
		return nil, slowBody(err)
	}
	c.Upload, c.body = f, sum.Sum(nil)
	return drop, nil
}

// Stale is the answer to a change of what its sender has not seen.
func Stale() *Fault {
	return &Fault{Status: http.StatusPreconditionFailed, Code: "stale", Detail: contract.Text{
		French:  "Relisez, puis décidez de nouveau : quelqu'un l'a changé.",
		English: "Read it again, then decide again: somebody has changed it.",
	}}
}

const zipped = "-gzip" // what a proxy that compresses adds to a tag

// untag is the tag inside a strong ETag, empty for any other text.
func untag(header string) string {
	if len(header) < 3 || header[0] != '"' || header[len(header)-1] != '"' || strings.Contains(header, ",") {
		return ""
	}
	return strings.TrimSuffix(header[1:len(header)-1], zipped)
}

// tagOf is the tag of a body.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
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
	if err := w.server.service.noteRead(w.c.Request().Context(), w.call, w.of.ID, persons); err != nil {
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
	w.c.Response().WriteHeader(http.StatusOK)
	if w.c.Request().Method == http.MethodHead {
		return nil
	}
	if err := a.File.Write(patient{w.c.Response()}); err != nil {
		return errors.Join(errBroken, err) // the status is gone: only a cut connection says it
	}
	return nil
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
