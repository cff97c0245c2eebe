package auth_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/migrations"
	"masp/migrations/dbtest"
)

// fast is the migration that answers in another way who sees whom.
const fast = 44

var (
	function   = regexp.MustCompile(`(?ms)^CREATE (?:OR REPLACE )?FUNCTION masp\.(\w+)\(.*?^AS \$\$.*?\$\$;`)
	createOnly = regexp.MustCompile(`^CREATE FUNCTION`)
)

// replaced are the functions of the migration, and the text that each had before.
func replaced(t *testing.T) map[string]string {
	t.Helper()
	files, err := migrations.Files()
	if err != nil {
		t.Fatal(err)
	}
	before, now := map[string]string{}, []string{}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("..", "..", "migrations", f.Name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range function.FindAllStringSubmatch(string(text), -1) {
			switch {
			case f.Version < fast:
				before[found[1]] = createOnly.ReplaceAllString(found[0], "CREATE OR REPLACE FUNCTION")
			case f.Version == fast:
				now = append(now, found[1])
			}
		}
	}
	maps.DeleteFunc(before, func(name, _ string) bool { return !slices.Contains(now, name) })
	return before
}

// TestWhoSeesWhomIsWhatItWas reads every row that somebody of each kind sees, by the functions as they are
// and as they were before they were made fast.
func TestWhoSeesWhomIsWhatItWas(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 3)
	h := openReach(t)
	var none civil.Date
	_, err := h.Assign(t.Context(), h.root, "carine", []string{"M-1", "M-2"}, none, none)
	h.must(err)
	h.exec(`INSERT INTO masp.devices (device_id, card_id, beneficiary_id, secret_hash, opened_at) OVERRIDING SYSTEM VALUE
		VALUES (1, 1, 'M-1/beneficiary_id', sha256('device of 1'), masp.now());
		UPDATE masp.mandates SET died_on = NULL;
		INSERT INTO masp.device_uses (device_id, seen_at) VALUES (1, masp.now())`)
	people := map[string]auth.Principal{
		"person":      auth.Proved("device of 1"),
		"coordinator": h.carine, "accountant": h.paul, "admin": h.root,
		"a stranger": auth.Proved("masp_false"), "nobody": auth.Proved(""),
	}
	views := func() map[string][]string {
		all := map[string][]string{}
		look := func(who string, p auth.Principal) {
			seen(t, h.db, p, func(q, row string) {
				if !strings.Contains(row, "audit.scope") { // the acts of this test
					all[who] = append(all[who], q+row)
				}
			})
			slices.Sort(all[who])
		}
		for who, p := range people {
			look(who, p)
		}
		for _, m := range []auth.Mission{
			{Departments: []string{"69"}}, {Departments: []string{"69"}, Until: noon.AddDays(-1)}, {Departments: []string{"34", "69"}},
		} {
			m.User, m.From = "ines", noon.AddDays(-999)
			h.must(h.Audits(t.Context(), h.root, m))
			look("auditor of "+strings.Join(m.Departments, " ")+" until "+m.Until.String(), h.ines)
		}
		return all
	}
	now := views()
	old := replaced(t)
	if len(old) < 15 {
		t.Fatalf("found %d functions of before: %v", len(old), slices.Sorted(maps.Keys(old)))
	}
	for _, text := range old {
		h.exec(text)
	}
	for who, before := range views() {
		if !slices.Equal(now[who], before) {
			t.Errorf("%s sees %d rows, and saw %d", who, len(now[who]), len(before))
		}
	}
	for _, who := range []string{"person", "coordinator", "accountant", "auditor of 69 until "} {
		if len(now[who]) < 50 {
			t.Errorf("%s sees %d rows: the test would not fail", who, len(now[who]))
		}
	}
}
