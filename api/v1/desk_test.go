package v1_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"masp/api"
	v1 "masp/api/v1"
	"masp/api/v1/v1test"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// desk is an office whose every answer is judged by the contract.
type desk struct {
	t      testing.TB
	db     *dbtest.DB
	house  *v1.House
	server *api.Server
	tokens map[string]string
	office *v1test.Office
	keys   atomic.Int64
}

// turns are those of the tests by desk: the rules themselves are tried where they are, below.
var turns = dbtest.Turns{OneIn: 4, Doors: []string{"newDesk", "richDesk", "unknown", "alarmed"}}

func newDesk(t testing.TB) *desk {
	t.Helper()
	turns.Take(t)
	o := v1test.New(t, nil)
	return &desk{t: t, db: o.DB, house: o.House, server: o.Server, tokens: o.Tokens, office: o}
}

// deskOn is a desk on a database that is furnished already.
func deskOn(t testing.TB, db *dbtest.DB, tokens map[string]string) *desk {
	t.Helper()
	o := v1test.On(t, db, nil)
	o.Tokens = tokens
	return &desk{t: t, db: db, house: o.House, server: o.Server, tokens: tokens, office: o}
}

var judged = v1test.Contract

var moment = v1test.Moment

// at moves the clock of the database.
func (d *desk) at(day string, hour int) { d.db.SetClock(d.t, moment(day, hour)) }

// reply is an answer of the service.
type reply struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   []byte
}

// header is one more header of a request.
type header struct{ name, value string }

// ask sends a request in the name of a user (his token), or of nobody. The body is JSON text. A
// POST has a key of its own unless a header says otherwise.
func (d *desk) ask(user, method, path, body string, more ...header) reply {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, strings.NewReader(body))
	if user != "" {
		r.Header.Set("Authorization", "Bearer "+d.tokens[user])
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", "key-"+time.Now().Format(time.RFC3339Nano)+"-"+string(rune('a'+d.keys.Add(1)%26)))
	}
	for _, h := range more {
		if h.value == "" {
			r.Header.Del(h.name)
			continue
		}
		r.Header.Set(h.name, h.value)
	}
	return d.send(r)
}

// send gives a request to the service and judges the answer by the contract.
func (d *desk) send(r *http.Request) reply {
	d.t.Helper()
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		d.t.Fatal(err)
	}
	got := reply{d.t, w.Code, w.Result().Header, body}
	d.judge(r, got)
	return got
}

// judge finds the operation of a request and judges its answer.
func (d *desk) judge(r *http.Request, got reply) {
	d.t.Helper()
	of, _ := judged()
	for _, op := range of.Operations {
		if op.Method == r.Method && matches(op.Path, r.URL.Path) {
			if err := op.CheckAnswer(got.Status, got.Header.Get("Content-Type"), got.Body); err != nil {
				d.t.Errorf("%s %s: %v\n%s", r.Method, r.URL.Path, err, got.Body)
			}
			return
		}
	}
}

func matches(template, path string) bool {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], "{") {
			return false
		}
	}
	return true
}

// wants fails when the status is another one.
func (r reply) wants(status int) reply {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("got %d, want %d\n%s", r.Status, status, r.Body)
	}
	return r
}

// code fails when the problem is another one.
func (r reply) code(status int, code string) reply {
	r.t.Helper()
	r.wants(status)
	if got := r.text("code"); got != code {
		r.t.Errorf("got code %q, want %q\n%s", got, code, r.Body)
	}
	return r
}

// get is the value at a path of keys and indexes: "data", 0, "mandate".
func (r reply) get(path ...any) any {
	r.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(r.Body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		r.t.Fatalf("%v\n%s", err, r.Body)
	}
	for _, step := range path {
		switch key := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[key]
		case int:
			list, _ := value.([]any)
			if key >= len(list) {
				return nil
			}
			value = list[key]
		}
	}
	return value
}

// text is a text at a path, empty when there is none.
func (r reply) text(path ...any) string {
	r.t.Helper()
	s, _ := r.get(path...).(string)
	return s
}

// length is how many rows a list has.
func (r reply) length(path ...any) int {
	r.t.Helper()
	list, _ := r.get(path...).([]any)
	return len(list)
}
