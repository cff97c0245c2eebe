package main

import (
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
)

type payoutCommand struct {
	Propose payoutPropose `cmd:"" help:"Prépare un versement unique ; ensuite submit, approve et file, comme une campagne."`
}

type payoutPropose struct {
	Purpose  payments.Purpose  `arg:"" enum:"PASS_THROUGH,RESTITUTION,REFUND_TO_PAYER,ESTATE_PAYOUT" help:"PASS_THROUGH, RESTITUTION, REFUND_TO_PAYER ou ESTATE_PAYOUT."`
	Mandate  string            `arg:"" help:"Mandat (M-0001)."`
	To       string            `required:"" help:"Destinataire." placeholder:"RÉFÉRENCE"`
	Sub      ledger.SubAccount `default:"RESTRICTED" enum:"RESTRICTED,RESTITUTION,UNDUE" help:"D'où part un PASS_THROUGH : RESTRICTED ou RESTITUTION (${default}) ; UNDUE : un ESTATE_PAYOUT de l'indu que personne n'a réclamé en 24 mois." placeholder:"COMPTE"`
	Amount   string            `help:"Montant d'un REFUND_TO_PAYER ; par défaut tout le compte." placeholder:"MONTANT"`
	On       civil.Date        `help:"Jour du départ ; par défaut aujourd'hui." placeholder:"JOUR"`
	Evidence string            `help:"Pièce : la demande écrite de l'organisme, l'acte du notaire ou des héritiers." placeholder:"TEXTE"`
}

// Run keeps the payout as a draft.
func (c *payoutPropose) Run(s *session) error {
	p := payments.Payout{
		Purpose: c.Purpose, Mandate: c.Mandate, Sub: c.Sub, To: c.To, On: c.On, Evidence: c.Evidence,
	}
	if c.Amount != "" {
		var err error
		if p.Amount, err = parseAmount(c.Amount); err != nil {
			return err
		}
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.ProposePayout(s.ctx, who, p)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printRun(s.out, run, false)
			sayDraft(s.out, run)
		})
	})
}

type paymentCommand struct {
	Manual  paymentManual  `cmd:"" help:"Prépare un paiement à la main (chèque, bon, carte), avec sa pièce ; ensuite submit et approve."`
	Cancel  paymentCancel  `cmd:"" help:"Annule un virement approuvé que la banque n'a pas encore ; son fichier est remplacé."`
	Reissue paymentReissue `cmd:"" help:"Émet de nouveau, une fois, un paiement refusé ou revenu : il sera dû à la prochaine campagne."`
}

type paymentReissue struct {
	Payment string `arg:"" help:"Référence du paiement à la banque (V000001-000002)."`
	ID      string `help:"Référence de la nouvelle échéance, suivie de -1, -2… quand le paiement en couvrait plusieurs ; par défaut R- et celle du paiement." placeholder:"RÉFÉRENCE"`
	To      string `help:"Autre destinataire." placeholder:"RÉFÉRENCE"`
}

// Run adds the obligation that replaces the payment.
func (c *paymentReissue) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		all, err := h.payments.ReissueLines(s.ctx, who, c.Payment, c.ID, c.To)
		if err != nil {
			return err
		}
		list := []map[string]any{}
		for _, o := range all {
			list = append(list, map[string]any{
				"obligation": o.ID, "mandate": o.Mandate, "class": o.Class, "debt": o.Debt, "amount": o.Amount, "creditor": o.Creditor,
			})
		}
		return s.out.data(map[string]any{"payment": c.Payment, "obligations": list}, func() {
			for _, o := range all {
				s.out.print("%s remplace %s : %s, %s pour %s, dû à la prochaine campagne.",
					o.ID, c.Payment, o.Label, o.Amount.French(), o.Mandate)
			}
		})
	})
}

type mandateDied struct {
	ID string     `arg:"" help:"Mandat (M-0001)."`
	On civil.Date `required:"" help:"Jour du décès." placeholder:"JOUR"`
}

// Run freezes the mandate.
func (c *mandateDied) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		ended, err := h.payments.RecordDeath(s.ctx, who, c.ID, c.On)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{
			"mandate": c.ID, "died_on": c.On, "cancelled": len(ended.Cancelled), "released": ended.Released, "frozen": ended.Frozen,
		}, func() {
			s.out.print("%s : décès le %s. Plus rien ne part ; %s gardés pour la succession, %s.", c.ID, c.On.French(),
				ended.Frozen.French(), plural(len(ended.Cancelled), "versement annulé", "versements annulés"))
		})
	})
}
