package api

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"masp/api/contract"
)

// Fault is an error as its receiver reads it (RFC 9457).
type Fault struct {
	Status   int
	Code     string // stable word for programs; /problems/{code} explains it
	Detail   contract.Text
	Problems []contract.Problem
	After    time.Duration // when to try again; zero is not said
	Allow    string        // the methods of a path, with 405
	cause    error
}

func (f *Fault) Error() string {
	if f.cause != nil {
		return f.Code + ": " + f.cause.Error()
	}
	return f.Code
}

func (f *Fault) Unwrap() error { return f.cause }

// NotFound is the answer for what does not exist and for what is not the sender's: nobody learns
// the difference.
func NotFound() *Fault { return &Fault{Status: http.StatusNotFound, Code: "not_found"} }

// problemDocument is the body of an error.
type problemDocument struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Instance  string         `json:"instance,omitempty"`
	Code      string         `json:"code"`
	Errors    []problemEntry `json:"errors,omitempty"`
	RequestID string         `json:"request_id"`
}

type problemEntry struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// problem answers an error; what went wrong inside stays inside.
func (s *Server) problem(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := s.fault(err)
	if s.problemPage(f, c) {
		return
	}
	english := wantsEnglish(c.Request().Header.Get("Accept-Language"))
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/problem+json")
	h.Del("ETag")
	if f.After > 0 {
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(f.After.Seconds())))))
	}
	if f.Allow != "" {
		h.Set("Allow", f.Allow)
	}
	if f.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="masp"`)
	}
	_ = writeJSON(c, f.Status, document(f, c, english)) // the client is gone when it cannot be written
}

func document(f *Fault, c echo.Context, english bool) problemDocument {
	d := problemDocument{
		Type: "/problems/" + strings.ReplaceAll(f.Code, "_", "-"), Status: f.Status, Code: f.Code,
		Title: titles[f.Status].In(english), Detail: f.Detail.In(english),
		RequestID: c.Response().Header().Get(echo.HeaderXRequestID),
	}
	if c.Path() != "" { // an address that is ours; another one may hold anything
		d.Instance = c.Request().URL.Path
	}
	if d.Title == "" {
		d.Title = titles[http.StatusInternalServerError].In(english)
	}
	if d.Detail == "" {
		d.Detail = d.Title
	}
	for _, p := range f.Problems {
		d.Errors = append(d.Errors, problemEntry{p.Pointer, p.Code, p.Text.In(english)})
	}
	return d
}

// fault finds what the receiver reads of an error.
func (s *Server) fault(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return &Fault{Status: e.Code, Code: codes[e.Code], cause: e.Internal}
	}
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &Fault{Status: http.StatusRequestEntityTooLarge, Code: "too_large", cause: tooLong}
	}
	if s.service.Explain != nil {
		if f := s.service.Explain(err); f != nil {
			return f
		}
	}
	if unreachable(err) {
		return &Fault{Status: http.StatusServiceUnavailable, Code: "unavailable", After: time.Second, cause: err}
	}
	return &Fault{Status: http.StatusInternalServerError, Code: "internal", cause: err}
}

var codes = map[int]string{
	http.StatusNotFound:              "not_found",
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusServiceUnavailable:    "unavailable",
	http.StatusBadRequest:            "malformed",
}

// titles name each status once; the detail says what to do.
var titles = map[int]contract.Text{
	400: {French: "La requête ne se lit pas.", English: "The request cannot be read."},
	401: {French: "Prouvez d'abord qui vous êtes.", English: "Prove first who you are."},
	403: {French: "Vos droits ne permettent pas cette action.", English: "Your rights do not allow this."},
	404: {French: "Cette adresse n'existe pas.", English: "There is nothing at this address."},
	405: {French: "Cette adresse ne répond pas à cette méthode.", English: "This address does not answer this method."},
	406: {French: "Aucune forme de réponse ne convient.", English: "No form of the answer is acceptable."},
	408: {French: "La requête n'est pas arrivée à temps.", English: "The request did not come in time."},
	409: {French: "L'état des choses ne permet pas cette action.", English: "The state of things does not allow this."},
	412: {French: "Cela a changé depuis votre lecture.", English: "It has changed since you read it."},
	413: {French: "La requête est trop longue.", English: "The request is too long."},
	415: {French: "Ce type de contenu n'est pas lu ici.", English: "This type of content is not read here."},
	422: {French: "Une règle s'y oppose.", English: "A rule is against it."},
	428: {French: "Dites ce que vous avez lu (If-Match).", English: "Say what you have read (If-Match)."},
	429: {French: "Trop de demandes : attendez un peu.", English: "Too many requests: wait a little."},
	431: {French: "Les en-têtes de la requête sont trop longs.", English: "The headers of the request are too long."},
	500: {French: "La requête n'a pas abouti.", English: "The request did not succeed."},
	503: {French: "Le service ne répond pas pour l'instant : réessayez.", English: "The service does not answer for now: try again."},
}

// wantsEnglish reads the languages that the sender prefers: French unless English comes before it.
func wantsEnglish(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(weight) == "q=0" {
			continue
		}
		switch primary, _, _ := strings.Cut(strings.ToLower(tag), "-"); primary {
		case "fr", "*":
			return false
		case "en":
			return true
		}
	}
	return false
}
