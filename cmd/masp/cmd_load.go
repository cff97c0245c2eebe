package main

import (
	"errors"
	"os"
	"strconv"

	"masp/api/auth"
	"masp/payments/mandates/load"
)

type loadCommand struct {
	File   string `arg:"" help:"Fichier JSON (format masp_load 1, décrit dans payments/mandates/load/doc.go)." type:"path"`
	DryRun bool   `help:"Contrôle tout sans rien écrire."`
}

// Run loads a whole file or nothing.
func (c *loadCommand) Run(s *session) error { return s.load(c.File, c.DryRun) }

// load checks a file, writes it, and prints once the tokens of the users that it made.
func (s *session) load(path string, dry bool) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return s.withAnyone(func(h *house, by auth.Principal) error {
		var result load.Result
		if dry {
			result, err = h.load.Try(s.ctx, raw)
		} else {
			result, err = h.load.Load(s.ctx, by, raw)
		}
		var refused *load.Error
		if errors.As(err, &refused) {
			return s.showRefused(refused)
		}
		if err != nil {
			return err
		}
		return s.showLoaded(path, result, dry)
	})
}

// showRefused prints what to correct; with --json each problem with its place.
func (s *session) showRefused(refused *load.Error) error {
	err := s.out.data(map[string]any{"outcome": "refused", "problems": refused.Problems, "more": refused.More},
		func() { s.out.fail(refused.French()) })
	return errors.Join(err, errFound)
}

func (s *session) showLoaded(path string, r load.Result, dry bool) error {
	outcome := "loaded"
	switch {
	case r.Already:
		outcome = "already_loaded"
	case dry:
		outcome = "checked"
	}
	answer := struct {
		Outcome string `json:"outcome"`
		load.Result
	}{outcome, r}
	return s.out.data(answer, func() {
		if r.Already {
			s.out.print("Ce fichier est déjà chargé : rien n'a changé.")
			return
		}
		s.printCounts(r)
		if dry {
			s.out.say("Tout est correct, rien n'a été écrit. Pour charger : masp load %s", path)
			return
		}
		s.printNext(r)
	})
}

func (s *session) printCounts(r load.Result) {
	n := r.Counts
	var rows [][]string
	for _, line := range []struct {
		what  string
		count int
	}{
		{"utilisateurs", n.Users},
		{"comptes bancaires", n.BankAccounts},
		{"destinataires", n.Creditors},
		{"personnes", n.Beneficiaries},
		{"mandats", n.Mandates},
		{"prestations attendues", n.ExpectedBenefits},
		{"dettes", n.Debts},
		{"échéances", n.Obligations},
	} {
		if line.count > 0 {
			rows = append(rows, []string{line.what, strconv.Itoa(line.count)})
		}
	}
	s.out.table([]string{"Contenu", ">Nombre"}, rows)
	s.out.print("  Soldes d'ouverture : %s", r.OpeningTotal.French())
}

// printNext says what to do after a load: keep the tokens, sign the IBANs.
func (s *session) printNext(r load.Result) {
	if len(r.Tokens) > 0 {
		s.out.print("")
		s.out.print("Jetons personnels, affichés une seule fois : chacun garde le sien comme une signature.")
		var rows [][]string
		for _, t := range r.Tokens {
			rows = append(rows, []string{t.User, t.Token})
		}
		s.out.table([]string{"Utilisateur", "Jeton"}, rows)
		s.out.say("À l'essai, qui lance le programme peut ajouter des personnes. Pour de l'argent réel, un admin met fin à l'essai : masp production")
	}
	if r.Counts.Creditors > 0 {
		s.out.say("Les IBAN chargés sont payables quand deux personnes ont signé, chacune avec son jeton (MASP_TOKEN) :")
		s.out.say("  masp creditor confirm --load %s", r.SHA256)
	}
	s.out.say("Ensuite : masp mandate list, puis masp import FICHIERS pour les relevés de la banque.")
}
