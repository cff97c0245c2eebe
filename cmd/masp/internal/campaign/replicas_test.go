package campaign

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/migrations/cluster"
)

// soon is how long services may take to do what waits for them.
const soon = 4 * time.Minute

// until waits for what other processes do.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(soon); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never was so: %s", what)
		}
	}
}

// eachMinute makes the day due at the start of a service.
const eachMinute = "* * * * *"

// TestCrashOfOneOfTwoServices lets two services work on one database and one folder: statements are
// dropped and sent to both at once, the day is due in both, and one is killed in between.
func TestCrashOfOneOfTwoServices(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	days := among(5, 15)
	p := b.chapter(t, "import: benefits").before.clone(t)
	defer p.remove(t)
	p.ask(t, cluster.Owner, `SELECT masp.set_clock('2026-11-25T20:00:00+01:00')`)
	one, two := p.serve(t, order{}, eachMinute), p.serve(t, order{}, eachMinute)
	files := b.statements(t, poolAccount, days)
	var sending sync.WaitGroup
	for i, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []*service{one, two} { // what is killed answers nothing
			sending.Go(func() {
				s.send(t, b, request{token: "$K", path: "/v1/bank_statements", body: file, kind: "application/xml", key: fmt.Sprint("both ", i)})
			})
		}
		drop(t, filepath.Join(p.dir, "inbox", filepath.Base(file)), content)
		if i == days/2 {
			one.kill()
		}
	}
	sending.Wait()
	one = p.serve(t, order{}, eachMinute)
	taken := func() bool {
		done, err := filepath.Glob(filepath.Join(p.dir, "inbox", "traites", "*.xml"))
		return err == nil && len(done) == days
	}
	until(t, "all files are put away", taken)
	until(t, "the day is done", func() bool {
		return p.count(t, `SELECT count(*) FROM masp.jobs WHERE job = 'day' AND done_up_to IS NOT NULL`) == 1
	})
	one.kill()
	two.kill()
	lines := p.count(t, `SELECT count(*) FROM masp.bank_lines`)
	twice := p.count(t, `SELECT count(*) FROM (SELECT source FROM masp.entries GROUP BY source HAVING count(*) > 1) d`)
	wrong := prove(t, p)
	points.add("two services on one database, one killed", lines == days && twice == 0 && wrong == "", lines, days)
	if lines != days || twice != 0 || wrong != "" {
		t.Errorf("%d lines are booked, want %d; %d entries twice\n%s", lines, days, twice, wrong)
	}
}

// drop puts a file into a folder as a bank does: under another name until it is whole.
func drop(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path+".part", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

func (p *place) count(t testing.TB, sql string) (n int) {
	t.Helper()
	p.ask(t, cluster.Superuser, sql, &n)
	return n
}

// TestCrashOfTheClock lets the clock of the books jump, there and back, under two services whose day
// is due: the remittances of a day leave once, whoever does the day and however often.
func TestCrashOfTheClock(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	c := b.chapter(t, "remittances due")
	p := c.before.clone(t)
	defer p.remove(t)
	jumps := []string{ // the remittances of the run leave on the 13th, the 20th and the 27th
		"2026-11-13T07:00:00+01:00", "2026-11-12T23:59:59+01:00", "2026-11-20T07:00:00+01:00",
		"2026-11-13T00:00:01+01:00", "2026-11-27T07:00:00+01:00", "2026-11-20T12:00:00+01:00",
	}
	for _, at := range jumps {
		p.ask(t, cluster.Owner, `SELECT masp.set_clock('`+at+`')`)
		p.ask(t, cluster.Owner, `UPDATE masp.jobs SET done_up_to = NULL WHERE job LIKE 'day%'`)
		one, two := p.serve(t, order{}, eachMinute), p.serve(t, order{}, eachMinute)
		until(t, "the day is done at "+at, func() bool {
			return p.count(t, `SELECT count(*) FROM masp.jobs WHERE job = 'day' AND done_up_to IS NOT NULL`) == 1
		})
		one.kill()
		two.kill()
	}
	files, err := filepath.Glob(filepath.Join(p.dir, "outbox", "*fichier*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	posted := p.count(t, `SELECT count(*) FROM masp.instructions WHERE posted_entry IS NOT NULL`)
	want := p.count(t, `SELECT count(*) FROM masp.instructions`)
	wrong := prove(t, p)
	for range jumps {
		points.add("clock of the books jumps under two services", posted == want && len(files) == 4 && wrong == "", posted, want)
	}
	if posted != want || len(files) != 4 || wrong != "" {
		t.Errorf("%d transfers of %d have left in %d files, want 4: %v\n%s", posted, want, len(files), files, wrong)
	}
	// A token of two years ago proves nobody, and proves its owner again when the clock is back.
	s := p.serve(t, order{}, never)
	defer s.kill()
	for _, at := range []struct {
		clock string
		want  int
	}{{"2036-11-27T07:00:00+01:00", http.StatusUnauthorized}, {"2026-11-27T07:00:00+01:00", http.StatusNotFound}} {
		p.ask(t, cluster.Owner, `SELECT masp.set_clock('`+at.clock+`')`)
		status, said := s.send(t, b, request{token: "$A", path: "/v1/payment_runs/C-2026-11-9/submissions", key: "clock " + at.clock})
		if status != at.want {
			t.Errorf("at %s: got %d %s, want %d", at.clock, status, said, at.want)
		}
	}
}

// TestCrashOfTheZone does works of the month in processes whose zone is odd: dates are those of the
// bank and of Paris, and the house is the same to the cent.
func TestCrashOfTheZone(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	lot := draw(t.Name())
	var all []*point
	for _, i := range lot.Perm(len(b.chapters))[:among(6, len(b.chapters))] {
		c := b.chapters[i]
		zone := []string{"Pacific/Kiritimati", "America/Adak", "Nowhere/Atall"}[lot.IntN(3)]
		x := &point{chapter: c, book: b, fault: "odd zone of the process", name: zone}
		x.strike = func(t testing.TB, p *place) bool {
			o := b.orderOf(c, p, nil)
			o.env = append(o.env, "TZ="+zone)
			if code, said := p.do(t, o); code != 0 {
				t.Errorf("%s in %s ends by %d\n%s", c.name, zone, code, strings.TrimSpace(said))
			}
			return true
		}
		all = append(all, x)
	}
	tryAll(t, all)
}
