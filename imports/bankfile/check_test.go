package bankfile

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTheReportOfAFileIsWhatItWas(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/check/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden file: %v", err)
	}
	for _, name := range files {
		var got bytes.Buffer
		enc := json.NewEncoder(&got)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(CheckFile(t.Context(), name)); err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(name, ".xml") + ".json"
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got.Bytes(), want)
		}
	}
}

func TestTheHashIsThatOfTheWholeFileEvenWhenItIsRefused(t *testing.T) {
	t.Parallel()
	text := "%PDF-1.7\n" + strings.Repeat("x", 1<<20)
	report := Check(t.Context(), strings.NewReader(text))
	if report.SHA256 == nil || len(*report.SHA256) != 64 {
		t.Fatalf("got %v, want a hash", report.SHA256)
	}
	shorter := Check(t.Context(), strings.NewReader(text[:len(text)-1]))
	if *report.SHA256 == *shorter.SHA256 {
		t.Error("got the same hash for two files that differ in their last byte")
	}
	if endless := Check(t.Context(), &endless{text: []byte(" ")}); endless.SHA256 != nil {
		t.Errorf("got %s, want no hash for a file without end", *endless.SHA256)
	}
}

func TestAStreamThatIsWrittenWhileItIsReadKeepsItsSums(t *testing.T) {
	t.Parallel()
	file := invented{version: "02", statements: 3, entries: 400, details: 2}
	report := Check(t.Context(), file.reader())
	if report.Outcome != Accepted || len(report.Statements) != 3 {
		t.Fatalf("got %s %v", report.Outcome, report.Reasons)
	}
	for _, s := range report.Statements {
		if s.Entries != 400 || s.Details != 800 || s.Closes == nil || !*s.Closes {
			t.Errorf("got %+v", s)
		}
	}
}
