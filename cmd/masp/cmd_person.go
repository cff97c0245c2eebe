package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"masp/api/auth"
	"masp/payments/privacy"
)

type personCommand struct {
	Export  personExport  `cmd:"" help:"Copie de tout le dossier d'une personne, pour elle (RGPD, articles 15 et 20)."`
	Readers personReaders `cmd:"" help:"Qui a lu un dossier ; les dossiers qu'un utilisateur a lus ; qui en a lu beaucoup en un jour."`
}

type personExport struct {
	Person string `arg:"" help:"Personne (B-0001)."`
	Out    string `required:"" help:"Fichier ZIP à écrire." placeholder:"FICHIER"`
}

// Run writes the copy of a file.
func (c *personExport) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		file, err := h.privacy().Copy(s.ctx, who, c.Person)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Clean(c.Out), file, 0o600); err != nil {
			return &unwrittenError{err}
		}
		return s.out.data(map[string]any{"beneficiary": c.Person, "file": c.Out, "size": len(file)}, func() {
			s.out.print("%s : copie du dossier de %s, à remettre à la personne elle-même.", c.Out, c.Person)
		})
	})
}

type personReaders struct {
	Person  string `arg:"" optional:"" help:"Personne (B-0001)."`
	By      string `help:"Les dossiers que cet utilisateur a lus." placeholder:"UTILISATEUR"`
	Unusual bool   `help:"Les jours où quelqu'un a lu beaucoup plus de dossiers que d'habitude."`
}

// Run says who reads what.
func (c *personReaders) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		switch {
		case c.Unusual:
			days, err := h.privacy().Unusual(s.ctx, who)
			if err != nil {
				return err
			}
			return s.out.data(days, func() { printManyFiles(s.out, days) })
		case c.By != "":
			all, err := h.privacy().ReadBy(s.ctx, who, c.By)
			if err != nil {
				return err
			}
			return s.out.data(all, func() { printReadings(s.out, all) })
		}
		all, err := h.privacy().Readers(s.ctx, who, c.Person)
		if err != nil {
			return err
		}
		return s.out.data(all, func() { printReadings(s.out, all) })
	})
}

func printReadings(out *printer, all []privacy.Reading) {
	var rows [][]string
	for _, r := range all {
		rows = append(rows, []string{r.Mandate, r.Reader, r.Role, strconv.Itoa(r.Times), instant(r.First), instant(r.Last), strings.Join(r.What, " ")})
	}
	out.table([]string{"Mandat", "Lu par", "Rôle", ">Fois", "Première", "Dernière", "Quoi"}, rows)
}

func printManyFiles(out *printer, days []privacy.ManyFiles) {
	if len(days) == 0 {
		out.print("Personne n'a lu plus de dossiers que d'habitude.")
		return
	}
	var rows [][]string
	for _, d := range days {
		rows = append(rows, []string{d.Day.FrenchShort(), d.Reader, d.Role, strconv.Itoa(d.Files), strconv.Itoa(d.Usual)})
	}
	out.table([]string{"Jour", "Lu par", "Rôle", ">Dossiers", ">D'habitude"}, rows)
}
