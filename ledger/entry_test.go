package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func TestAnEntryThatCannotBeRightIsRefusedBeforeTheDatabase(t *testing.T) {
	t.Parallel()
	l := ledger.New(nil) // never reached
	for name, change := range map[string]func(*ledger.Entry){
		"no journal":           func(e *ledger.Entry) { e.Journal = "" },
		"unknown journal":      func(e *ledger.Entry) { e.Journal = "AC" },
		"unknown kind":         func(e *ledger.Entry) { e.Kind = "GIFT" },
		"reversal by hand":     func(e *ledger.Entry) { e.Kind = ledger.ReversalOf },
		"reverses by hand":     func(e *ledger.Entry) { e.Reverses = 4 },
		"no source":            func(e *ledger.Entry) { e.Source = "" },
		"long source":          func(e *ledger.Entry) { e.Source = strings.Repeat("é", 301) },
		"zero byte":            func(e *ledger.Entry) { e.Label = "a\x00b" },
		"not UTF-8":            func(e *ledger.Entry) { e.Label = "a\xffb" },
		"no label":             func(e *ledger.Entry) { e.Label = "" },
		"no actor":             func(e *ledger.Entry) { e.Actor = "" },
		"no posting":           func(e *ledger.Entry) { e.Postings = nil },
		"zero":                 func(e *ledger.Entry) { e.Postings[0].Amount = money.Amount{} },
		"negative":             func(e *ledger.Entry) { e.Postings[0].Amount = money.Cents(-1) },
		"beyond the limit":     func(e *ledger.Entry) { e.Postings[0].Amount = money.Limit().Add(money.Cents(1)) },
		"one account twice":    func(e *ledger.Entry) { e.Postings[0].Debit = e.Postings[0].Credit },
		"one leg":              func(e *ledger.Entry) { e.Postings[0].Debit = "" },
		"not an account":       func(e *ledger.Entry) { e.Postings[0].Debit = "606:FOOD" },
		"lower case":           func(e *ledger.Entry) { e.Postings[0].Debit = "512:bank" },
		"unknown sub-account":  func(e *ledger.Entry) { e.Postings[0].Debit = "467:M1:SPENT" },
		"sub-account of bank":  func(e *ledger.Entry) { e.Postings[0].Debit = "512:BK:ESTATE" },
		"several on each side": func(e *ledger.Entry) { e.Postings = append(e.Postings, payment("", "M2", 5).Postings...) },
	} {
		e := credit("s", "M1", 100)
		change(&e)
		_, err := l.Post(t.Context(), e)
		var invalid *ledger.InvalidError
		if !errors.As(err, &invalid) {
			t.Errorf("%s: got %v, want an invalid entry", name, err)
		}
	}
}

func TestTheSameSourceIsReplayedLaterAndByAnotherHand(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	first := b.mustPost(credit("s", "M1", 100))[0]
	b.setDay(firstDay.AddDays(3))
	again := credit("s", "M1", 100)
	again.Actor, again.Label, again.PostedOn = "paul", "autre libellé", firstDay.AddDays(-9)
	got, err := b.Post(t.Context(), again)
	if err != nil || !got.Replayed || got.No != first.No || got.JournalNo != first.JournalNo {
		t.Errorf("got %v, %v, want entry %d replayed", got, err, first.No)
	}
	for name, change := range map[string]func(*ledger.Entry){
		"amount":      func(e *ledger.Entry) { e.Postings[0].Amount = money.Cents(101) },
		"account":     func(e *ledger.Entry) { e.Postings[0].Credit = ledger.Mandate("M2") },
		"kind":        func(e *ledger.Entry) { e.Kind = ledger.Return },
		"booking day": func(e *ledger.Entry) { e.BookedOn = firstDay },
		"another line": func(e *ledger.Entry) {
			e.Postings = append(e.Postings, ledger.Posting{Debit: ledger.Bank("BK"), Credit: ledger.Suspense, Amount: money.Cents(1)})
		},
	} {
		e := credit("s", "M1", 100)
		change(&e)
		var conflict *ledger.ConflictError
		if _, err := b.Post(t.Context(), e); !errors.As(err, &conflict) || conflict.No != first.No {
			t.Errorf("another %s: got %v, want a conflict with entry %d", name, err, first.No)
		}
	}
	b.mustVerify()
}

func TestAClosedMonthTakesNothingMore(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	march, april := firstDay.MonthOf(), firstDay.MonthOf().Add(1)
	if err := b.closeMonth(march); !errors.Is(err, ledger.ErrNotNext) {
		t.Errorf("closing a month that is not over: got %v", err)
	}
	b.setDay(april.Day(10))
	if err := b.closeMonth(march); err != nil {
		t.Fatal(err)
	}
	late := credit("late", "M1", 100)
	late.PostedOn = march.Last()
	if _, err := b.post(late); !errors.Is(err, ledger.ErrClosed) {
		t.Errorf("posting into a closed month: got %v", err)
	}
	if err := b.reopenMonth(march); err != nil {
		t.Fatal(err)
	}
	if _, err := b.post(late); err != nil {
		t.Errorf("posting into a reopened month: got %v", err)
	}
	if err := b.closeMonth(march); err != nil {
		t.Fatal(err)
	}
	if through, err := b.ClosedThrough(t.Context(), b.db.App); err != nil || through != march.Last() {
		t.Errorf("closed through %s, %v, want %s", through, err, march.Last())
	}
	b.mustVerify()
}

func TestLateNewsIsPostedTodayWithItsOwnDay(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	b.mustPost(credit("one", "M1", 100))
	late := credit("late", "M1", 50)
	late.PostedOn = firstDay.AddDays(-1)
	if _, err := b.post(late); !errors.Is(err, ledger.ErrBackdated) {
		t.Errorf("got %v, want a backdated entry refused", err)
	}
	late.PostedOn, late.BookedOn, late.ValueOn = civil.Date{}, firstDay.AddDays(-5), firstDay.AddDays(-6)
	no := b.mustPost(late)[0].No
	got, err := b.Entry(t.Context(), b.db.App, no)
	if err != nil || got.PostedOn != firstDay || got.BookedOn != late.BookedOn || got.ValueOn != late.ValueOn {
		t.Errorf("got %s, %s, %s, %v, want today and the days of the bank", got.PostedOn, got.BookedOn, got.ValueOn, err)
	}
	future := credit("future", "M1", 1)
	future.PostedOn = firstDay.AddDays(1)
	if _, err := b.post(future); !errors.Is(err, ledger.ErrFuture) {
		t.Errorf("got %v, want an entry of tomorrow refused", err)
	}
}

func TestAnEntryIsReversedOnceAndAReversalCanBeReversed(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	first := b.mustPost(credit("one", "M1", 100))[0].No
	reversal, err := b.reverse(first)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.reverse(first) // same source: the same act repeated
	if err != nil || !again.Replayed || again.No != reversal.No {
		t.Errorf("got %v, %v, want the reversal replayed", again, err)
	}
	second, err := b.Entry(t.Context(), b.db.App, reversal.No)
	if err != nil || second.Reverses != first {
		t.Fatalf("got %+v, %v, want a reversal of %d", second, err, first)
	}
	if _, err := b.reverse(reversal.No); err != nil {
		t.Errorf("reversing the reversal: %v", err)
	}
	if _, err := b.reverse(99); !errors.Is(err, ledger.ErrNoEntry) {
		t.Errorf("reversing nothing: got %v", err)
	}
	if got := b.balance(ledger.Bank("BK")); got != money.Cents(100) {
		t.Errorf("balance %s, want 1.00", got)
	}
	b.mustVerify()
}

func TestAHeadIsReadAsItWasPrinted(t *testing.T) {
	t.Parallel()
	b := storyBooks(t)
	want, err := b.Head(t.Context(), b.db.App)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ledger.ParseHead(want.String()); err != nil || got != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	books, _, _ := strings.Cut(want.String(), "/")
	if got, err := ledger.ParseHead(books); err != nil || got.Hash != want.Hash {
		t.Errorf("without acts: got %v, %v, want %v", got, err, want)
	}
	for _, wrong := range []string{"", "1", "1:2", "x:1:" + want.Hash.String(), "1:1:zz", "-1:1:" + want.Hash.String(), "1:1:" + want.Hash.String() + "/x"} {
		if _, err := ledger.ParseHead(wrong); err == nil {
			t.Errorf("%q was read as a head", wrong)
		}
	}
}

func TestEmptyBooksAreSound(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	b.mustVerify()
	s, err := b.AccountStatement(t.Context(), b.db.App, ledger.Mandate("M1"), firstDay, firstDay)
	if err != nil || len(s.Lines) != 0 || !s.Closing.IsZero() {
		t.Errorf("got %+v, %v, want an empty statement", s, err)
	}
	if got := b.balance(ledger.Mandate("M1")); !got.IsZero() {
		t.Errorf("balance %s of an account nobody posted to, want zero", got)
	}
}
