package scenario_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/cmd/masp/internal/scenario"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestEveryWorkedMonthComesOutExactly(t *testing.T) {
	t.Parallel()
	folder := shared(t, "expected")
	for name, raw := range stories(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expected, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, played(t, raw), expected)
		})
	}
}

// played reads and plays a story on a database of its own, and answers the JSON of its result.
func played(t testing.TB, raw []byte) []byte {
	t.Helper()
	story, err := scenario.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(french(err))
	}
	db := dbtest.New(t, dbtest.Conns(4))
	result, err := scenario.Play(t.Context(), scenario.Env{App: db.App, Owner: db.Owner}, story)
	if err != nil {
		t.Fatal(french(err))
	}
	out, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return out
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
