package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// model is the books as a child would keep them: a list of entries, added up each time. It is written
// from the rules of the package documentation, and shares no code with the ledger.
type model struct {
	today, closed, last civil.Date
	entries             []modelEntry
	closings            []civil.Month
}

type modelEntry struct {
	ledger.Entry
	day civil.Date
	no  int64 // in its journal
}

func (m *model) balance(code ledger.Code, until civil.Date) int64 {
	sum := int64(0)
	for _, e := range m.entries {
		if e.day.After(until) {
			continue
		}
		for _, p := range e.Postings {
			if p.Debit == code {
				sum += p.Amount.Cents()
			}
			if p.Credit == code {
				sum -= p.Amount.Cents()
			}
		}
	}
	return sum
}

// predict says what posting e must answer, and posts it when it is right.
func (m *model) predict(e ledger.Entry) (ledger.Posted, string) {
	for i, old := range m.entries {
		if old.Source == e.Source {
			if old.Kind != e.Kind || old.Reverses != e.Reverses || old.Journal != e.Journal ||
				!slices.Equal(old.Postings, e.Postings) {
				return ledger.Posted{}, "conflict"
			}
			return ledger.Posted{No: int64(i + 1), JournalNo: old.no, Replayed: true}, ""
		}
	}
	for _, old := range m.entries {
		if e.Reverses > 0 && old.Reverses == e.Reverses {
			return ledger.Posted{}, "reversed"
		}
	}
	day := e.PostedOn
	if day.IsZero() {
		day = m.today
	}
	switch {
	case day.After(m.today):
		return ledger.Posted{}, "future"
	case !m.closed.IsZero() && !day.After(m.closed):
		return ledger.Posted{}, "closed"
	case day.Before(m.last):
		return ledger.Posted{}, "backdated"
	}
	m.entries = append(m.entries, modelEntry{e, day, m.inJournal(e.Journal) + 1})
	for _, p := range e.Postings {
		if pcg := p.Debit.PCG(); (pcg == "467" || pcg == "580") && m.balance(p.Debit, day) > 0 {
			m.entries = m.entries[:len(m.entries)-1]
			return ledger.Posted{}, "overdrawn"
		}
	}
	m.last = day
	return ledger.Posted{No: int64(len(m.entries)), JournalNo: m.inJournal(e.Journal)}, ""
}

func (m *model) inJournal(j ledger.Journal) int64 {
	n := int64(0)
	for _, e := range m.entries {
		if e.Journal == j {
			n++
		}
	}
	return n
}

// predictAll says what posting several entries in one transaction must answer.
func (m *model) predictAll(entries []ledger.Entry) ([]ledger.Posted, string) {
	before := *m
	before.entries = slices.Clone(m.entries)
	var all []ledger.Posted
	for _, e := range entries {
		posted, class := m.predict(e)
		if class != "" {
			*m = before
			return nil, class
		}
		all = append(all, posted)
	}
	return all, ""
}

func (m *model) mirror(no int64) ledger.Entry {
	e := m.entries[no-1].Entry
	e.Kind, e.Reverses, e.PostedOn = ledger.ReversalOf, no, civil.Date{}
	e.Source = fmt.Sprintf("reversal %d", no)
	e.Postings = slices.Clone(e.Postings)
	for i, p := range e.Postings {
		e.Postings[i] = ledger.Posting{Debit: p.Credit, Credit: p.Debit, Amount: p.Amount}
	}
	return e
}

func (m *model) close(month civil.Month) string {
	if !month.Last().Before(m.today) || !m.closed.IsZero() && month != m.closed.MonthOf().Add(1) {
		return "not next"
	}
	m.closings = append(m.closings, month)
	m.closed = month.Last()
	return ""
}

func (m *model) reopen(month civil.Month) string {
	n := len(m.closings)
	if n == 0 || m.closings[n-1] != month {
		return "not next"
	}
	m.closings, m.closed = m.closings[:n-1], civil.Date{}
	if n > 1 {
		m.closed = m.closings[n-2].Last()
	}
	return ""
}

// class names an answer of the ledger in the words of the model.
func class(err error) string {
	var conflict *ledger.ConflictError
	var overdrawn *ledger.OverdrawnError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &conflict):
		return "conflict"
	case errors.As(err, &overdrawn):
		return "overdrawn"
	case errors.Is(err, ledger.ErrReversed):
		return "reversed"
	case errors.Is(err, ledger.ErrFuture):
		return "future"
	case errors.Is(err, ledger.ErrClosed):
		return "closed"
	case errors.Is(err, ledger.ErrBackdated):
		return "backdated"
	case errors.Is(err, ledger.ErrNotNext):
		return "not next"
	}
	return err.Error()
}

var modelCodes = []ledger.Code{
	ledger.Bank("BK"), ledger.Mandate("A"), ledger.Mandate("B"), ledger.Sub("A", ledger.Estate),
	ledger.InTransit, ledger.Suspense,
}

func drawEntry(t *rapid.T, m *model) ledger.Entry {
	hub := rapid.SampledFrom(modelCodes).Draw(t, "hub")
	hubPays := rapid.Bool().Draw(t, "hub pays")
	e := ledger.Entry{
		Journal: rapid.SampledFrom([]ledger.Journal{"BQ", "VI", "OD"}).Draw(t, "journal"),
		Kind:    rapid.SampledFrom([]ledger.Kind{ledger.BankCredit, ledger.Payment}).Draw(t, "kind"),
		Source:  fmt.Sprintf("s%d", rapid.IntRange(0, 60).Draw(t, "source")),
		Label:   "x", Actor: "marie",
	}
	for range rapid.SampledFrom([]int{1, 1, 1, 2, 3}).Draw(t, "postings") {
		other := rapid.SampledFrom(modelCodes).Filter(func(c ledger.Code) bool { return c != hub }).Draw(t, "other")
		p := ledger.Posting{Debit: hub, Credit: other, Amount: money.Cents(rapid.Int64Range(1, 50).Draw(t, "cents"))}
		if hubPays {
			p.Debit, p.Credit = other, hub
		}
		e.Postings = append(e.Postings, p)
	}
	if rapid.IntRange(0, 5).Draw(t, "dated") == 0 {
		e.PostedOn = m.today.AddDays(rapid.IntRange(-40, 1).Draw(t, "day"))
	}
	return e
}

func TestTheBooksAgreeWithANaiveModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBooks(t)
		defer b.closePools()
		m := &model{today: firstDay}
		agree := func(what string, got []ledger.Posted, err error, want []ledger.Posted, refusal string) {
			if class(err) != refusal {
				rt.Fatalf("%s: got %q (%v), want %q", what, class(err), err, refusal)
			}
			if err == nil && !slices.Equal(got, want) {
				rt.Fatalf("%s: got %v, want %v", what, got, want)
			}
		}
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			switch what := rapid.SampledFrom([]string{"post", "post", "post", "batch", "reverse", "day", "close", "reopen"}).Draw(rt, "step"); what {
			case "post":
				e := drawEntry(rt, m)
				want, refusal := m.predict(e)
				got, err := b.Post(t.Context(), e)
				agree(what, []ledger.Posted{got}, err, []ledger.Posted{want}, refusal)
			case "batch":
				entries := make([]ledger.Entry, rapid.IntRange(1, 5).Draw(rt, "entries"))
				for i := range entries {
					entries[i] = drawEntry(rt, m)
				}
				want, refusal := m.predictAll(entries)
				got, err := b.post(entries...)
				agree(what, got, err, want, refusal)
			case "reverse":
				if len(m.entries) == 0 {
					continue
				}
				no := rapid.Int64Range(1, int64(len(m.entries))).Draw(rt, "entry")
				want, refusal := m.predict(m.mirror(no))
				got, err := b.reverse(no)
				agree(what, []ledger.Posted{got}, err, []ledger.Posted{want}, refusal)
			case "day":
				m.today = m.today.AddDays(rapid.IntRange(1, 20).Draw(rt, "days"))
				b.setDay(m.today)
			case "close":
				month := m.today.MonthOf().Add(rapid.IntRange(-2, 0).Draw(rt, "month"))
				refusal := m.close(month)
				agree(what, nil, b.closeMonth(month), nil, refusal)
			case "reopen":
				month := m.today.MonthOf().Add(rapid.IntRange(-2, 0).Draw(rt, "month"))
				refusal := m.reopen(month)
				agree(what, nil, b.reopenMonth(month), nil, refusal)
			}
			m.compareBalances(rt, b)
		}
		m.compareHistory(rt, b)
		b.mustVerify()
	})
}

// compareBalances compares every balance of today.
func (m *model) compareBalances(rt *rapid.T, b *books) {
	for _, code := range modelCodes {
		if got, want := b.balance(code).Cents(), m.balance(code, m.today); got != want {
			rt.Fatalf("balance of %s: got %d, want %d", code, got, want)
		}
	}
}

// compareHistory compares balances at days and statements between days.
func (m *model) compareHistory(rt *rapid.T, b *books) {
	span := m.today.DaysSince(firstDay) + 45
	for _, code := range modelCodes {
		sign := int64(-1)
		if code.PCG() == "512" {
			sign = 1
		}
		from := m.today.AddDays(-rapid.IntRange(0, span).Draw(rt, "from"))
		to := from.AddDays(rapid.IntRange(0, span).Draw(rt, "days"))
		got, err := b.BalanceOn(b.t.Context(), b.db.App, code, to)
		if want := m.balance(code, to); err != nil || got.Cents() != want {
			rt.Fatalf("balance of %s on %s: got %d, %v, want %d", code, to, got.Cents(), err, want)
		}
		s, err := b.AccountStatement(b.t.Context(), b.db.App, code, from, to)
		opening, closing := sign*m.balance(code, from.AddDays(-1)), sign*m.balance(code, to)
		if err != nil || s.Opening.Cents() != opening || s.Closing.Cents() != closing ||
			s.Opening.Add(s.In).Sub(s.Out) != s.Closing {
			rt.Fatalf("statement of %s from %s to %s: got %v, %v, want %d to %d", code, from, to, s, err, opening, closing)
		}
	}
}
