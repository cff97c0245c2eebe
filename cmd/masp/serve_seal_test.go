package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masp/payments/mandates/load"
)

// The service seals each day once. A second place that does not take the seals is said by the job, and
// gets what it lacks once it is there again.
func TestTheServiceSealsEachDayAndSaysWhenTheSecondPlaceFails(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	file := filepath.Join(d.folder, "load.json")
	if err := os.WriteFile(file, load.Example, 0o600); err != nil {
		t.Fatal(err)
	}
	d.run(exitOK, "load", file)
	v := mornings(t, d.db, serveSteps[len(serveSteps)-1])
	here, there := filepath.Join(d.folder, "seals"), filepath.Join(d.folder, "there")
	v.session.settings.Seals, v.session.settings.SealsCopy = here, there
	sealsIn := func(dir string) int {
		found, err := filepath.Glob(filepath.Join(dir, "sceau-*.json"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	morning := func(day int) error {
		return v.step(t.Context(), v.steps[0], time.Date(2026, 11, day, 4, 30, 0, 0, time.UTC))
	}
	for range 2 { // and again in ten minutes
		if err := morning(9); err == nil {
			t.Fatal("a second place that is not there is not told")
		}
	}
	if got := sealsIn(here); got != 1 {
		t.Errorf("%d seals of one day, want 1", got)
	}
	if check := v.jobsCheck(t.Context()); !strings.Contains(check.Detail, "day:seal (second_place)") {
		t.Errorf("the service says %q", check.Detail)
	}
	if err := os.Mkdir(there, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := morning(9); err != nil || sealsIn(there) != 1 {
		t.Errorf("once it is there: %v, %d seals", err, sealsIn(there))
	}
	d.db.SetClock(t, time.Date(2026, 11, 10, 8, 0, 0, 0, time.UTC))
	if err := morning(10); err != nil || sealsIn(here) != 2 || sealsIn(there) != 2 {
		t.Errorf("the next day: %v, %d and %d seals", err, sealsIn(here), sealsIn(there))
	}
	d.run(exitOK, "verify", "--seal", there)
}
