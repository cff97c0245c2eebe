package sepa

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// shared is the path of a file or folder beside the repository; without it the
// test is skipped, and in CI it fails.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, found := os.Stat(filepath.Join(dir, "go.mod")); found == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(append([]string{dir, "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		missing(t, path)
	}
	return path
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is needed in CI and is absent", what)
	}
	t.Skipf("%s is absent: this check is skipped", what)
}

// validate runs xmllint with the official schema of a version.
func validate(t *testing.T, v Version, document []byte) {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		missing(t, "xmllint")
	}
	schema := shared(t, "xsd", v.String()+".xsd")
	file := filepath.Join(t.TempDir(), "file.xml")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(lint, "--noout", "--schema", schema, file).CombinedOutput(); err != nil {
		t.Errorf("%s does not validate: %v\n%s", v, err, out)
	}
}
