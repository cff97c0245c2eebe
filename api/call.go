package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"masp/api/auth"
	"masp/api/contract"
)

// Operation is what the program does for an operation of the contract.
type Operation struct {
	ID     string      // operationId
	Action auth.Action // what the roles must allow; empty for what needs no identity
	// Do answers the call. What it reads and writes through ctx is one transaction: committed with
	// the answer, or not at all.
	Do func(ctx context.Context, c *Call) (Answer, error)
	// Of is the operation that reads what this one changes, when If-Match is judged here: the tag
	// of its answer to the same path must be the one that was sent. Without it Do judges c.Match.
	Of string
	// Alone is an operation that begins its own transactions: a long import, a reading that is counted.
	Alone bool
}

// Call is a request that has passed its door: identity, rights, contract.
type Call struct {
	Who   auth.Principal
	Reach auth.Reach // how far he may take this action
	// Match is the tag that the sender has read, for a guarded operation.
	Match string
	// Upload is the body of an operation that takes a file; its errors tell when it is too long.
	Upload    io.Reader
	Address   string // who asked, for the slowing of logins
	Agent     string // the kind of browser
	Binding   string // what the browser kept for a login at the provider of identities
	HeadOnly  bool   // HEAD: the body is not sent
	RequestID string
	English   bool

	operation *contract.Operation
	path      func(string) string
	query     url.Values
	body      []byte
}

// Path is a parameter of the path.
func (c *Call) Path(name string) string { return c.path(name) }

// Query is a parameter of the query, empty when it was not given. The contract has judged it.
func (c *Call) Query(name string) string { return c.query.Get(name) }

// Has tells whether a parameter of the query was given.
func (c *Call) Has(name string) bool { return c.query.Has(name) }

// Read reads the body into a value whose fields are those of the contract. An error is a
// defect of ours or a value that the contract lets through: it is answered as a bad request.
func (c *Call) Read(into any) error {
	if err := json.Unmarshal(c.body, into); err != nil {
		return &Fault{Status: 400, Code: "malformed", Detail: contract.Text{
			French: "Une valeur de la requête ne se lit pas.", English: "A value of the request cannot be read.",
		}}
	}
	return nil
}

// Body is the body as it was sent.
func (c *Call) Body() []byte { return c.body }

// Answer is what a call gives back.
type Answer struct {
	Status   int    // 200 when zero
	Body     any    // as JSON; nil for none
	Tag      string // the state of what was read; of a single thing it is made from the body when empty
	Location string // of what was made
	Cookie   *Cookie
	Binding  *Cookie // of a login at the provider of identities, until the browser is back
	File     *File
	// Persons are the mandates whose files were read, for the log of readings.
	Persons []string
	// Always sends the body to who has its tag, too: the tag is of a part of it.
	Always bool
	// Many says that the body is a list: it has no tag.
	Many bool
}

// Cookie is the secret of a session, or its end when it is empty.
type Cookie struct{ Secret string }

// File is a body that is written as it comes.
type File struct {
	Type  string // media type
	Name  string // for the browser's folder
	Head  http.Header
	Write func(io.Writer) error
	Whole bool // short: made before it is sent, so that its digest stands before it
}

// Digest is the header by which a receiver proves what he got (RFC 9530).
func Digest(sha256 []byte) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sha256) + ":"
}

// Page is one part of a list. The list has an order that does not change, and the cursor holds the
// place reached in it: what is added meanwhile neither repeats nor hides anything.
type Page[T any] struct {
	Data       []T    `json:"data"`
	HasMore    bool   `json:"has_more"`
	NextCursor string `json:"next_cursor,omitempty"`
	Count      *int   `json:"count,omitempty"` // with ?count=…
}

// The lengths of a page.
const (
	defaultPage = 50
	maxPage     = 500
)

// Limit is how many rows the sender wants.
func (c *Call) Limit() int {
	n, err := strconv.Atoi(c.Query("limit"))
	if err != nil {
		return defaultPage
	}
	return min(max(n, 1), maxPage)
}

// CountMost is how far the rows of the whole list are to be counted; 0 when they are not.
func (c *Call) CountMost() int {
	switch c.Query("count") {
	case "exact":
		return math.MaxInt32
	case "bounded":
		return CountBound
	}
	return 0
}

// CountBound is where count=bounded ends: as many rows are « plus de 1 000 ».
const CountBound = 1001

// Paged cuts a page out of a whole list; key names a row and never repeats, and the list is in the
// order of before.
func Paged[T any](c *Call, all []T, key func(T) string, before func(a, b string) bool) (Answer, error) {
	after, err := c.After()
	if err != nil {
		return Answer{}, err
	}
	start := 0
	if after != "" {
		for start < len(all) && !before(after, key(all[start])) {
			start++
		}
	}
	rest := all[start:]
	p := Page[T]{Data: []T{}}
	p.Data = append(p.Data, rest[:min(c.Limit(), len(rest))]...)
	if p.HasMore = len(rest) > len(p.Data); p.HasMore {
		p.NextCursor = c.Cursor(key(p.Data[len(p.Data)-1]))
	}
	if most := c.CountMost(); most > 0 {
		n := min(len(all), most)
		p.Count = &n
	}
	return Answer{Body: p, Many: true}, nil
}
