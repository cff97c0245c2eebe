package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"masp/api/auth"
	"masp/imports"
	"masp/imports/inbox"
)

type importCommand struct {
	Paths []string `arg:"" optional:"" help:"Fichiers ou dossiers ; par défaut MASP_INBOX."`
	Keep  bool     `help:"Laisse les fichiers de MASP_INBOX où ils sont."`
}

// errNoInbox is an import of nothing.
var errNoInbox = errors.New("name a file or set MASP_INBOX")

// Run imports each file; a file of the inbox is put away once it has been taken or refused.
func (c *importCommand) Run(s *session) error {
	paths, dir := c.Paths, ""
	if len(paths) == 0 {
		if dir = s.settings.Inbox; dir == "" {
			return errNoInbox
		}
		paths = []string{dir}
	}
	files, err := expand(paths)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		s.out.say("Aucun fichier à lire.")
	}
	return s.with(func(h *house) error {
		h.imports.Progress = s.tellLong()
		outcomes := make([]imports.Outcome, 0, len(files))
		for i, path := range files {
			s.out.progress("fichier", i+1, len(files))
			o, err := s.importOne(h, path)
			if err != nil {
				return err
			}
			outcomes = append(outcomes, o)
			printOutcome(s.out, filepath.Base(path), o)
			if dir != "" && !c.Keep {
				if err := inbox.PutAway(s.ctx, dir, filepath.Base(path), o, time.Now()); err != nil {
					return err
				}
			}
		}
		waiting, err := s.follow(h, outcomes)
		if err != nil {
			return err
		}
		return errors.Join(s.out.data(outcomes, func() { printWaiting(s.out, waiting) }),
			verdict(outcomes, waiting))
	})
}

// tellLong tells how far a long statement is, and first what an interruption does to it.
func (s *session) tellLong() func(imports.Progress) {
	told := ""
	return func(p imports.Progress) {
		if p.Ref != told && s.out.live {
			s.out.say("Relevé %s de %s, %d lignes : si vous l'interrompez, masp import reprend où il en était.",
				p.Ref, p.Account, p.Lines)
		}
		told = p.Ref
		s.out.progress("ligne", p.Done, p.Lines)
	}
}

// follow judges again, after all files, what waits, and answers the statements of this command
// that wait still. One that another process has released meanwhile could follow as well.
func (s *session) follow(h *house, outcomes []imports.Outcome) ([]imports.StatementOutcome, error) {
	released, err := h.imports.RetryHeld(s.ctx, auth.Operator)
	if err != nil || len(outcomes) == 0 {
		printReleased(s.out, released)
		return nil, err
	}
	last := &outcomes[len(outcomes)-1]
	last.Released = append(last.Released, released...)
	now, err := h.imports.Numbered(s.ctx, unfollowed(outcomes))
	if err != nil {
		return nil, err
	}
	var waiting []imports.StatementOutcome
	for _, st := range now {
		switch {
		case st.Waits():
			waiting = append(waiting, st)
		case st.State == "accepted": // the others were given up
			released, last.Released = append(released, st), append(last.Released, st)
		}
	}
	printReleased(s.out, released)
	return waiting, nil
}

// unfollowed lists the statements that waited when their file came and that nothing of this
// command has released.
func unfollowed(outcomes []imports.Outcome) []int64 {
	followed := map[int64]bool{}
	for _, o := range outcomes {
		for _, st := range o.Released {
			followed[st.ID] = true
		}
	}
	var ids []int64
	for _, o := range outcomes {
		for _, st := range o.Statements {
			if st.Waits() && !followed[st.ID] {
				ids = append(ids, st.ID)
			}
		}
	}
	return ids
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

// verdict makes a program see that a person is needed: a file was refused, also one of an
// archive, or a statement of one waits still, after all that came with it.
func verdict(outcomes []imports.Outcome, waiting []imports.StatementOutcome) error {
	refused := func(o imports.Outcome) bool { return o.Refuses() }
	if len(waiting) > 0 || slices.ContainsFunc(outcomes, refused) {
		return errFound
	}
	return nil
}

// remarksShown is how many remarks of a statement are printed; --json has them all.
const remarksShown = 3

// printOutcome says what became of a file, and of each file of an archive.
func printOutcome(out *printer, name string, o imports.Outcome) {
	out.print("%s : %s", name, o.Message())
	for _, member := range o.Members {
		out.print("  %s : %s", member.File, member.Message())
		if member.Report != nil {
			printFate(out, member.Report)
		}
	}
	printStatements(out, o)
}

// printStatements says what a person must read of the statements of a file; whether one waits
// is known after the last file.
func printStatements(out *printer, o imports.Outcome) {
	if o.Report != nil {
		printFate(out, o.Report)
	}
	for _, st := range o.Statements {
		for i, remark := range st.Warnings {
			if i == remarksShown {
				out.print("  et %s.", plural(len(st.Warnings)-i, "autre remarque", "autres remarques"))
				break
			}
			out.print("  %s  %s (%s)", out.yellow("à vérifier"), remark.Message, remark.Place)
		}
		if st.Explanation != "" && !st.Waits() {
			out.print("  relevé %s de %s (n° %d) : %s", st.Ref, st.Account, st.ID, st.Explanation)
		}
	}
}

// printWaiting says why statements wait, and what to do.
func printWaiting(out *printer, waiting []imports.StatementOutcome) {
	for _, st := range waiting {
		out.print("  %s  relevé %s de %s (n° %d) : %s", out.yellow("en attente"), st.Ref, st.Account, st.ID, st.Explanation)
	}
}
