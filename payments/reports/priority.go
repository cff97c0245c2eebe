package reports

import (
	"context"
	"fmt"
	"slices"

	"masp/ledger/money"
	"masp/ledger/unit"
)

// Rule is a rule of priority that a run broke.
type Rule string

// The rules, from, and decision 1.
const (
	RentFirst   Rule = "RENT_FIRST"    // while rent or charges are not paid in full, nothing else leaves
	RentLeftOut Rule = "RENT_LEFT_OUT" // a rent of the month that the run did not ask for, and whose money left
	OrderBroken Rule = "ORDER"         // under STOP nothing is paid below a line that money did not reach
	OverFloor   Rule = "OVER_FLOOR"    // while a line waits for money, the person gets at most the floor
)

var frenchRules = map[Rule]string{
	RentFirst: "loyer ou charges non payés en entier", RentLeftOut: "loyer du mois laissé de côté",
	OrderBroken: "une échéance d'avant attendait", OverFloor: "plus que le reste à vivre, une échéance attendant",
}

// Violation is what should not have left.
type Violation struct {
	Rule         Rule
	Run, Mandate string
	What         string // French: the line, or the money to the person
	Amount       money.Amount
	Because      string // French: what was not paid
}

// part is what a run did for a mandate, as the transfers say it.
type part struct {
	run, mandate string
	available    money.Amount
	remitted     money.Amount // to the person
	floor        money.Amount // of the contract, that day, a month
	served       money.Amount // to the person before, in that month
	stops        bool         // the policy is STOP
	order        []string     // the classes of the contract
	lines        []line
	leftOut      money.Amount // rents of the month that the run does not hold and that were open
}

// line is what was asked, and what left for it.
type line struct {
	class, label   string
	due, paid      money.Amount
	status, reason string
	no             int
}

func (l line) senior() bool { return l.class == "RENT" || l.class == "RENTAL_CHARGE" }

func (l line) short() bool { return l.paid.Cmp(l.due) < 0 }

// byLaw tells whether the law, not the purse, holds a line.
func (l line) byLaw() bool {
	return l.status == "BLOCKED" && slices.Contains([]string{"PAID_BY_THIRD_PARTY", "CONTESTED_DEBT", "OVER_INDEBTEDNESS_FREEZE"}, l.reason)
}

// waits tells whether money did not reach a line: neither the law, nor a hand, nor an IBAN held it.
func (l line) waits() bool {
	return !l.senior() && l.short() && (l.status == "DEFERRED" || l.status == "PARTIAL") &&
		(l.reason == "INSUFFICIENT_FUNDS" || l.reason == "HIGHER_PRIORITY_UNPAID")
}

// judge finds what broke the priority, from the rule alone.
func (p part) judge() (all []Violation) {
	found := func(rule Rule, what string, amount money.Amount, because string) {
		all = append(all, Violation{rule, p.run, p.mandate, what, amount, because})
	}
	const toPerson = "versement à la personne"
	if open, because := p.unpaidRent(); open {
		p.below(func(what string, amount money.Amount) { found(RentFirst, what, amount, because) })
		return all
	}
	if p.leftOut.Cmp(p.stays()) > 0 {
		because := "loyer du mois ouvert : " + p.leftOut.French() + ", reste sur le compte : " + p.stays().French()
		p.below(func(what string, amount money.Amount) { found(RentLeftOut, what, amount, because) })
	}
	sorted := slices.Clone(p.lines)
	slices.SortStableFunc(sorted, func(a, b line) int {
		if ra, rb := p.rank(a), p.rank(b); ra != rb {
			return ra - rb
		}
		return a.no - b.no
	})
	waiting := ""
	for _, l := range sorted {
		if waiting != "" && p.stops && !l.senior() && l.paid.IsPositive() {
			found(OrderBroken, l.label, l.paid, waiting)
		}
		if waiting == "" && l.waits() {
			waiting = fmt.Sprintf("%s : %s sur %s", l.label, l.paid.French(), l.due.French())
		}
	}
	floor := money.Max(p.floor.Sub(p.served), money.Amount{})
	if waiting != "" && p.remitted.Cmp(floor) > 0 {
		found(OverFloor, toPerson, p.remitted.Sub(floor), waiting)
	}
	return all
}

// unpaidRent tells whether a rent or a charge that the run asked for was not paid in full.
func (p part) unpaidRent() (open bool, because string) {
	for _, l := range p.lines {
		if l.senior() && l.short() && !l.byLaw() {
			return true, fmt.Sprintf("%s : %s sur %s", l.label, l.paid.French(), l.due.French())
		}
	}
	return false, ""
}

// below names all that left below the rent.
func (p part) below(name func(what string, amount money.Amount)) {
	for _, l := range p.lines {
		if !l.senior() && l.paid.IsPositive() {
			name(l.label, l.paid)
		}
	}
	if p.remitted.IsPositive() {
		name("versement à la personne", p.remitted)
	}
}

// stays is what the run left on the account.
func (p part) stays() money.Amount {
	rest := p.available.Sub(p.remitted)
	for _, l := range p.lines {
		rest = rest.Sub(l.paid)
	}
	return rest
}

func (p part) rank(l line) int {
	for i, class := range p.order {
		if class == l.class {
			return i
		}
	}
	return len(p.order)
}

// violations judges every run that was approved within the days.
func violations(ctx context.Context, tx unit.Querier, a Ask) (found []Violation, parts, lines int64, err error) {
	err = readParts(ctx, tx, a, func(p part) {
		parts++
		lines += int64(len(p.lines))
		found = append(found, p.judge()...)
	})
	return found, parts, lines, err
}

func priority(ctx context.Context, tx unit.Querier, r *Report) error {
	found, parts, lines, err := violations(ctx, tx, r.Ask)
	if err != nil {
		return err
	}
	r.add("violations", "Priorités non respectées", Count(int64(len(found))))
	r.add("checked_parts", "Personnes payées par une campagne, vérifiées", Count(parts))
	r.add("checked_lines", "Échéances vérifiées", Count(lines))
	t := Table{Code: "violations", Title: "Ce qui n'aurait pas dû partir", Empty: "Rien : chaque loyer est passé d'abord.", Columns: []Column{
		{"run", "Campagne", 14},
		{"mandate", "Mandat", 10},
		{"rule", "Règle", 24},
		{"what", "Ce qui est parti", 24},
		{"amount", "Montant", 12},
		{"because", "Ce qui attendait", 30},
	}}
	for _, v := range found {
		t.Rows = append(t.Rows, []Value{Text(v.Run), Text(v.Mandate), Text(frenchRules[v.Rule]), Text(v.What), Amount(v.Amount), Text(v.Because)})
	}
	r.Tables = append(r.Tables, t)
	r.Notes = append(r.Notes, "Jugé d'après les virements eux-mêmes et la règle (loyer et charges en cours d'abord, reliquat compris), "+
		"sans le calcul qui a proposé les campagnes.")
	return nil
}
