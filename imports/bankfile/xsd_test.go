package bankfile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Files of our own that the banks' schema refuses would prove nothing about theirs.
func TestOurOwnFilesAreValid(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"02", "08"} {
		validate(t, version, invented{version: version, statements: 2, entries: 4, details: 2}.bytes())
	}
	for name, version := range map[string]string{"two_accounts": "02", "latin": "02", "held": "08"} {
		text, err := os.ReadFile(filepath.Join("testdata", "check", name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		validate(t, version, text)
	}
}

func validate(t *testing.T, version string, text []byte) {
	t.Helper()
	schema := filepath.Join(shared(t, "xsd"), "camt.053.001."+version+".xsd")
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("xmllint is missing, and CI must not skip it")
		}
		t.Skip("xmllint is missing: files are not held against the schema")
	}
	cmd := exec.CommandContext(t.Context(), lint, "--noout", "--nonet", "--schema", schema, "-")
	cmd.Stdin = bytes.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("version %s: %v\n%s", version, err, out)
	}
}
