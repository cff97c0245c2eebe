package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"masp/ledger"
	"masp/migrations"
	"masp/migrations/cluster"
)

type backupCheckCommand struct {
	File string `arg:"" help:"Sauvegarde faite par pg_dump --format=custom." type:"existingfile"`
	Head string `help:"Tête imprimée au moment de la sauvegarde (masp verify) : prouve que rien n'y manque." placeholder:"TÊTE"`
}

// Run restores a backup into a database of its own, proves its books and forgets it.
func (c *backupCheckCommand) Run(s *session) error {
	program, err := pgRestore(s.ctx)
	if err != nil {
		return err
	}
	var report ledger.Report
	err = s.inEmptyScratch(func(owner, app string) error {
		if err := migrations.Restore(s.ctx, program, owner, c.File); err != nil {
			return err
		}
		// A backup of an older program is brought to this one, as it would be in earnest.
		if _, err := migrations.Apply(s.ctx, owner, app); err != nil {
			return err
		}
		h := &house{ownerURL: owner, appURL: app}
		defer h.close()
		if err := h.connect(s.ctx); err != nil {
			return err
		}
		report, err = h.verify(s, c.Head)
		return err
	})
	if err != nil {
		return err
	}
	err = s.out.data(jsonProof(report), func() {
		s.out.print("La sauvegarde se restaure.")
		printProof(s.out, report)
	})
	if err == nil && !report.OK() {
		return errFound
	}
	return err
}

// pgRestore is the program beside the newest PostgreSQL of this machine, else that of the path.
func pgRestore(ctx context.Context) (string, error) {
	if b, err := cluster.Find(ctx); err == nil {
		path := filepath.Join(b.Dir, "pg_restore")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath("pg_restore")
	if err != nil {
		return "", cluster.ErrNoPostgreSQL
	}
	return path, nil
}

// inEmptyScratch gives a database without a schema for the time of one use: at the user's server,
// else in a PostgreSQL of our own beside that of the organisation.
func (s *session) inEmptyScratch(use func(owner, app string) error) error {
	if !s.settings.private() {
		if s.settings.OwnerURL == "" {
			return errNoOwner
		}
		scratch, err := migrations.NewEmptyScratch(s.ctx, s.settings.OwnerURL, s.settings.DatabaseURL)
		if err != nil {
			return err
		}
		err = use(scratch.OwnerURL, scratch.AppURL)
		return errors.Join(err, scratch.Drop(context.WithoutCancel(s.ctx)))
	}
	state, err := s.settings.stateDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(state, "backup-check")
	server, err := cluster.Open(s.ctx, dir, cluster.Options{})
	if err != nil {
		return err
	}
	name := migrations.ScratchName()
	if err = server.CreateDatabase(s.ctx, name); err == nil {
		err = use(server.OwnerURL(name), server.AppURL(name))
	}
	after := context.WithoutCancel(s.ctx)
	return errors.Join(err, server.Close(), cluster.Wipe(after, dir)) // it held a copy of everything
}
