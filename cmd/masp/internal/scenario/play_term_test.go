package scenario_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// collector is the story of that name with a contract that ends with March, and more events.
func collector(t *testing.T, more ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "collector.story.json"))
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.Replace(raw, []byte("2026-12-31"), []byte("2026-03-31"), 1)
	raw = bytes.Replace(raw, []byte("2026-01-01"), []byte("2025-10-01"), 1)
	var story map[string]any
	if err := json.Unmarshal(raw, &story); err != nil {
		t.Fatal(err)
	}
	for _, text := range more {
		var event any
		if err := json.Unmarshal([]byte(text), &event); err != nil {
			t.Fatal(err)
		}
		story["events"] = append(story["events"].([]any), event)
	}
	if raw, err = json.Marshal(story); err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAMeasureThatReachesItsTermGivesBackWhatComesLate(t *testing.T) {
	t.Parallel()
	story := collector(t,
		`{"type": "END_OF_MEASURE", "date": "2026-03-31", "mandate": "M01", "reason": "TERM_REACHED"}`,
		`{"type": "CREDIT", "date": "2026-04-10", "bank": "B1", "payer": "CAF", "reference": "RSA MARS", "amount_cents": 5000,
		  "breakdown": [{"mandate": "M01", "benefit": "RSA", "period": "2026-03", "amount_cents": 5000}]}`,
		`{"type": "PASS_THROUGH", "id": "LATE", "date": "2026-04-15", "mandate": "M01", "sub": "RESTITUTION", "payee": "P-SELF-M01"}`)
	compare(t, played(t, story), oracle(story))
}

func TestAContractThatRanOutIsEndedThoughNobodySaidSo(t *testing.T) {
	t.Parallel()
	var result struct {
		Status map[string]string `json:"mandate_status"`
	}
	if err := json.Unmarshal(played(t, collector(t)), &result); err != nil {
		t.Fatal(err)
	}
	if got := result.Status["M01"]; got != "ENDED" {
		t.Errorf("got %s, want ENDED", got)
	}
}

// Credits that a statement cannot tell apart, of one day and of the next, known and unknown.
func TestCreditsThatAreWhollyAlikeEachComeToTheirPerson(t *testing.T) {
	t.Parallel()
	credit := func(day, mandate string) string {
		return `{"type": "CREDIT", "date": "2026-03-` + day + `", "bank": "B1", "payer": "CAF", "reference": "RSA MARS", "amount_cents": 5000,
		  "breakdown": [{"mandate": ` + mandate + `, "benefit": "RSA", "period": "2026-02", "amount_cents": 5000}]}`
	}
	known, unknown := `"M01"`, `null`
	story := collector(t, credit("05", unknown), credit("05", known), credit("05", known), credit("05", unknown), credit("06", known),
		`{"type": "END_OF_MEASURE", "date": "2026-03-31", "mandate": "M01", "reason": "TERM_REACHED"}`)
	compare(t, played(t, story), oracle(story))
}

func TestAPlanWithoutDaysSendsNothing(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "collector.story.json"))
	if err != nil {
		t.Fatal(err)
	}
	story := edited(t, raw, "R2", `{"remittance": {"M01": {"payee": "P-SELF-M01", "dates": []}}}`)
	compare(t, played(t, story), oracle(story))
}

// An instalment of no debt that the story counts, of a person who has died: the run is only computed, and leaves her out.
func TestAProposalForSomebodyWhoHasDiedPaysNothing(t *testing.T) {
	t.Parallel()
	story := collector(t,
		`{"type": "DEATH", "date": "2026-03-10", "date_of_death": "2026-03-10", "known_on": "2026-03-12", "mandate": "M01"}`,
		`{"type": "RUN", "id": "R-DEAD", "date": "2026-03-20", "status": "PROPOSED", "mandates": ["M01"], "remittance": {},
		  "lines": [{"id": "l0", "mandate": "M01", "class": "DEBT_PLAN", "payee": "P-LAND", "label": "Plan", "due_cents": 1000}]}`)
	compare(t, played(t, story), oracle(story))
}
