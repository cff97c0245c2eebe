package main

import (
	"fmt"
	"strings"

	"masp/payments"
)

// printRun shows a run: the figures, then the exceptions, then mandate by mandate where the money
// goes; all shows whole IBANs and the lines paid in full too.
func printRun(out *printer, run payments.Run, all bool) {
	printSummary(out, run)
	printChanges(out, run)
	printExceptions(out, run, all)
	for _, m := range run.Mandates {
		if m.Refused != "" {
			out.print("%s", out.bold(m.Mandate+" "+m.Person))
			out.print("  %s  %s", out.red("Écarté "), m.Refused.French())
		}
	}
	for _, m := range run.Mandates {
		groups, rest := exceptions(m.Lines, all), ""
		if run.Purpose == payments.MonthlyRun {
			rest = m.ExplainRest()
		}
		if len(groups)+len(m.Transfers) > 0 || rest != "" {
			out.print("%s — disponible %s", out.bold(heading(m)), m.Available.French())
		}
		printTransfers(out, m, all)
		if rest != "" {
			out.print("  %-9s %s", "Reste", rest)
		}
		for _, lines := range groups {
			printLines(out, lines)
		}
	}
}

// heading names whose money a part of a run is.
func heading(m payments.RunMandate) string {
	if m.Mandate == "" {
		return "Argent non identifié"
	}
	return m.Mandate + " " + m.Person
}

// exceptions keeps the lines to look at, those with one explanation together.
func exceptions(lines []payments.RunLine, all bool) [][]payments.RunLine {
	var groups [][]payments.RunLine
	for _, l := range lines {
		if full := l.Status == payments.Paid || l.Status == payments.Reserved; full && !all {
			continue
		}
		n := len(groups)
		if n > 0 && groups[n-1][0].Status == l.Status && groups[n-1][0].Explanation == l.Explanation {
			groups[n-1] = append(groups[n-1], l)
			continue
		}
		groups = append(groups, []payments.RunLine{l})
	}
	return groups
}

func printLines(out *printer, lines []payments.RunLine) {
	what := make([]string, len(lines))
	for i, l := range lines {
		what[i] = l.Label + " " + l.Due.French()
	}
	out.print("  %s  %s", out.paintStatus(lines[0].Status), strings.Join(what, " · "))
	out.print("           %s", lines[0].Explanation)
	printWhys(out, lines)
}

var frenchLineStatuses = map[payments.Status]string{
	payments.Paid: "Payé   ", payments.Partial: "Partiel", payments.Deferred: "Reporté",
	payments.Blocked: "Bloqué ", payments.Reserved: "Réservé",
}

func (p *printer) paintStatus(s payments.Status) string {
	switch s {
	case payments.Paid, payments.Reserved:
		return p.green(frenchLineStatuses[s])
	case payments.Partial:
		return p.yellow(frenchLineStatuses[s])
	}
	return p.red(frenchLineStatuses[s])
}

// printSummary shows the figures of a run and what is signed.
func printSummary(out *printer, run payments.Run) {
	transfers := run.Instructions()
	if run.Purpose != payments.MonthlyRun {
		out.print("%s", out.yellow("Motif : "+run.Purpose.French()))
	}
	switch {
	case run.Purpose == payments.ManualRun:
		out.print("  %s, pièce : %s", run.Instructions()[0].Means.French(), run.Evidence)
	case run.Evidence != "":
		out.print("  pièce : %s", run.Evidence)
	}
	title := fmt.Sprintf("Campagne %s — %s — %s", run.ID, run.Month.French(), frenchState(run))
	if run.ID == "" {
		title = "Calcul — " + run.Month.French()
	}
	out.print("%s", out.bold(title))
	out.print("  %s, %s, total %s", plural(len(run.Mandates), "mandat", "mandats"),
		plural(len(transfers), "virement", "virements"), run.Total().French())
	counts := make(map[payments.Status]int)
	for _, m := range run.Mandates {
		for _, l := range m.Lines {
			counts[l.Status]++
		}
	}
	out.print("  %s, %s, %s, %s, %s",
		plural(counts[payments.Paid], "ligne payée", "lignes payées"),
		plural(counts[payments.Partial], "partielle", "partielles"),
		plural(counts[payments.Deferred], "reportée", "reportées"),
		plural(counts[payments.Blocked], "bloquée", "bloquées"),
		plural(counts[payments.Reserved], "réservée", "réservées"))
	if run.ID != "" {
		out.print("  empreinte du contenu %s", run.ContentHash)
	}
	for _, f := range run.Files {
		if !f.Void {
			out.print("  fichier %s, SHA-256 %s", f.Name, f.SHA256)
		}
		if f.Answer != "" {
			out.print("    %s", f.Answer.French())
		}
	}
}
