package main

import (
	"fmt"
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

type runPropose struct {
	Month    civil.Month      `help:"Mois des échéances (2026-11) ; par défaut celui du jour de campagne." placeholder:"MOIS"`
	On       civil.Date       `help:"Jour de campagne (2026-11-09) ; par défaut aujourd'hui." placeholder:"JOUR"`
	Purpose  payments.Purpose `default:"MONTHLY" enum:"MONTHLY,OFF_CYCLE,EMERGENCY" help:"MONTHLY (tout ce qui est dû), OFF_CYCLE ou EMERGENCY (ce que vous demandez, et rien d'autre)." placeholder:"MOTIF"`
	Only     []dueArg         `sep:"none" help:"Seule échéance à payer, dans l'ordre donné ; à répéter." placeholder:"ÉCHÉANCE@JOUR"`
	Remit    []remitArg       `sep:"none" help:"Versement à la personne, à la place du plan du contrat ; à répéter." placeholder:"MANDAT=DESTINATAIRE@JOUR,JOUR"`
	WhatIf   bool             `name:"what-if" help:"Calcule seulement : rien n'est écrit. Toute hypothèse ci-dessous l'implique."`
	With     []creditArg      `sep:"none" help:"Hypothèse : cet argent arrive." placeholder:"MANDAT=MONTANT"`
	Without  []creditArg      `sep:"none" help:"Hypothèse : cet argent manque." placeholder:"MANDAT=MONTANT"`
	Amount   []amountArg      `sep:"none" help:"Hypothèse : cette échéance change de montant." placeholder:"MANDAT/ÉCHÉANCE=MONTANT"`
	Debt     []debtArg        `sep:"none" help:"Hypothèse : une nouvelle dette, dont ce mois-ci paie une mensualité." placeholder:"MANDAT=DESTINATAIRE=MONTANT"`
	Mandates []string         `arg:"" optional:"" help:"Mandats, dans l'ordre de paiement ; par défaut tous les mandats actifs."`
}

// Run computes the run, and keeps it unless something is only supposed.
func (c *runPropose) Run(s *session) error {
	if c.WhatIf || len(c.With)+len(c.Without)+len(c.Amount)+len(c.Debt) > 0 {
		return c.whatIf(s)
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Propose(s.ctx, who, c.ask())
		if err == nil {
			run, err = h.payments.Show(s.ctx, run.ID)
		}
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printRun(s.out, run, false)
			sayDraft(s.out, run)
		})
	})
}

func (c *runPropose) whatIf(s *session) error {
	return s.with(func(h *house) error {
		suppose, err := c.suppose(s, h)
		if err != nil {
			return err
		}
		run, err := h.payments.WhatIf(s.ctx, c.ask(), suppose)
		if err != nil {
			return err
		}
		return s.out.data(jsonRun(run), func() {
			printRun(s.out, run, true)
			s.out.say("Calcul seulement : rien n'est écrit.")
		})
	})
}

// ask is the request as the service reads it.
func (c *runPropose) ask() payments.Ask {
	ask := payments.Ask{
		Month: c.Month, On: c.On, Mandates: c.Mandates, All: len(c.Mandates) == 0, Purpose: c.Purpose,
	}
	for _, due := range c.Only {
		ask.Lines = append(ask.Lines, payments.LineAsk(due))
	}
	for _, r := range c.Remit {
		if ask.Remit == nil {
			ask.Remit = make(map[string]payments.Remit)
		}
		ask.Remit[r.mandate] = r.remit
	}
	return ask
}

func (c *runPropose) suppose(s *session, h *house) (payments.Suppose, error) {
	var suppose payments.Suppose
	for _, credit := range c.With {
		suppose.Credits = append(suppose.Credits, payments.SupposedCredit(credit))
	}
	for _, credit := range c.Without {
		credit.Amount = credit.Amount.Neg()
		suppose.Credits = append(suppose.Credits, payments.SupposedCredit(credit))
	}
	for _, debt := range c.Debt {
		suppose.Debts = append(suppose.Debts, payments.SupposedDebt(debt))
	}
	for _, a := range c.Amount {
		list, err := h.mandates.Obligations(s.ctx, a.mandate)
		if err != nil {
			return suppose, err
		}
		found := false
		for _, o := range list {
			if o.ID == a.obligation {
				o.Amount, found = a.amount, true
				suppose.Obligations = append(suppose.Obligations, o)
			}
		}
		if !found {
			return suppose, mandates.ErrNoObligation
		}
	}
	return suppose, nil
}

// argError is an argument of several parts that does not read.
type argError struct{ text, shape string }

// Error names both.
func (e *argError) Error() string { return fmt.Sprintf("%q is not %s", e.text, e.shape) }

// French says how the argument is written.
func (e *argError) French() string { return fmt.Sprintf("« %s » : écrivez %s.", e.text, e.shape) }

// dueArg is OBLIGATION@DAY.
type dueArg payments.LineAsk

// UnmarshalText reads one due.
func (a *dueArg) UnmarshalText(text []byte) error {
	id, day, _ := strings.Cut(string(text), "@")
	on, err := civil.Parse(day)
	if id == "" || err != nil {
		return &argError{string(text), "O-0001-RENT@2026-11-05"}
	}
	a.Obligation, a.DueOn = id, on
	return nil
}

// remitArg is MANDATE=CREDITOR@DAY,DAY.
type remitArg struct {
	mandate string
	remit   payments.Remit
}

// UnmarshalText reads one remittance.
func (a *remitArg) UnmarshalText(text []byte) error {
	mandate, rest, _ := strings.Cut(string(text), "=")
	to, days, _ := strings.Cut(rest, "@")
	a.mandate, a.remit = mandate, payments.Remit{To: to}
	for day := range strings.SplitSeq(days, ",") {
		on, err := civil.Parse(day)
		if mandate == "" || to == "" || err != nil {
			return &argError{string(text), "M-0001=C-SELF-0001@2026-11-09,2026-11-16"}
		}
		a.remit.On = append(a.remit.On, on)
	}
	return nil
}

// creditArg is MANDATE=AMOUNT.
type creditArg payments.SupposedCredit

// UnmarshalText reads one supposed credit.
func (a *creditArg) UnmarshalText(text []byte) error {
	mandate, amount, _ := strings.Cut(string(text), "=")
	value, err := parseAmount(amount)
	if mandate == "" || err != nil {
		return &argError{string(text), "M-0001=573,49"}
	}
	a.Mandate, a.Amount = mandate, value
	return nil
}

// debtArg is MANDATE=CREDITOR=AMOUNT.
type debtArg payments.SupposedDebt

// UnmarshalText reads one supposed debt.
func (a *debtArg) UnmarshalText(text []byte) error {
	mandate, rest, _ := strings.Cut(string(text), "=")
	to, amount, _ := strings.Cut(rest, "=")
	value, err := parseAmount(amount)
	if mandate == "" || to == "" || err != nil {
		return &argError{string(text), "M-0001=C-OFFICE=40,00"}
	}
	a.Mandate, a.Creditor, a.Amount = mandate, to, value
	return nil
}

// amountArg is MANDATE/OBLIGATION=AMOUNT.
type amountArg struct {
	mandate, obligation string
	amount              money.Amount
}

// UnmarshalText reads one supposed amount.
func (a *amountArg) UnmarshalText(text []byte) error {
	what, amount, _ := strings.Cut(string(text), "=")
	mandate, obligation, both := strings.Cut(what, "/")
	value, err := parseAmount(amount)
	if !both || err != nil {
		return &argError{string(text), "M-0001/O-0001-RENT=450"}
	}
	*a = amountArg{mandate, obligation, value}
	return nil
}
