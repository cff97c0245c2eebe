package mandates_test

import (
	"strings"
	"testing"
)

// wantRule asks for a refusal that names this code among its violations.
func wantRule(t *testing.T, err error, code string) {
	t.Helper()
	if got := codes(err); !strings.Contains(got, code) {
		t.Errorf("refused by %q (%v), want %s", got, err, code)
	}
}
