package v1_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"masp/api/auth"
	"masp/migrations/dbtest"
)

// matrix asks every operation of the contract as every actor, for what is his, what is another's,
// what does not exist and what is guessed.
type matrix struct {
	t    *testing.T
	d    *desk
	all  []shape
	seen map[string]map[string][]string // by actor: what his lists name, by the name of the field
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{t: t, d: newWorld(t), all: shapes(t)}
	looked.Do(func() {
		looked.seen = map[string]map[string][]string{}
		m.seen = looked.seen
		for _, a := range actors {
			m.seen[a.name] = map[string][]string{}
			m.look(a)
		}
	})
	m.seen = looked.seen
	return m
}

// looked is what the actors see of the world: the same in each of its copies.
var looked struct {
	sync.Once
	seen map[string]map[string][]string
}

// look reads every list that has no value in its path, then everything below what they name.
func (m *matrix) look(a actor) {
	seen := m.seen[a.name]
	for depth := range 3 {
		for _, s := range m.all {
			if s.Method != http.MethodGet || len(s.inPath()) != depth || a.reach(s.action) == auth.Nowhere {
				continue
			}
			if path, ok := m.path(s, a, nil); ok {
				harvest(m.ask(s, a, path).Body, seen)
			}
		}
	}
}

// path fills in the values of an address: those given, then those that the actor has seen, then those
// of the examples.
func (m *matrix) path(s shape, a actor, given map[string]string) (string, bool) {
	path := s.Path
	for _, name := range s.inPath() {
		value, ok := given[name]
		if !ok {
			value, ok = m.value(s, a, name)
		}
		if !ok {
			return "", false
		}
		path = strings.Replace(path, "{"+name+"}", value, 1)
	}
	return path, true
}

func (m *matrix) value(s shape, a actor, name string) (string, bool) {
	if name == "mandate" && len(a.own) > 0 {
		return a.own[0], true
	}
	for _, value := range m.seen[a.name][name] {
		if s.admits(name, value) {
			return value, true
		}
	}
	for _, other := range m.all {
		if value, ok := exampleValue(other, name); ok && s.admits(name, value) {
			return value, true
		}
	}
	return "", false
}

// exampleValue is the value that an example of the contract gives to a name of its path.
func exampleValue(s shape, name string) (string, bool) {
	path, _, _ := strings.Cut(s.example.Path, "?")
	names, values := strings.Split(s.Path, "/"), strings.Split(path, "/")
	for i := range names {
		if names[i] == "{"+name+"}" && i < len(values) && values[i] != names[i] {
			return values[i], true
		}
	}
	return "", false
}

// others is a value that somebody sees and the actor does not, empty when there is none.
func (m *matrix) others(s shape, a actor, name string) string {
	if name == "mandate" {
		for _, id := range []string{"M-0001", "M-0002"} {
			if !slices.Contains(a.own, id) {
				return id
			}
		}
	}
	for _, b := range actors {
		for _, value := range m.seen[b.name][name] {
			if s.admits(name, value) && !slices.Contains(m.seen[a.name][name], value) && b.reach(s.action) == auth.Own {
				return value
			}
		}
	}
	return ""
}

// ask sends the example of an operation to an address in the name of an actor.
func (m *matrix) ask(s shape, a actor, path string, more ...header) reply {
	m.t.Helper()
	body := string(s.example.Body)
	switch {
	case s.Upload:
		body = "not a file"
		more = append(more, header{"Content-Type", s.media})
	case body == "" && s.TakesJSON():
		body = "{}"
	}
	if s.Guarded {
		more = append(more, header{"If-Match", `"seen"`})
	}
	return m.d.ask(a.user, s.Method, path, body, more...)
}

// fail tells a cell of the matrix.
func (m *matrix) fail(s shape, a actor, path string, got reply, want string) {
	m.t.Helper()
	body := got.Body[:min(len(got.Body), 300)]
	m.t.Errorf("%s as %s, %s %s: got %d, want %s\n%s", s.ID, a.name, s.Method, path, got.Status, want, body)
}

// TestEveryActorGetsOfEveryOperationWhatTheTableOfRightsSays is the half of the matrix that changes
// nothing: who may not is refused as such, what is another's does not exist, and the database stays. One
// operation in twelve is drawn, all of them in CI.
func TestEveryActorGetsOfEveryOperationWhatTheTableOfRightsSays(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	before := m.d.digest()
	cells, lot := 0, dbtest.NewLot(t, 12, 1, 1)
	for _, s := range m.all {
		if s.Public || !lot.Takes() {
			continue
		}
		for _, a := range actors {
			path, ok := m.path(s, a, nil)
			if !ok {
				path, _ = m.path(s, a, m.nobodys(s))
			}
			switch {
			case a.dead:
				m.refused(s, a, path, http.StatusUnauthorized)
			case a.reach(s.action) == auth.Nowhere:
				m.refused(s, a, path, http.StatusForbidden)
			default:
				cells += m.hidden(s, a)
			}
			cells++
		}
	}
	if after := m.d.digest(); before != after {
		t.Errorf("refused calls have changed:\n%s", difference(before, after))
	}
	for _, s := range m.all {
		if path, _ := m.path(s, actors[0], m.nobodys(s)); s.Public && m.ask(s, actors[0], path).Status >= 500 {
			t.Errorf("%s fails for nobody", s.ID)
		}
	}
	t.Logf("%d operations, %d cells", len(m.all), cells)
}

func (m *matrix) nobodys(s shape) map[string]string {
	values := map[string]string{}
	for _, name := range s.inPath() {
		values[name] = s.nobodys(m.t, name)
	}
	return values
}

func (m *matrix) refused(s shape, a actor, path string, want int) {
	m.t.Helper()
	if got := m.ask(s, a, path); got.Status != want {
		m.fail(s, a, path, got, fmt.Sprint(want))
	}
}

// hidden compares what is another's, and what is guessed, with what does not exist.
func (m *matrix) hidden(s shape, a actor) (cells int) {
	m.t.Helper()
	for _, name := range s.inPath() {
		if len(s.parameter(name, "path").Schema.Value.Enum) > 0 {
			continue // a word of the contract, nobody's
		}
		none, ok := m.path(s, a, map[string]string{name: s.nobodys(m.t, name)})
		if !ok {
			none, _ = m.path(s, a, m.nobodys(s))
		}
		absent := m.ask(s, a, none)
		if absent.Status < 400 || absent.Status >= 500 || s.Method == http.MethodGet && absent.Status != http.StatusNotFound {
			m.fail(s, a, none, absent, "404: it does not exist")
		}
		hidden := []string{s.guessed(name)}
		if a.reach(s.action) == auth.Own && !everybodys(s, a) {
			hidden = append(hidden, m.others(s, a, name))
		}
		for _, value := range hidden {
			path, ok := m.path(s, a, map[string]string{name: value})
			if value == "" || !ok {
				continue
			}
			cells++
			if got := m.ask(s, a, path); got.Status != absent.Status || !bytes.Equal(plainOf(got, path), plainOf(absent, none)) {
				m.fail(s, a, path, got, fmt.Sprintf("what does not exist gets: %d %s", absent.Status, absent.Body))
			}
		}
	}
	return cells
}

// everybodys are the things that belong to no person, though they are read with the files of persons;
// and the secrets of others, which an admin ends.
func everybodys(s shape, a actor) bool {
	return s.ID == "getBenefit" || a.role == auth.Admin && s.action == auth.OwnIdentity
}

var (
	requestID = regexp.MustCompile(`"request_id":"[^"]*"`)
	instance  = regexp.MustCompile(`"instance":"[^"]*"`)
)

// plainOf is an answer without what names the request: its id, its address and the values in it.
func plainOf(got reply, path string) []byte {
	body := instance.ReplaceAll(requestID.ReplaceAll(got.Body, nil), nil)
	for part := range strings.SplitSeq(path, "/") {
		if strings.ContainsAny(part, "-0123456789") {
			body = bytes.ReplaceAll(body, []byte(part), []byte("…"))
		}
	}
	return body
}

// aboutOthers are the words that only the files of other persons hold.
var aboutOthers = map[string][]string{
	"M-0001": {"M-0001", "Roux"},
	"M-0002": {"M-0002", "Garnier", "M-0003", "Haddad"},
}

// TestWhoMayIsServedAndSeesNothingOfOthers is the other half: the table and the database agree on who
// may, and no reading of a part shows what is outside of it. One reading in ten is drawn, all of them in CI.
func TestWhoMayIsServedAndSeesNothingOfOthers(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	lot := dbtest.NewLot(t, 10, 1, 1)
	for _, s := range m.all {
		if s.Public || s.Writes() || !lot.Takes() {
			continue
		}
		served := false
		for _, a := range actors {
			if a.reach(s.action) == auth.Nowhere {
				continue
			}
			path, ok := m.path(s, a, nil)
			if !ok {
				continue
			}
			got := m.ask(s, a, path)
			served = served || got.Status < 300
			m.judgeServed(s, a, path, got)
			if a.reach(s.action) == auth.Own {
				m.judgeLeaks(s, a, path, got)
			}
		}
		if !served {
			t.Logf("%s: nobody has seen anything", s.ID)
		}
	}
}

func (m *matrix) judgeServed(s shape, a actor, path string, got reply) {
	m.t.Helper()
	own := got.Status == http.StatusForbidden && got.text("code") == "forbidden"
	if got.Status == http.StatusUnauthorized || own || got.Status >= 500 {
		m.fail(s, a, path, got, "that the table and the database agree: he may")
	}
}

func (m *matrix) judgeLeaks(s shape, a actor, path string, got reply) {
	m.t.Helper()
	hidden := "M-0001"
	if slices.Contains(a.own, hidden) {
		hidden = "M-0002"
	}
	for _, word := range aboutOthers[hidden] {
		if bytes.Contains(got.Body, []byte(word)) {
			m.fail(s, a, path, got, "nothing of "+hidden+", and not "+word)
			return
		}
	}
}

// TestWhoMayWriteIsLetThroughByTheDatabase sends the example of every change as everybody who may,
// each operation on a world of its own. One in 32 is drawn, one in four in CI.
func TestWhoMayWriteIsLetThroughByTheDatabase(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a copy of the world for each change")
	}
	seen := newMatrix(t)
	lot := dbtest.NewLot(t, 32, 4, 1)
	for _, s := range seen.all {
		if s.Public || !s.Writes() || !lot.Takes() {
			continue
		}
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			m := &matrix{t: t, d: newWorld(t), all: seen.all, seen: seen.seen}
			for _, a := range actors {
				if path, ok := m.path(s, a, nil); ok && a.reach(s.action) != auth.Nowhere {
					m.judgeServed(s, a, path, m.ask(s, a, path))
				}
			}
		})
	}
}

// disguises are other ways to write an address, or to say who one is.
var disguises = []func(path string) (string, []header){
	func(p string) (string, []header) { return "/" + p, nil },
	func(p string) (string, []header) { return p + "/", nil },
	func(p string) (string, []header) { return strings.ToUpper(p), nil },
	func(p string) (string, []header) { return strings.Replace(p, "/v1/", "/v1/x/../", 1), nil },
	func(p string) (string, []header) { return strings.Replace(p, "/v1/", "/v1%2f", 1), nil },
	func(p string) (string, []header) { return strings.Replace(p, "/v1/", "/v1/./", 1), nil },
	func(p string) (string, []header) { return strings.Replace(p, "/v1/", "/v1;/", 1), nil },
	func(p string) (string, []header) { return p, []header{{"X-HTTP-Method-Override", "GET"}} },
	func(p string) (string, []header) { return p, []header{{"X-Forwarded-For", "127.0.0.1"}} },
	func(p string) (string, []header) { return p, []header{{"X-Original-URL", "/healthz"}} },
	func(p string) (string, []header) { return p + "?user=v.olivier", nil },
}

// TestNoDisguiseOfAnAddressOpensIt asks as nobody and as a coordinator for what is another's. One operation in
// 64 is drawn, one in four in CI.
func TestNoDisguiseOfAnAddressOpensIt(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	lot := dbtest.NewLot(t, 64, 4, 1)
	for _, s := range m.all {
		if s.Public || !lot.Takes() {
			continue
		}
		for _, a := range []actor{actors[0], actors[6]} {
			given := map[string]string{}
			for _, name := range s.inPath() {
				if value := m.others(s, actors[6], name); value != "" {
					given[name] = value
				}
			}
			path, ok := m.path(s, a, given)
			if !ok || !a.dead && (len(given) == 0 || a.reach(s.action) == auth.Whole) {
				continue
			}
			if !a.dead && m.ask(s, a, path).Status < 400 {
				continue // nobody's: it opens as it is
			}
			for _, disguise := range disguises {
				other, more := disguise(path)
				if got := m.ask(s, a, other, more...); got.Status < 400 || got.Status >= 500 {
					m.fail(s, a, other, got, "a refusal")
				}
			}
		}
	}
}

// digest is the content of every table but those that note who asked.
func (d *desk) digest() string {
	d.t.Helper()
	rows, err := d.db.Super.Query(d.t.Context(), `
		SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'masp'::regnamespace AND c.relkind = 'r'
		 AND NOT c.relispartition ORDER BY 1`)
	if err != nil {
		d.t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			d.t.Fatal(err)
		}
		names = append(names, name)
	}
	var b strings.Builder
	for _, name := range names {
		if slices.Contains(notes, strings.TrimPrefix(name, "masp.")) {
			continue
		}
		var n, sum int64
		query := `SELECT count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric % 1000000007), 0)::bigint FROM ` + name + ` r`
		if err := d.db.Super.QueryRow(d.t.Context(), query).Scan(&n, &sum); err != nil {
			d.t.Fatal(err)
		}
		fmt.Fprintln(&b, name, n, sum)
	}
	return b.String()
}

// notes are the tables in which the service notes who has asked and read.
var notes = []string{"file_reads", "device_uses"}

func difference(before, after string) string {
	var b strings.Builder
	old := strings.Split(before, "\n")
	for line := range strings.Lines(after) {
		if !slices.Contains(old, strings.TrimSpace(line)) {
			b.WriteString(line)
		}
	}
	return b.String()
}
