package imports

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// accepted is a statement of the books that another one may replace.
type accepted struct {
	id               int64
	account, iban    string // ours, and its IBAN
	ref              string
	chainNo          int64
	opening, closing money.Amount
	from, to         civil.Date
	after            *earlierOrLater // what stands behind it in the chain, or is on its way
	locked           civil.Date
	lines            []replacedLine
}

// earlierOrLater names another statement of the account.
type earlierOrLater struct {
	id  int64
	ref string
	to  civil.Date
}

// replacedLine is a line of such a statement with what a person did to it.
type replacedLine struct {
	id, entry int64
	bookedOn  civil.Date
	touched   []string // French sentences
}

// hinders says, in sentences, why a statement cannot take the place of an accepted one, whatever was
// built on the lines.
func (o *accepted) hinders(read *statement) []string {
	var why []string
	say := func(format string, args ...any) { why = append(why, fmt.Sprintf(format, args...)) }
	if o.iban != read.iban {
		say("Les deux relevés ne sont pas du même compte (%s, %s).", o.iban, read.iban)
	}
	if read.kind != kindBooked {
		say("Le nouveau fichier n’est pas un relevé d’opérations enregistrées.")
	}
	if read.held.reason != "" {
		say("Le nouveau relevé n’est pas juste. %s", read.held.explanation)
	}
	if o.opening != read.opening || o.to != read.to {
		say("Un relevé réémis commence au même solde et s’arrête le même jour : l’ancien %s et le %s, le nouveau %s et le %s.",
			o.opening.French(), o.to.FrenchShort(), read.opening.French(), read.to.FrenchShort())
	}
	if o.after != nil {
		say("Le relevé %s (n° %d, arrêté au %s) le suit : seul le dernier relevé d’un compte se remplace. "+
			"Corrigez ligne par ligne (masp match undo, masp suspense).", o.after.ref, o.after.id, o.after.to.FrenchShort())
	}
	if first := o.firstDay(); !o.locked.IsZero() && !first.After(o.locked) {
		say("Les jours du compte sont arrêtés jusqu’au %s (masp reconcile reopen).", o.locked.FrenchShort())
	}
	for _, l := range o.lines {
		why = append(why, l.touched...)
	}
	return why
}

// firstDay is the earliest day on which a line of the statement is booked.
func (o *accepted) firstDay() civil.Date {
	first := o.to
	for _, l := range o.lines {
		if l.bookedOn.Before(first) {
			first = l.bookedOn
		}
	}
	return first
}

// give adds up what the persons give back by several entries: each account once.
func give(all []UndoAccount, more ...UndoAccount) []UndoAccount {
	for _, a := range more {
		i := slices.IndexFunc(all, func(b UndoAccount) bool { return b.Account == a.Account })
		if i < 0 {
			all = append(all, a)
			continue
		}
		all[i].Amount = all[i].Amount.Add(a.Amount)
	}
	return all
}

// inTheWay refuses with every reason.
func inTheWay(why []string) error {
	if len(why) == 0 {
		return nil
	}
	return refuse("IN_THE_WAY", "%s", strings.Join(why, " "))
}
