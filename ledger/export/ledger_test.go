package export_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/export"
	"masp/ledger/money"
	"masp/ledger/unit"
)

func TestTheSameBooksGiveTheSameBytesInEveryFormat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, f := range export.Formats() {
		s, first := h.export(t, export.Ask{Format: f})
		h.db.SetClock(t, firstDay.AddDays(40).Time())
		_, second := h.export(t, export.Ask{Format: f})
		if first != second {
			t.Errorf("%s: two exports of the same books differ", f)
		}
		if s.Entries != 8 || s.Debit != s.Credit || s.LastEntry != 8 || s.Lines == 0 || !strings.HasPrefix(s.Head, "4:8:") {
			t.Errorf("%s: got %+v", f, s)
		}
	}
}

func TestTheTotalsOfTheFileAreThoseOfTheBooks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var debit, credit money.Amount
	trial, err := h.TrialBalance(t.Context(), h.db.App)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range trial {
		debit, credit = debit.Add(a.Debit), credit.Add(a.Credit)
	}
	preview, err := export.Preview(t.Context(), h.db.App, export.Ask{Format: export.CSV})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := h.export(t, export.Ask{Format: export.CSV})
	if got.Debit != debit || got.Credit != credit {
		t.Errorf("got %s and %s, want %s and %s", got.Debit, got.Credit, debit, credit)
	}
	if preview.AsOf = got.AsOf; got != preview {
		t.Errorf("previewed %+v, exported %+v", preview, got)
	}
}

func TestALineIsThatOfTheViewOfTheBooks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, text := h.export(t, export.Ask{Format: export.CSV})
	rows, err := h.db.Owner.Query(t.Context(), `
		SELECT concat_ws(' ', l.entry_no, l.line_no, a.code, l.amount_cents)
		  FROM masp.posting_lines l JOIN masp.accounts a USING (account_id) ORDER BY l.entry_no, l.line_no`)
	if err != nil {
		t.Fatal(err)
	}
	want, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range readCSV(t, text, ',')[1:] {
		debit, credit := money.MustParse(r[12]), money.MustParse(r[13])
		got = append(got, strings.Join([]string{r[0], r[3], r[7], cents(debit.Add(credit.Neg()))}, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAScopeHasItsOwnLinesOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		name           string
		ask            export.Ask
		entries, lines int64
		debit          string
	}{
		{"a mandate, with its sub-accounts", export.Ask{Mandate: "M-1"}, 4, 8, "1008.15"},
		{"a Département", export.Ask{Department: "69"}, 3, 6, "1234580.40"},
		{"a mandate within a period", export.Ask{Mandate: "M-1", From: firstDay.AddDays(1), To: firstDay.AddDays(19)}, 1, 2, "400.00"},
		{"from a day", export.Ask{From: firstDay.AddDays(20)}, 3, 6, "49.01"},
		{"up to a day", export.Ask{To: firstDay}, 3, 8, "1235213.24"},
		{"days without entries", export.Ask{From: firstDay.AddDays(1), To: firstDay.AddDays(2)}, 0, 0, "0.00"},
		{"after all", export.Ask{From: firstDay.AddDays(100)}, 0, 0, "0.00"},
	} {
		for _, f := range export.Formats() {
			c.ask.Format = f
			s, _ := h.export(t, c.ask)
			if s.Entries != c.entries || s.Lines != c.lines || s.Debit.String() != c.debit || s.LastEntry != 8 {
				t.Errorf("%s, %s: got %d entries, %d lines, %s; want %d, %d, %s", c.name, f, s.Entries, s.Lines, s.Debit, c.entries, c.lines, c.debit)
			}
		}
	}
	// Of a bank line for three persons, a mandate's own share: no other code, no other amount.
	_, text := h.export(t, export.Ask{Format: export.CSV, Mandate: "M-1"})
	if strings.Contains(text, "M-2") || strings.Contains(text, "M-3") || strings.Contains(text, "1234571.19") || !strings.Contains(text, "1.10") {
		t.Errorf("the export of M-1 tells of others:\n%s", text)
	}
}

func TestWhatCannotBeExportedIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, a := range map[string]export.Ask{
		"no format":                   {},
		"an unknown format":           {Format: "pdf"},
		"a period that ends too soon": {Format: export.CSV, From: firstDay, To: firstDay.AddDays(-1)},
		"two scopes":                  {Format: export.CSV, Mandate: "M-1", Department: "59"},
		"no Département":              {Format: export.CSV, Department: "00"},
		"an unknown mandate":          {Format: export.CSV, Mandate: "M-9"},
		"nobody's Département":        {Format: export.CSV, Department: "75"},
	} {
		var invalid *export.InvalidError
		if _, err := export.Ledger(t.Context(), h.db.App, a, io.Discard, nil); !errors.As(err, &invalid) || invalid.French() == "" {
			t.Errorf("%s: got %v, want a refusal in French", name, err)
		}
	}
}

func TestEmptyBooksAreAFileToo(t *testing.T) {
	t.Parallel()
	h := newEmptyHouse(t)
	for _, f := range export.Formats() {
		if s, text := h.export(t, export.Ask{Format: f}); s.Entries != 0 || (text == "") != (f == export.JSONLines) {
			t.Errorf("%s: got %+v and %q", f, s, text)
		}
	}
}

func TestAnExportSeesOneInstantAndSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	h := newEmptyHouse(t)
	h.many(t, 20_000)
	posted := false
	var out strings.Builder
	var steps []int64
	s, err := export.Ledger(t.Context(), h.db.App, export.Ask{Format: export.JSONLines}, &out, func(done, total int64) {
		if !posted {
			posted = true
			post(context.Background(), t, h.db, h.Ledger, in("meanwhile", m1, "1.00"))
		}
		if steps = append(steps, done); total != 20_000 {
			t.Errorf("got a total of %d", total)
		}
	})
	if err != nil || s.Entries != 20_000 || s.LastEntry != 20_000 || strings.Count(out.String(), "\n") != 20_000 {
		t.Errorf("got %+v, %v", s, err)
	}
	if want := []int64{8192, 16384, 20_000}; !slices.Equal(steps, want) {
		t.Errorf("got steps %v, want %v", steps, want)
	}
}

// stops is a reader that goes away.
type stops struct{ after int }

var errGone = errors.New("gone")

func (s *stops) Write(p []byte) (int, error) {
	if s.after -= len(p); s.after < 0 {
		return 0, errGone
	}
	return len(p), nil
}

func TestAWriterThatFailsEndsTheExportAndTheTransactionLives(t *testing.T) {
	t.Parallel()
	h := newEmptyHouse(t)
	h.many(t, 30_000)
	for _, f := range export.Formats() {
		err := ledger.Snapshot(t.Context(), h.db.App, func(tx pgx.Tx) error {
			_, err := export.Ledger(unit.Joined(t.Context(), tx), h.db.App, export.Ask{Format: f}, &stops{100_000}, nil)
			if !errors.Is(err, errGone) {
				t.Errorf("%s: got %v, want that of the writer", f, err)
			}
			return tx.QueryRow(t.Context(), `SELECT`).Scan()
		})
		if err != nil {
			t.Errorf("%s: afterwards the transaction says %v", f, err)
		}
	}
}

func TestWhenTheClientIsGoneTheQueryStops(t *testing.T) {
	t.Parallel()
	h := newEmptyHouse(t)
	h.many(t, 30_000)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := export.Ledger(ctx, h.db.App, export.Ask{Format: export.CSV}, io.Discard, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	const running = `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND state <> 'idle' AND query LIKE '%masp.postings%' AND pid <> pg_backend_pid()`
	left := -1
	for range 100 {
		if err := h.db.Super.QueryRow(t.Context(), running).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%d queries still run", left)
}
