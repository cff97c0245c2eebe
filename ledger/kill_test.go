package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"masp/ledger"
	"masp/migrations"
	"masp/migrations/dbtest"
)

// postForEver is the child of the test below: it posts from four callers at once and prints each
// source when it is acknowledged, until it is killed.
func postForEver(url string) {
	pool, err := migrations.Open(context.Background(), url, 8)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	l := ledger.New(pool)
	acknowledged := make(chan string)
	for caller := range 4 {
		go func() {
			for i := 0; ; i++ {
				source := fmt.Sprintf("kill-%d-%d-%d", os.Getpid(), caller, i)
				if _, err := l.Post(context.Background(), credit(source, fmt.Sprint("M", i%9), 1)); err != nil {
					source = "error " + err.Error()
				}
				acknowledged <- source
			}
		}()
	}
	for source := range acknowledged {
		fmt.Println(source)
	}
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	kills := dbtest.Form(2, 4, 100)
	acknowledged := map[string]bool{}
	for round := range kills {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), "MASP_LEDGER_CHILD="+b.db.AppURL)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		armed := false // the first acknowledgement starts the clock of the kill
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			source := lines.Text()
			if strings.HasPrefix(source, "error") {
				t.Fatal(source)
			}
			if !armed {
				armed = true
				time.AfterFunc(time.Duration(20+round*13%90)*time.Millisecond, func() { _ = child.Process.Kill() })
			}
			acknowledged[source] = true
		}
		_ = child.Wait() // killed
	}
	stored := b.storedSources()
	for source := range acknowledged {
		if !stored[source] {
			t.Errorf("%s was acknowledged and is not stored", source)
		}
	}
	if len(acknowledged) < kills {
		t.Errorf("only %d entries in %d rounds: the test shows nothing", len(acknowledged), kills)
	}
	t.Logf("%d kills, %d acknowledged, %d stored", kills, len(acknowledged), len(stored))
	b.mustVerify()
}

func (b *books) storedSources() map[string]bool {
	b.t.Helper()
	stored := map[string]bool{}
	rows, err := b.db.App.Query(b.t.Context(), `SELECT source FROM masp.entries`)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var source string
		if err := rows.Scan(&source); err != nil {
			b.t.Fatal(err)
		}
		stored[source] = true
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return stored
}
