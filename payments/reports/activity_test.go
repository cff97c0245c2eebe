package reports_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/reports"
)

// seed2016 is the year of seed 001 as somebody would have noted it: 129 diagnostics, 26 of them without a
// sequel, and 159 supports without a mandate, of which 56 had begun the year before.
func seed2016() reports.Noted {
	var file strings.Builder
	fmt.Fprintln(&file, "# activité de 2016 (Grand Valentinois)")
	day := civil.MustParse("2016-01-04")
	for i := range 129 {
		outcome := "FOLLOWED"
		switch {
		case i < 17:
			outcome = "REFUSED"
		case i < 26:
			outcome = "NEVER_MET"
		}
		fmt.Fprintf(&file, "diagnostic;D-%d;26;%s;%s\n", i, day.AddDays(2*i), outcome)
	}
	for i := range 159 {
		kind, months := "MAINTENANCE", 6
		switch {
		case i >= 142:
			kind = "ACCESS"
		case i >= 104:
			kind, months = "SEARCH", 4
		}
		diagnostic, from := "", civil.MustParse("2015-10-01").AddDays(i) // in course on 1 January
		if i >= 56 {
			diagnostic, from = fmt.Sprintf("D-%d", i-56+26), day.AddDays(2*(i-56+26)+7)
		}
		end := from.AddMonths(months).AddDays(-1)
		fmt.Fprintf(&file, "support;S-%d;%s;26;%s;%s;%s;;2\n", i, diagnostic, kind, from, end)
	}
	noted, err := reports.ReadNoted(strings.NewReader(file.String()))
	if err != nil {
		panic(err)
	}
	return noted
}

//
func TestTheFiguresOf2016AreThoseOfTheSeed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2017-08-01")
	for i := range 4 {
		h.measure(fmt.Sprintf("M-%d", i), "26", "MASP1", "2016-03-01", "", "", "1980-05-05")
	}
	h.measure("M-BEFORE", "26", "MASP1", "2015-01-01", "2015-12-31", "TERM_REACHED", "1980-05-05")
	h.measure("M-AFTER", "26", "MASP1", "2017-01-01", "", "", "1980-05-05")
	added, err := h.Note(t.Context(), h.anne, seed2016())
	h.must(err)
	if added != 129+159 {
		t.Errorf("noted %d facts", added)
	}
	r := h.report(reports.Activity, "2016-01-01", "2016-12-31")
	for code, want := range map[string]string{
		"diagnostics": "129", "not_followed": "26", "refused": "17", "never_met": "9",
		"supports": "163", "maintenance": "104", "search": "38", "access": "17", "masp": "4",
	} {
		h.figure(r, code, want)
	}
	if text := r.Paper().Text(); !strings.Contains(text, "Diagnostics réalisés") || !strings.Contains(r.CSV(), "Accompagnements;163\r\n") {
		t.Errorf("got %s", text)
	}
	again, err := h.Note(t.Context(), h.anne, seed2016())
	h.must(err)
	if again != 0 {
		t.Errorf("the same again noted %d facts", again)
	}
	h.figure(h.report(reports.Activity, "2015-01-01", "2015-12-31"), "supports", "57") // 56 of them, and M-BEFORE
	report, err := ledger.Verify(t.Context(), h.db.App, ledger.VerifyOptions{})
	if err != nil || !report.OK() {
		t.Errorf("verify: %v, %v", report.Findings, err)
	}
}

//
func TestVisitsAreCountedAgainstThoseAgreed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-06-30")
	on := civil.MustParse("2026-02-10")
	n := reports.Noted{Supports: []reports.Support{{ID: "S-1", Department: "34", Kind: reports.Maintenance, From: on, To: civil.MustParse("2026-05-09"), FirstMonth: 3, PerMonth: 2}}}
	for i := range 5 {
		n.Visits = append(n.Visits, reports.Visit{Support: "S-1", On: on.AddDays(10 * i), Means: reports.AtHome})
	}
	n.Visits = append(n.Visits, reports.Visit{Support: "S-1", On: on.AddDays(1), Means: reports.ByPhone})
	_, err := h.Note(t.Context(), h.anne, n)
	h.must(err)
	r := h.report(reports.Activity, "2026-01-01", "2026-06-30")
	for code, want := range map[string]string{"visits_planned": "7", "visits": "5", "visits_rate": "0.714", "calls": "1"} {
		h.figure(r, code, want)
	}
	if got := r.Tables[0].Rows[0]; got[1].String() != "1" || got[2].String() != "89" {
		t.Errorf("the support lasted %v", got)
	}
	h.figure(h.report(reports.Activity, "2026-03-01", "2026-03-31"), "visits_planned", "2")
}

func TestActivityThatCannotBeIsRefusedWhole(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-06-30")
	day := civil.MustParse
	first := reports.Noted{
		Diagnostics: []reports.Diagnostic{{"D-1", "34", day("2026-03-01"), reports.Followed}, {"D-2", "34", day("2026-03-01"), reports.Refused}},
		Supports:    []reports.Support{{ID: "S-1", Diagnostic: "D-1", Department: "34", Kind: reports.Search, From: day("2026-03-10"), PerMonth: 2}},
	}
	_, err := h.Note(t.Context(), h.anne, first)
	h.must(err)
	support := func(change func(*reports.Support)) reports.Noted {
		s := first.Supports[0]
		change(&s)
		return reports.Noted{Supports: []reports.Support{s}}
	}
	for _, c := range []struct {
		name string
		n    reports.Noted
		want error
	}{
		{"another day of a diagnostic", reports.Noted{Diagnostics: []reports.Diagnostic{{"D-1", "34", day("2026-03-02"), reports.Followed}}}, reports.ErrConflict},
		{"a support after a refusal", support(func(s *reports.Support) { s.ID, s.Diagnostic = "S-2", "D-2" }), reports.ErrConflict},
		{"a support of no diagnostic", support(func(s *reports.Support) { s.ID, s.Diagnostic = "S-2", "D-9" }), reports.ErrConflict},
		{"another kind", support(func(s *reports.Support) { s.Kind = reports.Access }), reports.ErrConflict},
		{"an unknown kind", support(func(s *reports.Support) { s.ID, s.Kind = "S-2", "OTHER" }), reports.ErrActivity},
		{"an end before the start", support(func(s *reports.Support) { s.To = day("2026-03-01") }), reports.ErrActivity},
		{"tomorrow", reports.Noted{Diagnostics: []reports.Diagnostic{{"D-3", "34", day("2026-07-01"), reports.Followed}}}, reports.ErrFuture},
		{"a visit before the support", reports.Noted{Visits: []reports.Visit{{"S-1", day("2026-03-01"), reports.AtHome}}}, reports.ErrConflict},
		{"a visit of nobody", reports.Noted{Visits: []reports.Visit{{"S-9", day("2026-03-11"), reports.AtHome}}}, reports.ErrConflict},
		{"no reference", reports.Noted{Diagnostics: []reports.Diagnostic{{"", "34", day("2026-03-01"), reports.Followed}}}, reports.ErrActivity},
	} {
		c.n.Diagnostics = append(c.n.Diagnostics, reports.Diagnostic{ID: "D-GOOD", Department: "34", On: day("2026-03-01"), Outcome: reports.Followed})
		if _, err := h.Note(t.Context(), h.anne, c.n); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	h.figure(h.report(reports.Activity, "2026-01-01", "2026-06-30"), "diagnostics", "2")
	ended := support(func(s *reports.Support) { s.To = day("2026-05-01") })
	if n, err := h.Note(t.Context(), h.anne, ended); err != nil || n != 1 {
		t.Errorf("the last day: got %d, %v", n, err)
	}
	if _, err := h.Note(t.Context(), h.user("eve", auth.Auditor), first); !errors.Is(err, reports.ErrRole) {
		t.Errorf("an auditor notes: got %v", err)
	}
	if _, err := h.Note(t.Context(), auth.Principal{}, first); !errors.Is(err, reports.ErrToken) {
		t.Errorf("nobody notes: got %v", err)
	}
}

func TestALineThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"diagnostic;D-1;26", "support;S;;26;SEARCH;2016-13-01;;3;2", "visit;S-1;hier;HOME", "meeting;x", "support;S;;26;SEARCH;2016-01-01;;-3;2"} {
		_, err := reports.ReadNoted(strings.NewReader("# fine\n\n" + text + "\n"))
		if bad, ok := errors.AsType[*reports.LineError](err); !ok || bad.Line != 3 {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestAnAuditorReadsTheActivityOfHisDepartement(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-06-30")
	h.measure("M-1", "34", "MASP2", "2026-01-01", "", "", "1980-05-05")
	h.measure("M-2", "26", "MASP2", "2026-01-01", "", "", "1980-05-05")
	day := civil.MustParse("2026-03-01")
	_, err := h.Note(t.Context(), h.anne, reports.Noted{
		Diagnostics: []reports.Diagnostic{{"D-1", "34", day, reports.Followed}, {"D-2", "26", day, reports.Followed}, {"D-3", "26", day, reports.Refused}},
		Supports:    []reports.Support{{ID: "S-1", Department: "26", Kind: reports.Search, From: day, PerMonth: 2}},
		Visits:      []reports.Visit{{"S-1", day, reports.AtHome}},
	})
	h.must(err)
	eve := h.user("eve", auth.Auditor)
	h.owner(`INSERT INTO masp.auditor_scopes (user_id, department, from_on) VALUES ('eve', '34', '2026-01-01')`)
	err = auth.Restricted(t.Context(), h.db.App, eve, func(ctx context.Context, tx pgx.Tx) error {
		r, err := h.Make(unit.Joined(ctx, tx), reports.Activity, reports.Ask{})
		h.must(err)
		for code, want := range map[string]string{"diagnostics": "1", "supports": "1", "masp": "1", "visits": "0"} {
			h.figure(r, code, want)
		}
		for _, name := range []reports.Name{reports.Priority, reports.LateRents, reports.Arrears, reports.Masp} {
			_, err := h.Make(unit.Joined(ctx, tx), name, reports.Ask{})
			h.must(err)
		}
		return nil
	})
	h.must(err)
}
