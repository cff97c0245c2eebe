package inbox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"masp/imports"
	"masp/imports/bankfile"
	"masp/ledger/civil"
)

// placeOf says where a file goes: by what the import made of it. An archive waits for a person
// when one of its files was refused, as that one is in no other place.
func placeOf(o imports.Outcome) Place {
	switch {
	case o.Outcome == bankfile.Refused:
		return Refused
	case o.Refuses(), slices.ContainsFunc(o.Statements, imports.StatementOutcome.Waits):
		return Held
	}
	return Taken
}

// page is the text beside a file, in French.
type page struct{ strings.Builder }

func (p *page) say(format string, args ...any) { fmt.Fprintf(&p.Builder, format+"\n", args...) }

// note says of a file what became of it, what was booked, what to do; of an archive the same of
// each of its files.
func note(name string, o imports.Outcome, at time.Time) string {
	var p page
	local := at.In(civil.Paris)
	p.say("Fichier : %s", printable(name))
	p.say("Lu le %s à %d h %02d : %s.", civil.FromTime(local, civil.Paris).French(), local.Hour(), local.Minute(), verdict(o))
	if o.Format != "" {
		p.say("Format : %s", printable(o.Format))
	}
	if o.SHA256 != "" {
		p.say("SHA-256 : %s", o.SHA256)
	}
	p.say("\n%s", o.Message())
	for _, m := range o.Members {
		p.say("\n%s : %s.", printable(m.File), verdict(m))
		p.say("%s", m.Message())
		p.sayContent(m)
		p.say("À faire : %s", toDo(m))
	}
	if len(o.Members) == 0 {
		p.sayContent(o)
	}
	p.say("\nÀ faire : %s", toDo(o))
	return p.String()
}

func verdict(o imports.Outcome) string {
	switch place := placeOf(o); {
	case place == Refused:
		return "refusé, rien n'en a été gardé"
	case place == Held && o.Refuses():
		return "en attente, une partie est refusée"
	case place == Held:
		return "en attente"
	case o.AlreadyKnown:
		return "déjà connu, rien n'est compté deux fois"
	case o.Outcome == bankfile.AcceptedWithWarnings:
		return "accepté, avec des remarques"
	}
	return "accepté"
}

// sayContent tells what stands in one file: what its message has not said yet.
func (p *page) sayContent(o imports.Outcome) {
	for _, r := range o.Reasons {
		if r.Message != o.Message() {
			p.say("- %s%s", r.Message, where(r))
		} else if r.Place != "" {
			p.say("- Où : %s", printable(r.Place))
		}
	}
	for _, st := range o.Statements {
		p.sayStatement(st)
	}
	if o.Report != nil {
		for _, t := range o.Report.Transfers {
			p.say("- %s refusé (%s) : %s", printable(t.EndToEndID), t.Reason, printable(t.Text))
		}
	}
}

func (p *page) sayStatement(st imports.StatementOutcome) {
	p.say("\nRelevé %s, compte %s, du %s au %s : %s au début, %s à la fin.", printable(st.Ref), cmp.Or(st.BankAccount, st.Account),
		st.From.FrenchShort(), st.To.FrenchShort(), st.Opening.French(), st.Closing.French())
	if st.AlreadyKnown {
		p.say("  Reçu auparavant.")
	}
	if n := st.Posted + st.Matched + st.Suspense; n > 0 && !st.Waits() {
		p.say("  %s : %s, %s d'un virement, %d à identifier.", plural(n, "mouvement enregistré", "mouvements enregistrés"),
			plural(st.Posted, "identifié", "identifiés"), plural(st.Matched, "rapproché", "rapprochés"), st.Suspense)
	}
	if st.Explanation != "" {
		p.say("  %s", st.Explanation)
	}
	for _, w := range st.Warnings {
		p.say("  - %s%s", w.Message, where(w))
	}
}

func plural(n int, one, many string) string {
	if n < 2 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func where(r bankfile.Reason) string {
	if r.Place == "" {
		return ""
	}
	return " (" + printable(r.Place) + ")"
}

// toDo is the next step, by what is stored now: a file that is known may have lines that nobody
// has identified yet.
func toDo(o imports.Outcome) string {
	if o.Outcome == bankfile.Refused {
		return "demandez à la banque un fichier correct, puis déposez-le ; celui-ci ne sera plus lu."
	}
	var steps []string
	if o.Refuses() {
		steps = append(steps, "demandez à la banque un fichier correct pour ceux qui sont refusés ; les autres sont pris")
	}
	if slices.ContainsFunc(o.Statements, imports.StatementOutcome.Waits) {
		steps = append(steps, "ce qui manque est dit ci-dessus ; quand cela arrive, le relevé suit de lui-même (masp bankfile held)")
	}
	if o.ToIdentify() > 0 {
		steps = append(steps, "dites ce qu'est l'argent à identifier (masp suspense list)")
	}
	reports := []*imports.ReportOutcome{o.Report}
	for _, m := range o.Members {
		reports = append(reports, m.Report)
	}
	for _, r := range reports {
		if r != nil && r.ToDo() != "" {
			steps = append(steps, r.ToDo())
		}
	}
	if len(steps) > 0 {
		return strings.Join(steps, " ; ") + "."
	}
	if o.AlreadyKnown && len(o.Statements) == 0 {
		return "rien de plus que la première fois (masp alert list)."
	}
	return "rien."
}

// printable is text from outside without what would write over the line or turn its direction.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "·"))
}
