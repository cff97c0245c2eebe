package scenario_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/cmd/masp/internal/scenario"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/mandates"
)

var update = flag.Bool("update", false, "write the results of our own stories anew")

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestEveryWorkedMonthComesOutExactly plays one worked month in four by lot, all of them in CI.
func TestEveryWorkedMonthComesOutExactly(t *testing.T) {
	t.Parallel()
	folder := shared(t, "expected")
	for name, raw := range stories(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Seldom(t, 4)
			expected, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, played(t, raw), expected)
		})
	}
}

// TestOurOwnStoriesComeOutAsBefore holds the services against reviewed results, and those
// against the oracle: they stand when the worked months are not here.
func TestOurOwnStoriesComeOutAsBefore(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.story.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want stories", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := played(t, raw)
			golden := file[:len(file)-len(".story.json")] + ".result.json"
			if *update {
				writeIndented(t, golden, got)
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, want)
			compare(t, want, oracle(raw))
		})
	}
}

func TestTwoPersonsWhoShareAnAccountAreEachPaid(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 3)
	raw, err := os.ReadFile(filepath.Join("testdata", "odd.story.json"))
	if err != nil {
		t.Fatal(err)
	}
	shared := bytes.ReplaceAll(raw, []byte(`"payee": "elle"`), []byte(`"payee": "moi"`))
	if bytes.Equal(raw, shared) {
		t.Fatal("nothing is shared")
	}
	compare(t, played(t, shared), oracle(shared))
}

// A coordinator who lowered a line does so again; one whose change would move more stays a note.
func TestALineThatWasLoweredBeforeTheApprovalIsLoweredAgain(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	raw, err := os.ReadFile(filepath.Join("testdata", "life.story.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		class string
		made  int
	}{{"HOUSING_OTHER", 1}, {"RENT", 0}} {
		lowered := edited(t, raw, "juin", `{
			"lines": [{"id": "gaz", "mandate": "Voisin", "class": "`+c.class+`", "payee": "élec", "due_cents": 100, "label": "Gaz"}],
			"adjustment": {"line": "gaz", "from_cents": 5000, "to_cents": 100, "by": "elle", "reason": "accord du fournisseur"}}`)
		db := dbtest.New(t, dbtest.Conns(4))
		compare(t, playedIn(t, db, lowered), oracle(lowered))
		var made int
		err = db.App.QueryRow(t.Context(), `SELECT count(*) FROM masp.run_adjustments
			WHERE kind = 'SET_AMOUNT' AND to_cents = 100 AND reason = 'accord du fournisseur'`).Scan(&made)
		if err != nil || made != c.made {
			t.Errorf("%s: %d adjustments, %v, want %d", c.class, made, err, c.made)
		}
	}
}

// The remittances of a day leave in the order of the run, though the first mandate was adjusted.
func TestAnAdjustedMandateKeepsItsPlaceInTheRun(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 3)
	raw, err := os.ReadFile(filepath.Join("testdata", "life.story.json"))
	if err != nil {
		t.Fatal(err)
	}
	story := edited(t, raw, "mai", `{
		"remittance": {"Lui": {"payee": "à lui", "dates": ["2026-05-08"]}, "Elle": {"payee": "à elle", "dates": ["2026-05-08"]}},
		"adjustment": {"line": "contestée", "from_cents": 900, "to_cents": 500}}`)
	compare(t, played(t, story), oracle(story))
}

// edited gives fields of an event of a story other values.
func edited(t testing.TB, raw []byte, id, fields string) []byte {
	t.Helper()
	var story map[string]any
	var with map[string]any
	if err := errors.Join(json.Unmarshal(raw, &story), json.Unmarshal([]byte(fields), &with)); err != nil {
		t.Fatal(err)
	}
	for _, e := range story["events"].([]any) {
		if e := e.(map[string]any); e["id"] == id {
			maps.Copy(e, with)
		}
	}
	out, err := json.Marshal(story)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// played reads and plays a story on a database of its own, and answers the JSON of its result.
func played(t testing.TB, raw []byte) []byte {
	t.Helper()
	return playedIn(t, dbtest.New(t, dbtest.Conns(4)), raw)
}

// playedIn plays a story. The books that it leaves are proved like any other.
func playedIn(t testing.TB, db *dbtest.DB, raw []byte) []byte {
	t.Helper()
	story, err := scenario.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(french(err))
	}
	result, err := scenario.Play(t.Context(), scenario.Env{App: db.App, Owner: db.Owner}, story)
	if err != nil {
		t.Fatal(french(err))
	}
	report, err := ledger.Verify(t.Context(), db.App, ledger.VerifyOptions{
		Checks: slices.Concat(mandates.Checks(), payments.Checks(), imports.Checks()),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Errorf("after the story: %s at %s: %s", f.Code, f.Place, f.Text)
	}
	agreed(t, db)
	out, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// agreed holds the bank against the books of a story on each of its days, and proves what that stores.
func agreed(t testing.TB, db *dbtest.DB) {
	t.Helper()
	s := &reconcile.Service{DB: db.App, Ledger: ledger.New(db.App)}
	today, err := ledger.Today(t.Context(), db.App)
	if err != nil {
		t.Fatal(err)
	}
	result, err := s.Run(t.Context(), "test", today)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range result.Differences {
		t.Errorf("after the story: %s differs by %s from %s on", d.Account, d.Gap, d.Day)
	}
	if status, err := s.Status(t.Context()); err != nil || !status.OK {
		t.Errorf("after the story: %s of difference, %v", status.Difference, err)
	}
	report, err := ledger.Verify(t.Context(), db.App, ledger.VerifyOptions{Checks: reconcile.Checks()})
	if err != nil || !report.OK() {
		t.Errorf("after the story was reconciled: %v, %v", report.Findings, err)
	}
}

func writeIndented(t testing.TB, path string, raw []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", " "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// compare tells every difference of two results by its path; notes do not matter.
func compare(t testing.TB, got, want []byte) {
	t.Helper()
	var g, w any
	for raw, into := range map[*[]byte]*any{&got: &g, &want: &w} {
		if err := json.Unmarshal(*raw, into); err != nil {
			t.Fatal(err)
		}
	}
	found := differences("", g, w)
	for i, d := range found {
		if i == 25 {
			t.Errorf("… and %d more", len(found)-i)
			break
		}
		t.Error(d)
	}
}

func differences(path string, got, want any) []string {
	var found []string
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		keys := slices.Collect(func(yield func(string) bool) {
			for k := range w {
				if !yield(k) {
					return
				}
			}
			for k := range g {
				if _, both := w[k]; !both && !yield(k) {
					return
				}
			}
		})
		slices.Sort(keys)
		for _, k := range keys {
			if k == "note" {
				continue
			}
			gv, gok := g[k]
			wv, wok := w[k]
			if gok != wok {
				found = append(found, fmt.Sprintf("%s/%s: got %s, want %s", path, k, say(gv, gok), say(wv, wok)))
				continue
			}
			found = append(found, differences(path+"/"+k, gv, wv)...)
		}
		return found
	case []any:
		g, ok := got.([]any)
		if !ok {
			break
		}
		for i := range max(len(g), len(w)) {
			at := fmt.Sprintf("%s/%d", path, i)
			switch {
			case i >= len(g):
				found = append(found, fmt.Sprintf("%s: got nothing, want %s", at, say(w[i], true)))
			case i >= len(w):
				found = append(found, fmt.Sprintf("%s: got %s, want nothing", at, say(g[i], true)))
			default:
				found = append(found, differences(at, g[i], w[i])...)
			}
		}
		return found
	default:
		if got == want {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: got %s, want %s", path, say(got, true), say(want, true))}
}

func say(v any, there bool) string {
	if !there {
		return "nothing"
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(raw[:min(len(raw), 300)]))
}
