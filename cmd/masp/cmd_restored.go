package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"masp/api/auth"
	"masp/payments"
)

type restoredCommand struct {
	From   time.Time `help:"Instant de la sauvegarde (2026-11-09T03:00:00Z) ; par défaut celui de son dernier acte." placeholder:"INSTANT"`
	Clear  bool      `help:"Laisse de nouveau partir les fichiers : un admin, avec son jeton, après la comparaison."`
	Reason string    `help:"Avec --clear : ce que la comparaison a montré ; inscrit au journal des actes." placeholder:"RAISON"`
	Yes    bool      `help:"Avec --clear : malgré des fichiers que la base ne connaît pas, et qui ne seront pas émis de nouveau."`
}

// comparison is what tells whether something left that the restored copy does not know.
type comparison struct {
	*payments.Restoration
	Files []string `json:"unknown_files"` // of the outbox
}

// Run marks the house as restored, or tells what to compare, or lets files leave again.
func (c *restoredCommand) Run(s *session) error {
	if c.Clear {
		return s.withPerson(func(h *house, who auth.Principal) error { return c.release(s, h, who) })
	}
	return s.withAnyone(func(h *house, who auth.Principal) error {
		held, err := h.payments.Restored(s.ctx)
		if err != nil {
			return err
		}
		if held == nil {
			if err := h.payments.MarkRestored(s.ctx, who, c.From); err != nil {
				return err
			}
		}
		found, err := s.compare(h)
		if err != nil {
			return err
		}
		return s.out.data(found, func() { found.print(s.out) })
	})
}

// release ends the hold, unless files of the outbox are unknown and nobody answers for them.
func (c *restoredCommand) release(s *session, h *house, who auth.Principal) error {
	found, err := s.compare(h)
	if err != nil {
		return err
	}
	if len(found.Files) > 0 && !c.Yes {
		return &unknownFilesError{len(found.Files)}
	}
	if err := h.payments.ClearRestored(s.ctx, who, c.Reason, len(found.Files)); err != nil {
		return err
	}
	return s.out.data(map[string]bool{"released": true}, func() {
		s.out.print("Les fichiers de virements peuvent de nouveau partir. L'acte est inscrit au journal.")
	})
}

// compare looks for files in the outbox of which the copy does not know that they left: they did
// after its backup.
func (s *session) compare(h *house) (c comparison, err error) {
	c.Files = []string{}
	if c.Restoration, err = h.payments.Restored(s.ctx); err != nil {
		return c, err
	}
	dir, err := s.settings.outbox()
	if err != nil {
		return c, err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasSuffix(e.Name(), ".xml") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return c, err
		}
		sum := sha256.Sum256(content)
		known, err := h.payments.KnowsFile(s.ctx, sum[:])
		if err != nil {
			return c, err
		}
		if !known {
			c.Files = append(c.Files, e.Name())
		}
	}
	return c, err
}

func (c comparison) print(out *printer) {
	if c.Restoration == nil {
		return
	}
	out.print("Base restaurée : elle sait tout jusqu'au %s. Aucun fichier de virements ne part.", instant(c.From))
	out.print("Avant de laisser partir :")
	out.print("  1. importez les relevés de la banque depuis ce jour (masp import) ; débits que personne ne reconnaît : %d (masp suspense list) ;",
		c.Unknown)
	out.print("  2. fichiers sortis que la base ne sait pas partis : %d ;", len(c.Files))
	for _, name := range c.Files {
		out.print("     %s", name)
	}
	out.print("  3. demandez à la banque ce qu'elle a reçu depuis ce jour ; ce qui est parti ne doit pas être approuvé de nouveau ;")
	out.print("  4. un admin, avec son jeton : masp restored --clear --reason '…'.")
}

// unknownFilesError is files in the outbox that a restored copy does not know.
type unknownFilesError struct{ count int }

func (e *unknownFilesError) Error() string {
	return fmt.Sprintf("%d files of the outbox are unknown", e.count)
}

// French says what they mean.
func (e *unknownFilesError) French() string {
	return plural(e.count, "fichier est sorti", "fichiers sont sortis") + " sans que la base restaurée le sache : ce qu'ils paient " +
		"est sans doute parti. Comparez (masp restored), puis recommencez avec --yes."
}
