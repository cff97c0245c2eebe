package v1_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/imports/inbox"
	"masp/ledger/money"
)

// N-3: the same bytes, and the same statement in other bytes, by the service and by the folder at once.
func TestAStatementThatManySendByEveryWayIsImportedOnce(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	for n := 0; goesOn(t, n, 1, 100); n++ {
		t.Run(fmt.Sprint("round ", n), importOnce) // its connections end with it
	}
}

func importOnce(t *testing.T) {
	d := newDesk(t)
	opening := d.holds("BK-0001")
	closing := money.MustParse(opening).Add(money.MustParse("36.00")).String()
	twin := said{"12.00", "Inconnu", "VERSEMENT"}
	content := paper("REL-1", ibanRoux, opening, closing, "2026-11-04", twin, twin, twin)
	indented := func(n int) string { return strings.ReplaceAll(content, "><", ">\n"+strings.Repeat(" ", n)+"<") }

	dir := t.TempDir()
	for name, text := range map[string]string{"a.xml": content, "b.xml": indented(99)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var folder sync.WaitGroup
	folder.Go(func() {
		box := inbox.Box{Source: &inbox.Folder{Dir: dir}, Import: d.house.Imports, Clock: time.Now}
		if _, err := box.Look(t.Context()); err != nil {
			t.Error(err)
		}
	})
	counts := together(t, func(i int) reply {
		text := content
		if i%2 == 1 {
			text = indented(i)
		}
		return d.upload("robot", "/v1/bank_statements", text)
	})
	folder.Wait()
	if counts[201] > 1 || counts[200]+counts[201] != clients {
		t.Errorf("answers: %v", counts)
	}
	lines := d.get("k.perrin", "/v1/bank_lines?count=exact").wants(200)
	statements := d.get("k.perrin", "/v1/bank_statements?count=exact").wants(200)
	if lines.length("data") != 3 || statements.length("data") != 1 || d.holds("BK-0001") != closing {
		t.Errorf("%d lines, %d statements, the books hold %s, not %s", lines.length("data"), statements.length("data"), d.holds("BK-0001"), closing)
	}
}

// N-3: of many who say what a line is, one does.
func TestALineIsIdentifiedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-04", said{"12.00", "Inconnu", "VERSEMENT"})
	at := "/v1/suspense/" + d.lineOf("BK-0001") + "/assignments"
	counts := together(t, func(i int) reply {
		return d.post([]string{"k.perrin", "k.sauvage", "c.martin"}[i%3], at, `{"mandate": "M-0001", "benefit": "RSA", "reason": "vu avec la CAF"}`, "")
	})
	if counts[201] != 1 || counts[409] != clients-1 {
		t.Errorf("answers: %v", counts)
	}
}
