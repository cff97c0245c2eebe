package main

import (
	"strconv"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
)

type ruleCommand struct {
	Add    ruleAdd    `cmd:"" help:"Écrit une règle : ce que sont les virements reçus qui portent ces mots."`
	List   ruleList   `cmd:"" help:"Les règles, et combien de lignes chacune a reconnues."`
	End    ruleEnd    `cmd:"" help:"Termine une règle ; ce qu'elle a reconnu reste."`
	Test   ruleTest   `cmd:"" help:"Essaie une règle sur les virements déjà reçus, sans rien écrire."`
	Offers ruleOffers `cmd:"" help:"Les règles que vos choix suggèrent : trois fois la même attribution."`
	Accept ruleAccept `cmd:"" help:"Accepte une règle proposée."`
	Refuse ruleRefuse `cmd:"" help:"Refuse une règle proposée : elle ne le sera plus."`
}

// ruleWords are what a rule says of which lines.
type ruleWords struct {
	From    string    `name:"from-words" help:"Mots du nom du payeur, tels que la banque les écrit." placeholder:"MOTS"`
	Words   []string  `help:"Mots du texte ; répétez pour en demander plusieurs." placeholder:"MOTS" sep:"none"`
	Account string    `help:"Seulement sur ce compte bancaire." placeholder:"COMPTE"`
	Min     someEuros `help:"Seulement à partir de ce montant." placeholder:"EUROS"`
	Max     someEuros `help:"Seulement jusqu'à ce montant." placeholder:"EUROS"`
	Mandate string    `help:"Ces virements sont à ce mandat (avec --benefit)." placeholder:"MANDAT"`
	Benefit string    `help:"Prestation (RSA, AAH…), WAGE pour un salaire." placeholder:"CODE"`
	Payer   string    `help:"Ces virements viennent de cet organisme (CAF, MSA…) ; la personne reste à trouver par son numéro." placeholder:"PAYEUR"`
}

func (w ruleWords) rule() imports.Rule {
	return imports.Rule{
		BankAccount: w.Account, PayerWords: w.From, Words: w.Words, Least: w.Min.Amount, Most: w.Max.Amount,
		Mandate: w.Mandate, Benefit: w.Benefit, Payer: w.Payer,
	}
}

type ruleAdd struct {
	ruleWords
	On       civil.Date `help:"Premier jour de banque où elle vaut ; par défaut aujourd'hui." placeholder:"JOUR"`
	Replaces int64      `help:"Règle dont celle-ci est la nouvelle version ; elle se termine." placeholder:"RÈGLE"`
	Reason   string     `required:"" help:"Pourquoi vous en êtes sûr ; inscrit au journal des actes." placeholder:"RAISON"`
	Anyway   string     `help:"Pourquoi il la faut malgré une autre qui convient aux mêmes lignes." placeholder:"RAISON"`
}

// Run keeps a rule in the name of the person.
func (c *ruleAdd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		rule := c.rule()
		rule.From, rule.Replaces = c.On, c.Replaces
		done, err := h.imports.WriteRule(s.ctx, who, rule, c.Reason, c.Anyway)
		if err != nil {
			return err
		}
		return s.written(done)
	})
}

// written says what a new rule will do.
func (s *session) written(r imports.WrittenRule) error {
	return s.out.data(map[string]any{"rule": r.ID, "posts": r.Posts}, func() {
		s.out.print("Règle %d : %s.", r.ID, r.French())
		if !r.Posts {
			s.out.print("Elle ne fera que proposer : ni compte au nom de la personne, ni numéro parmi ses mots.")
		}
	})
}

type ruleList struct {
	All bool `help:"Aussi celles qui sont terminées."`
}

// Run lists the rules.
func (c *ruleList) Run(s *session) error {
	return s.with(func(h *house) error {
		rules, err := h.imports.Rules(s.ctx, c.All)
		if err != nil {
			return err
		}
		return s.out.data(append([]imports.WrittenRule{}, rules...), func() {
			var rows [][]string
			for _, r := range rules {
				does := "attribue"
				switch {
				case r.EndedAt != nil:
					does = "terminée : " + r.EndReason
				case !r.Posts:
					does = "propose"
				}
				rows = append(rows, []string{
					strconv.FormatInt(r.ID, 10), r.French(), r.From.FrenchShort(), strconv.Itoa(r.Lines), does, r.By,
				})
			}
			s.out.table([]string{">N°", "Règle", "Depuis", ">Lignes", "Effet", "Par"}, rows)
		})
	})
}

type ruleEnd struct {
	Rule   int64  `arg:"" help:"Numéro de la règle (masp rule list)."`
	Reason string `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run ends a rule in the name of the person.
func (c *ruleEnd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.imports.EndRule(s.ctx, who, c.Rule, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"rule": c.Rule, "ended": true}, func() {
			s.out.print("Règle %d terminée.", c.Rule)
		})
	})
}

type ruleTest struct {
	ruleWords
	Days int `help:"Sur les virements de tant de jours." default:"90" placeholder:"JOURS"`
}

// Run tries a rule on what came, and writes nothing.
func (c *ruleTest) Run(s *session) error {
	return s.with(func(h *house) error {
		lines, err := h.imports.TryRule(s.ctx, c.rule(), c.Days)
		if err != nil {
			return err
		}
		return s.out.data(lines, func() {
			var rows [][]string
			for _, l := range lines {
				was := l.Was
				if was == "" {
					was = "non identifiée"
				}
				others := ""
				for _, o := range l.Others {
					others += " " + strconv.FormatInt(o, 10)
				}
				rows = append(rows, []string{
					strconv.FormatInt(l.Line, 10), l.BookedOn.FrenchShort(), l.Amount.French(), l.Counterparty, l.Text, was, others,
				})
			}
			s.out.table([]string{">Ligne", "Jour", ">Montant", "Payeur", "Texte", "Aujourd'hui", "Autres règles"}, rows)
		})
	})
}

type ruleOffers struct{}

// Run lists what equal choices suggest.
func (c *ruleOffers) Run(s *session) error {
	return s.with(func(h *house) error {
		offers, err := h.imports.Offers(s.ctx)
		if err != nil {
			return err
		}
		return s.out.data(append([]imports.Offer{}, offers...), func() {
			if len(offers) == 0 {
				s.out.print("Aucune règle à proposer.")
			}
			for _, o := range offers {
				s.out.print("%s  %s", o.Key, o.French())
				s.out.print("        %s", plural(len(o.Lines), "ligne attribuée ainsi", "lignes attribuées ainsi")+
					" ; rien ne se fait sans vous (masp rule accept, masp rule refuse).")
			}
		})
	})
}

type ruleAccept struct {
	Offer  string `arg:"" help:"Règle proposée (masp rule offers)."`
	Reason string `required:"" help:"Pourquoi vous en êtes sûr ; inscrit au journal des actes." placeholder:"RAISON"`
	Anyway string `help:"Pourquoi il la faut malgré une autre qui convient aux mêmes lignes." placeholder:"RAISON"`
}

// Run makes a rule of an offer, in the name of the person.
func (c *ruleAccept) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		done, err := h.imports.AcceptOffer(s.ctx, who, c.Offer, c.Reason, c.Anyway)
		if err != nil {
			return err
		}
		return s.written(done)
	})
}

type ruleRefuse struct {
	Offer  string `arg:"" help:"Règle proposée (masp rule offers)."`
	Reason string `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run remembers that the person does not want a rule.
func (c *ruleRefuse) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.imports.RefuseOffer(s.ctx, who, c.Offer, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"offer": c.Offer, "refused": true}, func() {
			s.out.print("Règle %s refusée : elle ne sera plus proposée.", c.Offer)
		})
	})
}
