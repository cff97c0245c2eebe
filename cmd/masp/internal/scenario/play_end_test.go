package scenario_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"masp/cmd/masp/internal/scenario"
	"masp/migrations/dbtest"
)

// Each reason of an end is played, with what the law wants before it.
func TestAMeasureEndsForEachReason(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 2)
	for _, reason := range []string{"MAJ_OPENED", "REFERRED_TO_PROSECUTOR"} {
		story := collector(t, `{"type": "END_OF_MEASURE", "date": "2026-03-31", "mandate": "M01", "reason": "`+reason+`"}`)
		compare(t, played(t, story), oracle(story))
	}
}

// The balance of a measure that ends today is given back today: who ends it does so first, though a day
// has its ends behind its restitutions.
func TestTheBalanceIsGivenBackOnTheLastDay(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 2)
	story := collector(t,
		`{"type": "END_OF_MEASURE", "date": "2026-03-31", "mandate": "M01", "reason": "MOVED"}`,
		`{"type": "RESTITUTE", "id": "BACK", "date": "2026-03-31", "mandate": "M01", "payee": "P-SELF-M01"}`)
	compare(t, played(t, story), oracle(story))
}

// A contract that begins within the story is signed before it and runs from its first day.
func TestAMeasureBeginsWithinTheStory(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 2)
	raw, err := os.ReadFile(filepath.Join("testdata", "collector.story.json"))
	if err != nil {
		t.Fatal(err)
	}
	story := bytes.Replace(raw, []byte(`"start": "2026-01-01"`), []byte(`"start": "2026-03-02"`), 1)
	compare(t, played(t, story), oracle(story))
}

// What the law refuses is told at its place in the story, not in a file that nobody has written.
func TestWhatTheLawRefusesHasItsPlaceInTheStory(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	broken := strings.NewReplacer(`"end": "2026-12-31"`, `"end": "2026-05-31"`, `"partial_classes": []`, `"partial_classes": ["RESERVE"]`,
		`"authorised_benefits": ["RSA"]`, `"authorised_benefits": ["WAGE"]`).Replace(small)
	story, err := scenario.Read(strings.NewReader(broken))
	if err != nil {
		t.Fatal(french(err))
	}
	_, err = scenario.Play(t.Context(), scenario.Env{App: db.App, Owner: db.Owner}, story)
	refused, ok := errors.AsType[*scenario.ReadError](err)
	if !ok {
		t.Fatalf("got %v, want a *ReadError", err)
	}
	for place, line := range map[string]int{
		"/mandates/0/contract/end": 5, "/mandates/0/policy/partial_classes": 7, "/mandates/0/authorised_benefits": 6,
	} {
		if !strings.Contains(refused.French(), place) {
			t.Errorf("got %s, want %s among them", refused.French(), place)
		}
		for _, p := range refused.Problems {
			if p.Place == place && p.Line != line {
				t.Errorf("%s: got line %d, want %d", place, p.Line, line)
			}
		}
	}
}
