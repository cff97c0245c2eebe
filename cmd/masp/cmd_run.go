package main

import (
	"masp/api/auth"
	"masp/ledger/chain"
	"masp/payments"
)

type runCommand struct {
	Propose    runPropose    `cmd:"" help:"Calcule une campagne : loyer d'abord, chaque ligne avec sa raison. Rien n'est envoyé."`
	List       runList       `cmd:"" help:"Les campagnes, la plus récente d'abord."`
	Show       runShow       `cmd:"" help:"Une campagne : exceptions d'abord, puis tout le reste."`
	Decide     runDecide     `cmd:"" help:"Décide d'une exception de la campagne, ou reprend la décision."`
	Thresholds runThresholds `cmd:"" help:"Ce qui est signalé : montant et part d'un changement, délai d'une fin de mesure."`
	Adjust     runAdjust     `cmd:"" help:"Change une ligne ou les versements d'un brouillon, et le recalcule."`
	Comment    runComment    `cmd:"" help:"Garde ce que la personne dit de la campagne ; elle peut refuser une ligne."`
	Reopen     runReopen     `cmd:"" help:"Reprend une campagne à vérifier : brouillon de nouveau, fichiers et signatures sans valeur."`
	Submit     runSubmit     `cmd:"" help:"Fige la campagne et construit le fichier que la deuxième personne signera."`
	Approve    runApprove    `cmd:"" help:"Approuve une campagne : une autre personne, avec son jeton."`
	File       runFile       `cmd:"" help:"Écrit les fichiers de virements (pain.001) dans le dossier de sortie."`
	HandedOver runHandedOver `cmd:"" name:"handed-over" help:"Note que les fichiers ont été remis à la banque."`
	Due        runDue        `cmd:"" help:"Poste les versements dont le jour est venu et crée leur fichier (chaque matin)."`
	Cancel     runCancel     `cmd:"" help:"Abandonne une campagne qui n'est pas approuvée."`
	VoidFile   runVoidFile   `cmd:"" name:"void-file" help:"Rend un fichier sans valeur, avant sa remise, et le remplace."`
	Signatures runSignatures `cmd:"" help:"À partir de quel total deux personnes doivent approuver."`
}

type runList struct{}

func (c *runList) Run(s *session) error {
	return s.with(func(h *house) error {
		runs, err := h.payments.List(s.ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		list := make([]map[string]any, 0)
		for _, r := range runs {
			rows = append(rows, []string{r.ID, r.Month.French(), r.On.FrenchShort(), r.State.French()})
			list = append(list, map[string]any{"run": r.ID, "month": r.Month, "on": r.On, "state": r.State})
		}
		return s.out.data(list, func() { s.out.table([]string{"Campagne", "Mois", "Jour", "État"}, rows) })
	})
}

type runShow struct {
	ID  string `arg:"" help:"Référence de la campagne (C-2026-11-1)."`
	All bool   `help:"Montre aussi les lignes payées en entier, et les IBAN entiers."`
}

func (c *runShow) Run(s *session) error {
	return s.with(func(h *house) error {
		run, err := h.payments.Show(s.ctx, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() { printRun(s.out, run, c.All) })
	})
}

type runSubmit struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

func (c *runSubmit) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Submit(s.ctx, who, c.ID)
		if err == nil {
			run, err = h.payments.Show(s.ctx, c.ID)
		}
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printSummary(s.out, run)
			s.out.say("Une autre personne doit approuver : masp run approve %s --hash %s", run.ID, run.ContentHash)
		})
	})
}

type runApprove struct {
	ID   string     `arg:"" help:"Référence de la campagne."`
	Hash chain.Hash `required:"" help:"Empreinte du contenu que vous avez lu (masp run show)." placeholder:"SHA256"`
}

func (c *runApprove) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Approve(s.ctx, who, c.ID, c.Hash)
		if err == nil {
			run, err = h.payments.Show(s.ctx, c.ID)
		}
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printSummary(s.out, run)
			if run.State == payments.InReview {
				s.out.say("Signée par %s : une autre personne doit signer aussi.", who.Name)
				return
			}
			s.out.say("Approuvée par %s. Ensuite : masp run file %s", who.Name, run.ID)
		})
	})
}

type runFile struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

func (c *runFile) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		files, err := h.payments.File(s.ctx, who, c.ID)
		if err != nil {
			return err
		}
		run, err := h.payments.Show(s.ctx, c.ID)
		if err != nil {
			return err
		}
		if err := s.retire(run.Files); err != nil {
			return err
		}
		return s.deliver(files)
	})
}

type runHandedOver struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

// Run notes the hand-over.
func (c *runHandedOver) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.HandOver(s.ctx, who, c.ID); err != nil {
			return err
		}
		return s.out.data(map[string]any{"run": c.ID, "handed_over": true}, func() {
			s.out.print("Campagne %s : remise à la banque. Les paiements sont en route.", c.ID)
		})
	})
}

type runDue struct{}

// Run releases the remittances of the day.
func (c *runDue) Run(s *session) error {
	return s.with(func(h *house) error {
		return s.releaseDue(h, func(files []payments.PaymentFile) error {
			if len(files) == 0 {
				return s.out.data([]any{}, func() { s.out.print("Aucun versement pour aujourd'hui.") })
			}
			return s.deliver(files)
		})
	})
}

type runCancel struct {
	ID string `arg:"" help:"Référence de la campagne."`
}

func (c *runCancel) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.Cancel(s.ctx, who, c.ID); err != nil {
			return err
		}
		return s.out.data(map[string]any{"run": c.ID, "cancelled": true}, func() {
			s.out.print("Campagne %s annulée. Rien n'est parti ; les échéances restent dues.", c.ID)
		})
	})
}
