package campaign

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/migrations/cluster"
	"masp/migrations/dbtest/pgproxy"
)

// work is one act of the month, as a person or the operator gives it. Words with a dollar are facts
// of the month: tokens, hashes, folders.
type work struct {
	name   string
	at     string // the clock of the books; as it was when empty
	token  string
	args   string
	lease  bool     // of a job: a dead process keeps it for some seconds
	remade []string // what asking again changes: a secret that nobody has read is replaced by another
	learn  string   // SQL of a fact that the work makes, the content hash of the run
}

// secrets are what is counted of them, living ones aside.
var secrets = []string{"table credentials", "table audit_log"}

// month is every work of it, in its order: each begins where the one before has ended.
var month = []work{
	{name: "migration", args: "migrate"},
	{name: "load of the organisation", at: "2026-11-02T08:00:00+01:00", args: "load --json $FILES/association.json"},
	{name: "creditors signed once", token: "$A", args: "creditor confirm --load $LOAD"},
	{name: "creditors signed twice", token: "$B", args: "creditor confirm --load $LOAD"},
	{name: "an administrator added", args: "user add o.admin --name Odile --role admin --token --json", remade: secrets},
	{name: "an accountant added", args: "user add k.perrin --name Karim --role accountant --token --json", remade: secrets},
	{name: "import: benefits", at: "2026-11-05T20:00:00+01:00", args: "import $FILES/day1.xml"},
	{name: "propose", at: "2026-11-09T09:00:00+01:00", token: "$A", args: "run propose M-0001"},
	{name: "submit", token: "$A", args: "run submit C-2026-11-1", learn: `SELECT encode(content_hash, 'hex') FROM masp.runs`},
	{name: "approve", token: "$B", args: "run approve C-2026-11-1 --hash $HASH"},
	{name: "file", token: "$B", args: "run file C-2026-11-1"},
	{name: "hand over", token: "$B", args: "run handed-over C-2026-11-1"},
	{name: "import: debits matched", at: "2026-11-10T20:00:00+01:00", args: "import $FILES/day2.xml"},
	{name: "a match undone", token: "$A", args: "match undo 2 --reason vu"},
	{name: "a match by a person", token: "$A", args: "suspense assign 2 --transfer V000001-000001 --reason vu"},
	{name: "inbox: a return", at: "2026-11-12T20:00:00+01:00", args: "inbox --now", lease: true},
	{name: "remittances due", at: "2026-11-13T07:00:00+01:00", args: "run due"},
	{name: "reconciliation", args: "reconcile run"},
	{name: "the day", at: "2026-11-20T07:00:00+01:00", args: "day"},
	{name: "closing of the month", at: "2026-12-01T08:00:00+01:00", token: "$A", args: "close 2026-11"},
	{name: "export: csv", args: "export ledger --format csv --to 2026-11-30 -o $DIR/exports/ledger.csv"},
	{name: "export: fec", args: "export ledger --format fec --to 2026-11-30 -o $DIR/exports/ledger.txt --yes"},
	{name: "export: xlsx", args: "export ledger --format xlsx --to 2026-11-30 -o $DIR/exports/ledger.xlsx --yes"},
	{name: "seal", args: "seal -o $DIR/exports", remade: []string{"table audit_log"}},
	{name: "export: bundle", args: "export bundle --to 2026-11-30 -o $DIR/exports/bundle.zip --yes"},
}

// chapter is a work with the house before it and after it, undisturbed.
type chapter struct {
	work
	order  order
	before *place
	steps  []pgproxy.Step // what the program says to PostgreSQL
	once   look           // the house after the work
	twice  look           // after the work, asked for a second time
	again  int            // the exit code of that
	took   time.Duration

	mu   sync.Mutex
	ends map[string]outcome // of the houses that were surveyed, by their digests
}

// book is the month as it was played without disturbance.
type book struct {
	facts    map[string]string
	chapters []*chapter
	end      *place
}

var (
	undisturbed book
	bookOnce    sync.Once
)

// theMonth plays the month once for all tests, where the campaign is asked for.
func theMonth(t testing.TB) *book {
	t.Helper()
	if !asked || testing.Short() {
		t.Skip("the campaign is run with CI=true (not -short), in two minutes, or whole by `make crash`")
	}
	bookOnce.Do(func() { undisturbed.play(t, common(t)) })
	if len(undisturbed.chapters) != len(month) {
		t.Fatal("the month did not come to its end: another test says why")
	}
	return &undisturbed
}

// play plays the month on a server.
func (b *book) play(t testing.TB, s *server) {
	t.Helper()
	b.end = s.empty(t)
	b.unpack(t)
	for _, w := range month {
		b.chapters = append(b.chapters, b.write(t, w))
	}
}

// unpack puts the files of the bank where the works find them.
func (b *book) unpack(t testing.TB) {
	t.Helper()
	files := filepath.Join(scratch, "files")
	text, err := os.ReadFile("../../testdata/month.txtar")
	if err != nil {
		t.Fatal(err)
	}
	load, err := os.ReadFile("../../testdata/association.json")
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{"association.json": string(load)}
	for _, part := range strings.Split("\n"+string(text), "\n-- ")[1:] {
		name, content, _ := strings.Cut(part, " --\n")
		contents[name] = content
	}
	if err := os.MkdirAll(files, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(files, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.facts = map[string]string{"FILES": files, "LOAD": fmt.Sprintf("%x", sha256.Sum256(load))}
}

// write does a work on a copy of the house, counting its steps, and keeps the house before it.
func (b *book) write(t testing.TB, w work) *chapter {
	t.Helper()
	c := &chapter{work: w, before: b.end}
	if w.at != "" {
		c.before.ask(t, cluster.Owner, `SELECT masp.set_clock('`+w.at+`')`)
	}
	if strings.HasPrefix(w.name, "inbox") {
		if err := os.Link(filepath.Join(b.facts["FILES"], "day3.xml"), filepath.Join(c.before.dir, "inbox", "day3.xml")); err != nil {
			t.Fatal(err)
		}
	}
	b.end = c.before.clone(t)
	c.order = order{token: b.expand(w.token, nil), args: strings.Fields(w.args)}
	proxy := pgproxy.New(t, b.end.url(cluster.App, b.end.db))
	proxy.Serve()
	began := time.Now()
	code, said := b.end.do(t, b.orderOf(c, b.end, proxy))
	c.took = time.Since(began)
	if proxy.Close(); code != 0 {
		t.Fatalf("%s: exit code %d\n%s", w.name, code, said)
	}
	c.steps, c.once = proxy.Steps(), b.end.look(t)
	b.learn(t, w, said)
	second := b.end.clone(t)
	defer second.remove(t)
	c.again, _ = second.do(t, b.orderOf(c, second, nil))
	c.twice = second.look(t)
	return c
}

// learn keeps the facts that later works need.
func (b *book) learn(t testing.TB, w work, said string) {
	t.Helper()
	if w.learn != "" {
		var hash string
		b.end.ask(t, cluster.Superuser, w.learn, &hash)
		b.facts["HASH"] = hash
	}
	if !strings.Contains(w.args, "--json") {
		return
	}
	type key struct{ User, Token string }
	var made struct {
		key
		Tokens []key
	}
	if err := json.Unmarshal([]byte(said), &made); err != nil {
		t.Fatalf("%v in %s", err, said)
	}
	for _, one := range append(made.Tokens, made.key) {
		if one.User != "" {
			b.facts[strings.ToUpper(one.User[:1])] = one.Token
		}
	}
}

// chapter is the one of that name.
func (b *book) chapter(t testing.TB, name string) *chapter {
	t.Helper()
	i := slices.IndexFunc(b.chapters, func(c *chapter) bool { return c.name == name })
	if i < 0 {
		t.Fatalf("the month has no work %q", name)
	}
	return b.chapters[i]
}

func (b *book) expand(text string, p *place) string {
	return os.Expand(text, func(name string) string {
		if name == "DIR" && p != nil {
			return p.dir
		}
		return b.facts[name]
	})
}

// orderOf is the order of a chapter at a place, through a proxy or straight.
func (b *book) orderOf(c *chapter, p *place, proxy *pgproxy.Proxy) order {
	o := order{token: b.expand(c.token, p)}
	for _, word := range strings.Fields(c.args) {
		o.args = append(o.args, b.expand(word, p))
	}
	if proxy != nil {
		o.app, o.owner = proxy.As(cluster.App), proxy.As(cluster.Owner)
	}
	return o
}
