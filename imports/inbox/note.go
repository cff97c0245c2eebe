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

// placeOf says where a file goes: by what the import made of it.
func placeOf(o imports.Outcome) Place {
	switch {
	case o.Outcome == bankfile.Refused:
		return Refused
	case slices.ContainsFunc(o.Statements, imports.StatementOutcome.Waits):
		return Held
	}
	return Taken
}

// note is the text beside a file, in French: what became of it, what was booked, what to do.
func note(name string, o imports.Outcome, at time.Time) string {
	var b strings.Builder
	local := at.In(civil.Paris)
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("Fichier : %s", printable(name))
	say("Lu le %s à %d h %02d : %s.", civil.FromTime(local, civil.Paris).French(), local.Hour(), local.Minute(), verdict(o))
	if o.Format != "" {
		say("Format : %s", printable(o.Format))
	}
	if o.SHA256 != "" {
		say("SHA-256 : %s", o.SHA256)
	}
	say("\n%s", o.Message())
	for _, r := range o.Reasons {
		say("- %s%s", r.Message, where(r))
	}
	for _, st := range o.Statements {
		sayStatement(say, st)
	}
	say("\nÀ faire : %s", toDo(o))
	return b.String()
}

func verdict(o imports.Outcome) string {
	switch p := placeOf(o); {
	case p == Refused:
		return "refusé, rien n'en a été gardé"
	case p == Held:
		return "en attente"
	case o.AlreadyKnown:
		return "déjà connu, rien n'est compté deux fois"
	case o.Outcome == bankfile.AcceptedWithWarnings:
		return "accepté, avec des remarques"
	}
	return "accepté"
}

func sayStatement(say func(string, ...any), st imports.StatementOutcome) {
	say("\nRelevé %s, compte %s, du %s au %s : %s au début, %s à la fin.", printable(st.Ref), cmp.Or(st.BankAccount, st.Account),
		st.From.FrenchShort(), st.To.FrenchShort(), st.Opening.French(), st.Closing.French())
	if st.AlreadyKnown {
		say("  Reçu auparavant.")
	} else if !st.Waits() {
		say("  %d mouvements enregistrés : %d identifiés, %d rapprochés d'un virement, %d à identifier.",
			st.Posted+st.Matched+st.Suspense, st.Posted, st.Matched, st.Suspense)
	}
	if st.Explanation != "" {
		say("  %s", st.Explanation)
	}
	for _, w := range st.Warnings {
		say("  - %s%s", w.Message, where(w))
	}
}

func where(r bankfile.Reason) string {
	if r.Place == "" {
		return ""
	}
	return " (" + printable(r.Place) + ")"
}

func toDo(o imports.Outcome) string {
	unknown := 0
	for _, st := range o.Statements {
		unknown += st.Suspense
	}
	switch p := placeOf(o); {
	case p == Refused:
		return "demandez à la banque un fichier correct, puis déposez-le ; celui-ci ne sera plus lu."
	case p == Held:
		return "ce qui manque est dit ci-dessus ; quand cela arrive, le relevé suit de lui-même (masp bankfile held)."
	case unknown > 0 && !o.AlreadyKnown:
		return "dites ce qu'est l'argent à identifier (masp suspense list)."
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
