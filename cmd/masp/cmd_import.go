package main

import (
	"errors"
	"os"
	"path/filepath"

	"masp/api/auth"
	"masp/imports"
	"masp/imports/bankfile"
)

type importCommand struct {
	Paths []string `arg:"" optional:"" help:"Fichiers ou dossiers ; par défaut MASP_INBOX."`
	Keep  bool     `help:"Laisse les fichiers de MASP_INBOX où ils sont."`
}

// errNoInbox is an import of nothing.
var errNoInbox = errors.New("name a file or set MASP_INBOX")

// Run imports each file; a file of the inbox is put away once it has been taken or refused.
func (c *importCommand) Run(s *session) error {
	paths, inbox := c.Paths, ""
	if len(paths) == 0 {
		if inbox = s.settings.Inbox; inbox == "" {
			return errNoInbox
		}
		paths = []string{inbox}
	}
	files, err := expand(paths)
	if err != nil {
		return err
	}
	return s.with(func(h *house) error {
		outcomes := make([]imports.Outcome, 0, len(files))
		var bad error
		for i, path := range files {
			s.out.progress("fichier", i+1, len(files))
			o, err := s.importOne(h, path)
			if err != nil {
				return err
			}
			outcomes = append(outcomes, o)
			s.out.print("%s : %s", filepath.Base(path), o.Message())
			printHeld(s.out, o)
			bad = errors.Join(bad, verdict(o))
			if inbox != "" && !c.Keep {
				if err := putAway(inbox, path, o); err != nil {
					return err
				}
			}
		}
		return errors.Join(s.out.data(outcomes, func() {}), bad)
	})
}

func (s *session) importOne(h *house, path string) (imports.Outcome, error) {
	f, err := openBankFile(path)
	if err != nil {
		return imports.Outcome{}, err
	}
	defer func() { _ = f.Close() }()
	return h.imports.Import(s.ctx, auth.Operator, filepath.Base(path), f)
}

// expand replaces folders by their files.
func expand(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // openBankFile says what is wrong with it
			continue
		}
		inside, err := filesOf(path)
		if err != nil {
			return nil, err
		}
		files = append(files, inside...)
	}
	return files, nil
}

// verdict makes a program see that a file needs a person.
func verdict(o imports.Outcome) error {
	if o.Outcome == bankfile.Refused || o.Outcome == bankfile.Held {
		return errFound
	}
	for _, st := range o.Statements {
		if st.Explanation != "" {
			return errFound
		}
	}
	return nil
}

func printHeld(out *printer, o imports.Outcome) {
	for _, st := range o.Statements {
		if st.Explanation != "" {
			out.print("  %s  relevé %s de %s : %s", out.yellow("en attente"), st.Ref, st.Account, st.Explanation)
		}
	}
}

// putAway moves a file of the inbox to its place by a rename: taken, or refused.
func putAway(inbox, path string, o imports.Outcome) error {
	folder := "traites"
	if o.Outcome == bankfile.Refused {
		folder = "refuses"
	}
	dir := filepath.Join(inbox, folder)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	return os.Rename(path, filepath.Join(dir, filepath.Base(path)))
}

type bankfileCommand struct {
	Check bankfileCheck `cmd:"" help:"Dit ce qu'est un fichier, s'il est juste, et ce qu'il contient. N'importe rien."`
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
