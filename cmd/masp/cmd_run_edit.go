package main

import (
	"errors"
	"fmt"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/payments"
)

type runAdjust struct {
	ID      string                  `arg:"" help:"Référence de la campagne."`
	Kind    payments.AdjustmentKind `arg:"" enum:"SET_AMOUNT,DEFER,BLOCK,WITHDRAW,ADD_LINE,RESTORE,REMIT" help:"SET_AMOUNT, DEFER, BLOCK, WITHDRAW, ADD_LINE, RESTORE ou REMIT."`
	Mandate string                  `arg:"" help:"Mandat (M-0001)."`
	Line    dueArg                  `arg:"" optional:"" help:"Échéance (O-0001-RENT@2026-11-05) ; aucune pour REMIT."`
	Amount  euros                   `help:"Montant d'un SET_AMOUNT." placeholder:"MONTANT"`
	To      string                  `help:"Compte de la personne, pour un REMIT." placeholder:"RÉFÉRENCE"`
	On      []civil.Date            `help:"Jours d'un REMIT." placeholder:"JOUR,JOUR"`
	Reason  string                  `required:"" help:"Pourquoi ; la raison reste avec la campagne." placeholder:"RAISON"`
	Hash    chain.Hash              `required:"" help:"Empreinte du contenu que vous avez lu (masp run show)." placeholder:"SHA256"`
}

// Run changes the draft.
func (c *runAdjust) Run(s *session) error {
	a := payments.Adjustment{
		Mandate: c.Mandate, Line: payments.LineAsk(c.Line), Kind: c.Kind, Amount: c.Amount.Amount, Reason: c.Reason,
		Remit: payments.Remit{To: c.To, On: c.On},
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Adjust(s.ctx, who, c.ID, c.Hash, a)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printRun(s.out, run, false)
			sayDraft(s.out, run)
		})
	})
}

type runReopen struct {
	ID   string     `arg:"" help:"Référence de la campagne."`
	Hash chain.Hash `required:"" help:"Empreinte du contenu que vous avez lu (masp run show)." placeholder:"SHA256"`
}

// Run takes the run back to the draft.
func (c *runReopen) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Reopen(s.ctx, who, c.ID, c.Hash)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printSummary(s.out, run)
			s.out.say("Brouillon de nouveau : les signatures et les fichiers d'avant ne valent plus rien.")
		})
	})
}

type runComment struct {
	ID      string `arg:"" help:"Référence de la campagne."`
	Mandate string `arg:"" help:"Mandat (M-0001)."`
	Text    string `arg:"" help:"Ce que la personne dit, dans ses mots."`
	Line    dueArg `help:"Échéance dont elle parle (O-0001-RENT@2026-11-05)." placeholder:"ÉCHÉANCE"`
	Refuse  bool   `help:"Elle refuse que cette échéance soit payée : jamais le loyer ni les charges."`
}

// Run keeps what the person says.
func (c *runComment) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Comment(s.ctx, who, c.ID, payments.Comment{
			Mandate: c.Mandate, Line: payments.LineAsk(c.Line), Text: c.Text, Refuses: c.Refuse,
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() { printChanges(s.out, run) })
	})
}

type runVoidFile struct {
	Name   string `arg:"" help:"Nom du fichier (masp run show)."`
	Reason string `required:"" help:"Pourquoi." placeholder:"RAISON"`
}

// Run replaces the file.
func (c *runVoidFile) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.VoidFile(s.ctx, who, c.Name, c.Reason); err != nil {
			return err
		}
		if err := s.retire([]payments.PaymentFile{{Name: c.Name, Void: true}}); err != nil {
			return err
		}
		return s.out.data(map[string]any{"file": c.Name, "void": true}, func() {
			s.out.print("%s ne vaut plus rien : ne le remettez pas. masp run file écrit celui qui le remplace.", c.Name)
		})
	})
}

type paymentCancel struct {
	Payment string `arg:"" help:"Référence du virement à la banque (V000001-000002)."`
	Reason  string `required:"" help:"Pourquoi." placeholder:"RAISON"`
}

// Run cancels the transfer.
func (c *paymentCancel) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.CancelTransfer(s.ctx, who, c.Payment, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"payment": c.Payment, "cancelled": true}, func() {
			s.out.print("%s est annulé : ce qu'il payait est dû de nouveau.", c.Payment)
			s.out.say("S'il était dans un fichier, masp run file écrit celui qui le remplace.")
		})
	})
}

// errNoSignatures is a setting without a value.
var errNoSignatures = errors.New("name an amount, or --one")

type runSignatures struct {
	From     euros `help:"Total d'une campagne à partir duquel deux personnes signent." placeholder:"MONTANT"`
	Transfer euros `help:"De même pour un virement." placeholder:"MONTANT"`
	Payee    euros `help:"De même pour ce qu'un destinataire reçoit en un jour, toutes campagnes comprises." placeholder:"MONTANT"`
	Day      euros `help:"De même pour tout ce qui part en un jour." placeholder:"MONTANT"`
	One      bool  `help:"Une seule signature suffit toujours."`
}

// Run sets how many persons sign.
func (c *runSignatures) Run(s *session) error {
	from := payments.TwoSignatures{Run: c.From.Amount, Transfer: c.Transfer.Amount, Payee: c.Payee.Amount, Day: c.Day.Amount}
	if c.One == (from != payments.TwoSignatures{}) {
		return errNoSignatures
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.payments.SetTwoSignatures(s.ctx, who, from); err != nil {
			return err
		}
		shown := map[string]any{"second_approval_from": from.Run, "transfer": from.Transfer, "payee": from.Payee, "day": from.Day}
		return s.out.data(shown, func() {
			if c.One {
				s.out.print("Une signature suffit : celle d'une personne qui n'a pas préparé la campagne.")
				return
			}
			c.tell(s, c.From, "une campagne")
			c.tell(s, c.Transfer, "un virement")
			c.tell(s, c.Payee, "un destinataire en un jour")
			c.tell(s, c.Day, "tout ce qui part en un jour")
		})
	})
}

func (c *runSignatures) tell(s *session, from euros, what string) {
	if from.IsPositive() {
		s.out.print("À partir de %s pour %s, deux personnes qui n'ont pas préparé la campagne la signent.", from.French(), what)
	}
}

// retire renames the void files of the outbox, so that nobody hands them over.
func (s *session) retire(files []payments.PaymentFile) error {
	dir, err := s.settings.outbox()
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Void {
			if err := retire(dir, f.Name); err != nil {
				return fmt.Errorf("retire %s: %w", f.Name, err)
			}
		}
	}
	return nil
}

// frenchState is the state of a run, with how far its signatures are.
func frenchState(run payments.Run) string {
	if run.State == payments.InReview && run.Signatures() > 0 {
		return fmt.Sprintf("Approuvée %d/%d", run.Signatures(), run.Needed)
	}
	return run.State.French()
}

// printChanges shows what coordinators changed and what the persons said.
func printChanges(out *printer, run payments.Run) {
	for _, m := range run.Mandates {
		for _, a := range m.Adjustments {
			out.print("%s  %s %s%s : %s → %s, par %s, le %s (%s)", out.yellow("Changé "), m.Mandate+" "+a.Line.Obligation,
				a.Kind.French(), newPlan(a), a.From.French(), a.To.French(), a.By, civil.FromTime(a.At, civil.Paris).FrenchShort(), a.Reason)
		}
	}
	for _, c := range run.Comments {
		out.print("%s  %s : « %s » (écrit par %s, le %s)", out.yellow("Parole "), c.Mandate+" "+c.Line.Obligation,
			c.Text, c.By, civil.FromTime(c.At, civil.Paris).FrenchShort())
	}
}

func jsonAdjustments(m payments.RunMandate) []map[string]any {
	list := make([]map[string]any, 0, len(m.Adjustments))
	for _, a := range m.Adjustments {
		list = append(list, map[string]any{
			"no": a.No, "kind": a.Kind, "obligation": a.Line.Obligation, "from": a.From, "to": a.To,
			"reason": a.Reason, "by": a.By, "at": a.At, "remit_to": a.Remit.To, "remit_on": a.Remit.On,
		})
	}
	return list
}

func jsonComments(run payments.Run) []map[string]any {
	list := make([]map[string]any, 0, len(run.Comments))
	for _, c := range run.Comments {
		list = append(list, map[string]any{
			"mandate": c.Mandate, "obligation": c.Line.Obligation, "text": c.Text, "refuses": c.Refuses, "by": c.By, "at": c.At,
		})
	}
	return list
}

type paymentManual struct {
	Mandate  string         `arg:"" help:"Mandat (M-0001)."`
	Lines    []dueArg       `arg:"" help:"Échéances payées (O-0001-RENT@2026-11-05), d'un seul destinataire."`
	Means    payments.Means `required:"" enum:"CHEQUE,CASH_VOUCHER,PREPAID_CARD,OTHER" help:"CHEQUE, CASH_VOUCHER, PREPAID_CARD ou OTHER." placeholder:"MOYEN"`
	Evidence string         `required:"" help:"Pièce : numéro du chèque, reçu." placeholder:"TEXTE"`
	On       civil.Date     `help:"Jour ; par défaut aujourd'hui." placeholder:"JOUR"`
}

// Run keeps the payment as a draft.
func (c *paymentManual) Run(s *session) error {
	ask := payments.Ask{
		Purpose: payments.ManualRun, Mandates: []string{c.Mandate}, Means: c.Means, Evidence: c.Evidence, On: c.On,
	}
	for _, l := range c.Lines {
		ask.Lines = append(ask.Lines, payments.LineAsk(l))
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Propose(s.ctx, who, ask)
		if err == nil {
			run, err = h.payments.Show(s.ctx, run.ID)
		}
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printRun(s.out, run, true)
			sayDraft(s.out, run)
			s.out.say("La ligne de banque se rattache ensuite par masp suspense assign.")
		})
	})
}
