package papers_test

import (
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/papers"
)

var on = civil.MustParse

// statement is one of November 2026 with these lines.
func statement(lines ...ledger.StatementLine) papers.Statement {
	s := papers.Statement{Heading: papers.Heading{
		Organisation: "Association des Peupliers", Siren: "999999999", From: on("2026-11-01"), To: on("2026-11-21"), Today: on("2026-12-01"),
		Mandate: mandates.Summary{ID: "M-0001", Person: "Mme Façon Éva"},
	}}
	s.Account.Lines = lines
	return s
}

func line(posted, booked string) ledger.StatementLine {
	l := ledger.StatementLine{PostedOn: on(posted), Label: "Ligne", In: money.Cents(100), Balance: money.Cents(100)}
	if booked != "" {
		l.BookedOn = on(booked)
	}
	return l
}

func TestAStatementWithLaterDaysOfTheBankSaysUntilWhen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		lines     []ledger.StatementLine
		until     string
		explained bool
	}{
		{"in order", []ledger.StatementLine{line("2026-11-05", "2026-11-05"), line("2026-11-21", "")}, "21/11/2026", false},
		{"after the end", []ledger.StatementLine{line("2026-11-21", "2026-11-24"), line("2026-11-21", "2026-11-23")}, "24/11/2026", true},
		{"back in time", []ledger.StatementLine{line("2026-11-21", ""), line("2026-11-21", "2026-11-20")}, "21/11/2026", true},
		{"before the start", []ledger.StatementLine{line("2026-11-02", "2026-10-30")}, "21/11/2026", true},
		{"nothing", nil, "21/11/2026", false},
	} {
		got := statement(c.lines...).Paper().Text()
		if !strings.Contains(got, "Nouveau solde au "+c.until) {
			t.Errorf("%s: got\n%s\nwant « Nouveau solde au %s »", c.name, got, c.until)
		}
		if explained := strings.Contains(got, "celles de la banque"); explained != c.explained {
			t.Errorf("%s: got\n%s\nwant the rule of the dates explained: %t", c.name, got, c.explained)
		}
	}
}

func TestAPaperWhoseLastDayIsNotOverIsProvisional(t *testing.T) {
	t.Parallel()
	for today, want := range map[string]bool{"2026-11-20": true, "2026-11-21": true, "2026-11-22": false} {
		s := statement()
		s.Today = on(today)
		if got := strings.Contains(s.Paper().Text(), "Provisoire"); got != want {
			t.Errorf("on %s: got %t, want %t", today, got, want)
		}
	}
}

func TestAPeriodIsSaidAsAPersonSaysIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"2028-02-01", "2028-02-29", "février 2028"},
		{"2026-02-01", "2026-02-28", "février 2026"},
		{"2026-01-01", "2026-12-31", "année 2026"},
		{"2028-02-01", "2028-02-28", "du 1er février 2028 au 28 février 2028"},
		{"2026-03-29", "2026-03-29", "du 29 mars 2026 au 29 mars 2026"},
	} {
		s := statement()
		s.From, s.To = on(c.from), on(c.to)
		if got := s.Paper().Subtitle; got != c.want {
			t.Errorf("%s to %s: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}
