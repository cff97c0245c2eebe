package payments_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// The worked months, as far as a run needs them.

type storyInput struct {
	AsOf     civil.Date `json:"as_of"`
	Mandates []struct {
		ID             string
		OpeningReserve int64 `json:"opening_reserve_cents"`
		Policy         struct {
			ClassOrder   []mandates.Class         `json:"class_order"`
			Senior       []mandates.Class         `json:"senior_classes"`
			Partial      []mandates.Class         `json:"partial_classes"`
			LivingFloor  int64                    `json:"living_floor_cents"`
			ShortfallWay mandates.ShortfallPolicy `json:"shortfall_policy"`
		}
	}
	Events []storyEvent
}

type storyEvent struct {
	Type, ID, Status string
	Date             civil.Date
	KnownOn          civil.Date `json:"known_on"`
	Mandate          string
	Mandates         []string
	Lines            []storyLine
	Remittance       map[string]struct {
		Payee string
		Dates []civil.Date
	}
}

type storyLine struct {
	ID, Mandate, Payee, Label, Debt string
	Class                           mandates.Class
	Due                             int64 `json:"due_cents"`
	Block                           payments.Reason
	ReissueOf                       string `json:"reissue_of"`
	Shares                          []struct {
		Mandate string
		Weight  int64
	}
}

type storyJournal []struct {
	Date        civil.Date
	Kind, Label string
	Lines       []struct {
		Account string
		Debit   int64 `json:"debit_cents"`
		Credit  int64 `json:"credit_cents"`
	}
}

// question is the part of a run that concerns one mandate, without its purse.
func (in storyInput) question(run storyEvent, mandate string) payments.Question {
	q := payments.Question{Mandate: mandate}
	for _, m := range in.Mandates {
		if m.ID == mandate {
			q.Policy = mandates.Policy{
				ClassOrder: m.Policy.ClassOrder, SeniorClasses: m.Policy.Senior, PartialClasses: m.Policy.Partial,
				LivingFloor: money.Cents(m.Policy.LivingFloor), Shortfall: m.Policy.ShortfallWay,
			}
		}
	}
	for _, l := range run.Lines {
		line := payments.DueLine{
			ID: l.ID, Class: l.Class, Creditor: l.Payee, Label: l.Label, Due: money.Cents(l.Due),
			Debt: l.Debt, Block: l.Block, ReissueOf: l.ReissueOf,
		}
		if l.Mandate == mandate {
			q.Lines = append(q.Lines, line)
		}
		q.Lines = append(q.Lines, l.shareOf(line, mandate)...)
	}
	q.RemitTo, q.RemitOn = run.Remittance[mandate].Payee, run.Remittance[mandate].Dates
	return q
}

// shareOf is the mandate's part of a shared line, if it has one.
func (l storyLine) shareOf(line payments.DueLine, mandate string) []payments.DueLine {
	if len(l.Shares) == 0 {
		return nil
	}
	var shares []payments.Share
	for _, s := range l.Shares {
		shares = append(shares, payments.Share{Mandate: s.Mandate, Weight: s.Weight})
	}
	parts, err := payments.SplitShares(line, shares)
	if err != nil {
		panic(err) // a worked month that cannot be split is a broken file
	}
	var mine []payments.DueLine
	for _, p := range parts {
		if p.Mandate == mandate {
			mine = append(mine, p.DueLine)
		}
	}
	return mine
}

// active tells whether the mandate may still be paid for on the day of a run:
// deaths are played before runs, the end of a measure after them.
func (in storyInput) active(mandate string, on civil.Date) bool {
	return !slices.ContainsFunc(in.Events, func(e storyEvent) bool {
		died := e.Type == "DEATH" && !e.KnownOn.After(on)
		ended := e.Type == "END_OF_MEASURE" && e.Date.Before(on)
		return e.Mandate == mandate && (died || ended)
	})
}

// runs are the runs of the story in the order in which they are played.
func (in storyInput) runs() []storyEvent {
	var runs []storyEvent
	for _, e := range in.Events {
		if e.Type == "RUN" && !e.Date.After(in.AsOf) {
			runs = append(runs, e)
		}
	}
	slices.SortStableFunc(runs, func(a, b storyEvent) int { return a.Date.Compare(b.Date) })
	return runs
}

// balanceBefore is the plain account of a mandate when a run is computed: what
// the journal holds of earlier days, and of the same day what is played before
// runs. Earlier are the runs already played that day.
func (j storyJournal) balanceBefore(mandate string, on civil.Date, earlier []string) money.Amount {
	var cents int64
	for _, e := range j {
		sameDay := e.Date == on && beforeRuns(e.Kind, e.Label, earlier)
		if !e.Date.Before(on) && !sameDay {
			continue
		}
		for _, l := range e.Lines {
			if l.Account == "467:"+mandate {
				cents += l.Credit - l.Debit
			}
		}
	}
	return money.Cents(cents)
}

func beforeRuns(kind, label string, earlier []string) bool {
	switch kind {
	case "OPENING", "BANK_CREDIT", "BANK_DEBIT", "RETURN", "IDENTIFICATION", "DEATH_FREEZE":
		return true
	case "PAYMENT":
		return slices.ContainsFunc(earlier, func(run string) bool { return strings.HasPrefix(label, run+"-") })
	default:
		return false
	}
}

// readStory reads one worked month into its question and its answer.
func readStory(t *testing.T, folder, name string, input, answer any) {
	t.Helper()
	for file, into := range map[string]any{
		filepath.Join(folder, "inputs", name): input, filepath.Join(folder, "expected", name): answer,
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("read worked month: %v", err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("read worked month %s: %v", name, err)
		}
	}
}

// storyFolder finds the worked months beside the repository.
func storyFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("find the repository: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("find the repository: no go.mod above the test")
		}
		dir = parent
	}
	folder := filepath.Join(dir, "..", "shared", "scenarios")
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the worked months are missing, and CI must not skip them: %v", err)
		}
		t.Skipf("the worked months are not here (%s): nothing to compare with", folder)
	}
	return folder
}
