package api_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/ledger/unit"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// notesContract is a small contract with each kind of operation.
const notesContract = `
openapi: 3.0.3
info: {title: notes, version: "1"}
security: [{token: []}]
paths:
  /v1/notes:
    get:
      operationId: listNotes
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 500}}
        - {name: cursor, in: query, schema: {type: string}}
        - {name: count, in: query, schema: {type: string, enum: [exact]}}
      responses: {"200": {description: notes}}
    post:
      operationId: addNote
      parameters:
        - {name: Idempotency-Key, in: header, schema: {type: string, minLength: 1, maxLength: 255}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [text, amount]
              additionalProperties: false
              properties:
                text: {type: string, minLength: 1}
                amount: {type: string, pattern: '^[0-9]{1,13}\.[0-9]{2}$', example: "412.00"}
                on: {type: string, pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'}
                inner: {type: object, properties: {deep: {type: object}}}
      responses: {"201": {description: made}}
  /v1/notes/{note}:
    parameters: [{name: note, in: path, required: true, schema: {type: string, pattern: '^[a-z0-9]{1,20}$'}}]
    get:
      operationId: getNote
      responses: {"200": {description: a note}}
    patch:
      operationId: changeNote
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}
      responses: {"200": {description: changed}}
  /v1/panic:
    get: {operationId: failNote, responses: {"200": {description: never}}}
  /v1/bells:
    post: {operationId: ringBell, responses: {"204": {description: rung}}}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
`

// notes keeps its notes in the audit-free table of the idempotency keys' neighbour: a table of the test.
type notes struct {
	db    *dbtest.DB
	tries int
	mu    sync.Mutex
}

var errOwn = errors.New("a rule says no")

type note struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func (n *notes) add(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct{ Text string }
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	n.mu.Lock()
	n.tries++
	n.mu.Unlock()
	if body.Text == "refuse" {
		return api.Answer{}, errOwn
	}
	made := note{Text: body.Text}
	err := unit.Reader(ctx, n.db.App).QueryRow(ctx,
		`INSERT INTO desk.notes (text) VALUES ($1) RETURNING id::text`, body.Text).Scan(&made.ID)
	return api.Answer{Status: 201, Body: made, Location: "/v1/notes/" + made.ID}, err
}

func (n *notes) get(ctx context.Context, c *api.Call) (api.Answer, error) {
	var got note
	err := unit.Reader(ctx, n.db.App).QueryRow(ctx,
		`SELECT id::text, text FROM desk.notes WHERE id::text = $1`, c.Path("note")).Scan(&got.ID, &got.Text)
	if err != nil {
		return api.Answer{}, api.NotFound()
	}
	return api.Answer{Body: got}, nil
}

func (n *notes) change(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct{ Text string }
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if _, err := unit.Reader(ctx, n.db.App).Exec(ctx,
		`UPDATE desk.notes SET text = $2 WHERE id::text = $1`, c.Path("note"), body.Text); err != nil {
		return api.Answer{}, err
	}
	return n.get(ctx, c)
}

func (n *notes) list(ctx context.Context, c *api.Call) (api.Answer, error) {
	rows, err := unit.Reader(ctx, n.db.App).Query(ctx, `SELECT to_char(id, 'FM000000'), text FROM desk.notes ORDER BY id`)
	if err != nil {
		return api.Answer{}, err
	}
	defer rows.Close()
	var all []note
	for rows.Next() {
		var one note
		if err := rows.Scan(&one.ID, &one.Text); err != nil {
			return api.Answer{}, err
		}
		all = append(all, one)
	}
	return api.Paged(c, all, func(one note) string { return one.ID }, func(a, b string) bool { return a < b })
}

// people are tokens by name.
type people map[string]auth.Principal

func (p people) Authenticate(_ context.Context, secret string) (auth.Principal, error) {
	who, ok := p[secret]
	if !ok {
		return auth.Principal{}, auth.ErrUnknown
	}
	return who, nil
}

func user(id string, role auth.Role) auth.Principal {
	return auth.Principal{User: auth.User{ID: id, Roles: []auth.Role{role}}, Means: auth.ByToken}
}

// kernel is the service of the notes on a database of its own.
type kernel struct {
	t *testing.T
	*notes
	service api.Service
	server  *api.Server
}

func newKernel(t *testing.T) *kernel {
	t.Helper()
	db := dbtest.New(t)
	_, err := db.Super.Exec(t.Context(), `CREATE SCHEMA desk;
		CREATE TABLE desk.notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text);
		GRANT USAGE ON SCHEMA desk TO PUBLIC; GRANT SELECT, INSERT, UPDATE ON desk.notes TO PUBLIC`)
	if err != nil {
		t.Fatal(err)
	}
	of, err := contract.Read([]byte(notesContract))
	if err != nil {
		t.Fatal(err)
	}
	k := &kernel{t: t, notes: &notes{db: db}}
	k.service = api.Service{
		Kind: func(err error) string { return err.Error() }, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Contract: of, DB: db.App, Plain: true,
		Auth: people{"anne": user("anne", auth.Accountant), "bruno": user("bruno", auth.Accountant), "ida": user("ida", auth.Admin)},
		Explain: func(err error) *api.Fault {
			if errors.Is(err, errOwn) {
				return &api.Fault{Status: 422, Code: "own_rule", Detail: contract.Text{French: "Non.", English: "No."}}
			}
			return nil
		},
		Operations: []api.Operation{
			{ID: "listNotes", Action: auth.ReadJournal, Do: k.list},
			{ID: "addNote", Action: auth.ReadJournal, Do: k.add},
			{ID: "getNote", Action: auth.ReadJournal, Do: k.get},
			{ID: "changeNote", Action: auth.ReadJournal, Do: k.change, Of: "getNote"},
			{ID: "failNote", Action: auth.ReadJournal, Do: func(context.Context, *api.Call) (api.Answer, error) { panic("Éva Roux") }},
			{ID: "ringBell", Action: auth.ReadJournal, Do: func(context.Context, *api.Call) (api.Answer, error) { return api.Answer{}, nil }},
		},
	}
	k.server = server(t, k.service)
	return k
}

type sent struct {
	status int
	header http.Header
	body   string
}

// send asks in the name of anne; headers are "Name: value".
func (k *kernel) send(method, path, body string, headers ...string) sent {
	k.t.Helper()
	r := httptest.NewRequestWithContext(k.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer anne")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	k.server.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		k.t.Fatal(err)
	}
	got := sent{w.Code, w.Result().Header, string(text)}
	if got.status >= 400 {
		k.problem(got)
	}
	return got
}

// problem fails when an error is no problem document.
func (k *kernel) problem(got sent) {
	k.t.Helper()
	var p struct {
		Type, Title, Detail, Code string
		Status                    int
		RequestID                 string `json:"request_id"`
	}
	if got.header.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(got.body), &p) != nil ||
		p.Code == "" || p.Title == "" || p.Detail == "" || p.Status != got.status || p.RequestID == "" ||
		p.RequestID != got.header.Get("X-Request-Id") || !strings.HasPrefix(p.Type, "/problems/") {
		k.t.Errorf("no whole problem document: %d %v\n%s", got.status, got.header, got.body)
	}
	r := httptest.NewRequestWithContext(k.t.Context(), http.MethodGet, p.Type, nil)
	w := httptest.NewRecorder()
	k.server.ServeHTTP(w, r)
	if page := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(page, p.Code) || strings.Contains(page, "<script") {
		k.t.Errorf("the page of %s: %d %s", p.Type, w.Code, page)
	}
}

func (k *kernel) count() (n int) {
	k.t.Helper()
	if err := k.db.App.QueryRow(k.t.Context(), `SELECT count(*) FROM desk.notes`).Scan(&n); err != nil {
		k.t.Fatal(err)
	}
	return n
}

const body = `{"text":"x","amount":"412.00"}`

func TestEveryErrorIsAProblemDocument(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		want                     string
	}{
		{"unknown path", "GET", "/v1/nothing", "", nil, 404, "not_found"},
		{"wrong method", "DELETE", "/v1/notes", "", nil, 405, "method_not_allowed"},
		{"no token", "GET", "/v1/notes", "", []string{"Authorization: "}, 401, "unauthenticated"},
		{"wrong token", "GET", "/v1/notes", "", []string{"Authorization: Bearer nobody"}, 401, "unauthenticated"},
		{"another scheme", "GET", "/v1/notes", "", []string{"Authorization: Basic YTpi"}, 401, "unauthenticated"},
		{"two identities", "GET", "/v1/notes", "", []string{"Cookie: masp=anne"}, 400, "two_identities"},
		{"a role that may not", "GET", "/v1/notes", "", []string{"Authorization: Bearer ida"}, 403, "forbidden"},
		{"bad JSON", "POST", "/v1/notes", `{"text":`, []string{"Idempotency-Key: a"}, 400, "invalid_request"},
		{"something after it", "POST", "/v1/notes", body + "x", []string{"Idempotency-Key: a"}, 400, "invalid_request"},
		{"a key twice", "POST", "/v1/notes", `{"text":"x","text":"y","amount":"1.00"}`, []string{"Idempotency-Key: a"}, 400, "repeated"},
		{"very deep", "POST", "/v1/notes", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), []string{"Idempotency-Key: a"}, 400, "invalid_request"},
		{"no JSON", "POST", "/v1/notes", body, []string{"Idempotency-Key: a", "Content-Type: text/plain"}, 415, "unsupported_media_type"},
		{"too large", "POST", "/v1/notes", strings.Repeat(" ", 1<<20+1), []string{"Idempotency-Key: a"}, 413, "too_large"},
		{"a rule of the domain", "POST", "/v1/notes", `{"text":"refuse","amount":"1.00"}`, []string{"Idempotency-Key: a"}, 422, "own_rule"},
		{"no key", "POST", "/v1/notes", body, nil, 400, "Idempotency-Key:"},
		{"a long key", "POST", "/v1/notes", body, []string{"Idempotency-Key: " + strings.Repeat("k", 256)}, 400, "Idempotency-Key:"},
		{"a body where none is read", "POST", "/v1/bells", `{"if": 1}`, nil, 400, "unexpected_body"},
		{"too short", "POST", "/v1/notes", `{"text":"","amount":"1.00"}`, []string{"Idempotency-Key: a"}, 400, "Trop court (au moins 1)."},
		{"limit 0", "GET", "/v1/notes?limit=0", "", nil, 400, "?limit"},
		{"limit 501", "GET", "/v1/notes?limit=501", "", nil, 400, "?limit"},
		{"limit twice", "GET", "/v1/notes?limit=1&limit=2", "", nil, 400, "repeated"},
		{"a cursor that is none", "GET", "/v1/notes?cursor=%24", "", nil, 400, "bad_cursor"},
		{"an unknown parameter", "GET", "/v1/notes?mots=x", "", nil, 400, "?mots"},
		{"a panic", "GET", "/v1/panic", "", nil, 500, "internal"},
	} {
		got := k.send(c.method, c.path, c.body, c.headers...)
		if got.status != c.status || !strings.Contains(got.body, c.want) {
			t.Errorf("%s: got %d %s, want %d with %q", c.name, got.status, got.body, c.status, c.want)
		}
		if strings.Contains(got.body, "Roux") {
			t.Errorf("%s: the answer tells what went wrong inside: %s", c.name, got.body)
		}
	}
	if allow := k.send("DELETE", "/v1/notes", "").header.Get("Allow"); !strings.Contains(allow, "GET") || !strings.Contains(allow, "POST") {
		t.Errorf("405 allows %q, want GET and POST", allow)
	}
	if k.count() != 0 {
		t.Errorf("a refused request wrote %d notes", k.count())
	}
}

func TestAllProblemsOfARequestAreToldAtOnceInBothLanguages(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	wrong := `{"text":"","amount":12.5,"on":"5 novembre","surplus":1}`
	for _, c := range []struct{ language, detail string }{{"", "Corrigez chaque point"}, {"en", "Correct each point"}, {"fr, en", "Corrigez"}} {
		got := k.send("POST", "/v1/notes", wrong, "Idempotency-Key: a", "Accept-Language: "+c.language)
		var p struct {
			Code, Detail string
			Errors       []struct{ Pointer, Code, Detail string }
		}
		if err := json.Unmarshal([]byte(got.body), &p); err != nil {
			t.Fatal(err)
		}
		var at []string
		for _, e := range p.Errors {
			at = append(at, e.Pointer)
		}
		slices.Sort(at)
		if want := []string{"/amount", "/on", "/surplus", "/text"}; got.status != 400 || !slices.Equal(at, want) {
			t.Errorf("%q: got %d at %v, want 400 at %v\n%s", c.language, got.status, at, want, got.body)
		}
		if p.Code != "invalid_request" || !strings.Contains(p.Detail, c.detail) {
			t.Errorf("%q: got %q %q, want the same code and %q", c.language, p.Code, p.Detail, c.detail)
		}
	}
}

func TestMoneyIsATextWithTwoDecimals(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	for _, wrong := range []string{`412`, `412.00`, `"412"`, `"412.0"`, `"412.000"`, `"1e3"`, `"12,50"`, `"+5.00"`, `null`, `"1E400"`, `" 1.00"`, `true`} {
		got := k.send("POST", "/v1/notes", `{"text":"x","amount":`+wrong+`}`, "Idempotency-Key: a")
		if got.status != 400 || !strings.Contains(got.body, `"/amount"`) {
			t.Errorf("%s: got %d %s, want 400 at /amount", wrong, got.status, got.body)
		}
	}
}

func TestARequestSentTwiceHasOneEffectAndOneAnswer(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	first := k.send("POST", "/v1/notes", body, "Idempotency-Key: once")
	if first.status != 201 || first.header.Get("Location") != "/v1/notes/1" || first.header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("got %d %v %s", first.status, first.header, first.body)
	}
	k.server = server(t, k.service) // a new process
	again := k.send("POST", "/v1/notes", body, "Idempotency-Key: once")
	if again.status != first.status || again.body != first.body || again.header.Get("Location") != first.header.Get("Location") ||
		again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("after a restart: got %d %v %s, want the first answer, said to be replayed", again.status, again.header, again.body)
	}
	if other := k.send("POST", "/v1/notes", strings.Replace(body, `"x"`, `"y"`, 1), "Idempotency-Key: once"); other.status != 422 ||
		!strings.Contains(other.body, "key_reused") {
		t.Errorf("the same key for another body: got %d %s, want 422 key_reused", other.status, other.body)
	}
	if theirs := k.send("POST", "/v1/notes", body, "Idempotency-Key: once", "Authorization: Bearer bruno"); theirs.status != 201 ||
		theirs.body == first.body {
		t.Errorf("the key of another person: got %d %s, want a note of his own", theirs.status, theirs.body)
	}
	if k.count() != 2 {
		t.Errorf("%d notes, want anne's and bruno's", k.count())
	}
	if _, err := k.db.App.Exec(t.Context(), `UPDATE masp.idempotency_keys SET status = 200`); err == nil {
		t.Error("a given answer was changed")
	}
}

func TestTheSameRequestManyTimesAtOnceHasOneEffect(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	other := server(t, k.service) // a second replica
	answers := make([]sent, 64)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			one := *k
			if i%2 == 1 {
				one.server = other
			}
			answers[i] = one.send("POST", "/v1/notes", body, "Idempotency-Key: same")
		})
	}
	all.Wait()
	for _, a := range answers {
		if a.status != 201 || a.body != answers[0].body {
			t.Fatalf("got %d %s, want 201 %s", a.status, a.body, answers[0].body)
		}
	}
	if k.count() != 1 {
		t.Errorf("%d notes, want 1", k.count())
	}
}

func TestARefusedRequestMayBeCorrectedUnderItsKey(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	if got := k.send("POST", "/v1/notes", `{"text":"refuse","amount":"1.00"}`, "Idempotency-Key: k"); got.status != 422 {
		t.Fatalf("got %d", got.status)
	}
	if got := k.send("POST", "/v1/notes", body, "Idempotency-Key: k"); got.status != 201 {
		t.Errorf("got %d %s, want 201: nothing was done under this key", got.status, got.body)
	}
}

func TestAChangeNeedsWhatItsSenderHasRead(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	k.send("POST", "/v1/notes", body, "Idempotency-Key: a")
	tag := k.send("GET", "/v1/notes/1", "").header.Get("ETag")
	change := `{"text":"y"}`
	if got := k.send("PATCH", "/v1/notes/1", change); got.status != 428 {
		t.Errorf("without If-Match: got %d, want 428", got.status)
	}
	for _, wrong := range []string{`"old"`, "*", "W/" + tag, tag + ", " + tag} {
		if got := k.send("PATCH", "/v1/notes/1", change, "If-Match: "+wrong); got.status != 412 {
			t.Errorf("If-Match %s: got %d, want 412", wrong, got.status)
		}
	}
	var won, lost int
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			got := k.send("PATCH", "/v1/notes/1", fmt.Sprintf(`{"text":"y%d"}`, i), "If-Match: "+tag)
			mu.Lock()
			defer mu.Unlock()
			switch got.status {
			case 200:
				won++
			case 412:
				lost++
			}
		})
	}
	all.Wait()
	if won != 1 || lost != 7 {
		t.Errorf("eight changes of what all had read: %d were done and %d stale, want 1 and 7", won, lost)
	}
}

func TestAPageIsStableUnderInserts(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	for i := range 10 {
		k.send("POST", "/v1/notes", body, fmt.Sprintf("Idempotency-Key: %d", i))
	}
	seen, path := map[string]int{}, "/v1/notes?limit=3&count=exact"
	for n := 0; path != ""; n++ {
		got := k.send("GET", path, "")
		var p api.Page[note]
		if err := json.Unmarshal([]byte(got.body), &p); err != nil || got.status != 200 {
			t.Fatalf("got %d %s, %v", got.status, got.body, err)
		}
		for _, one := range p.Data {
			seen[one.ID]++
		}
		k.send("POST", "/v1/notes", body, fmt.Sprintf("Idempotency-Key: more %d", n))
		link := got.header.Get("Link")
		if p.HasMore != (link != "") || p.HasMore != (p.NextCursor != "") {
			t.Fatalf("has_more %t, link %q, cursor %q", p.HasMore, link, p.NextCursor)
		}
		path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
		if n > 20 {
			break // the walk goes on while notes are added: it has seen enough
		}
	}
	for i := 1; i <= 10; i++ {
		if id := fmt.Sprintf("%06d", i); seen[id] != 1 {
			t.Errorf("note %s was seen %d times, want once", id, seen[id])
		}
	}
	first := k.send("GET", "/v1/notes?limit=1", "")
	var p api.Page[note]
	_ = json.Unmarshal([]byte(first.body), &p)
	if got := k.send("GET", "/v1/notes?cursor="+p.NextCursor, "", "Authorization: Bearer bruno"); got.status != 404 {
		t.Errorf("the cursor of another person: got %d, want 404", got.status)
	}
}

func TestHeadGzipAndTagsWorkTogether(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	long := `{"text":"` + strings.Repeat("lait ", 1000) + `","amount":"1.00"}`
	k.send("POST", "/v1/notes", long, "Idempotency-Key: a")
	plain := k.send("GET", "/v1/notes/1", "")
	packed := k.send("GET", "/v1/notes/1", "", "Accept-Encoding: gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || !strings.Contains(packed.header.Get("Vary"), "Accept-Encoding") {
		t.Fatalf("got %v, want gzip", packed.header)
	}
	reader, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(reader); err != nil || string(unpacked) != plain.body {
		t.Errorf("unpacked is not the plain answer: %v", err)
	}
	head := k.send("HEAD", "/v1/notes/1", "")
	if head.status != 200 || head.header.Get("ETag") != plain.header.Get("ETag") {
		t.Errorf("HEAD: got %d %v, want the headers of GET", head.status, head.header)
	}
	for _, tag := range []string{plain.header.Get("ETag"), packed.header.Get("ETag")} {
		if got := k.send("GET", "/v1/notes/1", "", "If-None-Match: "+tag); got.status != 304 || got.body != "" {
			t.Errorf("If-None-Match %s: got %d, want 304", tag, got.status)
		}
		if got := k.send("PATCH", "/v1/notes/1", `{"text":"`+strings.Repeat("lait ", 1000)+`"}`, "If-Match: "+tag); got.status != 200 {
			t.Errorf("If-Match %s: got %d, want 200", tag, got.status)
		}
	}
}

func TestAPageOfAnotherSiteCannotSendARequest(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	got := k.send("POST", "/v1/notes", body, "Idempotency-Key: a", "Sec-Fetch-Site: cross-site")
	if got.status != 403 || k.count() != 0 {
		t.Errorf("got %d and %d notes, want 403 and none", got.status, k.count())
	}
}

func TestASenderWhoAsksTooFastIsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	k := newKernel(t)
	k.service.Limits = api.Limits{PerSender: 1, Burst: 3, AtOnce: 10}
	k.server = server(t, k.service)
	for range 3 {
		k.send("GET", "/v1/notes", "")
	}
	got := k.send("GET", "/v1/notes", "")
	if got.status != 429 || got.header.Get("Retry-After") == "" {
		t.Errorf("got %d %v, want 429 with Retry-After", got.status, got.header)
	}
	if theirs := k.send("GET", "/v1/notes", "", "Authorization: Bearer bruno"); theirs.status != 200 {
		t.Errorf("another person: got %d, want 200", theirs.status)
	}
	for range 5 {
		got = k.send("GET", "/v1/notes", "", "Authorization: Bearer guess")
	}
	if got.status != 429 {
		t.Errorf("guessing secrets: got %d, want 429", got.status)
	}
}
