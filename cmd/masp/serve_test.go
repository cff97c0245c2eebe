package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"masp/migrations/dbtest"
)

// server is a process of the real program that serves.
type server struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	log     *syncBuffer
	ended   chan error
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// program is this test binary under the name by which it is the program itself.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "masp")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// serve starts the program on an inbox, and waits until it is ready.
func serve(t *testing.T, db *dbtest.DB, dir string) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, address: l.Addr().String(), log: &syncBuffer{}, ended: make(chan error, 1)}
	_ = l.Close()
	s.cmd = exec.Command(program(t), "serve", "--listen", s.address, "--every", "1s", "--settle", "1s", "--rest", "2s")
	s.cmd.Env = append(os.Environ(), "MASP_DATABASE_URL="+db.AppURL, "MASP_INBOX="+dir,
		"MASP_OUTBOX="+filepath.Join(dir, "..", "outbox"))
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	s.until("ready", func() bool { status, _ := s.get("/readyz"); return status == http.StatusOK })
	return s
}

func (s *server) get(path string) (int, string) {
	answer, err := http.Get("http://" + s.address + path)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}

// until waits for what another process does.
func (s *server) until(what string, is func() bool) {
	s.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	s.t.Fatalf("it never was %s:\n%s", what, s.log)
}

// stop asks the process to end and answers how it did.
func (s *server) stop(signal os.Signal) error {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	select {
	case err := <-s.ended:
		return err
	case <-time.After(30 * time.Second):
		s.t.Fatalf("it does not end:\n%s", s.log)
		return nil
	}
}

// association is a database with the small association, and an inbox.
func association(t *testing.T) (*counter, string) {
	t.Helper()
	d := newCounter(t)
	d.run(exitOK, "load", "testdata/association.json")
	dir := filepath.Join(t.TempDir(), "inbox")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return d, dir
}

// drop puts a file into the inbox as a bank does: under another name until it is whole.
func drop(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+".part", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

func there(elements ...string) func() bool {
	return func() bool { _, err := os.Stat(filepath.Join(elements...)); return err == nil }
}

func (d *counter) count(sql string) (n int) {
	d.t.Helper()
	if err := d.db.Owner.QueryRow(d.t.Context(), sql).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestTheServiceImportsWhatIsDroppedAndStopsWhenAsked(t *testing.T) {
	t.Parallel()
	d, dir := association(t)
	s := serve(t, d.db, dir)
	drop(t, dir, "day1-FR7699999001000000000100189.xml", paperOf("R-1", "2026-11-05", "43.17", "48.17", "5.00"))
	drop(t, dir, "bad.xml", "<Document>")
	drop(t, dir, "later.xml", paperOf("R-3", "2026-11-07", "50.00", "50.00", ""))
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link.xml")); err != nil {
		t.Fatal(err)
	}
	s.until("imported", there(dir, "traites", "day1-FR7699999001000000000100189.xml.txt"))
	s.until("refused", there(dir, "refuses", "bad.xml.txt"))
	s.until("telling what it leaves", func() bool {
		_, m := s.get("/metrics")
		return strings.Contains(m, `masp_inbox_left{job="folder"} 1`) && strings.Contains(m, `masp_statement_age_days{account="BK-POOL"}`)
	})
	s.until("held", there(dir, "en_attente", "later.xml.txt"))
	if !there(dir, "link.xml")() {
		t.Error("the link was moved")
	}
	text, err := os.ReadFile(filepath.Join(dir, "en_attente", "later.xml.txt"))
	if err != nil || !strings.Contains(string(text), "À faire") || !strings.Contains(string(text), "R-3") {
		t.Errorf("the text says %q, %v", text, err)
	}
	s.until("counted", func() bool {
		_, m := s.get("/metrics")
		return strings.Contains(m, `masp_import_files_total{job="folder",outcome="taken"} 1`) &&
			strings.Contains(m, `masp_import_files_total{job="folder",outcome="refused"} 1`) &&
			strings.Contains(m, `masp_statement_age_days{account="BK-0001"}`) && strings.Contains(m, "masp_statements_held 1")
	})
	if status, _ := s.get("/healthz"); status != http.StatusOK {
		t.Errorf("healthz: %d", status)
	}
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
	for line := range strings.Lines(s.log.String()) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil || object["msg"] == nil {
			t.Errorf("logged %q, which is no JSON", line)
		}
		if strings.Contains(line, "FR76") || strings.Contains(line, "48.17") || strings.Contains(line, ".xml") || strings.Contains(line, "Roux") {
			t.Errorf("logged %q", line)
		}
	}
	d.run(exitFound, "import", "status") // statements of November are late by now
}

func TestTheServiceIsNotReadyWhileItsFolderIsAway(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 3)
	d, dir := association(t)
	s := serve(t, d.db, dir)
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	s.until("unready", func() bool {
		status, text := s.get("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "failing: not_there, cannot be read")
	})
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	s.until("ready again", func() bool { status, _ := s.get("/readyz"); return status == http.StatusOK })
	if err := os.WriteFile(filepath.Join(dir, "traites"), nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	drop(t, dir, "day1.xml", paperOf("R-1", "2026-11-05", "43.17", "48.17", "5.00"))
	s.until("unready, as it cannot put away", func() bool {
		status, text := s.get("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "files cannot be put away")
	})
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
}

func TestAKilledServiceLosesNothingAndDoesNothingTwice(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	d, dir := association(t)
	balance := 43
	var files []string
	for day := 5; day <= 24; day++ {
		name := fmt.Sprintf("r-%02d.xml", day)
		files = append(files, name)
		drop(t, dir, name, paperOf(fmt.Sprint("R-", day), fmt.Sprintf("2026-11-%02d", day), fmt.Sprintf("%d.17", balance),
			fmt.Sprintf("%d.17", balance+1), "1.00"))
		balance++
	}
	s := serve(t, d.db, dir)
	for range 3 { // killed while it works, again and again
		before := d.count(`SELECT count(*) FROM masp.bank_files`)
		s.until("at work", func() bool {
			n := d.count(`SELECT count(*) FROM masp.bank_files`)
			return n > before || n == len(files)
		})
		_ = s.cmd.Process.Kill()
		if err := <-s.ended; err == nil {
			t.Error("it ended by itself")
		}
		// The lease of the dead one ends by itself; nobody should wait for it here.
		if _, err := d.db.Owner.Exec(t.Context(), `UPDATE masp.jobs SET lease_until = clock_timestamp() - interval '1 s' WHERE holder IS NOT NULL`); err != nil {
			t.Fatal(err)
		}
		s = serve(t, d.db, dir)
	}
	for _, name := range files {
		s.until("done with "+name, there(dir, "traites", name+".txt"))
		if there(dir, name)() || !there(dir, "traites", name)() {
			t.Errorf("%s is not in its place", name)
		}
	}
	if n := d.count(`SELECT count(*) FROM masp.bank_lines`); n != len(files) {
		t.Errorf("%d lines are booked, want %d", n, len(files))
	}
	left, err := filepath.Glob(filepath.Join(dir, "traites", ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
	d.run(exitOK, "verify")
}

func TestTwoServicesImportEachFileOnce(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 3)
	d, dir := association(t)
	a, b := serve(t, d.db, dir), serve(t, d.db, dir)
	balance := 43
	for day := 5; day <= 14; day++ {
		drop(t, dir, fmt.Sprintf("r-%02d.xml", day), paperOf(fmt.Sprint("R-", day), fmt.Sprintf("2026-11-%02d", day),
			fmt.Sprintf("%d.17", balance), fmt.Sprintf("%d.17", balance+1), "1.00"))
		balance++
	}
	a.until("done", func() bool {
		done, _ := filepath.Glob(filepath.Join(dir, "traites", "*.xml.txt"))
		return len(done) == 10
	})
	done, err := filepath.Glob(filepath.Join(dir, "traites", "*"))
	if err != nil || len(done) != 20 {
		t.Errorf("the place holds %v, want each file and its text once", done)
	}
	if n := d.count(`SELECT count(*) FROM masp.bank_lines`); n != 10 {
		t.Errorf("%d lines are booked, want 10", n)
	}
	a.until("counted", func() bool {
		return d.count(`SELECT coalesce(sum(taken), 0) FROM masp.job_runs WHERE job = 'folder'`) == 10
	})
	// The day of the calendar was done by one of them.
	if n := d.count(`SELECT count(*) FROM masp.jobs WHERE job = 'day' AND done_up_to IS NOT NULL`); n != 1 {
		t.Errorf("the day was done %d times", n)
	}
	// One that is stopped in its tracks keeps the other from nothing.
	if err := a.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	drop(t, dir, "r-15.xml", paperOf("R-15", "2026-11-15", "53.17", "54.17", "1.00"))
	b.until("done alone", there(dir, "traites", "r-15.xml.txt"))
	_ = a.cmd.Process.Signal(syscall.SIGCONT)
	for _, s := range []*server{a, b} {
		if err := s.stop(syscall.SIGTERM); err != nil {
			t.Errorf("it ends by %v:\n%s", err, s.log)
		}
	}
}

func TestAMissedTickIsTheLastOne(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ spec, now, want string }{
		{"30 4 * * *", "2026-11-05T04:29:59Z", "2026-11-04T04:30:00Z"},
		{"30 4 * * *", "2026-11-05T04:30:00Z", "2026-11-05T04:30:00Z"},
		{"30 2 * * *", "2026-10-25T12:00:00Z", "2026-10-25T02:30:00Z"}, // the hour that Paris has twice
		{"30 2 * * *", "2026-03-29T12:00:00Z", "2026-03-29T02:30:00Z"}, // the one that it has not
		{"0 6 * * 1", "2026-11-08T12:00:00Z", "2026-11-02T06:00:00Z"},
		{"0 6 31 2 *", "2026-11-08T12:00:00Z", ""},
	} {
		schedule, err := cron.ParseStandard(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		got := lastTick(schedule, at(c.now))
		if want := c.want; (want == "") != got.IsZero() || want != "" && !got.Equal(at(want)) {
			t.Errorf("%s at %s: got %s, want %s", c.spec, c.now, got, want)
		}
	}
}
