package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"masp/ledger/civil"
	"masp/payments/reports"
)

// reports makes the reports of the house.
func (h *house) reports() *reports.Service { return &reports.Service{DB: h.db} }

type reportCommand struct {
	Report     reports.Name `arg:"" enum:"priority,late_rents,arrears,activity,masp" help:"priority (le loyer d'abord), late_rents (loyers en retard), arrears (arriérés au début et à la fin), activity (activité), masp (données annuelles)." placeholder:"ÉTAT"`
	Year       int          `help:"Année (2026)." placeholder:"ANNÉE" xor:"days"`
	Month      civil.Month  `help:"Mois (2026-10)." placeholder:"MOIS" xor:"days"`
	From       civil.Date   `help:"Premier jour ; par défaut le 1er janvier." placeholder:"JOUR"`
	To         civil.Date   `help:"Dernier jour ; par défaut aujourd'hui." placeholder:"JOUR"`
	Department string       `help:"Ce département seulement (26)." placeholder:"DÉPARTEMENT"`
	Format     string       `default:"text" enum:"text,csv-fr,html,pdf" help:"Forme : ${enum} (${default})." placeholder:"FORME"`
	Output     string       `short:"o" help:"Fichier à écrire ; par défaut, la sortie standard." placeholder:"FICHIER"`
}

// ask is what the report tells of.
func (c *reportCommand) ask() (a reports.Ask, err error) {
	a = reports.Ask{From: c.From, To: c.To, Department: c.Department}
	if !c.Month.IsZero() {
		a.From, a.To = c.Month.First(), c.Month.Last()
	}
	if c.Year != 0 {
		if a.From, err = civil.Of(c.Year, 1, 1); err == nil {
			a.To = a.From.AddMonths(12).AddDays(-1)
		}
	}
	return a, err
}

// Run makes a report.
func (c *reportCommand) Run(s *session) error {
	ask, err := c.ask()
	if err != nil {
		return err
	}
	return s.with(func(h *house) error {
		made, err := h.reports().Make(s.ctx, c.Report, ask)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := writeReport(made, c.Format, &text); err != nil {
			return fmt.Errorf("print %s: %w", c.Report, err)
		}
		if c.Output == "" {
			return s.out.data(made, func() { s.out.print("%s", bytes.TrimSuffix(text.Bytes(), []byte("\n"))) })
		}
		if err := writeBeside(c.Output, func(w io.Writer) error { _, err := w.Write(text.Bytes()); return err }); err != nil {
			return err
		}
		return s.out.data(made, func() { s.out.print("%s", c.Output) })
	})
}

func writeReport(r reports.Report, format string, w io.Writer) (err error) {
	switch format {
	case "html":
		return r.Paper().HTML(w)
	case "pdf":
		return r.Paper().PDF(w)
	case "csv-fr":
		_, err = io.WriteString(w, r.CSV())
	default:
		_, err = io.WriteString(w, r.Paper().Text())
	}
	return err
}

type activityCommand struct {
	File string `arg:"" type:"existingfile" help:"Une ligne par fait : diagnostic;D-1;26;2016-03-01;FOLLOWED, support;S-1;D-1;26;MAINTENANCE;2016-03-10;2016-09-09;3;2 ou visit;S-1;2016-03-12;HOME." placeholder:"FICHIER"`
}

// Run notes the activity of a file, all of it or none.
func (c *activityCommand) Run(s *session) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	noted, err := reports.ReadNoted(file)
	if err != nil {
		return err
	}
	return s.with(func(h *house) error {
		who, err := s.person(h)
		if err != nil {
			return err
		}
		added, err := h.reports().Note(s.ctx, who, noted)
		if err != nil {
			return err
		}
		return s.out.data(map[string]int64{"new": added}, func() {
			s.out.print("%s : %s, %s, %s.", plural(int(added), "fait nouveau", "faits nouveaux"),
				plural(len(noted.Diagnostics), "diagnostic", "diagnostics"),
				plural(len(noted.Supports), "accompagnement", "accompagnements"), plural(len(noted.Visits), "visite", "visites"))
		})
	})
}
