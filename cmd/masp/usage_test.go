package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestAFlagWithoutItsValueSaysSo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"run", "approve", "X", "--hash"}, {"run", "approve", "X", "--hash", "--json"}} {
		var out, errs bytes.Buffer
		code := run(t.Context(), args, &out, &errs)
		if want := "--hash : il manque une valeur."; code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%v: got exit code %d, %q, want %d, %q", args, code, &errs, exitUsage, want)
		}
	}
}

func TestAValueThatAFlagDoesNotKnowIsToldWithThoseThatItKnows(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"mandate", "sign", "M-1", "--by", "MAIRE"}, &out, &errs)
	if want := "--by : une valeur parmi PERSON, DEPARTMENT, OPERATOR (et non MAIRE)."; code != exitUsage || !strings.Contains(errs.String(), want) {
		t.Errorf("got exit code %d, %q, want %d, %q", code, &errs, exitUsage, want)
	}
}

func TestATextInPlaceOfANumberIsToldInFrench(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"run", "thresholds", "--percent", "dix"}, &out, &errs)
	if want := "--percent : un nombre entier (et non dix)."; code != exitUsage || !strings.Contains(errs.String(), want) {
		t.Errorf("got exit code %d, %q, want %d, %q", code, &errs, exitUsage, want)
	}
}
