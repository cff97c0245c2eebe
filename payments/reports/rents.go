package reports

import (
	"cmp"
	"context"
	"slices"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// rent is a rent or a charge that fell due, and when it was paid.
type rent struct {
	mandate, label string
	due            money.Amount
	on             civil.Date // due
	open           money.Amount
	paid           civil.Date // the day on which it was paid in full; zero when it is not
}

// payment is a part of a rent that left on a day.
type payment struct {
	on     civil.Date
	amount money.Amount
}

// settle finds the day on which the payments, in their order, reach what was due.
func (r *rent) settle(payments []payment) {
	r.open = r.due
	for _, p := range payments {
		r.open = r.open.Sub(p.amount)
		if !r.open.IsPositive() && r.paid.IsZero() {
			r.open, r.paid = money.Amount{}, p.on
		}
	}
}

// days is by how much it was late: until it was paid, or until a day; zero when in time.
func (r rent) days(until civil.Date) int {
	end := r.paid
	if end.IsZero() {
		end = until
	}
	return max(end.DaysSince(r.on), 0)
}

// inMonth tells whether it was paid in full in the month in which it fell due.
func (r rent) inMonth() bool { return !r.paid.IsZero() && !r.paid.After(r.on.MonthOf().Last()) }

// punctuality counts rents: by the due day, within the month, and the months of persons in which
// every rent was.
type punctuality struct {
	rents, inTime, inMonth, late, unpaid int64
	months, monthsKept                   int64
	open                                 money.Amount
}

// punctual counts until a day: of a month that is not over, what is not paid yet is not late.
func punctual(all []rent, until civil.Date) (p punctuality) {
	type month struct{ broken, open bool }
	months := map[string]month{}
	for _, r := range all {
		p.rents++
		switch {
		case r.paid.IsZero():
			p.unpaid++
			p.open = p.open.Add(r.open)
		case r.paid.After(r.on):
			p.late++
		default:
			p.inTime++
		}
		if r.inMonth() {
			p.inMonth++
		}
		key := r.mandate + " " + r.on.MonthOf().String()
		running := r.paid.IsZero() && until.Before(r.on.MonthOf().Last())
		months[key] = month{months[key].broken || !r.inMonth() && !running, months[key].open || running}
	}
	for _, m := range months {
		if m.broken || !m.open {
			p.months++
		}
		if !m.broken && !m.open {
			p.monthsKept++
		}
	}
	return p
}

func (p punctuality) figures(r *Report) {
	r.add("rents", "Loyers et charges échus", Count(p.rents))
	r.add("rents_by_the_day", "Payés au plus tard le jour de l'échéance", Count(p.inTime))
	r.add("rents_late", "Payés après l'échéance", Count(p.late))
	r.add("rents_within_the_month", "Payés dans le mois de l'échéance", Count(p.inMonth))
	r.add("rents_unpaid", "Non payés en entier", Count(p.unpaid))
	r.add("rents_unpaid_amount", "Reste à payer", Amount(p.open))
	r.add("months_kept", "Mois finis (par personne) dont tous les loyers sont payés dans le mois", Rate(p.monthsKept, p.months))
}

func lateRents(ctx context.Context, tx unit.Querier, r *Report) error {
	all, err := readRents(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	punctual(all, r.Ask.To).figures(r)
	t := Table{Code: "late", Title: "En retard ou non payés", Empty: "Aucun : tous les loyers sont payés à l'échéance.", Columns: []Column{
		{"mandate", "Mandat", 10},
		{"what", "Quoi", 28},
		{"due_on", "Échéance", 11},
		{"due", "Montant", 12},
		{"paid_on", "Payé le", 11},
		{"open", "Reste", 12},
		{"days", "Jours", 6},
	}}
	slices.SortStableFunc(all, func(a, b rent) int {
		return cmp.Or(-a.open.Cmp(b.open), cmp.Compare(b.days(r.Ask.To), a.days(r.Ask.To)))
	})
	for _, one := range all {
		if one.days(r.Ask.To) > 0 || one.open.IsPositive() {
			t.Rows = append(t.Rows, []Value{
				Text(one.mandate), Text(one.label), Day(one.on), Amount(one.due), Day(one.paid), Amount(one.open), Count(int64(one.days(r.Ask.To))),
			})
		}
	}
	r.Tables = append(r.Tables, t)
	r.Notes = append(r.Notes, "Un loyer est payé le jour où la banque exécute le virement qui le complète ; un virement refusé ou retourné ne paie rien. "+
		"Les prestations du mois arrivent souvent après l'échéance du bail : le taux par mois de personne le dit mieux que le nombre de jours.")
	return nil
}

// debtor is a measure with its arrears.
type debtor struct {
	mandate    string
	start, end civil.Date // of the measure, or of the report where it goes on
	before     money.Amount
	after      money.Amount // of the debts
	unpaid     money.Amount // rents and charges in progress
	over       bool
}

func (d debtor) total() money.Amount { return d.after.Add(d.unpaid) }

func arrears(ctx context.Context, tx unit.Querier, r *Report) error {
	all, err := readDebtors(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	t := Table{Code: "measures", Title: "Par mesure", Empty: "Aucune mesure avec gestion dans cette période.", Columns: []Column{
		{"mandate", "Mandat", 10},
		{"start", "Début", 11},
		{"arrears_at_start", "Arriérés au début", 14},
		{"end", "Fin, ou vu le", 11},
		{"arrears_at_end", "Arriérés à la fin", 14},
		{"rents_unpaid", "Loyers en cours impayés", 14},
		{"change", "Écart", 12},
		{"over", "Finie", 6},
	}}
	var before, after money.Amount
	var fewer, over int64
	for _, d := range all {
		before, after = before.Add(d.before), after.Add(d.total())
		if d.total().Cmp(d.before) < 0 {
			fewer++
		}
		ended := ""
		if d.over {
			ended = "oui"
			over++
		}
		t.Rows = append(t.Rows, []Value{
			Text(d.mandate), Day(d.start), Amount(d.before), Day(d.end), Amount(d.after), Amount(d.unpaid), Amount(d.total().Sub(d.before)), Text(ended),
		})
	}
	r.add("measures", "Mesures avec gestion", Count(int64(len(all))))
	r.add("measures_over", "dont finies dans la période", Count(over))
	r.add("arrears_at_start", "Arriérés de loyer au début des mesures", Amount(before))
	r.add("arrears_at_end", "Arriérés et loyers impayés à la fin", Amount(after))
	r.add("measures_with_less", "Mesures dont l'arriéré a baissé", Count(fewer))
	r.Tables = append(r.Tables, t)
	r.Notes = append(r.Notes, "Au début : ce qui était dû des arriérés de loyer nés avant la mesure, à leur entrée dans les livres. "+
		"À la fin : ce qui en reste ce jour-là, avec ceux nés depuis, et les loyers et charges échus non payés.")
	return nil
}
