package main

import (
	"context"
	"errors"
	"strings"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/payments"
)

// dayCommand is what a machine does each morning, by the clock of the database. Doing it twice on
// one day is harmless.
type dayCommand struct{}

// dayStep is one thing that a day does. It answers what programs and what people read of it, also
// when a part of it has failed.
type dayStep struct {
	name string
	do   func(*session, *house) (value any, french string, err error)
}

// daySteps are the steps in their order: what leaves comes before what is told about it.
var daySteps = []dayStep{
	{"statements", followStatements},
	{"begun", beginMeasures},
	{"ended", endTerms},
	{"estates", keepForHeirs},
	{"due", fallDue},
	{"remittances", releaseRemittances},
	{"reconciled", reconcileDays},
	{"missing", tellMissing},
	{"purposes", tellPurposes},
	{"alerts", tellDeadlines},
	{"late", tellLate},
	{"retention", proposeRetention},
	{"purge", purgeLog},
}

// Run does every step: one that fails keeps no other from its work.
func (c *dayCommand) Run(s *session) error {
	return s.with(func(h *house) error {
		answer, failed, err := playDay(s, h)
		if err != nil {
			return err
		}
		if err := s.out.data(answer, func() {}); err != nil || len(failed) == 0 {
			return err
		}
		return errFound
	})
}

// playDay does every step and answers what each did, and which have failed and why.
func playDay(s *session, h *house) (answer map[string]any, failed map[string]string, err error) {
	today, err := ledger.Today(s.ctx, h.db)
	if err != nil {
		return nil, nil, err
	}
	answer, failed = map[string]any{"day": today}, map[string]string{}
	s.out.print("%s", s.out.bold(today.French()))
	for _, step := range daySteps {
		value, french, err := step.do(s, h)
		answer[step.name] = value
		if french != "" {
			s.out.print("%s", french)
		}
		if errors.Is(err, context.Canceled) {
			return nil, nil, err
		}
		if err != nil {
			failed[step.name] = messageOf(err).text
			s.out.fail(failed[step.name])
		}
	}
	answer["failed"] = failed
	return answer, failed, nil
}

// followStatements goes on with imports that were interrupted, and judges again what waits.
func followStatements(s *session, h *house) (any, string, error) {
	released, err := h.imports.RetryHeld(s.ctx, auth.Operator)
	if len(released) == 0 {
		return []imports.StatementOutcome{}, "", err
	}
	return released, plural(len(released), "relevé en attente a pu suivre.", "relevés en attente ont pu suivre."), err
}

// beginMeasures starts what all have signed and whose first day has come.
func beginMeasures(s *session, h *house) (any, string, error) {
	begun, err := h.mandates.BeginDue(s.ctx)
	if len(begun) == 0 {
		return []string{}, "", err
	}
	return begun, "Mesures commencées : " + strings.Join(begun, ", ") + ".", err
}

// endTerms ends the measures whose last signed contract is over: nothing of them leaves any more.
func endTerms(s *session, h *house) (any, string, error) {
	ended, err := h.payments.EndTerms(s.ctx)
	if len(ended) == 0 {
		return []string{}, "", err
	}
	return ended, "Mesures arrivées à leur terme : " + strings.Join(ended, ", ") + ".", err
}

// keepForHeirs keeps what has come back to the deceased for their heirs.
func keepForHeirs(s *session, h *house) (any, string, error) {
	kept, err := h.payments.KeepForHeirs(s.ctx)
	if len(kept) == 0 {
		return []string{}, "", err
	}
	return kept, "Argent revenu après un décès, gardé pour la succession : " + strings.Join(kept, ", ") + ".", err
}

// fallDue writes what has fallen due, whether a run has asked for it or not.
func fallDue(s *session, h *house) (any, string, error) {
	written, err := h.payments.FallDue(s.ctx)
	if written == 0 {
		return written, "", err
	}
	return written, plural(written, "échéance arrivée.", "échéances arrivées."), err
}

// releaseRemittances lets the remittances of the day leave and writes their files to the outbox,
// also those of some runs when another run has failed.
func releaseRemittances(s *session, h *house) (any, string, error) {
	var list []map[string]any
	err := s.releaseDue(h, func(files []payments.PaymentFile) (err error) {
		list, err = s.writeAll(files)
		return err
	})
	if len(list) == 0 {
		return []map[string]any{}, "Aucun versement pour aujourd'hui.", err
	}
	return list, plural(len(list), "fichier de versements à remettre à la banque", "fichiers de versements à remettre à la banque") +
		".", err
}

// writeAll writes files to the outbox and answers them for programs.
func (s *session) writeAll(files []payments.PaymentFile) ([]map[string]any, error) {
	list := make([]map[string]any, 0, len(files))
	dir, err := s.sweptOutbox()
	if err != nil {
		return list, err
	}
	for _, f := range files {
		path, err := writeOnce(dir, f.Name, f.Content)
		if err != nil {
			return list, err
		}
		list = append(list, jsonFile(f, path))
		s.out.print("  %s", path)
	}
	return list, nil
}

// tellMissing tells which expected benefits have not come.
func tellMissing(s *session, h *house) (any, string, error) {
	missing, err := h.imports.RaiseMissing(s.ctx)
	if missing == 0 {
		return missing, "", err
	}
	return missing, plural(missing, "prestation attendue n'est pas arrivée.", "prestations attendues ne sont pas arrivées."), err
}

// tellPurposes tells which money of the month that is over was not spent on its purpose.
func tellPurposes(s *session, h *house) (any, string, error) {
	unmet, err := h.imports.RaisePurposes(s.ctx)
	if unmet == 0 {
		return unmet, "", err
	}
	return unmet, plural(unmet, "prestation affectée non employée à son objet.", "prestations affectées non employées à leur objet."), err
}

// tellDeadlines tells what the calendar makes true and closes what is over.
func tellDeadlines(s *session, h *house) (any, string, error) {
	told, err := h.worklist.Deadlines(s.ctx)
	if err != nil {
		return told, "", err
	}
	return told, plural(told.Raised, "nouvelle alerte", "nouvelles alertes") + ", " +
		plural(told.Cured, "close par les faits", "closes par les faits") + " (masp alert list).", nil
}

// tellLate tells which statements of the bank are late.
func tellLate(s *session, h *house) (any, string, error) {
	told, err := h.worklist.LateStatements(s.ctx)
	if err != nil || told.Raised == 0 {
		return told, "", err
	}
	return told, plural(told.Raised, "relevé de banque en retard", "relevés de banque en retard") + " (masp import status).", nil
}

// proposeRetention says whose time in daily use, or in the archive, is over. Persons decide.
func proposeRetention(s *session, h *house) (any, string, error) {
	p, err := h.privacy().Propose(s.ctx)
	if n := len(p.Archive) + len(p.Erase); n > 0 {
		return p, plural(n, "dossier arrive", "dossiers arrivent") + " au bout de son délai : masp retention status.", err
	}
	return p, "", err
}

// purgeLog forgets the technical log once it is older than it is kept.
func purgeLog(s *session, h *house) (any, string, error) {
	n, err := purgeTechnicalLog(s.ctx, h.db)
	if n == 0 {
		return n, "", err
	}
	return n, plural(int(n), "ligne du journal technique effacée", "lignes du journal technique effacées") + ".", err
}
