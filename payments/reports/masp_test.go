package reports_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"masp/ledger/civil"
	"masp/payments/reports"
)

// the report equals a recount from the raw data, and each year goes on from the year before.
func TestTheYearlyDataEqualARecountFromTheMeasures(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-06-30")
	r := rand.New(rand.NewPCG(6, 135))
	type raw struct {
		department, level, reason string
		start, end                civil.Date
	}
	var all []raw
	for i := range 60 {
		m := raw{department: []string{"34", "26"}[r.IntN(2)], level: []string{"MASP1", "MASP2"}[r.IntN(2)]}
		m.start = civil.MustParse("2023-01-01").AddDays(r.IntN(1000))
		ended := ""
		if r.IntN(2) == 0 {
			m.end = m.start.AddDays(30 + r.IntN(330))
			m.reason = []string{"AUTONOMY_REGAINED", "MAJ_OPENED", "MOVED"}[r.IntN(3)]
			ended = m.end.String()
		}
		all = append(all, m)
		h.measure(fmt.Sprintf("M-%03d", i), m.department, m.level, m.start.String(), ended, m.reason, "1980-05-05")
	}
	stock := int64(0)
	for year := 2023; year <= 2025; year++ {
		from, to := civil.MustParse(fmt.Sprintf("%d-01-01", year)), civil.MustParse(fmt.Sprintf("%d-12-31", year))
		in := func(d civil.Date) bool { return !d.IsZero() && d.Year() == year }
		var course, masp2, entries, exits, maj, days int64
		for _, m := range all {
			if !m.start.After(to) && (m.end.IsZero() || m.end.After(to)) {
				course++
				if m.level == "MASP2" {
					masp2++
				}
			}
			if in(m.start) {
				entries++
			}
			if in(m.end) {
				exits++
				days += int64(m.end.DaysSince(m.start)) + 1
				if m.reason == "MAJ_OPENED" {
					maj++
				}
			}
		}
		got := h.report(reports.Masp, from.String(), to.String())
		mean := int64(0)
		if exits > 0 {
			mean = (2*days + exits) / (2 * exits)
		}
		for code, want := range map[string]int64{
			"in_course": course, "in_course_masp2": masp2, "entries": entries, "exits": exits, "before_maj": maj, "mean_days": mean,
		} {
			h.figure(got, code, fmt.Sprint(want))
		}
		if stock+entries-exits != course {
			t.Errorf("%d: %d in course before + %d − %d is not %d", year, stock, entries, exits, course)
		}
		stock = course
	}
}

func TestTheLevelOfADayIsThatOfTheDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-06-30")
	h.measure("M-1", "34", "MASP2", "2025-09-01", "", "", "1980-05-05")
	h.owner(`INSERT INTO masp.amendments (mandate_id, amendment_no, effective_on, reason, changes, signed_by_person_on, signed_by_department_on)
		VALUES ('M-1', 1, '2026-03-01', 'gestion', '{"level": "MASP2"}', '2026-02-20', '2026-02-20')`)
	h.figure(h.report(reports.Masp, "2025-01-01", "2025-12-31"), "in_course_masp1", "1")
	h.figure(h.report(reports.Masp, "2026-01-01", "2026-06-30"), "in_course_masp2", "1")
	h.figure(h.report(reports.Masp, "2025-01-01", "2025-12-31"), "entries_masp1", "1")
}

func TestTheAgeIsThatOfTheLastDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "2026-06-30")
	h.measure("M-1", "34", "MASP1", "2026-01-01", "", "", "2001-07-01") // 25 on the day after the report
	h.measure("M-2", "34", "MASP1", "2026-01-01", "", "", "2001-06-30")
	for _, table := range h.report(reports.Masp, "2026-01-01", "2026-06-30").Tables {
		if table.Code == "ages" && (table.Rows[0][1].String() != "1" || table.Rows[1][1].String() != "1") {
			t.Errorf("got %v", table.Rows)
		}
	}
}
