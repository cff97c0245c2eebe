package reports

import (
	"context"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// counted is what the rows of a year say, before it is put in figures.
type counted struct {
	diagnostics, refused, neverMet int64
	maintenance, search, access    int64
	masp                           int64
	supports                       []Support // in course within the days
	visits, calls                  int64
	debtPaid, debtOther            money.Amount
	debtsCleared, benefitsOpened   int64
	exits, autonomy                int64
}

func activity(ctx context.Context, tx unit.Querier, r *Report) error {
	c, err := countActivity(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	r.add("diagnostics", "Diagnostics réalisés", Count(c.diagnostics))
	r.add("not_followed", "dont sans suite", Count(c.refused+c.neverMet))
	r.add("refused", "    refus du ménage", Count(c.refused))
	r.add("never_met", "    ménage jamais rencontré", Count(c.neverMet))
	r.add("supports", "Accompagnements", Count(c.maintenance+c.search+c.access+c.masp))
	r.add("maintenance", "    maintien dans le logement", Count(c.maintenance))
	r.add("search", "    recherche de logement", Count(c.search))
	r.add("access", "    accès à un nouveau logement", Count(c.access))
	r.add("masp", "    MASP", Count(c.masp))
	c.intensity(r)
	rents, err := readRents(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	debtors, err := readDebtors(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	c.results(r, punctual(rents, r.Ask.To), debtors)
	r.Tables = append(r.Tables, c.durations(r.Ask))
	r.Notes = append(r.Notes, "Un accompagnement compte s'il a été en cours un jour de la période. Un mandat est un accompagnement MASP. "+
		"Les visites prévues sont celles de chaque mois d'accompagnement qui commence dans la période ; un appel n'est pas une visite.")
	return nil
}

// intensity is R-134.
func (c counted) intensity(r *Report) {
	var planned int64
	for _, s := range c.supports {
		planned += s.planned(r.Ask.From, r.Ask.To)
	}
	r.add("visits_planned", "Visites prévues", Count(planned))
	r.add("visits", "Visites faites", Count(c.visits))
	r.add("visits_rate", "Visites faites sur visites prévues", Rate(c.visits, planned))
	r.add("calls", "Appels", Count(c.calls))
}

// results is R-136.
func (c counted) results(r *Report, p punctuality, debtors []debtor) {
	r.add("months_kept", "Mois finis (par personne) dont tous les loyers sont payés dans le mois", Rate(p.monthsKept, p.months))
	var before, after money.Amount
	for _, d := range debtors {
		if d.over {
			before, after = before.Add(d.before), after.Add(d.total())
		}
	}
	r.add("arrears_at_start", "Arriérés au début des mesures finies dans la période", Amount(before))
	r.add("arrears_at_end", "Arriérés à leur fin", Amount(after))
	r.add("debt_paid", "Dettes remboursées par le compte", Amount(c.debtPaid))
	r.add("debt_other", "Dettes réduites autrement (aides, retenues)", Amount(c.debtOther))
	r.add("debts_cleared", "Dettes soldées", Count(c.debtsCleared))
	r.add("benefits_opened", "Prestations ouvertes en cours de mesure", Count(c.benefitsOpened))
	r.add("exits", "Mesures finies", Count(c.exits))
	r.add("exits_to_autonomy", "dont par autonomie retrouvée", Count(c.autonomy))
}

// durations are the days of the supports that ended within the days.
func (c counted) durations(a Ask) Table {
	t := Table{Code: "durations", Title: "Durée des accompagnements finis", Empty: "Aucun accompagnement fini.", Columns: []Column{
		{"kind", "Accompagnement", 30},
		{"ended", "Finis", 8},
		{"mean_days", "Durée moyenne (jours)", 14},
		{"shortest", "La plus courte", 14},
		{"longest", "La plus longue", 14},
	}}
	for _, k := range []struct {
		kind   SupportKind
		french string
	}{{Maintenance, "maintien dans le logement"}, {Search, "recherche de logement"}, {Access, "accès à un nouveau logement"}} {
		if d, n := durationsOf(c.supports, k.kind, a.To); n > 0 {
			t.Rows = append(t.Rows, []Value{Text(k.french), Count(n), Count(d.mean(n)), Count(d.shortest), Count(d.longest)})
		}
	}
	return t
}

// spans are the lengths of some periods, in days.
type spans struct{ sum, shortest, longest int64 }

func (s *spans) add(from, to civil.Date) {
	days := int64(to.DaysSince(from)) + 1
	if s.sum == 0 || days < s.shortest {
		s.shortest = days
	}
	s.sum += days
	s.longest = max(s.longest, days)
}

// mean is rounded to the day.
func (s spans) mean(n int64) int64 {
	if n == 0 {
		return 0
	}
	return (2*s.sum + n) / (2 * n)
}

func durationsOf(all []Support, kind SupportKind, to civil.Date) (d spans, n int64) {
	for _, s := range all {
		if s.Kind == kind && !s.To.IsZero() && !s.To.After(to) {
			d.add(s.From, s.To)
			n++
		}
	}
	return d, n
}
