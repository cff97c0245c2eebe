package evidence_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/payments/evidence"
)

func TestTheSameBooksGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.write(evidence.Ask{Sample: 5, Seed: "graine"})
	h.at("2026-12-24", 20)
	if second := h.write(evidence.Ask{Sample: 5, Seed: "graine"}); !bytes.Equal(first, second) {
		t.Error("two bundles of the same books differ")
	}
	if other := h.write(evidence.Ask{Sample: 5, Seed: "autre"}); bytes.Equal(first, other) {
		t.Error("another seed gives the same bundle")
	}
}

func TestABundleHasWhatAnAuditorTakesAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	names, content := pieces(t, h.write(evidence.Ask{Sample: 3, Seed: "1"}))
	for _, want := range []struct {
		piece, holds string
		rows         int // at least
	}{
		{"LISEZMOI.txt", "sha256sum -c SHA256SUMS", 0},
		{"manifest.json", `"masp_bundle": 1`, 0},
		{"balance.csv", "467:M-0001", 5},
		{"echantillon.csv", "Rang du tirage", 3},
		{"livre/ecritures.csv", "ROUX", 10},
		{"chaine/lectures.jsonl", `"mandate":"M-0001","what":"get_mandate"`, 3},
		{"chaine/actes.jsonl", `"action":"seal.make"`, 10},
		{"banque/fichiers.csv", "own.xml", 3},
		{"banque/originaux/000001-", "camt.053", 0},
		{"banque/lignes.csv", "REMBOURSEMENT MERCI", 5},
		{"banque/virements-reconnus.csv", "SETTLED", 1},
		{"campagnes/actes.csv", "approve;v.olivier", 5},
		{"campagnes/exceptions.csv", "M-0001", 1},
		{"campagnes/decisions.csv", "vu avec la personne", 1},
		{"destinataires/iban.csv", "rappel au numéro du dossier", 1},
		{"rapprochements/jours.csv", "BALANCED", 1},
		{"virements/originaux/virements-", "CstmrCdtTrfInitn", 0},
		{"virements/ordres.csv", "settled", 2},
	} {
		at := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, want.piece) })
		if at < 0 {
			t.Errorf("%s is missing", want.piece)
			continue
		}
		text := string(content[names[at]])
		if !strings.Contains(text, want.holds) || strings.Count(text, "\n") < want.rows {
			t.Errorf("%s lacks %q, or has fewer than %d rows:\n%.600s", names[at], want.holds, want.rows, text)
		}
	}
}

func TestOriginalsAreTheBytesThatTheBankSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, content := pieces(t, h.write(evidence.Ask{}))
	want := statement(t, "2026-11-05", "R-1", own, "43.17", "573.49", "1234567KROUX         102026ME")
	if got := string(content["banque/originaux/000001-own.xml"]); got != want {
		t.Errorf("got %q, want what was brought", got)
	}
}

// unpacked is a bundle in a folder, for the tools of others.
func unpacked(t *testing.T, bundle []byte) string {
	t.Helper()
	dir := t.TempDir()
	names, content := pieces(t, bundle)
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content[name], 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func tool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(name + " is not installed: masp doctor --install --optional")
	}
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestSha256sumAcceptsEveryPiece(t *testing.T) {
	t.Parallel()
	bundle := newHouse(t).write(evidence.Ask{})
	names, _ := pieces(t, bundle)
	out := tool(t, unpacked(t, bundle), "sha256sum", "-c", "--strict", "SHA256SUMS")
	if got, want := strings.Count(out, ": OK\n"), len(names)-1; got != want {
		t.Errorf("%d pieces are OK, want %d:\n%s", got, want, out)
	}
}

func TestAnAuditorFindsTheTotalsWithAwk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bundle := h.write(evidence.Ask{})
	names, content := pieces(t, bundle)
	at := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, "livre/") && strings.Contains(n, "FEC") })
	// The very command of LISEZMOI.txt.
	readMe := string(content["LISEZMOI.txt"])
	from := strings.Index(readMe, "awk -F")
	command := readMe[from : strings.Index(readMe[from:], ".txt")+from+len(".txt")]
	out := tool(t, unpacked(t, bundle), "sh", "-c", command)
	var total string
	h.must(h.db.Super.QueryRow(t.Context(), `SELECT trim(to_char(sum(amount_cents) / 100.0, '999999990.00')) FROM masp.postings`).Scan(&total))
	if want := "débit " + total + "  crédit " + total + "\n"; out != want {
		t.Errorf("of %s: got %q, want %q", names[at], out, want)
	}
}

func TestHledgerHasTheBalanceOfTheBundle(t *testing.T) {
	t.Parallel()
	bundle := newHouse(t).write(evidence.Ask{})
	dir := unpacked(t, bundle)
	tool(t, dir, "hledger", "-f", "livre/ecritures.journal", "check", "--strict")
	_, content := pieces(t, bundle)
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content["balance.csv"], []byte("\ufeff"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		out := tool(t, dir, "hledger", "-f", "livre/ecritures.journal", "balance", "-N", "-E", "^"+row[0]+"$", "--layout", "bare")
		got, want := append(strings.Fields(out), ""), strings.Replace(row[7], ",", ".", 1)
		if got[0] == "0" {
			got[0] = "0.00"
		}
		if got[0] != want {
			t.Errorf("%s: hledger has %q, balance.csv %s", row[0], out, want)
		}
	}
}

func TestABundleOfOnePersonTellsOfNobodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bundle := h.write(evidence.Ask{Mandate: "M-0001", Sample: 5, Seed: "1"})
	if got := findings(t, bundle); len(got) > 0 {
		t.Errorf("it is not sound: %+v", got)
	}
	names, content := pieces(t, bundle)
	mine := false
	for _, name := range names {
		text := string(content[name])
		for _, foreign := range []string{"HADDAD", "Haddad", "GARNIER", "Garnier", "M-0002", "M-0003", pooled, "2345678L", "R34000123B"} {
			if strings.Contains(text, foreign) {
				t.Errorf("%s tells of %s", name, foreign)
			}
		}
		mine = mine || strings.HasPrefix(name, "banque/originaux/") && strings.Contains(text, own)
	}
	if !mine {
		t.Error("the statements of the person's own account are not there")
	}
}

func TestEachScopeAndPeriodIsSound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	day := civil.MustParse
	for _, a := range []evidence.Ask{
		{},
		{Department: "34", Sample: 2},
		{Department: "26"},
		{Mandate: "M-0003"},
		{From: day("2026-11-06")},
		{To: day("2026-11-06")},
		{From: day("2026-11-06"), To: day("2026-11-09"), Sample: 4},
		{From: day("2026-11-09"), Department: "26"},
		{From: day("2027-01-01")},
		{To: day("2020-01-01")},
	} {
		if got := findings(t, h.write(a), held(h.seals)...); len(got) > 0 {
			t.Errorf("%+v: %+v", a, got)
		}
	}
}

func TestWhatCannotBeBundledIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		ask  evidence.Ask
		want error
	}{
		{evidence.Ask{From: civil.MustParse("2026-11-02"), To: civil.MustParse("2026-11-01")}, evidence.ErrPeriod},
		{evidence.Ask{Mandate: "M-0001", Department: "34"}, evidence.ErrScope},
		{evidence.Ask{Mandate: "M-9999"}, evidence.ErrNobody},
		{evidence.Ask{Department: "99"}, evidence.ErrNobody},
		{evidence.Ask{Department: "75"}, evidence.ErrNobody},
		{evidence.Ask{Sample: 10_001}, evidence.ErrSample},
	} {
		if _, err := h.Write(t.Context(), c.ask, &bytes.Buffer{}, nil); !errors.Is(err, c.want) {
			t.Errorf("%+v: got %v, want %v", c.ask, err, c.want)
		}
	}
}

// The recipe of LISEZMOI.txt in another language, which comes with the bundle, shares nothing with us.
func TestTheRecipeInTheBundleMakesEveryHashAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bundle := h.write(evidence.Ask{})
	out := tool(t, unpacked(t, bundle), "python3", "-I", "recette.py")
	if !strings.HasPrefix(out, "VRAI") || !strings.Contains(out, h.seals[1].Books.Head.String()) {
		t.Errorf("got %s", out)
	}
	names, content := pieces(t, bundle)
	for name, change := range map[string][2]string{
		"chaine/ecritures.jsonl": {`"cents":57349`, `"cents":57348`}, "chaine/actes.jsonl": {`"actor":"v.olivier"`, `"actor":"c.martin"`},
		"chaine/lectures.jsonl": {`"user":"c.nadir"`, `"user":"c.martin"`}, "chaine/lots.jsonl": {`"root":"`, `"root":"0`},
	} {
		forged := maps.Clone(content)
		forged[name] = bytes.Replace(content[name], []byte(change[0]), []byte(change[1]), 1)
		c := exec.CommandContext(t.Context(), "python3", "-I", "recette.py")
		c.Dir = unpacked(t, repacked(t, names, forged, false))
		if out, err := c.CombinedOutput(); err == nil {
			t.Errorf("a forged %s passes: %s", name, out)
		}
	}
}
