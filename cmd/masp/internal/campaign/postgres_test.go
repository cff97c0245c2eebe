package campaign

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"masp/migrations/cluster"
)

// breakable is a PostgreSQL of its own, that a test may kill.
type breakable struct {
	server
	cluster *cluster.Cluster
	dir     string
}

// crossed is a folder that the user of root's server may cross.
func crossed(t testing.TB) string {
	t.Helper()
	base := "/dev/shm" // the kernel keeps it over any kill, and the disk is left in peace
	if _, err := os.Stat(base); err != nil {
		base = os.TempDir()
	}
	dir, err := os.MkdirTemp(base, "masp-campaign-pg-")
	if err == nil {
		err = os.Chmod(dir, 0o755) // root's server runs as another user
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// own starts one in a folder.
func own(t testing.TB, dir string) *breakable {
	t.Helper()
	s := &breakable{dir: filepath.Join(dir, "pg")}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var err error
	s.cluster, err = cluster.Open(ctx, s.dir, cluster.Options{Temporary: true, Settings: map[string]string{"shared_buffers": "32MB"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.admin.Close()
		if err := s.cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	s.open(t, s.cluster.SuperURL(cluster.Superuser))
	return s
}

// postmaster is the first process of the server, and its children.
func (s *breakable) postmaster(t testing.TB) (first int, children []int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if first, err = strconv.Atoi(line); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", first, first))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(string(list)) {
		if n, err := strconv.Atoi(word); err == nil {
			children = append(children, n)
		}
	}
	return first, children
}

// death ends the server: kill -9 of all its processes, or the immediate stop.
func (s *breakable) death(t testing.TB, immediate bool) {
	t.Helper()
	first, children := s.postmaster(t)
	signal := syscall.SIGKILL
	if immediate {
		signal, children = syscall.SIGQUIT, nil
	}
	for _, process := range append([]int{first}, children...) {
		_ = syscall.Kill(process, signal) // a child may have ended by itself
	}
	for end := time.Now().Add(30 * time.Second); syscall.Kill(first, 0) == nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the server does not die")
		}
	}
}

// again starts the server and waits until it answers.
func (s *breakable) again(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
		conn, err := s.cluster.Dial(ctx, "unix", filepath.Join(s.host, ".s.PGSQL.5432"))
		if err == nil {
			_ = conn.Close()
			err = s.admin.Ping(ctx)
		}
		stop()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the server does not start: %v", err)
		}
	}
}

// statementOf is the n-th statement of an account, with one receipt of one euro.
func statementOf(iban string, n, before int) string {
	day := fmt.Sprintf("2026-11-%02d", n)
	balance := func(kind string, euros int) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%d.%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`,
			kind, euros, cents[iban], day)
	}
	return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>` + iban + day + `</MsgId><CreDtTm>` + day + `T20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>` + iban[20:] + day + `</Id><CreDtTm>` + day + `T20:00:00</CreDtTm><Acct><Id><IBAN>` + iban + `</IBAN></Id><Ccy>EUR</Ccy></Acct>` +
		balance("OPBD", before) + balance("CLBD", before+1) +
		`<Ntry><NtryRef>1</NtryRef><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>` + day + `</Dt></BookgDt><ValDt><Dt>` + day +
		`</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><RmtInf><Ustrd>DON ` + day + `</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`
}

// The two accounts of the association, and what they hold at the opening.
const (
	ownAccount  = "FR7699999001000000000100189"
	poolAccount = "FR7699999001010000000200181"
)

var (
	cents = map[string]string{ownAccount: "17", poolAccount: "90"}
	euros = map[string]int{ownAccount: 43, poolAccount: 118}
)

// statements puts some statements of an account into the folder of the files.
func (b *book) statements(t testing.TB, iban string, days int) (paths []string) {
	t.Helper()
	for i := range days {
		path := filepath.Join(b.facts["FILES"], fmt.Sprintf("%s-%02d.xml", iban, 5+i))
		if err := os.WriteFile(path, []byte(statementOf(iban, 5+i, euros[iban]+i)), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// TestCrashOfPostgreSQLUnderLoad kills PostgreSQL while two accounts are imported, books are exported
// and proved; whoever was told of an error does it again.
func TestCrashOfPostgreSQLUnderLoad(t *testing.T) {
	t.Parallel()
	days := among(6, 20)
	deaths := among(2, 40)
	theMonth(t) // makes the program
	s := own(t, crossed(t))
	var b book
	b.end = s.empty(t)
	b.unpack(t)
	for _, w := range month[:2] { // the schema, the organisation
		b.chapters = append(b.chapters, b.write(t, w))
	}
	for deaths > 0 && !late(t) {
		p := b.end.clone(t)
		p.ask(t, cluster.Owner, `SELECT masp.set_clock('2026-11-25T20:00:00+01:00')`)
		killed := b.load(t, s, p, days, deaths)
		deaths -= killed
		lines := 0
		p.ask(t, cluster.Superuser, `SELECT count(*) FROM masp.bank_lines`, &lines)
		wrong := prove(t, p)
		for range killed {
			points.add("PostgreSQL killed, or stopped at once, under load", lines == 2*days && wrong == "", lines, 2*days)
		}
		if lines != 2*days || wrong != "" {
			t.Errorf("after %d deaths %d lines are booked, want %d\n%s", killed, lines, 2*days, wrong)
		}
		p.remove(t)
	}
}

// load does several works at once until all are done, and kills the server meanwhile; it answers how
// often.
func (b *book) load(t *testing.T, s *breakable, p *place, days, most int) (deaths int) {
	t.Helper()
	var importing, reading sync.WaitGroup
	var over atomic.Bool
	for _, iban := range []string{ownAccount, poolAccount} {
		files := b.statements(t, iban, days)
		importing.Go(func() {
			for _, file := range files {
				for range 100 {
					if code, _ := p.do(t, order{args: []string{"import", file}}); code == 0 {
						break
					}
					time.Sleep(50 * time.Millisecond)
				}
			}
		})
	}
	for i, args := range [][]string{{"verify"}, {"export", "ledger", "--format", "csv", "-o", "exports/load.csv", "--yes"}} {
		reading.Go(func() {
			for !over.Load() {
				if code, said := p.do(t, order{args: args}); code != 0 && code != 1 {
					t.Errorf("reader %d ends by %d\n%s", i, code, said)
				}
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	done := make(chan struct{})
	go func() { importing.Wait(); close(done) }()
	for {
		select {
		case <-done:
			over.Store(true)
			reading.Wait()
			return deaths
		case <-time.After(700 * time.Millisecond):
		}
		if deaths < most {
			s.death(t, deaths%2 == 1)
			deaths++
			s.again(t)
		}
	}
}
