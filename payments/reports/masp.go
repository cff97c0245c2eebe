package reports

import (
	"context"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// measure is a measure that was in course, began or ended within the days.
type measure struct {
	department string
	born       civil.Date
	from       civil.Date
	ended      civil.Date // zero: not by the last of the days
	reason     mandates.EndReason
	level      mandates.Level // on the last of the days, or of the measure
	firstLevel mandates.Level
	afterMAJ   bool
}

// bands are the ages of the yearly data, by their last year.
var bands = []struct {
	upTo   int
	french string
}{{24, "18 à 24 ans"}, {39, "25 à 39 ans"}, {59, "40 à 59 ans"}, {74, "60 à 74 ans"}, {200, "75 ans et plus"}}

func (m measure) age(on civil.Date) int {
	age := on.Year() - m.born.Year()
	if m.born.AddMonths(12 * age).After(on) {
		age--
	}
	return age
}

// tally counts measures by one of their properties.
type tally map[string]int64

// maspData is R-135. A measure that ends on the last day is no longer in course on its evening: the stock
// of a year is that of the year before, with the entries, without the exits.
func maspData(ctx context.Context, tx unit.Querier, r *Report) error {
	all, err := readMeasures(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	benefits, err := readManaged(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	in := func(d civil.Date) bool { return !d.Before(r.Ask.From) && !d.After(r.Ask.To) }
	inCourse, entries, exits := tally{}, tally{}, tally{}
	reasons, ages, byDepartment := map[mandates.EndReason]int64{}, tally{}, map[string]*[4]int64{}
	var lasted spans
	var afterMAJ int64
	for _, m := range all {
		of := byDepartment[m.department]
		if of == nil {
			of = &[4]int64{}
			byDepartment[m.department] = of
		}
		if m.ended.IsZero() {
			inCourse[string(m.level)]++
			of[levelColumn(m.level)]++
			ages[band(m.age(r.Ask.To))]++
		} else if in(m.ended) {
			exits[string(m.level)]++
			reasons[m.reason]++
			of[3]++
			lasted.add(m.from, m.ended)
		}
		if in(m.from) {
			entries[string(m.firstLevel)]++
			of[2]++
			if m.afterMAJ {
				afterMAJ++
			}
		}
	}
	both := func(t tally) int64 { return t["MASP1"] + t["MASP2"] }
	r.add("in_course", "Mesures en cours au dernier jour", Count(both(inCourse)))
	r.add("in_course_masp1", "    MASP 1 (sans gestion)", Count(inCourse["MASP1"]))
	r.add("in_course_masp2", "    MASP 2 (avec gestion)", Count(inCourse["MASP2"]))
	r.add("entries", "Entrées", Count(both(entries)))
	r.add("entries_masp1", "    MASP 1", Count(entries["MASP1"]))
	r.add("entries_masp2", "    MASP 2", Count(entries["MASP2"]))
	r.add("exits", "Sorties", Count(both(exits)))
	r.add("mean_days", "Durée moyenne des mesures finies (jours)", Count(lasted.mean(both(exits))))
	r.add("after_maj", "Entrées après une mesure judiciaire (MAJ)", Count(afterMAJ))
	r.add("before_maj", "Sorties vers une mesure judiciaire (MAJ)", Count(reasons[mandates.MAJOpened]))
	r.Tables = append(r.Tables, departmentTable(byDepartment), reasonTable(reasons), ageTable(ages), benefitTable(benefits))
	r.Notes = append(r.Notes, "Le type de ménage n'est pas dans les dossiers : la liste du Département le demande à la coordination.",
		"TRE-R401 : 522 (MASP).")
	return nil
}

func levelColumn(l mandates.Level) int {
	if l == mandates.MASP1 {
		return 0
	}
	return 1
}

func band(age int) string {
	for _, b := range bands {
		if age <= b.upTo {
			return b.french
		}
	}
	return bands[len(bands)-1].french
}

func departmentTable(of map[string]*[4]int64) Table {
	t := Table{Code: "departments", Title: "Par Département", Empty: "Aucune mesure.", Columns: []Column{
		{"department", "Département", 14},
		{"in_course_masp1", "MASP 1 en cours", 16},
		{"in_course_masp2", "MASP 2 en cours", 16},
		{"entries", "Entrées", 10},
		{"exits", "Sorties", 10},
	}}
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n := of[name]
		t.Rows = append(t.Rows, []Value{Text(name), Count(n[0]), Count(n[1]), Count(n[2]), Count(n[3])})
	}
	return t
}

func reasonTable(of map[mandates.EndReason]int64) Table {
	t := Table{Code: "reasons", Title: "Sorties par motif", Empty: "Aucune sortie.", Columns: []Column{
		{"reason", "Code", 24}, {"label", "Motif", 50}, {"exits", "Sorties", 10},
	}}
	for _, reason := range mandates.EndReasons() {
		if n := of[reason]; n > 0 {
			t.Rows = append(t.Rows, []Value{Text(string(reason)), Text(reason.French()), Count(n)})
		}
	}
	return t
}

func ageTable(of tally) Table {
	t := Table{Code: "ages", Title: "Personnes suivies au dernier jour, par âge", Columns: []Column{{"age", "Âge", 20}, {"persons", "Personnes", 10}}}
	for _, b := range bands {
		t.Rows = append(t.Rows, []Value{Text(b.french), Count(of[b.french])})
	}
	return t
}

func benefitTable(of []managed) Table {
	t := Table{Code: "benefits", Title: "Prestations gérées au dernier jour", Empty: "Aucune.", Columns: []Column{
		{"benefit", "Code", 20}, {"label", "Prestation", 50}, {"measures", "Mesures", 10},
	}}
	for _, b := range of {
		t.Rows = append(t.Rows, []Value{Text(b.code), Text(b.label), Count(b.measures)})
	}
	return t
}
