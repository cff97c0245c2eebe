package main

import (
	"fmt"
	"strings"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/payments"
)

type runCommand struct {
	Propose    runPropose    `cmd:"" help:"Calcule une campagne : loyer d'abord, chaque ligne avec sa raison. Rien n'est envoyé."`
	List       runList       `cmd:"" help:"Les campagnes, la plus récente d'abord."`
	Show       runShow       `cmd:"" help:"Une campagne : exceptions d'abord, puis tout le reste."`
	Decide     runDecide     `cmd:"" help:"Décide d'une exception de la campagne, ou reprend la décision."`
	Thresholds runThresholds `cmd:"" help:"Ce qui est signalé : montant et part d'un changement, délai d'une fin de mesure."`
	Adjust     runAdjust     `cmd:"" help:"Change une ligne ou les versements d'un brouillon, et le recalcule."`
	Comment    runComment    `cmd:"" help:"Garde ce que la personne dit de la campagne ; elle peut refuser une ligne."`
	Reopen     runReopen     `cmd:"" help:"Reprend une campagne à vérifier : brouillon de nouveau, fichiers et signatures sans valeur."`
	Submit     runSubmit     `cmd:"" help:"Fige la campagne et construit le fichier que la deuxième personne signera."`
	Approve    runApprove    `cmd:"" help:"Approuve une campagne : une autre personne, avec son jeton."`
	File       runFile       `cmd:"" help:"Écrit les fichiers de virements (pain.001) dans le dossier de sortie."`
	HandedOver runHandedOver `cmd:"" name:"handed-over" help:"Note que les fichiers ont été remis à la banque."`
	Due        runDue        `cmd:"" help:"Poste les versements dont le jour est venu et crée leur fichier (chaque matin)."`
	Cancel     runCancel     `cmd:"" help:"Abandonne une campagne qui n'est pas approuvée."`
	VoidFile   runVoidFile   `cmd:"" name:"void-file" help:"Rend un fichier sans valeur, avant sa remise, et le remplace."`
	Signatures runSignatures `cmd:"" help:"À partir de quel total deux personnes doivent approuver."`
}

type runList struct{}

func (c *runList) Run(s *session) error {
	return s.with(func(h *house) error {
		runs, err := h.payments.List(s.ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		list := make([]map[string]any, 0)
		for _, r := range runs {
			rows = append(rows, []string{r.ID, r.Month.French(), r.On.FrenchShort(), r.State.French()})
			list = append(list, map[string]any{"run": r.ID, "month": r.Month, "on": r.On, "state": r.State})
		}
		return s.out.data(list, func() { s.out.table([]string{"Campagne", "Mois", "Jour", "État"}, rows) })
	})
}

type runShow struct {
	ID  string `arg:"" help:"Référence de la campagne (C-2026-11-1)."`
	All bool   `help:"Montre aussi les lignes payées en entier, et les IBAN entiers."`
}

func (c *runShow) Run(s *session) error {
	return s.with(func(h *house) error {
		run, err := h.payments.Show(s.ctx, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() { printRun(s.out, run, c.All) })
	})
}

type runSubmit struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

func (c *runSubmit) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Submit(s.ctx, who, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printSummary(s.out, run)
			s.out.say("Une autre personne doit approuver : masp run approve %s --hash %s", run.ID, run.ContentHash)
		})
	})
}

type runApprove struct {
	ID   string     `arg:"" help:"Référence de la campagne."`
	Hash chain.Hash `required:"" help:"Empreinte du contenu que vous avez lu (masp run show)." placeholder:"SHA256"`
}

func (c *runApprove) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Approve(s.ctx, who, c.ID, c.Hash)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printSummary(s.out, run)
			if run.State == payments.InReview {
				s.out.say("Signée par %s : une autre personne doit signer aussi.", who.Name)
				return
			}
			s.out.say("Approuvée par %s. Ensuite : masp run file %s", who.Name, run.ID)
		})
	})
}

type runFile struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

func (c *runFile) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		files, err := h.payments.File(s.ctx, who, c.ID)
		if err != nil {
			return err
		}
		run, err := h.payments.Show(s.ctx, c.ID)
		if err != nil {
			return err
		}
		if err := s.retire(run.Files); err != nil {
			return err
		}
		return s.deliver(files)
	})
}

// deliver writes released files into the outbox; the same file again changes nothing.
func (s *session) deliver(files []payments.PaymentFile) error {
	dir, err := s.sweptOutbox()
	if err != nil {
		return err
	}
	list := make([]map[string]any, 0, len(files))
	for _, f := range files {
		path, err := writeOnce(dir, f.Name, f.Content)
		if err != nil {
			return err
		}
		list = append(list, jsonFile(f, path))
		s.out.print("%s", path)
		s.out.print("  %s, %s, exécution le %s", plural(f.Transfers, "virement", "virements"), f.Total.French(), f.ExecuteOn.French())
		s.out.print("  SHA-256 %s", f.SHA256)
	}
	return s.out.data(list, func() {
		if len(list) == 0 {
			s.out.say("Aucun fichier : cette campagne n'a pas de virement à remettre à la banque aujourd'hui.")
			return
		}
		s.out.say("Remettez ces fichiers à la banque, puis : masp run handed-over CAMPAGNE")
	})
}

// sweptOutbox is the folder of the payment files, without what killed writers left.
func (s *session) sweptOutbox() (string, error) {
	dir, err := s.settings.outbox()
	if err != nil {
		return "", err
	}
	return dir, sweep(dir)
}

type runHandedOver struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

// Run notes the hand-over.
func (c *runHandedOver) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.HandOver(s.ctx, who, c.ID); err != nil {
			return err
		}
		return s.out.data(map[string]any{"run": c.ID, "handed_over": true}, func() {
			s.out.print("Campagne %s : remise à la banque. Les paiements sont en route.", c.ID)
		})
	})
}

type runDue struct{}

// Run releases the remittances of the day.
func (c *runDue) Run(s *session) error {
	return s.with(func(h *house) error {
		return s.releaseDue(h, func(files []payments.PaymentFile) error {
			if len(files) == 0 {
				return s.out.data([]any{}, func() { s.out.print("Aucun versement pour aujourd'hui.") })
			}
			return s.deliver(files)
		})
	})
}

type runCancel struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

func (c *runCancel) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.Cancel(s.ctx, who, c.ID); err != nil {
			return err
		}
		return s.out.data(map[string]any{"run": c.ID, "cancelled": true}, func() {
			s.out.print("Campagne %s annulée. Rien n'est parti ; les échéances restent dues.", c.ID)
		})
	})
}

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
