package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"masp/api/auth"
	"masp/ledger"
	"masp/payments/evidence"
)

type sealCommand struct {
	Out string `short:"o" help:"Dossier où écrire le sceau ; par défaut MASP_SEALS." placeholder:"DOSSIER"`
}

// Run seals the day now, and brings every seal to its second place.
func (c *sealCommand) Run(s *session) error {
	if c.Out != "" {
		s.settings.Seals = c.Out
	}
	return s.with(func(h *house) error {
		made, path, err := s.writeSeal(s.ctx, h)
		if err != nil {
			return err
		}
		copied, err := s.copySeals()
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"file": path, "seal": made, "copied": copied}, func() {
			s.out.print("%s : écriture %d, acte %d, lecture %d.", path, made.Books.Entry, made.Acts.No, made.Reads.No)
			s.out.print("Tête : %s", made.Head)
			s.out.print("Donnez une copie de ce fichier à qui vous contrôle : masp verify --seal le comparera aux livres.")
		})
	})
}

// writeSeal seals the day and writes its file in the folder of the seals.
func (s *session) writeSeal(ctx context.Context, h *house) (evidence.Seal, string, error) {
	dir, err := s.settings.seals()
	if err != nil {
		return evidence.Seal{}, "", err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil { // before the act: a folder that is not there makes no seal
		return evidence.Seal{}, "", err
	}
	made, err := (&evidence.Service{DB: h.db}).Seal(ctx, auth.Operator)
	if err != nil {
		return evidence.Seal{}, "", err
	}
	content, err := made.Bytes()
	if err != nil {
		return evidence.Seal{}, "", err
	}
	path, err := writeOnce(dir, made.FileName(), content)
	return made, path, err
}

// copySeals brings the seals that the second place does not have yet, and answers how many. Another
// content under the same name there is an error: one of the two was changed.
func (s *session) copySeals() (copied int, err error) {
	if s.settings.SealsCopy == "" {
		return 0, nil
	}
	dir, err := s.settings.seals()
	if err != nil {
		return 0, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "sceau-*.json"))
	if err != nil {
		return 0, err
	}
	if info, err := os.Stat(s.settings.SealsCopy); err != nil || !info.IsDir() {
		return 0, &secondPlaceError{s.settings.SealsCopy, errors.Join(err, errNoFolder)}
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return copied, err
		}
		to := filepath.Join(s.settings.SealsCopy, filepath.Base(path))
		_, there := os.Lstat(to)
		if _, err := writeOnce(s.settings.SealsCopy, filepath.Base(path), content); err != nil {
			return copied, &secondPlaceError{to, err}
		}
		if there != nil {
			copied++
		}
	}
	return copied, nil
}

// serveSteps are what the service does of a day: what `masp day` does, and then the seal of it.
var serveSteps = slices.Concat(daySteps, []dayStep{{"seal", sealDay}})

// sealDay is the step of the service: one seal a day, and all of them at the second place. A second
// place that fails is told by the job, and tried again; no other seal is made for it.
func sealDay(s *session, h *house) (any, string, error) {
	sealed, err := s.sealedToday(h)
	if err != nil {
		return nil, "", err
	}
	if !sealed {
		if _, _, err := s.writeSeal(s.ctx, h); err != nil {
			return nil, "", err
		}
	}
	copied, err := s.copySeals()
	return map[string]any{"made": !sealed, "copied": copied}, "", err
}

// sealedToday tells whether a seal of this day lies in the folder.
func (s *session) sealedToday(h *house) (bool, error) {
	dir, err := s.settings.seals()
	if err != nil {
		return false, err
	}
	today, err := ledger.Today(s.ctx, h.db)
	if err != nil {
		return false, err
	}
	found, err := filepath.Glob(filepath.Join(dir, "sceau-"+today.String()+"-*.json"))
	return len(found) > 0, err
}

var errNoFolder = errors.New("no folder")

// secondPlaceError is a second place of the seals that does not take them.
type secondPlaceError struct {
	path  string
	cause error
}

func (e *secondPlaceError) Error() string {
	return "copy the seals to " + e.path + ": " + e.cause.Error()
}

func (e *secondPlaceError) Unwrap() error { return e.cause }

// Kind names it in the log of jobs.
func (e *secondPlaceError) Kind() string { return "second_place" }

// French says what to look at.
func (e *secondPlaceError) French() string {
	return "Le second lieu des sceaux (MASP_SEALS_COPY) ne les prend pas : « " + e.path + " ». " +
		"Vérifiez qu'il est là et qu'on peut y écrire ; un sceau qui y est déjà n'est jamais remplacé."
}
