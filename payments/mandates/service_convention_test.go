package mandates_test

import (
	"errors"
	"testing"

	"masp/payments/mandates"
)

// market is a convention of the Drôme that names two places.
func market() mandates.Convention {
	return mandates.Convention{
		ID: "CV-26", Delegator: "Département de la Drôme", Delegate: "Les Deux Rives", Reference: "marché 2026-12, lot 2",
		Department: "26", Territory: "Grand Valentinois", Places: []string{"26000", "26362"}, From: day("2026-06-01"), To: day("2026-12-31"),
	}
}

func TestAConventionSaysWhoWhereAndWhen(t *testing.T) {
	t.Parallel()
	for code, change := range map[string]func(*mandates.Convention){
		"CONVENTION_DEPARTMENT": func(c *mandates.Convention) { c.Department = "99" },
		"CONVENTION_INCOMPLETE": func(c *mandates.Convention) { c.Reference = " " },
		"CONVENTION_DATES":      func(c *mandates.Convention) { c.To = day("2026-05-31") },
		"CONVENTION_PLACE":      func(c *mandates.Convention) { c.Places = []string{"2600"} },
		"reference":             func(c *mandates.Convention) { c.ID = "cv" },
	} {
		c := market()
		change(&c)
		wantRule(t, c.Check(), code)
	}
	if err := market().Check(); err != nil {
		t.Error(err)
	}
}

func TestAMeasureStaysInsideTheDatesAndTheTerritoryOfItsConvention(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	anne := who["a.morel"]
	if err := s.AddConvention(t.Context(), anne, market()); err != nil {
		t.Fatal(french(err))
	}
	if err := s.AddConvention(t.Context(), anne, market()); !errors.Is(err, mandates.ErrConventionTwice) {
		t.Errorf("the same convention twice: %v", err)
	}
	for _, c := range []struct{ mandate, convention, place, from, want string }{
		{"M-0003", "CV-27", "26000", "", "CONVENTION_UNKNOWN"},
		{"M-0001", "CV-26", "26000", "", "CONVENTION_OF_ANOTHER"},
		{"M-0002", "CV-26", "26000", "", "CONVENTION_NOT_IN_FORCE"}, // began in March
		{"M-0003", "CV-26", "26000", "2027-01-01", "CONVENTION_NOT_IN_FORCE"},
		{"M-0003", "CV-26", "34000", "", "PLACE_OUTSIDE_TERRITORY"},
		{"M-0003", "CV-26", "", "", "PLACE_OUTSIDE_TERRITORY"},
		{"M-0003", "CV-26", "26000", "2026-05-31", "CONVENTION_BEFORE_MEASURE"},
	} {
		from := day("2026-06-01").AddDays(0)
		switch {
		case c.from != "":
			from = day(c.from)
		case c.mandate == "M-0002":
			from = day("2026-03-01")
		}
		wantRule(t, s.UseConvention(t.Context(), anne, c.mandate, c.convention, c.place, from), c.want)
	}
	for name, sql := range map[string]string{
		"territory": `('M-0003', '2026-06-01', 'CV-26', '34000')`, "dates": `('M-0003', '2027-01-01', 'CV-26', '26000')`,
		"Département": `('M-0001', '2026-06-01', 'CV-26', '26000')`,
	} {
		if got := refusal(t, db, `INSERT INTO masp.mandate_conventions (mandate_id, valid_from, convention_id, place) VALUES `+sql); got != "MA086" {
			t.Errorf("PostgreSQL lets a measure leave its %s: %q", name, got)
		}
	}
	if err := s.UseConvention(t.Context(), anne, "M-0003", "CV-26", "26362", day("2026-06-01")); err != nil {
		t.Fatal(french(err))
	}
	if err := s.UseConvention(t.Context(), anne, "M-0003", "CV-26", "26362", day("2026-06-01")); !errors.Is(err, mandates.ErrConventionDay) {
		t.Errorf("two conventions from one day: %v", err)
	}
	// The next contract begins after the market: the next market comes first.
	number, err := s.Evaluate(t.Context(), anne, "M-0003", day("2026-11-09"), "Les factures sont à jour.")
	if err != nil {
		t.Fatal(err)
	}
	renew := func() error {
		return s.Renew(t.Context(), anne, "M-0003", mandates.Renewal{Start: day("2027-06-01"), End: day("2028-05-31"), Evaluation: number})
	}
	if err := renew(); !errors.Is(err, mandates.ErrConvention) {
		t.Errorf("a renewal after the market: %v", err)
	}
	next := market()
	next.ID, next.From, next.To = "CV-27", day("2027-01-01"), day("2029-12-31")
	if err := s.AddConvention(t.Context(), anne, next); err != nil {
		t.Fatal(french(err))
	}
	if err := s.UseConvention(t.Context(), anne, "M-0003", "CV-27", "26362", day("2027-01-01")); err != nil {
		t.Fatal(french(err))
	}
	if err := renew(); err != nil {
		t.Error(french(err))
	}
}
