package v1_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	v1 "masp/api/v1"
	"masp/api/v1/v1test"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
)

// actor is one who asks: with his secret, what he is, and whose he may see when he sees a part.
type actor struct {
	name   string
	user   string // of the desk's tokens; empty has no secret
	role   auth.Role
	scopes []auth.Action // nil is all
	dead   bool          // his secret proves nobody
	own    []string      // mandates
}

var actors = []actor{
	{name: "nobody", dead: true},
	{name: "expired token", user: "expired", dead: true},
	{name: "revoked token", user: "revoked", dead: true},
	{name: "disabled user", user: "disabled", dead: true},
	{name: "person", user: "B-0001", role: auth.Beneficiary, own: []string{"M-0001"}},
	{name: "coordinator", user: "c.martin", role: auth.Coordinator, own: []string{"M-0001"}},
	{name: "another coordinator", user: "c.nadir", role: auth.Coordinator, own: []string{"M-0002", "M-0003"}},
	{name: "approver", user: "v.olivier", role: auth.Approver},
	{name: "accountant", user: "k.perrin", role: auth.Accountant},
	{name: "auditor", user: "e.quentin", role: auth.Auditor, own: []string{"M-0001"}},
	{name: "another auditor", user: "e.texel", role: auth.Auditor, own: []string{"M-0002", "M-0003"}},
	{name: "admin", user: "i.texier", role: auth.Admin},
	{name: "machine", user: "robot", role: auth.Machine},
	{name: "machine with a scope", user: "reader", role: auth.Machine, scopes: []auth.Action{auth.ReadRuns}},
	{name: "machine without it", user: "bell", role: auth.Machine, scopes: []auth.Action{auth.ReadAlerts}},
}

// reach is what the table of rights says, read here a second time.
func (a actor) reach(action auth.Action) auth.Reach {
	if a.dead || a.scopes != nil && !slices.Contains(a.scopes, action) {
		return auth.Nowhere
	}
	return auth.Right(a.role, action)
}

// world is the desk with something of everything: statements of the bank, a suspense, a run that was
// filed and one that waits, people whose secrets have ended.
var world struct {
	dbtest.Model
	tokens map[string]string
}

func newWorld(t testing.TB) *desk {
	t.Helper()
	db := dbtest.New(t, dbtest.Like(&world.Model, func(db *dbtest.DB) { world.tokens = populate(t, db) }), dbtest.Conns(8))
	d := deskOn(t, db, world.tokens)
	d.at("2026-11-09", 10)
	return d
}

func populate(t testing.TB, db *dbtest.DB) map[string]string {
	t.Helper()
	d := deskOn(t, db, v1test.Furnish(t, db))
	d.people()
	d.office.Benefits(t)
	d.office.Runs(t)
	return d.tokens
}

// who is a user of the desk, proved.
func (d *desk) who(user string) auth.Principal {
	d.t.Helper()
	who, err := d.house.Auth.Authenticate(d.t.Context(), d.tokens[user])
	if err != nil {
		d.t.Fatalf("%s: %v", user, err)
	}
	return who
}

// people adds those whose secrets have ended or are for little, and a person with her telephone.
func (d *desk) people() {
	d.t.Helper()
	ctx, users := d.t.Context(), d.house.Auth
	must := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	d.tokens = maps.Clone(d.tokens)
	token := func(name string, ask auth.TokenAsk) {
		d.t.Helper()
		secret, err := users.NewToken(ctx, d.who("i.texier"), ask)
		must(err)
		d.tokens[name] = secret
	}
	token("expired", auth.TokenAsk{User: "c.martin", Name: "une semaine", Until: civil.MustParse("2026-11-07")})
	token("reader", auth.TokenAsk{User: "robot", Name: "lecture", Scopes: []auth.Action{auth.ReadRuns}})
	token("bell", auth.TokenAsk{User: "robot", Name: "alertes", Scopes: []auth.Action{auth.ReadAlerts}})
	for _, name := range []string{"revoked", "disabled"} {
		secret, err := users.Add(ctx, d.who("i.texier"), auth.User{
			ID: "c." + name, Name: "Personne " + name, Roles: []auth.Role{auth.Coordinator},
		})
		must(err)
		d.tokens[name] = secret
	}
	_, err := users.Revoke(ctx, d.who("i.texier"), "c.revoked")
	must(err)
	must(users.Disable(ctx, d.who("i.texier"), "c.disabled"))
	card, err := users.PrintCard(ctx, d.who("c.martin"), "B-0001")
	must(err)
	d.tokens["B-0001"], _, err = users.Enter(ctx, card.Code, "192.0.2.1")
	must(err)
}

// shape is an operation of the contract with its schemas, as the tests read them.
type shape struct {
	*contract.Operation
	action     auth.Action
	parameters []*openapi3.Parameter
	body       *openapi3.Schema // of a JSON body
	media      string           // of an upload
	example    contract.Example
}

func shapes(t testing.TB) []shape {
	t.Helper()
	of, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(api.ContractText)
	if err != nil {
		t.Fatal(err)
	}
	actions := map[string]auth.Action{}
	for _, op := range v1.Routes() {
		actions[op.ID] = op.Action
	}
	var all []shape
	for _, op := range of.Operations {
		item := doc.Paths.Value(op.Path)
		raw := item.GetOperation(op.Method)
		s := shape{Operation: op, action: actions[op.ID]}
		for _, ref := range append(slices.Clone(item.Parameters), raw.Parameters...) {
			s.parameters = append(s.parameters, ref.Value)
		}
		if raw.RequestBody != nil {
			for media, content := range raw.RequestBody.Value.Content {
				if s.media = media; media == "application/json" {
					s.body = content.Schema.Value
				}
			}
		}
		if s.example, _, err = op.Example(); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// inPath are the names of the values of the path, in order.
func (s shape) inPath() []string {
	var names []string
	for _, part := range pathName.FindAllStringSubmatch(s.Path, -1) {
		names = append(names, part[1])
	}
	return names
}

var pathName = regexp.MustCompile(`\{([a-z_]+)\}`)

func (s shape) parameter(name, in string) *openapi3.Parameter {
	for _, p := range s.parameters {
		if p.Name == name && p.In == in {
			return p
		}
	}
	return nil
}

// admits tells whether the contract lets a value through.
func (s shape) admits(name, value string) bool {
	found := s.CheckParameters(func(n string) string {
		if n == name {
			return value
		}
		return ""
	}, nil, nil)
	return !slices.ContainsFunc(found, func(p contract.Problem) bool { return p.Pointer == name })
}

// nobodys is a value of the path that the contract lets through and that names nothing.
func (s shape) nobodys(t testing.TB, name string) string {
	t.Helper()
	for _, value := range []string{"M-9999", "C-2031-12-99", "999999", "z.nobody", "2031-12-31", "2031-12"} {
		if s.admits(name, value) {
			return value
		}
	}
	p := s.parameter(name, "path")
	if p != nil && len(p.Schema.Value.Enum) > 0 {
		return fmt.Sprint(p.Schema.Value.Enum[0])
	}
	if p != nil && p.Schema.Value.Pattern != "" {
		return rapid.StringMatching(p.Schema.Value.Pattern).Example(7)
	}
	t.Fatalf("%s: no value for %s", s.ID, name)
	return ""
}

var sealedName = regexp.MustCompile(`^\^([a-z]{2,5})_`)

// guessed is a well-formed sealed number of another house, empty when the value is no such number.
func (s shape) guessed(name string) string {
	p := s.parameter(name, "path")
	if p == nil {
		return ""
	}
	kind := sealedName.FindStringSubmatch(p.Schema.Value.Pattern)
	if kind == nil {
		return ""
	}
	seal, err := v1.NewSeal([]byte("0123456789abcdef"))
	if err != nil {
		return ""
	}
	return seal.ID(kind[1], 1)
}

// harvest collects what an actor's readings name: by the name of the field, as the paths name it.
func harvest(raw []byte, into map[string][]string) {
	var value any
	if json.Unmarshal(raw, &value) == nil {
		gather(value, into)
	}
}

func gather(value any, into map[string][]string) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			text, isText := inner.(string)
			if number, ok := inner.(float64); ok {
				text, isText = fmt.Sprint(int64(number)), true
			}
			if isText && !slices.Contains(into[key], text) {
				into[key] = append(into[key], text)
			}
			gather(inner, into)
		}
	case []any:
		for _, inner := range v {
			gather(inner, into)
		}
	}
}
