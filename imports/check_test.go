package imports_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"masp/imports"
	"masp/imports/bankfile"
	"masp/ledger/money"
)

// sharedFolder is reference material beside the repository; without it a test is skipped, but
// never where the tests are the judge.
func sharedFolder(t testing.TB, folder string) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, found := os.Stat(filepath.Join(dir, "go.mod")); found == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", folder)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing, and CI must not skip it", path)
	}
	t.Skipf("%s is missing: the samples are not part of the project", path)
	return ""
}

// allowed says which outcomes an expectation of the index admits (decisions 11).
func allowed(expected string) []bankfile.Outcome {
	switch word, _, _ := strings.Cut(expected, " "); {
	case strings.HasPrefix(expected, "accept with warning or refuse"):
		return []bankfile.Outcome{
			bankfile.Accepted, bankfile.AcceptedWithWarnings, bankfile.Held, bankfile.Refused,
		}
	case word == "accept":
		return []bankfile.Outcome{bankfile.Accepted, bankfile.AcceptedWithWarnings}
	case word == "hold":
		return []bankfile.Outcome{bankfile.Held}
	case word == "quarantine":
		return []bankfile.Outcome{bankfile.Held, bankfile.Refused}
	}
	return []bankfile.Outcome{bankfile.Refused}
}

func TestEverySampleIsCheckedAsTheIndexExpects(t *testing.T) {
	t.Parallel()
	dir := sharedFolder(t, "samples")
	text, err := os.ReadFile(filepath.Join(dir, "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	seen := map[bankfile.Outcome]int{}
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, name := range rows[0] {
			named[name] = row[i]
		}
		report := imports.CheckFile(t.Context(), filepath.Join(dir, filepath.FromSlash(named["file"])))
		seen[report.Outcome]++
		if !slices.Contains(allowed(named["expected_outcome"]), report.Outcome) {
			t.Errorf("%s: got %s %v, want %s", named["file"], report.Outcome, report.Reasons, named["expected_outcome"])
		}
		if report.Outcome == bankfile.Refused {
			refusedWithWords(t, named, report)
			continue
		}
		sameFigures(t, named, report.Totals)
	}
	t.Logf("%d files: %v", len(rows)-1, seen)
}

// refusedWithWords wants a reason in French, and the real name of what is another kind of file.
func refusedWithWords(t *testing.T, row map[string]string, report imports.Report) {
	t.Helper()
	if len(report.Reasons) == 0 || !strings.Contains(report.Reasons[0].Message, "refusé") {
		t.Errorf("%s: refused without a word: %+v", row["file"], report.Reasons)
		return
	}
	folder, _, _ := strings.Cut(row["file"], "/")
	name := strings.ToLower(strings.ReplaceAll(report.Format, " ", ""))
	if report.Reasons[0].Code == bankfile.CodeNotStatement && name != "texte" && !strings.HasPrefix(name, folder) {
		t.Errorf("%s: named %q", row["file"], report.Format)
	}
}

// sameFigures compares counts and sums with those of the index, where it gives them.
func sameFigures(t *testing.T, row map[string]string, got imports.Totals) {
	t.Helper()
	for column, value := range map[string]string{
		"n_statements_or_pmtinf": strconv.Itoa(got.Groups), "n_entries": strconv.Itoa(got.Entries),
		"n_txdtls_or_05": strconv.Itoa(got.Details), "sum_credits_booked": got.Credits.String(),
		"sum_debits_booked": got.Debits.String(),
	} {
		if row[column] == "" {
			continue
		}
		want, err := money.ParseExact(row[column])
		if err != nil {
			t.Fatalf("%s: %s is %q", row["file"], column, row[column])
		}
		if v, err := money.ParseExact(value); err != nil || v.Cmp(want) != 0 {
			t.Errorf("%s: %s is %s, want %s", row["file"], column, value, row[column])
		}
	}
}

// checked writes a file and checks it.
func checked(t *testing.T, content string) imports.Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fichier")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return imports.CheckFile(t.Context(), path)
}

func TestAnAnswerIsCountedByLevel(t *testing.T) {
	t.Parallel()
	report := checked(t, pain002("R1", "MSG-LOT", rejected("LOT", "V1")+wholeBatch("B2", "RJCT")+wholeBatch("B3", "ACSP")))
	var got bytes.Buffer
	if err := json.NewEncoder(&got).Encode(report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"format":"pain.002.001.10"`, `"outcome":"accepted"`, `"kind":"answer"`, `"sha256":"`, `"statements":[]`,
		`"totals":{"groups":3,"entries":1,"details":0,"credits":"0.00","debits":"0.00"}`,
		`"answer":{"kind":"transfers","message_id":"R1"`, `"about":"MSG-LOT"`,
		`"batch_statuses":{"":1,"ACSP":1,"RJCT":1}`, `"transaction_statuses":{"RJCT":1}`,
		`"reasons":{"AC01":1}`, `"rejected":{"batch":1,"transfer":1}`,
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("got %s, want %s", got.String(), want)
		}
	}
}

func TestAnAnswerThatIsCutIsRefusedAndCountsNothing(t *testing.T) {
	t.Parallel()
	whole := pain002("R1", "MSG-LOT", rejected("LOT", "V1"))
	report := checked(t, whole[:len(whole)-30])
	if report.Outcome != bankfile.Refused || report.Answer != nil || report.Totals.Groups != 0 || len(report.Reasons) != 1 {
		t.Errorf("got %+v", report)
	}
}

// packed is a ZIP of these files, in the order of their names.
func packed(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEachFileOfAnArchiveIsCheckedByItself(t *testing.T) {
	t.Parallel()
	p := november(fromSomebody("10.00", "2026-11-05"), fromSomebody("2.00", "2026-11-05"))
	p.closing = "112.00"
	report := checked(t, packed(t, map[string]string{
		"1.xml": statements(p), "2.xml": pain002("R1", "MSG-LOT", rejected("LOT", "V1")), "3.pdf": "%PDF-1.7",
	}))
	if report.Format != "ZIP" || report.Kind != "archive" || report.Outcome != bankfile.Held || len(report.Members) != 3 {
		t.Fatalf("got %+v", report)
	}
	if r := report.Reasons; len(r) != 1 || r[0].Place != "3.pdf" || r[0].Outcome != bankfile.Held || !strings.Contains(r[0].Message, "PDF") {
		t.Errorf("got %+v, want the reason of the file that is refused", r)
	}
	var got []string
	for _, m := range report.Members {
		got = append(got, m.File+" "+m.Kind+" "+m.Outcome.String())
	}
	want := []string{"1.xml statement accepted", "2.xml answer accepted", "3.pdf none refused"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if report.Totals.Groups != 2 || report.Totals.Entries != 3 || report.Totals.Credits.String() != "12.00" {
		t.Errorf("got %+v", report.Totals)
	}
	if nothing := checked(t, packed(t, nil)); nothing.Outcome != bankfile.Refused || len(nothing.Reasons) != 1 {
		t.Errorf("an empty archive: got %+v", nothing)
	}
	if all := checked(t, packed(t, map[string]string{"3.pdf": "%PDF-1.7"})); all.Outcome != bankfile.Refused || len(all.Reasons) != 1 {
		t.Errorf("an archive of what is refused: got %+v", all)
	}
}
