package bankfile

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// shared gives a folder of reference material that lies beside the repository and is not
// part of it. Without it a test is skipped, but never where the tests are the judge.
func shared(t testing.TB, folder string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
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

// table reads a file of columns separated by tabs, each row by the names of its columns.
func table(t *testing.T, path string) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, name := range rows[0] {
			if i < len(row) {
				named[name] = row[i]
			}
		}
		out = append(out, named)
	}
	return out
}

// allowed says which outcomes an expectation of the index admits (decisions 11).
func allowed(expected string) []Outcome {
	switch word, _, _ := strings.Cut(expected, " "); {
	case strings.HasPrefix(expected, "accept with warning or refuse"):
		return []Outcome{Accepted, AcceptedWithWarnings, Held, Refused}
	case word == "accept":
		return []Outcome{Accepted, AcceptedWithWarnings}
	case word == "hold":
		return []Outcome{Held}
	case word == "quarantine":
		return []Outcome{Held, Refused}
	}
	return []Outcome{Refused}
}

// readNow tells whether this package reads the files of a folder; the others have to be
// refused by their name.
func readNow(path string) bool {
	folder, _, _ := strings.Cut(path, "/")
	return slices.Contains([]string{camt052, camt053, camt054, "cfonb120"}, folder)
}

func TestTheSamplesOfOthersAreReadAsTheIndexExpects(t *testing.T) {
	t.Parallel()
	dir := shared(t, "samples")
	checked := 0
	for _, row := range table(t, filepath.Join(dir, "INDEX.tsv")) {
		report := CheckFile(t.Context(), filepath.Join(dir, row["file"]))
		if !readNow(row["file"]) {
			refusedByName(t, row, report)
			continue
		}
		checked++
		if !slices.Contains(allowed(row["expected_outcome"]), report.Outcome) {
			t.Errorf("%s: got %s %v, want %s", row["file"], report.Outcome, report.Reasons,
				row["expected_outcome"])
		}
		if report.Outcome != Refused {
			sameFigures(t, row, report)
		}
	}
	if checked == 0 {
		t.Fatal("the index names no statement: the test proves nothing")
	}
	t.Logf("%d files compared", checked)
}

// refusedByName wants a clear refusal of a file that is no statement, or not yet one.
func refusedByName(t *testing.T, row map[string]string, report Report) {
	t.Helper()
	if code := report.Reasons[0].Code; code != CodeNotStatement {
		if !strings.Contains(row["expected_outcome"], "refuse") {
			t.Errorf("%s: refused as %s, want it named", row["file"], code)
		}
		return
	}
	family, _, _ := strings.Cut(row["file"], "/")
	got := strings.ToLower(strings.ReplaceAll(report.Format, " ", ""))
	if got != "texte" && !strings.HasPrefix(got, family) {
		t.Errorf("%s: named %q", row["file"], report.Format)
	}
}

// sameFigures compares counts and sums with those of the index.
func sameFigures(t *testing.T, row map[string]string, report Report) {
	t.Helper()
	var entries, details int
	credits, debits := new(big.Rat), new(big.Rat)
	for _, s := range report.Statements {
		entries += s.Entries
		details += s.Details
		credits.Add(credits, rational(t, s.Credits))
		debits.Add(debits, rational(t, s.Debits))
	}
	same(t, row, "n_statements_or_pmtinf", strconv.Itoa(len(report.Statements)))
	same(t, row, "n_entries", strconv.Itoa(entries))
	same(t, row, "n_txdtls_or_05", strconv.Itoa(details))
	same(t, row, "sum_credits_booked", credits.RatString())
	same(t, row, "sum_debits_booked", debits.RatString())
}

func same(t *testing.T, row map[string]string, column, got string) {
	t.Helper()
	if rational(t, got).Cmp(rational(t, row[column])) != 0 {
		t.Errorf("%s: %s is %s, want %s", row["file"], column, got, row[column])
	}
}

func rational(t *testing.T, text string) *big.Rat {
	t.Helper()
	v, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return v
}

func TestEachStatementOfTheSamplesHasItsFigures(t *testing.T) {
	t.Parallel()
	dir := shared(t, "samples")
	byFile := map[string][]map[string]string{}
	for _, row := range table(t, filepath.Join(dir, "STATEMENTS.tsv")) {
		if readNow(row["file"]) {
			byFile[row["file"]] = append(byFile[row["file"]], row)
		}
	}
	for name, rows := range byFile {
		report := CheckFile(t.Context(), filepath.Join(dir, name))
		if report.Outcome == Refused {
			continue // the other test judges whether it had to be
		}
		if got, want := len(report.Statements), len(rows); got != want {
			t.Errorf("%s: got %d statements, want %d", name, got, want)
			continue
		}
		for i, row := range rows {
			sameStatement(t, row, report.Statements[i])
		}
	}
}

func sameStatement(t *testing.T, row map[string]string, s StatementReport) {
	t.Helper()
	sequence := "elec_seq"
	if row[sequence] == "" {
		sequence = "legal_seq"
	}
	if rib := strings.Split(row["account"], "/"); len(rib) == 3 { // CFONB
		row["account"] = ibanOf(t, rib)
	}
	for column, got := range map[string]string{
		"statement_id": s.ID, "account": s.Account, sequence: s.Sequence,
	} {
		if want := row[column]; got != want && (got != "" || want != "?") {
			t.Errorf("%s: %s is %q, want %q", row["file"], column, got, row[column])
		}
	}
	same(t, row, "n_entries", strconv.Itoa(s.Entries))
	same(t, row, "sum_credits_booked", s.Credits)
	same(t, row, "sum_debits_booked", s.Debits)
	same(t, row, "n_not_booked", strconv.Itoa(s.NotBooked))
	balance(t, row, "opening", s.Opening)
	balance(t, row, "closing", s.Closing)
	proof, want := "n/a", row["opening+credits-debits=closing"]
	if s.Closes != nil {
		proof = map[bool]string{true: "OK", false: "MISMATCH"}[*s.Closes]
	}
	if !strings.HasPrefix(want, proof) {
		t.Errorf("%s: proof is %s, want %s", row["file"], proof, want)
	}
}

func balance(t *testing.T, row map[string]string, column string, got *string) {
	t.Helper()
	switch {
	case got == nil && row[column] == "":
	case got == nil || row[column] == "":
		t.Errorf("%s: %s is %v, want %q", row["file"], column, got, row[column])
	default:
		same(t, row, column, *got)
	}
}

// The samples of the version that the second reader knows: it agrees, or says what it cannot
// read, which is then no fault of the file.
func TestTheSecondReaderAgreesOnTheSamples(t *testing.T) {
	t.Parallel()
	dir := shared(t, "samples")
	agreed, unread := 0, 0
	for _, row := range table(t, filepath.Join(dir, "INDEX.tsv")) {
		if !readNow(row["file"]) || !strings.HasSuffix(row["format_version"], secondVersion) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, row["file"]))
		if err != nil {
			t.Fatal(err)
		}
		o := SecondReader(t.Context(), bytes.NewReader(text), int64(len(text)))
		switch {
		case o.DifferenceCount > 0:
			t.Errorf("%s: %s %+v", row["file"], o.French(), o.Differences)
		case o.Compared:
			agreed++
		default:
			unread++
			t.Logf("%s: %s", row["file"], o.French())
		}
	}
	if agreed == 0 {
		t.Error("it has agreed on nothing: the test proves nothing")
	}
	t.Logf("identical: %d, not read to the end: %d", agreed, unread)
}
