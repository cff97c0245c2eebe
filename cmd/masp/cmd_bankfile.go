package main

import (
	"path/filepath"

	"masp/imports/bankfile"
)

type bankfileCommand struct {
	Check bankfileCheck `cmd:"" help:"Dit ce qu'est un fichier, s'il est juste, et ce qu'il contient. N'importe rien."`
	Held  bankfileHeld  `cmd:"" help:"Les relevés en attente : pourquoi, et que faire ; --retry les juge de nouveau."`
	Drop  bankfileDrop  `cmd:"" help:"Abandonne un relevé en attente, faux ou en double : il reste gardé, jamais enregistré."`
}

type bankfileCheck struct {
	File string `arg:"" help:"Fichier de la banque."`
}

func (c *bankfileCheck) Run(s *session) error {
	report := bankfile.CheckFile(s.ctx, c.File)
	report.File = filepath.Base(c.File)
	err := s.out.data(report, func() { printReport(s.out, report) })
	if err == nil && (report.Outcome == bankfile.Held || report.Outcome == bankfile.Refused) {
		return errFound
	}
	return err
}

var frenchOutcomes = map[bankfile.Outcome]string{
	bankfile.Accepted: "accepté", bankfile.AcceptedWithWarnings: "accepté, avec des remarques",
	bankfile.Held: "à mettre en attente", bankfile.Refused: "refusé",
}

func printReport(out *printer, r bankfile.Report) {
	out.print("%s : %s — %s", r.File, r.Format, frenchOutcomes[r.Outcome])
	for _, reason := range r.Reasons {
		out.print("  %s (%s)", reason.Message, reason.Place)
	}
	var rows [][]string
	for _, st := range r.Statements {
		rows = append(rows, []string{
			st.Account, st.ID, text(st.Opening), st.Credits, st.Debits, text(st.Closing),
			frenchOutcomes[st.Outcome],
		})
	}
	if len(rows) > 0 {
		out.table([]string{"Compte", "Relevé", ">Début", ">Entrées", ">Sorties", ">Fin", "Résultat"}, rows)
	}
}

func text(s *string) string {
	if s == nil {
		return "—"
	}
	return *s
}
