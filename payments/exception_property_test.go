package payments

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// anyMonth draws a run with whatever a month may bring: other amounts, creditors and accounts,
// lines that money or the law holds back, with and without a past and decisions.
func anyMonth(t *rapid.T) Facts {
	f := ordinary()
	f.First = rapid.Bool().Draw(t, "first")
	f.Past, f.Decided, f.Run.Lines = nil, map[string]int64{}, nil
	f.Settings.ChangeCents = money.Cents(rapid.Int64Range(0, 2000).Draw(t, "threshold"))
	for id := range f.Payees {
		f.payee(id, func(p *PayeeFact) {
			p.LastVersion = rapid.IntRange(0, 2).Draw(t, "last version")
			p.Version = rapid.IntRange(1, 2).Draw(t, "version")
			p.Loaded = rapid.Bool().Draw(t, "loaded")
			p.LastFailure = rapid.SampledFrom([]string{"", "", "AC04"}).Draw(t, "failure")
			if rapid.IntRange(0, 5).Draw(t, "no account") == 0 {
				p.IBAN = ""
			}
		})
	}
	for no := range rapid.IntRange(0, 6).Draw(t, "lines") {
		f.Run.Lines = append(f.Run.Lines, anyLineOf(t, no+1))
	}
	slices.SortStableFunc(f.Run.Lines, func(a, b RunLine) int {
		return mandates.DefaultPolicy().Rank(a.Class) - mandates.DefaultPolicy().Rank(b.Class)
	})
	settle(t, f.Run.Lines)
	for i := range f.Run.Lines {
		if l := &f.Run.Lines[i]; l.Paid.IsPositive() && l.Creditor != "" && f.Payees[l.Creditor].IBAN == "" {
			l.Paid, l.Status, l.Reason = money.Amount{}, Blocked, IBANNotOpen
		}
	}
	if !f.First {
		for _, l := range f.Run.Lines {
			f.Past = append(f.Past, anyPast(t, l)...)
		}
	}
	return f
}

func anyLineOf(t *rapid.T, no int) RunLine {
	class := rapid.SampledFrom(mandates.Classes()).Draw(t, "class")
	creditor := rapid.SampledFrom([]string{"C-LAND", "C-EDF"}).Draw(t, "creditor")
	if class == mandates.Reserve {
		creditor = ""
	}
	l := paidLine(no, fmt.Sprintf("O-%d", no), class, creditor, "100.00")
	l.Due = money.Cents(rapid.Int64Range(1, 3).Draw(t, "due") * 1000)
	l.Paid = l.Due
	return l
}

// settle gives the lines statuses that an allocation can give.
func settle(t *rapid.T, lines []RunLine) {
	rent, stopped := false, false
	for i := range lines {
		l := &lines[i]
		senior := mandates.Policy{}.IsSenior(l.Class)
		fate := rapid.IntRange(0, 5).Draw(t, "fate")
		switch {
		case fate == 0:
			l.Paid, l.Status, l.Reason = money.Amount{}, Blocked, mandates.ContestedDebt
		case rent && !senior:
			l.Paid, l.Status, l.Reason = money.Amount{}, Blocked, RentFirst
		case stopped && !senior:
			l.Paid, l.Status, l.Reason = money.Amount{}, Deferred, HigherPriorityUnpaid
		case fate == 1:
			l.Paid, l.Status, l.Reason = money.Amount{}, Deferred, InsufficientFunds
			rent, stopped = rent || senior, stopped || !senior
		}
	}
}

// anyPast is what approved runs did of a line's obligation: the same, or something else.
func anyPast(t *rapid.T, l RunLine) []PastLine {
	if rapid.IntRange(0, 3).Draw(t, "no past") == 0 {
		return nil
	}
	p := november(l)
	p.Due = money.Cents(rapid.Int64Range(1, 3).Draw(t, "past due") * 1000)
	p.Act = rapid.Int64Range(10, 12).Draw(t, "past act")
	p.Status, p.Paid, p.Reason = Paid, p.Due, ""
	switch rapid.IntRange(0, 4).Draw(t, "past fate") {
	case 0:
		p.Status, p.Paid, p.Reason = Blocked, money.Amount{}, mandates.ContestedDebt
	case 1:
		p.Status, p.Paid, p.Reason = Deferred, money.Amount{}, InsufficientFunds
	}
	if rapid.IntRange(0, 3).Draw(t, "same day") == 0 {
		p.DueOn = l.DueOn
	}
	return []PastLine{p}
}

// The rule of ux 3.5: a line without exception equals last month or follows from a decision.
func TestALineWithoutExceptionEqualsLastMonthOrFollowsFromADecision(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyMonth(t)
		for _, l := range f.Run.Lines {
			if act := rapid.Int64Range(0, 13).Draw(t, "act"); act > 0 {
				f.Decided[l.Obligation] = act
			}
		}
		found := Exceptions(f)
		for i, o := range Origins(f, found) {
			judgeOrigin(t, f, f.Run.Lines[i], o)
		}
		for i, e := range found {
			if e.No != i+1 || e.Text == "" || e.Code.French() == "" || len(e.Choices()) == 0 {
				t.Fatalf("exception %d says nothing: %+v", i+1, e)
			}
		}
	})
}

// judgeOrigin is written from the rule alone.
func judgeOrigin(t *rapid.T, f Facts, l RunLine, o Origin) {
	p := PastLine{}
	if i := slices.IndexFunc(f.Past, func(p PastLine) bool { return p.Obligation == l.Obligation }); i >= 0 {
		p = f.Past[i]
	}
	payee := f.Payees[l.Creditor]
	switch {
	case o.From == FromException && len(o.Exceptions) == 0:
		t.Fatalf("%s has neither a past nor a decision nor an exception: %+v", l.Key(), l)
	case o.From == FromLastMonth && (p.Run != o.Run || p.Creditor != l.Creditor):
		t.Fatalf("%s repeats %+v, which is no such line", l.Key(), p)
	case o.From == FromLastMonth && l.Paid.IsPositive() && p.Due.Sub(p.Paid) != l.Due && p.Paid != l.Paid:
		t.Fatalf("%s pays %s as last month, which paid %s of %s", l.Key(), l.Paid, p.Paid, p.Due)
	case o.From == FromLastMonth && l.Paid.IsZero() && (p.Status != l.Status || p.Reason != l.Reason):
		t.Fatalf("%s is %s as last month, which was %s", l.Key(), l.Reason, p.Reason)
	case o.From == FromDecision && (o.Act != f.Decided[l.Obligation] || paidWhole(p) && o.Act <= p.Act):
		t.Fatalf("%s follows from act %d, which is older than run %s (%d)", l.Key(), o.Act, p.Run, p.Act)
	case l.Paid.IsPositive() && l.Creditor != "" && payee.LastVersion != payee.Version && len(o.Exceptions) == 0 &&
		(!f.First || payee.LastVersion > 0):
		t.Fatalf("%s is paid on another account than last month, and nobody is told", l.Key())
	case l.short() && len(o.Exceptions) == 0:
		t.Fatalf("%s lacks money, and nobody is told", l.Key())
	}
}
