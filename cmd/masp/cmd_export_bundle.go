package main

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"masp/ledger/civil"
	"masp/payments/evidence"
)

type exportBundle struct {
	From       civil.Date `help:"Premier jour (date d'écriture) ; par défaut le début des livres." placeholder:"JOUR"`
	To         civil.Date `help:"Dernier jour ; par défaut tout ce qui est écrit." placeholder:"JOUR"`
	Mandate    string     `help:"Ce qui concerne ce mandat seulement." placeholder:"MANDAT" xor:"scope"`
	Department string     `help:"Les mandats de ce département seulement (59)." placeholder:"DÉPARTEMENT" xor:"scope"`
	Sample     int        `default:"30" help:"Écritures tirées au sort pour le contrôle (${default})." placeholder:"N"`
	Seed       string     `default:"1" help:"Graine du tirage : la même tire les mêmes écritures (${default})." placeholder:"GRAINE"`
	Out        string     `short:"o" default:"." help:"Fichier, ou dossier où le nommer ; par défaut le dossier courant." placeholder:"FICHIER"`
	Yes        bool       `help:"Remplace un fichier qui existe."`
}

// Run writes the bundle of evidence whole, or not at all.
func (c *exportBundle) Run(s *session) error {
	return s.with(func(h *house) error {
		ask := evidence.Ask{
			From: c.From, To: c.To, Mandate: c.Mandate, Department: c.Department, Sample: c.Sample, Seed: c.Seed, Program: programVersion(),
		}
		path := c.Out
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			path = filepath.Join(path, ask.FileName())
		}
		if _, err := os.Lstat(path); err == nil && !c.Yes {
			return &existsError{path}
		}
		var m evidence.Manifest
		err := writeBeside(path, func(w io.Writer) (err error) {
			m, err = (&evidence.Service{DB: h.db}).Write(s.ctx, ask, w, s.progressOf("écritures"))
			return err
		})
		if err != nil {
			return err
		}
		answer := map[string]any{
			"file": path, "as_of": m.AsOf.Format(time.RFC3339Nano), "pieces": len(m.Pieces) + 2, "totals": m.Totals, "head": m.Head,
			"acts": m.Acts.To - m.Acts.From + 1, "reads": m.Reads.To - m.Reads.From + 1, "whole_house": m.Whole,
		}
		return s.out.data(answer, func() {
			s.out.print("%s : %d pièces, %d écritures, %d lignes, débit %s, crédit %s.", path, len(m.Pieces)+2, m.Totals.Entries,
				m.Totals.Lines, m.Totals.Debit, m.Totals.Credit)
			s.out.print("Livres au %s. Pour contrôler : LISEZMOI.txt dans le fichier, ou masp verify --bundle '%s'.", instant(m.AsOf), path)
		})
	})
}

// programVersion names the program in what it writes.
func programVersion() string {
	b := readBuild()
	if b.Commit != "" {
		return b.Version + " " + b.Commit
	}
	return b.Version
}
