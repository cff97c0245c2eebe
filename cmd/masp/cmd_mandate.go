package main

import (
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
)

type mandateCommand struct {
	List mandateList `cmd:"" help:"Les mandats, leur état et ce qui est détenu pour chaque personne."`
	Show mandateShow `cmd:"" help:"Un dossier : contrat, solde, ce qui est dû ce mois-ci, destinataires, dettes."`
	Add  mandateAdd  `cmd:"" help:"Ajoute des dossiers depuis un fichier JSON partiel (comme masp load)."`
	Sign mandateSign `cmd:"" help:"Note une signature sous le contrat ou son renouvellement ; il compte quand tous ont signé et que son premier jour est venu."`
	End  mandateEnd  `cmd:"" help:"Finit une mesure : plus aucune campagne ne la paie, ses versements à venir sont annulés, sa provision libérée."`
	Died mandateDied `cmd:"" help:"Note un décès : plus rien ne part, le solde est gardé pour la succession."`
	mandateLife
	mandateOver
	mandateRules
	Account mandateAccount `cmd:"" help:"Règle la version de pain.001 que lit la banque d'un compte."`
}

var frenchStatusOf = map[mandates.Status]string{
	mandates.PendingSignature: "à signer", mandates.Active: "en cours", mandates.Suspended: "suspendue", mandates.Ended: "finie",
	mandates.Deceased: "décès", mandates.Closed: "clôturée",
}

type mandateList struct{}

func (c *mandateList) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.mandates.List(s.ctx)
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(list))
		for _, m := range list {
			answer = append(answer, jsonMandate(m))
		}
		return s.out.data(answer, func() {
			var rows [][]string
			for _, m := range list {
				rows = append(rows, []string{
					m.ID, m.Person, frenchStatusOf[m.Status], m.To.FrenchShort(), m.Coordinator,
					m.BankAccount, m.Balance.French(),
				})
			}
			s.out.table([]string{"Mandat", "Personne", "État", "Fin du contrat", "Suivi par", "Compte", ">Solde"}, rows)
		})
	})
}

func jsonMandate(m mandates.Summary) map[string]any {
	return map[string]any{
		"mandate": m.ID, "person": m.Person, "status": m.Status, "level": m.Level, "department": m.Department,
		"bank_account": m.BankAccount, "coordinator": m.Coordinator, "contract_start": m.From, "contract_end": m.To,
		"ended_on": orNothing(m.EndedOn), "end_reason": m.EndReason, "balance": m.Balance, "reserve": m.Reserve,
	}
}

type mandateAdd struct {
	File   string `arg:"" help:"Fichier JSON : les nouvelles personnes, mandats, destinataires, échéances." type:"path"`
	DryRun bool   `help:"Contrôle tout sans rien écrire."`
}

func (c *mandateAdd) Run(s *session) error { return s.load(c.File, c.DryRun) }

type mandateSign struct {
	ID string     `arg:"" help:"Mandat (M-0001)."`
	By string     `enum:"PERSON,DEPARTMENT,OPERATOR," default:"" help:"Qui a signé : PERSON, DEPARTMENT ou OPERATOR. Sans elle : commence la mesure si tout est signé." placeholder:"PARTIE"`
	On civil.Date `help:"Jour de la signature." placeholder:"JOUR"`
}

func (c *mandateSign) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		status, err := h.mandates.Sign(s.ctx, who, c.ID, mandates.Party(c.By), c.On)
		if err != nil {
			return err
		}
		awaited, err := h.mandates.Awaited(s.ctx, c.ID)
		if err != nil {
			return err
		}
		var names []string
		for _, p := range awaited {
			names = append(names, p.French())
		}
		return s.out.data(map[string]any{"mandate": c.ID, "status": status, "awaited": append([]mandates.Party{}, awaited...)}, func() {
			switch {
			case len(names) > 0:
				s.out.print("%s : noté (mesure %s). Le contrat comptera quand tous auront signé : on attend encore %s.",
					c.ID, frenchStatusOf[status], strings.Join(names, " et "))
			case status == mandates.Active:
				s.out.print("%s : tous ont signé, la mesure est en cours.", c.ID)
			default:
				s.out.print("%s : tous ont signé (mesure %s). Le contrat comptera quand son premier jour sera venu.",
					c.ID, frenchStatusOf[status])
			}
		})
	})
}

type mandateEnd struct {
	ID     string             `arg:"" help:"Mandat (M-0001)."`
	On     civil.Date         `required:"" help:"Dernier jour de la mesure, ou jour du décès." placeholder:"JOUR"`
	Reason mandates.EndReason `required:"" help:"AUTONOMY_REGAINED, TERM_REACHED, TERMINATED_BY_PERSON, TERMINATED_BREACH, MOVED, MAJ_OPENED, PROTECTION_OPENED, MASP3, REFERRED_TO_PROSECUTOR, DEATH, OTHER." placeholder:"RAISON"`
}

func (c *mandateEnd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		ended, err := h.payments.EndMandate(s.ctx, who, c.ID, c.On, c.Reason)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{
			"mandate": c.ID, "ended_on": c.On, "reason": c.Reason, "cancelled": jsonStopped(ended.Cancelled), "released": ended.Released,
		}, func() {
			s.out.print("%s : mesure finie le %s (%s). Plus aucune campagne ne la paie.", c.ID, c.On.French(), c.Reason.French())
			s.printStopped(ended.Cancelled)
			if ended.Released.IsPositive() {
				s.out.print("  provision libérée : %s", ended.Released.French())
			}
		})
	})
}

type mandateAccount struct {
	ID   string `arg:"" help:"Compte bancaire (BK-0001)."`
	Pain string `required:"" enum:"001.09,001.03" help:"001.09 ou 001.03." placeholder:"VERSION"`
}

func (c *mandateAccount) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.mandates.SetPainVersion(s.ctx, who, c.ID, c.Pain); err != nil {
			return err
		}
		return s.out.data(map[string]any{"bank_account": c.ID, "pain_version": c.Pain}, func() {
			s.out.print("%s : les prochains fichiers seront en pain.%s.", c.ID, c.Pain)
		})
	})
}
