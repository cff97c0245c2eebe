package imports_test

import (
	"strings"
	"testing"

	"masp/imports"
)

// day is a statement of one day with its lines.
func day(id, on, opening, closing string, lines ...string) paper {
	return paper{iban: ibanOwn, id: id, from: on, to: on, opening: opening, closing: closing, lines: lines}
}

// heldAsOverlap fails the test when the only statement of a file is not held as an overlap that
// says this, and gives its number.
func (w *world) heldAsOverlap(p paper, says string) int64 {
	w.t.Helper()
	st := w.drop(statements(p)).Statements[0]
	if st.Reason != imports.HeldOverlap || !strings.Contains(st.Explanation, says) {
		w.t.Fatalf("got %s %s %q, want an overlap that says %q", st.State, st.Reason, st.Explanation, says)
	}
	return st.ID
}

var (
	in  = fromSomebody("30.00", "2026-11-04")
	out = entry("DBIT", "30.00", "2026-11-05", `<TxDtls><RmtInf><Ustrd>FRAIS</Ustrd></RmtInf></TxDtls>`)
)

func TestAWeekAfterItsDaysIsNotBookedAgainThoughItsBalanceFits(t *testing.T) {
	t.Parallel()
	week := paper{
		iban: ibanOwn, id: "week", from: "2026-11-04", to: "2026-11-05",
		opening: "100.00", closing: "100.00", lines: []string{in, out},
	}
	one, two := day("d1", "2026-11-04", "100.00", "130.00", in), day("d2", "2026-11-05", "130.00", "100.00", out)
	t.Run("in files of their own", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.drop(statements(one))
		w.drop(statements(two))
		w.heldAsOverlap(week, "2 lignes déjà enregistrées sur 2")
		w.bookedOnce()
	})
	t.Run("in one file", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		o := w.drop(statements(one, two, week))
		if st := o.Statements[2]; st.Reason != imports.HeldOverlap {
			t.Errorf("got %s %s, want an overlap", st.State, st.Reason)
		}
		w.bookedOnce()
	})
	t.Run("the days after the week", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.drop(statements(week))
		w.heldAsOverlap(one, "1 ligne déjà enregistrée sur 1")
		w.heldAsOverlap(two, "1 ligne déjà enregistrée sur 1")
		w.bookedOnce()
	})
	t.Run("the days worded differently", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.drop(statements(one))
		w.drop(statements(two))
		other := week
		other.lines = []string{
			strings.ReplaceAll(in, "REF 991", "REF 992"), strings.ReplaceAll(out, "FRAIS", "FRAIS 11"),
		}
		w.heldAsOverlap(other, "jours déjà tenus (jusqu’au 05/11/2026)")
		w.bookedOnce()
	})
}

// bookedOnce fails the test when the two lines are in the books more than once, now or after
// another try.
func (w *world) bookedOnce() {
	w.t.Helper()
	released, err := w.RetryHeld(w.t.Context(), "test")
	w.must(err)
	if n := w.number(`SELECT count(*) FROM masp.bank_lines`); n != 2 || len(released) != 0 {
		w.t.Errorf("got %d lines in the books, released %+v; want 2 and none", n, released)
	}
	w.sound()
}

func TestAReissueUnderAnotherNumberIsNeverBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := day("A", "2026-11-05", "100.00", "130.00", fromSomebody("30.00", "2026-11-05"))
	again := first
	again.id = "B"
	w.drop(statements(first))
	id := w.heldAsOverlap(again, "déjà enregistré sous le n° A")
	// the balance is the old one again: now it would follow
	w.drop(statements(day("C", "2026-11-05", "130.00", "100.00", out)))
	w.bookedOnce()
	released, err := w.Accept(t.Context(), w.boss, id, "la banque confirme deux virements")
	if err != nil || len(released) != 1 || w.balance("512:BK-1") != "130.00" {
		t.Errorf("got %+v, %v, %s in the bank; want it booked by the person", released, err,
			w.balance("512:BK-1"))
	}
	w.sound()
}

func TestTwoEqualLinesOfOneDayInTwoStatementsWaitForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	line := fromSomebody("10.00", "2026-11-05")
	o := w.drop(statements(day("am", "2026-11-05", "100.00", "120.00", line, line)))
	if o.Statements[0].State != "accepted" {
		t.Fatalf("got %+v, want twins of one statement accepted", o.Statements[0])
	}
	id := w.heldAsOverlap(day("pm", "2026-11-05", "120.00", "160.00", line,
		fromSomebody("30.00", "2026-11-05")), "1 ligne déjà enregistrée sur 2, notamment dans le relevé am")
	o = w.drop(statements(day("late", "2026-11-05", "120.00", "125.00", fromSomebody("5.00", "2026-11-05"))))
	if o.Statements[0].State != "accepted" {
		t.Fatalf("got %+v, want other movements of that day accepted", o.Statements[0])
	}
	_, err := w.Accept(t.Context(), w.boss, id, "x")
	if err == nil || !strings.Contains(err.Error(), "DOES_NOT_FOLLOW") {
		t.Errorf("got %v, want it refused while its balance does not fit", err)
	}
	w.sound()
}
