package api

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/labstack/echo/v4"

	"masp/api/contract"
)

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
