package v1_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/migrations/dbtest"
)

// canary stands in what is sent wrongly: no refusal repeats it.
const canary = "CANARI-7f3a"

// fuzzer sends calls that the contract allows, nearly allows and does not allow.
type fuzzer struct {
	*matrix
	*rand.Rand
	served, refused int
}

// TestRandomCallsNeverBreakTheService is F-3: 80 calls, 2 000 in CI, 20 000 with MASP_LONG. MASP_SEED repeats a run.
func TestRandomCallsNeverBreakTheService(t *testing.T) {
	t.Parallel()
	calls, seed := dbtest.Form(80, 2000, 20_000), uint64(271)
	if n, err := strconv.ParseUint(os.Getenv("MASP_SEED"), 10, 64); err == nil {
		seed = n
	}
	f := &fuzzer{matrix: newMatrix(t), Rand: rand.New(rand.NewPCG(seed, 5))}
	for range calls {
		f.call()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d served, %d refused", f.served, f.refused)
	if f.served < calls/20 {
		t.Errorf("only %d of %d calls were served: the fuzzer reaches nothing", f.served, calls)
	}
}

func (f *fuzzer) call() {
	s := f.all[f.IntN(len(f.all))]
	a := actors[f.IntN(len(actors))]
	for range 3 { // mostly somebody who may
		if a.reach(s.action) == auth.Nowhere {
			a = actors[f.IntN(len(actors))]
		}
	}
	path, query, wrong := f.address(s, a), url.Values{}, false
	if f.IntN(3) == 0 {
		wrong = f.filter(s, query)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	body := string(s.example.Body)
	if s.body != nil && f.IntN(3) > 0 {
		var spoiled bool
		body, spoiled = f.spoil(s)
		wrong = wrong || spoiled
	}
	s.example.Body = []byte(body)
	f.judge(s, a, path, f.ask(s, a, path), wrong)
}

// address fills the path with what the actor sees, what is others', what is nobody's, and rubbish.
func (f *fuzzer) address(s shape, a actor) string {
	keeps := s.action == auth.WriteUsers || s.action == auth.OwnIdentity // or soon nobody could ask any more
	given := map[string]string{}
	for _, name := range s.inPath() {
		switch value := f.others(s, a, name); {
		case keeps && s.Writes() || f.IntN(6) == 0:
			given[name] = s.nobodys(f.t, name)
		case value != "" && f.IntN(6) == 0:
			given[name] = value
		case f.IntN(8) == 0:
			given[name] = url.PathEscape(rubbish[f.IntN(len(rubbish))])
		}
	}
	path, ok := f.path(s, a, given)
	if !ok {
		path, _ = f.path(s, a, f.nobodys(s))
	}
	return path
}

// filter puts parameters into the query, and tells whether one of them must be refused.
func (f *fuzzer) filter(s shape, query url.Values) (wrong bool) {
	for _, p := range s.parameters {
		if p.In != "query" || f.IntN(2) == 0 {
			continue
		}
		schema := p.Schema.Value
		switch {
		case f.IntN(3) == 0:
			query.Set(p.Name, rubbish[f.IntN(len(rubbish))])
		case len(schema.Enum) > 0:
			query.Set(p.Name, fmt.Sprint(schema.Enum[f.IntN(len(schema.Enum))]))
		case schema.Type.Is("integer"):
			query.Set(p.Name, fmt.Sprint(f.IntN(600)))
		}
	}
	if f.IntN(3) == 0 {
		query.Set("x_"+strconv.Itoa(f.IntN(9)), canary)
		return true
	}
	return false
}

// rubbish is what programs and attackers send in the place of a value.
var rubbish = []string{
	"", " ", "0", "-1", "9223372036854775808", "1e9", "NaN", "null", "true", "%", "%00", "\x00", "é", "\u202e", "\ufeff",
	"' OR 1=1 --", `"`, "../../etc/passwd", "M-0001' --", "{}", "[]", "a,b", "2026-13-45", "2026-02-29T00:00:00Z", "1,00", "1.001",
	"-0.01", "99999999999999.99", strings.Repeat("A", 300), "${jndi:ldap://x}", "<script>", "M-0001;DROP TABLE masp.runs", "٣",
}

// spoil changes the example of a body, and tells whether it must be refused.
func (f *fuzzer) spoil(s shape) (body string, wrong bool) {
	var object map[string]any
	if json.Unmarshal(s.example.Body, &object) != nil || len(object) == 0 {
		return `{"` + canary + `": 1}`, true
	}
	names := slices.Sorted(maps.Keys(object))
	name := names[f.IntN(len(names))]
	switch f.IntN(7) {
	case 0:
		object[canary], wrong = canary, true
	case 1:
		delete(object, name)
		wrong = slices.Contains(s.body.Required, name)
	case 2:
		object[name], wrong = map[string]any{canary: []any{canary}}, true
	case 3:
		object[name] = rubbish[f.IntN(len(rubbish))]
	case 4:
		object[name] = nil
	case 5:
		raw, _ := json.Marshal(object)
		return strings.Replace(string(raw), "{", `{"`+name+`": null, `, 1), true // twice
	case 6:
		object[name] = []any{}
	}
	raw, err := json.Marshal(object)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(raw), wrong
}

// judge wants no failure, every refusal as a problem that repeats nothing, and what is wrong refused.
func (f *fuzzer) judge(s shape, a actor, path string, got reply, wrong bool) {
	f.t.Helper()
	if got.Status < 300 {
		f.served++
	} else {
		f.refused++
	}
	switch {
	case got.Status >= 500 && got.Status != http.StatusServiceUnavailable:
		f.fail(s, a, path+" "+string(s.example.Body), got, "no failure")
	case wrong && got.Status < 400:
		f.fail(s, a, path+" "+string(s.example.Body), got, "a refusal")
	case got.Status >= 400:
		var p struct {
			Type, Title, Code, Detail string
			Status                    int
		}
		err := json.Unmarshal(got.Body, &p)
		if err != nil || got.Header.Get("Content-Type") != "application/problem+json" ||
			p.Type == "" || p.Title == "" || p.Code == "" || p.Status != got.Status || strings.Contains(p.Detail, canary) {
			f.fail(s, a, path+" "+string(s.example.Body), got, "a problem that repeats nothing")
		}
	}
}

// TestWhatIsInjectedIntoAFilterFindsNothing is F-4: a text with code in it finds as much as a text that
// nobody has, or is refused. One parameter in thirty is drawn, all of them in CI.
func TestWhatIsInjectedIntoAFilterFindsNothing(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	strange := injections()
	strange = strange[:dbtest.Form(12, 12, len(strange))]
	lot := dbtest.NewLot(t, 30, 1, 1)
	reader := map[string]actor{}
	for _, a := range actors {
		for _, s := range m.all {
			if a.reach(s.action) > reader[s.ID].reach(s.action) {
				reader[s.ID] = a
			}
		}
	}
	for _, s := range m.all {
		path, ok := m.path(s, reader[s.ID], nil)
		if s.Method != http.MethodGet || !ok || reader[s.ID].name == "" {
			continue
		}
		for _, p := range s.parameters {
			if p.In != "query" || !p.Schema.Value.Type.Is("string") || len(p.Schema.Value.Enum) > 0 || !lot.Takes() {
				continue
			}
			ask := func(text string) reply {
				return m.d.ask(reader[s.ID].user, s.Method, path+"?"+url.Values{p.Name: {text}}.Encode(), "")
			}
			none := rowsOf(ask("zzqqxxzz"))
			for _, text := range strange {
				got := ask(text)
				if got.Status >= 500 || got.Status < 300 && rowsOf(got) != none {
					m.fail(s, reader[s.ID], path+" "+p.Name+"="+text, got, "what nobody has")
				}
			}
		}
	}
}

// rowsOf is how many rows a list has; none when it was refused.
func rowsOf(got reply) int {
	var page struct{ Data []json.RawMessage }
	if got.Status >= 300 || json.Unmarshal(got.Body, &page) != nil {
		return 0
	}
	return len(page.Data)
}

// injections are 200 texts.
func injections() (all []string) {
	for _, code := range []string{
		"OR 1=1", "OR '1'='1'", "UNION SELECT NULL", "; SELECT pg_sleep(5)", "AND 1=(SELECT 1)", "|| 'a'", "LIKE '%'", "OR TRUE",
		"); DROP TABLE masp.runs;", "/**/OR/**/1=1",
	} {
		for _, before := range []string{"'", `"`, "%'", "\\'", "')"} {
			for _, after := range []string{" --", " #", "/*", ""} {
				all = append(all, before+" "+code+after)
			}
		}
	}
	// The short form takes the first: of each kind some.
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// TestWhatTheContractDoesNotKnowIsNeverAll is F-5: an unknown parameter, an unknown operator and an
// empty list are refused, and never mean everything. One reading in six is drawn, all of them in CI.
func TestWhatTheContractDoesNotKnowIsNeverAll(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	lot := dbtest.NewLot(t, 16, 1, 1)
	for _, s := range m.all {
		if s.Method != http.MethodGet || !lot.Takes() {
			continue
		}
		for _, a := range actors[7:10] {
			path, ok := m.path(s, a, nil)
			if !ok || a.reach(s.action) == auth.Nowhere {
				continue
			}
			for _, query := range []string{"?x=1", "?limit[gt]=1", "?ids=", "?limit=1&limit=2&x=3"} {
				if got := m.ask(s, a, path+query); got.Status != http.StatusBadRequest {
					m.fail(s, a, path+query, got, "400")
				}
			}
		}
	}
	if got := m.d.ask("c.martin", http.MethodPost, runs, `{"mandates": []}`); got.Status != 400 && got.Status != 422 {
		t.Errorf("a run for nobody: got %d\n%s", got.Status, got.Body)
	}
}

// TestABodyThatIsNotTheContractsIsRefusedAtItsDoor is F-6. One operation in thirty is drawn, one in three
// in CI.
func TestABodyThatIsNotTheContractsIsRefusedAtItsDoor(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	many := `[` + strings.Repeat(`{},`, 4999) + `{}]`
	lot := dbtest.NewLot(t, 30, 3, 1)
	for _, s := range m.all {
		if s.body == nil || len(s.example.Body) < 3 || !lot.Takes() {
			continue
		}
		a := actors[slices.IndexFunc(actors, func(a actor) bool { return s.Public || a.reach(s.action) != auth.Nowhere })]
		path, ok := m.path(s, a, nil)
		if !ok {
			path, _ = m.path(s, a, m.nobodys(s))
		}
		rest := string(bytes.TrimPrefix(s.example.Body, []byte("{")))
		for what, body := range map[string]string{
			"deep":      `{"x": ` + strings.Repeat(`[`, 10_000) + strings.Repeat(`]`, 10_000) + `, ` + rest,
			"long list": `{"x": ` + many + `, ` + rest,
			"doubled":   `{"x": 1, "x": 2, ` + rest,
			"trailing":  string(s.example.Body) + "{}",
			"unknown":   `{"x": 1, ` + rest,
			"cut":       string(s.example.Body[:len(s.example.Body)-1]),
			"latin":     `{"x": "` + "\xe9" + `", ` + rest,
		} {
			s.example.Body = []byte(body)
			if got := m.ask(s, a, path); got.Status != http.StatusBadRequest {
				m.fail(s, a, path+" "+what, got, "400")
			}
		}
		s.example.Body = []byte(`{"x": "` + strings.Repeat("a", 1<<20) + `", ` + rest)
		if got := m.ask(s, a, path); got.Status != http.StatusRequestEntityTooLarge {
			m.fail(s, a, path+" too long", got, "413")
		}
	}
}
