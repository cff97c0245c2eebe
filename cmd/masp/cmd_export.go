package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"masp/ledger/civil"
	"masp/ledger/export"
)

type exportCommand struct {
	Ledger exportLedger `cmd:"" help:"Les écritures : tout, une période, un mandat, un département."`
	Bundle exportBundle `cmd:"" help:"Le dossier de preuves d'un contrôle : livres, banque, virements, signatures, empreintes."`
}

type exportLedger struct {
	Format     export.Format `default:"csv-fr" enum:"csv-fr,csv,fec,hledger,jsonl,xlsx" help:"Format : ${enum} (${default})." placeholder:"FORMAT"`
	From       civil.Date    `help:"Premier jour (date d'écriture) ; par défaut le début des livres." placeholder:"JOUR"`
	To         civil.Date    `help:"Dernier jour ; par défaut aujourd'hui." placeholder:"JOUR"`
	Mandate    string        `help:"Les lignes de ce mandat seulement." placeholder:"MANDAT" xor:"scope"`
	Department string        `help:"Les mandats de ce département seulement (59)." placeholder:"DÉPARTEMENT" xor:"scope"`
	Output     string        `short:"o" help:"Fichier, ou dossier où le nommer (FEC : le nom légal) ; par défaut, la sortie standard." placeholder:"FICHIER"`
	Yes        bool          `help:"Remplace un fichier qui existe."`
}

// Run writes the ledger as a file, or on the standard output.
func (c *exportLedger) Run(s *session) error {
	if c.Output == "" && s.out.json {
		return &noOutputError{}
	}
	return s.with(func(h *house) error {
		ask := export.Ask{Format: c.Format, From: c.From, To: c.To, Mandate: c.Mandate, Department: c.Department}
		if c.Output == "" {
			sum, err := export.Ledger(s.ctx, h.db, ask, s.out.stdout, s.progressOf("écritures"))
			if err == nil {
				s.out.say("%s", exported(sum))
			}
			return err
		}
		path, err := c.path(s.ctx, h, ask)
		if err != nil {
			return err
		}
		var sum export.Summary
		err = writeBeside(path, func(w io.Writer) (err error) {
			sum, err = export.Ledger(s.ctx, h.db, ask, w, s.progressOf("écritures"))
			return err
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonExport(sum, path), func() { s.out.print("%s : %s", path, exported(sum)) })
	})
}

// path is where the file goes: in a folder, under the name that it should have.
func (c *exportLedger) path(ctx context.Context, h *house, ask export.Ask) (string, error) {
	path := c.Output
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		sum, err := export.Preview(ctx, h.db, ask)
		if err != nil {
			return "", err
		}
		path = filepath.Join(path, sum.FileName())
	}
	if _, err := os.Lstat(path); err == nil && !c.Yes {
		return "", &existsError{path}
	}
	return path, nil
}

// progressOf says on a terminal how far a long work is, once it has lasted a second.
func (s *session) progressOf(what string) func(done, of int64) {
	next := time.Now().Add(time.Second)
	shown := false
	return func(done, of int64) {
		if time.Now().Before(next) && (!shown || done < of) {
			return
		}
		shown, next = true, time.Now().Add(time.Second/5)
		s.out.progress(what, int(done), int(of))
	}
}

func exported(sum export.Summary) string {
	return plural(int(sum.Entries), "écriture", "écritures") + ", " + plural(int(sum.Lines), "ligne", "lignes") +
		", débit " + sum.Debit.French() + ", crédit " + sum.Credit.French() +
		"\nLivres au " + sum.AsOf.In(civil.Paris).Format("02/01/2006 à 15 h 04") +
		fmt.Sprintf(" : dernière écriture %d, tête %s", sum.LastEntry, sum.Head)
}

func jsonExport(sum export.Summary, path string) map[string]any {
	return map[string]any{
		"file": path, "format": sum.Format, "from": sum.From, "to": sum.To, "mandate": sum.Mandate, "department": sum.Department,
		"entries": sum.Entries, "lines": sum.Lines, "debit": sum.Debit, "credit": sum.Credit,
		"last_entry": sum.LastEntry, "head": sum.Head, "as_of": sum.AsOf.UTC().Format(time.RFC3339Nano),
	}
}

// writeBeside writes a file whole or not at all: under a temporary name in its folder, synced, then
// renamed.
func writeBeside(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone after the rename
	err = write(temp)
	if err = errors.Join(err, temp.Chmod(0o640), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// existsError is a file that would be lost.
type existsError struct{ path string }

func (e *existsError) Error() string { return "the file exists: " + e.path }

// French says how to replace it.
func (e *existsError) French() string {
	return "Le fichier « " + e.path + " » existe déjà : donnez un autre nom, ou --yes pour le remplacer."
}

// noOutputError is a summary that would stand in the middle of the data.
type noOutputError struct{}

func (e *noOutputError) Error() string { return "--json and data on one stream" }

// French names the missing flag.
func (e *noOutputError) French() string {
	return "Avec --json, le résumé va sur la sortie standard : dites par -o FICHIER où vont les écritures."
}
