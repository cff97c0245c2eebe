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
)

// The shape of `runs[]` and of the alerts in the worked months. Expected text and
// our answer go through the same types, so they are compared field by field.

type wantRun struct {
	Run      string        `json:"run"`
	Date     civil.Date    `json:"date"`
	Status   string        `json:"status"`
	Mandates []wantMandate `json:"mandates"`
}

type wantMandate struct {
	Mandate     string           `json:"mandate"`
	Available   int64            `json:"available_before_cents"`
	FloorLeft   int64            `json:"living_floor_left_cents"`
	Lines       []wantLine       `json:"lines"`
	Reserved    int64            `json:"reserved_cents"`
	RemitTotal  int64            `json:"remit_total_cents"`
	Remittances []wantRemittance `json:"remittances"`
	Carried     int64            `json:"carried_forward_cents"`
	Shortfall   *int64           `json:"living_floor_shortfall_cents,omitempty"`
	Payments    []wantPayment    `json:"payments,omitzero"`
}

type wantLine struct {
	Line   string  `json:"line"`
	Class  string  `json:"class"`
	Payee  *string `json:"payee"`
	Label  string  `json:"label"`
	Due    int64   `json:"due_cents"`
	Paid   int64   `json:"paid_cents"`
	Status string  `json:"status"`
	Reason *string `json:"reason"`
	Debt   *string `json:"debt"`
}

type wantRemittance struct {
	Date   civil.Date `json:"date"`
	Amount int64      `json:"amount_cents"`
}

type wantPayment struct {
	ID     string   `json:"id"`
	Payee  string   `json:"payee"`
	Amount int64    `json:"amount_cents"`
	Covers []string `json:"covers"`
}

type wantAlert struct {
	Date      civil.Date `json:"date"`
	Code      string     `json:"code"`
	Mandate   string     `json:"mandate"`
	Line      string     `json:"line"`
	Shortfall int64      `json:"shortfall_cents"`
	Unpaid    int64      `json:"unpaid_cents"`
	Due       int64      `json:"due_cents"`
}

type wantCover struct {
	Line   string  `json:"line"`
	Amount int64   `json:"amount_cents"`
	Debt   *string `json:"debt"`
}

type storyAnswer struct {
	Runs     []wantRun
	Journal  storyJournal
	Alerts   []wantAlert
	Payments []struct {
		ID, Kind string
		Covers   []wantCover
	}
}

func TestRunsOfTheWorkedMonthsAreWhatAllocateAnswers(t *testing.T) {
	t.Parallel()
	folder := storyFolder(t)
	files, err := filepath.Glob(filepath.Join(folder, "inputs", "*.json"))
	if err != nil || len(files) < 9 {
		t.Fatalf("got %d worked months (%v), want nine at least", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if _, err := os.Stat(filepath.Join(folder, "expected", name)); err != nil {
			t.Errorf("worked month %s has no expected result", name)
			continue
		}
		t.Run(strings.TrimSuffix(name, ".json"), func(t *testing.T) {
			t.Parallel()
			var input storyInput
			var want storyAnswer
			readStory(t, folder, name, &input, &want)
			p := player{input: input, journal: want.Journal, covers: map[string][]wantCover{}}
			for _, run := range input.runs() {
				p.play(t, run)
			}
			same(t, "runs", p.runs, want.Runs)
			same(t, "alerts", p.alerts, ofRuns(want.Alerts))
			same(t, "covers", p.covers, want.covers())
		})
	}
}

// player replays the runs of a story. From the expected result it takes only the
// movements of the journal; reserves and scheduled remittances are its own.
type player struct {
	input   storyInput
	journal storyJournal
	played  []payments.Allotment // of approved runs
	names   []string             // of the runs played
	runs    []wantRun
	alerts  []wantAlert
	covers  map[string][]wantCover
}

func (p *player) play(t *testing.T, run storyEvent) {
	t.Helper()
	approved := run.Status != "PROPOSED"
	out := wantRun{Run: run.ID, Date: run.Date, Status: "APPROVED", Mandates: []wantMandate{}}
	if !approved {
		out.Status = "PROPOSED"
	}
	var decided []payments.Allotment
	for _, mandate := range run.Mandates {
		if !p.input.active(mandate, run.Date) {
			continue
		}
		q := p.input.question(run, mandate)
		p.fillPurse(&q, run.Date)
		if err := q.Policy.Check(); err != nil {
			t.Errorf("run %s, policy of %s: %v", run.ID, mandate, err)
		}
		a := payments.Allocate(q)
		decided = append(decided, a)
		out.Mandates = append(out.Mandates, asMandate(a, run.ID, approved))
		if approved {
			p.note(a, run)
		}
	}
	p.runs = append(p.runs, out)
	if approved {
		p.played = append(p.played, decided...)
		p.names = append(p.names, run.ID)
	}
}

// fillPurse computes available = 467 − reserves − scheduled, and what is left of
// the floor of the month.
func (p *player) fillPurse(q *payments.Question, on civil.Date) {
	q.Available = p.journal.balanceBefore(q.Mandate, on, p.names)
	for _, m := range p.input.Mandates {
		if m.ID == q.Mandate {
			q.Available = q.Available.Sub(money.Cents(m.OpeningReserve))
		}
	}
	var remitted money.Amount
	for _, a := range p.played {
		if a.Mandate != q.Mandate {
			continue
		}
		q.Available = q.Available.Sub(a.Reserved)
		for _, r := range a.Remittances {
			if !r.On.Before(on) { // of this very day too: remittances follow runs
				q.Available = q.Available.Sub(r.Amount)
			}
			if r.On.MonthOf() == on.MonthOf() {
				remitted = remitted.Add(r.Amount)
			}
		}
	}
	q.FloorLeft = payments.FloorLeft(q.Policy.LivingFloor, remitted)
}

// note keeps what an approved run leaves behind.
func (p *player) note(a payments.Allotment, run storyEvent) {
	for _, alert := range payments.Alerts(a) {
		out := wantAlert{Date: run.Date, Code: string(alert.Code), Mandate: alert.Mandate, Line: alert.Line}
		switch alert.Code {
		case payments.LivingFloorNotMet:
			out.Shortfall = alert.Amount.Cents()
		case payments.RentUnpaid:
			out.Unpaid = alert.Amount.Cents()
		case payments.DebtPlanMissed:
			out.Due = alert.Amount.Cents()
		}
		p.alerts = append(p.alerts, out)
	}
	for _, tr := range a.Transfers {
		id := run.ID + "-" + a.Mandate + "-" + tr.Creditor
		for _, c := range tr.Covers {
			p.covers[id] = append(p.covers[id], wantCover{c.Line, c.Amount.Cents(), orNull(c.Debt)})
		}
	}
}

func asMandate(a payments.Allotment, run string, approved bool) wantMandate {
	m := wantMandate{
		Mandate: a.Mandate, Available: a.AvailableBefore.Cents(), FloorLeft: a.FloorLeft.Cents(),
		Lines: []wantLine{}, Reserved: a.Reserved.Cents(), RemitTotal: a.RemitTotal.Cents(),
		Remittances: []wantRemittance{}, Carried: a.CarriedForward.Cents(),
	}
	if a.FloorShortfall.IsPositive() {
		cents := a.FloorShortfall.Cents()
		m.Shortfall = &cents
	}
	for _, l := range a.Lines {
		m.Lines = append(m.Lines, wantLine{
			Line: l.ID, Class: string(l.Class), Payee: orNull(l.Creditor), Label: l.Label,
			Due: l.Due.Cents(), Paid: l.Paid.Cents(), Status: string(l.Status),
			Reason: orNull(string(l.Reason)), Debt: orNull(l.Debt),
		})
	}
	for _, r := range a.Remittances {
		m.Remittances = append(m.Remittances, wantRemittance{r.On, r.Amount.Cents()})
	}
	if !approved {
		return m
	}
	m.Payments = []wantPayment{}
	for _, tr := range a.Transfers {
		pay := wantPayment{ID: run + "-" + a.Mandate + "-" + tr.Creditor, Payee: tr.Creditor, Amount: tr.Amount.Cents()}
		for _, c := range tr.Covers {
			pay.Covers = append(pay.Covers, c.Line)
		}
		m.Payments = append(m.Payments, pay)
	}
	return m
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// ofRuns keeps the alerts that Allocate raises.
func ofRuns(all []wantAlert) []wantAlert {
	return slices.DeleteFunc(all, func(a wantAlert) bool {
		return a.Code != "LIVING_FLOOR_NOT_MET" && a.Code != "RENT_UNPAID" && a.Code != "DEBT_PLAN_MISSED"
	})
}

// covers are the lines behind each payment of a run.
func (a storyAnswer) covers() map[string][]wantCover {
	covers := map[string][]wantCover{}
	for _, p := range a.Payments {
		if p.Kind == "PAYMENT" {
			covers[p.ID] = p.Covers
		}
	}
	return covers
}

// same compares two values by their JSON, which names every field.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	gotText, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatalf("print %s: %v", what, err)
	}
	wantText, err := json.MarshalIndent(want, "", " ")
	if err != nil {
		t.Fatalf("print %s: %v", what, err)
	}
	if string(gotText) != string(wantText) && (!isEmpty(gotText) || !isEmpty(wantText)) {
		t.Errorf("%s: got\n%s\nwant\n%s", what, gotText, wantText)
	}
}

func isEmpty(text []byte) bool { return string(text) == "null" || string(text) == "[]" }
