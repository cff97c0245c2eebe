package main

import (
	"path/filepath"

	"masp/api/auth"
	"masp/imports"
)

type bankfileHeld struct {
	Retry   bool `help:"Juge de nouveau les relevés en attente : ceux qui peuvent suivre sont enregistrés."`
	Dropped bool `help:"Les relevés abandonnés plutôt que ceux qui attendent."`
}

// heldAnswer is the answer with --json: what could follow, and what waits (or was given up).
type heldAnswer struct {
	Released []imports.StatementOutcome `json:"released"`
	Held     []imports.StatementOutcome `json:"held"`
}

func (c *bankfileHeld) Run(s *session) error {
	return s.with(func(h *house) (err error) {
		var a heldAnswer
		if c.Retry {
			if a.Released, err = h.imports.RetryHeld(s.ctx, auth.Operator); err != nil {
				return err
			}
		}
		list := h.imports.Held
		if c.Dropped {
			list = h.imports.Dropped
		}
		if a.Held, err = list(s.ctx); err != nil {
			return err
		}
		a.Released = append([]imports.StatementOutcome{}, a.Released...) // [], never null
		return s.out.data(a, func() {
			printReleased(s.out, a.Released)
			printHeld(s.out, a.Held, c.Dropped)
		})
	})
}

// printReleased says which statements could follow.
func printReleased(out *printer, released []imports.StatementOutcome) {
	for _, st := range released {
		out.print("  %s  relevé %s de %s : il attendait, il est enregistré (%s).", out.green("a suivi"),
			st.Ref, st.Account, plural(st.Lines, "mouvement", "mouvements"))
	}
}

// printHeld lists the statements that wait, or those that were given up, with what to do.
func printHeld(out *printer, held []imports.StatementOutcome, dropped bool) {
	switch {
	case len(held) == 0 && dropped:
		out.print("Aucun relevé abandonné.")
		return
	case len(held) == 0:
		out.print("Aucun relevé en attente.")
		return
	}
	for _, st := range held {
		out.print("%6d  %s  relevé %s  du %s au %s  %s  (%s)", st.ID, st.Account, st.Ref,
			st.From.FrenchShort(), st.To.FrenchShort(), st.Reason, st.File)
		out.print("        %s", st.Explanation)
	}
	if dropped {
		out.say("Reprendre un relevé : masp bankfile drop NUMÉRO --undo --reason RAISON")
		return
	}
	out.say("Juger de nouveau : masp bankfile held --retry   ·   abandonner : masp bankfile drop NUMÉRO --reason RAISON")
}

type bankfileAccept struct {
	Statement int64  `arg:"" help:"Numéro du relevé en attente (masp bankfile held)."`
	Reason    string `required:"" help:"Pourquoi les deux sont justes ; inscrit au journal des actes." placeholder:"RAISON"`
}

func (c *bankfileAccept) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		released, err := h.imports.Accept(s.ctx, who, c.Statement, c.Reason)
		if err != nil {
			return err
		}
		answer := map[string]any{
			"statement": c.Statement, "released": append([]imports.StatementOutcome{}, released...),
		}
		return s.out.data(answer, func() { printReleased(s.out, released) })
	})
}

type bankfileReplace struct {
	Old    int64  `arg:"" help:"Numéro du relevé enregistré (masp import le dit, masp bankfile held aussi)."`
	File   string `arg:"" help:"Fichier de la banque avec le relevé réémis."`
	Reason string `required:"" help:"Pourquoi l'ancien est faux ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run imports the file and puts its statement in the place of the old one.
func (c *bankfileReplace) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		f, err := openBankFile(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		done, err := h.imports.ReplaceByFile(s.ctx, who, c.Old, filepath.Base(c.File), f, c.Reason)
		if err != nil {
			return err
		}
		done.Released = append([]imports.StatementOutcome{}, done.Released...)
		return s.out.data(done, func() {
			s.out.print("Le relevé n° %d prend la place du n° %d : %s, le nouveau est enregistré.", done.New, done.Old,
				plural(done.Reversed, "ligne extournée", "lignes extournées"))
			printReleased(s.out, done.Released)
		})
	})
}

type bankfileDrop struct {
	Statement int64  `arg:"" help:"Numéro du relevé en attente (masp bankfile held)."`
	Reason    string `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
	Undo      bool   `help:"Reprend un relevé abandonné par erreur : il est jugé de nouveau."`
}

func (c *bankfileDrop) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if c.Undo {
			released, err := h.imports.Resume(s.ctx, who, c.Statement, c.Reason)
			if err != nil {
				return err
			}
			answer := map[string]any{
				"statement": c.Statement, "dropped": false,
				"released": append([]imports.StatementOutcome{}, released...),
			}
			return s.out.data(answer, func() {
				s.out.print("Le relevé n° %d est repris et jugé de nouveau. Ce qui attend : masp bankfile held", c.Statement)
				printReleased(s.out, released)
			})
		}
		if err := h.imports.Drop(s.ctx, who, c.Statement, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"statement": c.Statement, "dropped": true}, func() {
			s.out.print("Le relevé n° %d est abandonné : rien n'en sera enregistré. Il reste gardé avec son fichier.", c.Statement)
		})
	})
}
