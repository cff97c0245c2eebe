package v1_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// readers see the whole house, a part of it, or what was audited.
var readers = []string{"c.martin", "c.nadir", "v.olivier", "k.perrin", "e.quentin", "e.texel", "robot"}

// rows are those of a list, read with so many on a page.
func (d *desk) rows(user, target string, limit int) (rows []map[string]any) {
	d.t.Helper()
	join := "?"
	if strings.Contains(target, "?") {
		join = "&"
	}
	for cursor := ""; ; {
		got := d.ask(user, http.MethodGet, fmt.Sprintf("%s%slimit=%d%s", target, join, limit, cursor), "").wants(200)
		for i := range got.length("data") {
			row, _ := got.get("data", i).(map[string]any)
			rows = append(rows, row)
		}
		next := got.text("next_cursor")
		if (next != "") != (got.get("has_more") == true) {
			d.t.Fatalf("%s of %s: has_more beside the cursor %q", target, user, next)
		}
		if next == "" {
			return rows
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}

// creditorsOfAll adds payees in each state, so that the lists are longer than the pages.
func (d *desk) creditorsOfAll() {
	d.t.Helper()
	d.owner(`INSERT INTO masp.creditors (creditor_id, name, kind)
		SELECT 'C-MANY-' || n, 'Régie ' || n, CASE n % 2 WHEN 0 THEN 'LANDLORD' ELSE 'ENERGY' END FROM generate_series(1, 12) n`)
	d.owner(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_by, proposed_at, confirmed_by, confirmed_at, payable_from)
		SELECT 'C-MANY-' || n, v, 'FR7699999002000000000300158', CASE WHEN n % 4 = 0 AND v = 1 THEN repeat('a', 64) END,
		       CASE WHEN n % 4 > 0 OR v > 1 THEN 'c.martin' END, masp.now() - (n % 3) * interval '1 day', CASE WHEN n % 4 > 1 THEN 'v.olivier' END,
		       CASE WHEN n % 4 > 1 THEN masp.now() END, CASE n % 4 WHEN 2 THEN masp.now() - interval '1 hour' WHEN 3 THEN masp.now() + interval '1 day' END
		  FROM generate_series(1, 12) n, generate_series(1, 2) v WHERE v = 1 OR n > 8`)
}

// narrowed is a list with a condition, and which rows of the whole list it keeps.
type narrowed struct {
	list, by string
	keeps    func(row map[string]any) bool
}

func field(name, value string) func(map[string]any) bool {
	return func(row map[string]any) bool { return fmt.Sprint(row[name]) == value }
}

// holds tells whether some fields of a row hold a word, whatever the case.
func holds(word string, fields ...string) func(map[string]any) bool {
	return func(row map[string]any) bool {
		var text []string
		for _, name := range fields {
			text = append(text, fmt.Sprint(row[name]))
		}
		plain := strings.NewReplacer("é", "e", "É", "e", "ï", "i").Replace(strings.Join(text, " "))
		return strings.Contains(strings.ToLower(plain), word)
	}
}

var lists = []narrowed{
	{"/v1/mandates", "", nil},
	{"/v1/mandates", "status=ACTIVE", field("status", "ACTIVE")},
	{"/v1/mandates", "q=m-000", holds("m-000", "mandate", "person")},
	{"/v1/mandates", "q=Eva", holds("eva", "mandate", "person")},
	{"/v1/beneficiaries", "", nil},
	{"/v1/beneficiaries", "q=eva", holds("eva", "beneficiary", "last_name", "first_name")},
	{"/v1/creditors", "", nil},
	{"/v1/creditors", "q=regie", holds("regie", "creditor", "name")},
	{"/v1/creditors", "kind=LANDLORD", field("kind", "LANDLORD")},
	{"/v1/creditors", "state=payable", field("state", "payable")},
	{"/v1/creditors", "state=to_confirm", field("state", "to_confirm")},
	{"/v1/creditors", "state=to_sign", field("state", "to_sign")},
	{"/v1/creditors", "state=held", field("state", "held")},
	{"/v1/creditors", "state=refused", field("state", "refused")},
	{"/v1/bank_accounts", "", nil},
	{"/v1/bank_accounts", "late=true", field("late", "true")},
	{"/v1/bank_accounts", "late=false", field("late", "false")},
	{"/v1/bank_accounts", "q=bk-0", holds("bk-0", "bank_account", "holder", "iban")},
	{"/v1/bank_accounts", "q=fr76", holds("fr76", "bank_account", "holder", "iban")},
	{"/v1/suspense", "", nil},
	{"/v1/suspense", "late=true", field("late", "true")},
	{"/v1/suspense", "late=false", field("late", "false")},
	{"/v1/suspense", "bank_account=BK-POOL", field("bank_account", "BK-POOL")},
	{"/v1/iban_changes", "", nil},
	{"/v1/iban_changes", "state=to_confirm", field("state", "to_confirm")},
	{"/v1/iban_changes", "state=payable", field("state", "payable")},
}

func TestThePagesOfAListAreTheWholeOfIt(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	d.creditorsOfAll()
	kept := map[string]int{}
	for _, user := range readers {
		for _, l := range lists {
			target := l.list
			whole := d.rows(user, l.list, 500)
			if l.keeps != nil {
				target += "?" + l.by
				whole = slices.DeleteFunc(whole, func(row map[string]any) bool { return !l.keeps(row) })
			}
			kept[target] += len(whole)
			for _, limit := range []int{1, 5, 500} {
				got := d.rows(user, target, limit)
				if i := firstOther(got, whole); i >= 0 {
					t.Errorf("%s of %s by %d: %d rows, want %d; the first other one is %d", target, user, limit, len(got), len(whole), i)
				}
			}
			d.counts(user, target, len(whole))
		}
	}
	for target, n := range kept {
		if n == 0 && !strings.Contains(target, "refused") && !strings.Contains(target, "late=") {
			t.Errorf("%s keeps nothing of anybody: the comparison says nothing", target)
		}
	}
}

// firstOther is the first place in which two lists differ; -1 when they do not.
func firstOther(a, b []map[string]any) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || fmt.Sprint(a[i]) != fmt.Sprint(b[i]) {
			return i
		}
	}
	return -1
}

// counts fails when a list does not say how many rows it has; a list of no count is not asked.
func (d *desk) counts(user, target string, want int) {
	d.t.Helper()
	if strings.HasPrefix(target, "/v1/iban_changes") {
		return
	}
	join := "?"
	if strings.Contains(target, "?") {
		join = "&"
	}
	for _, how := range []string{"exact", "bounded"} {
		got := d.ask(user, http.MethodGet, target+join+"limit=1&count="+how, "").wants(200)
		if n := fmt.Sprint(got.get("count")); n != fmt.Sprint(want) && (want != 0 || n != "<nil>") {
			d.t.Errorf("%s of %s counts %s %s, want %d", target, user, how, n, want)
		}
	}
}

func TestThePagesOfAnAccountAddUpToItsPeriod(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	lines := 0
	for _, user := range []string{"v.olivier", "k.perrin", "e.quentin", "e.texel"} {
		for _, a := range d.rows(user, "/v1/accounts", 500) {
			target := "/v1/accounts/" + url.PathEscape(fmt.Sprint(a["account"])) + "/lines"
			whole := d.ask(user, http.MethodGet, target+"?limit=500", "").wants(200)
			lines += whole.length("data")
			if got, want := d.rows(user, target, 1), d.rows(user, target, 500); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s of %s:\n got %v\nwant %v", target, user, got, want)
			}
			opening, in, out := cents(whole.text("opening")), cents(whole.text("in")), cents(whole.text("out"))
			for i := range whole.length("data") {
				in, out = in-cents(whole.text("data", i, "in")), out-cents(whole.text("data", i, "out"))
				opening += cents(whole.text("data", i, "in")) - cents(whole.text("data", i, "out"))
			}
			if in != 0 || out != 0 || opening != cents(whole.text("closing")) {
				t.Errorf("%s of %s: its lines do not add up: %s", target, user, whole.Body)
			}
		}
	}
	if lines == 0 {
		t.Error("no account has a line")
	}
}

func cents(amount string) (n int) {
	_, err := fmt.Sscan(strings.Replace(amount, ".", "", 1), &n)
	if err != nil {
		panic(amount)
	}
	return n
}

func TestASearchFindsWhatTheListsHold(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	d.creditorsOfAll()
	for _, user := range []string{"c.martin", "c.nadir", "v.olivier", "e.quentin", "robot"} {
		for _, q := range []string{"eva", "Éva", "ou", "m-0001", "régie 1", "C-MANY-3", "zz"} {
			found := d.ask(user, http.MethodGet, "/v1/search?q="+url.QueryEscape(q), "").wants(200)
			plain := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(q, "É", "e"), "é", "e"))
			persons, payees := holds(plain, "person"), holds(plain, "creditor", "name")
			want := map[string]int{}
			for _, m := range d.rows(user, "/v1/mandates", 500) {
				if persons(m) || strings.EqualFold(q, fmt.Sprint(m["mandate"])) {
					want["persons"]++
				}
			}
			for _, c := range d.rows(user, "/v1/creditors", 500) {
				if payees(c) {
					want["creditors"]++
				}
			}
			for _, kind := range []string{"persons", "creditors"} {
				if kind == "creditors" && strings.HasPrefix(user, "c.") {
					continue // the list of payees is everybody's; a search stays with the persons whom she follows
				}
				if got := found.length(kind); got != min(want[kind], 20) {
					t.Errorf("%s looks for %q and finds %d %s, want %d\n%s", user, q, got, kind, want[kind], found.Body)
				}
			}
		}
	}
}
