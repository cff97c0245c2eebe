package payments

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// AskError is a request that no run can answer as it is.
type AskError struct {
	Code    string // stable, English, for logs: a key of the table below
	Subject string // what it is about: a mandate, a line, a creditor
}

// askWords say in French what is wrong and what to do; %s is the subject.
var askWords = map[string]string{
	"PURPOSE_UNKNOWN":    "« %s » n'est pas un motif de campagne.",
	"MANDATES_UNCLEAR":   "Pour quels mandats ? Nommez-les, ou demandez-les tous, pas les deux (%s).",
	"LINES_OF_A_MONTH":   "Une campagne du mois paie tout ce qui est dû : ne nommez pas d'échéance (%s), ou choisissez OFF_CYCLE.",
	"LINE_TWICE":         "L'échéance %s est demandée deux fois.",
	"LINE_UNKNOWN":       "L'échéance %s n'existe pas pour les mandats de cette campagne (masp obligation list MANDAT).",
	"LINE_PAID":          "L'échéance %s est déjà payée, ou il ne reste rien à payer de sa dette.",
	"MANDATE_UNKNOWN":    "Le mandat %s n'existe pas, ou ne gère pas d'argent (masp mandate list).",
	"MANDATE_NOT_IN":     "Le mandat %s ne fait pas partie de cette campagne.",
	"REMIT_NO_DAY":       "Donnez les jours de versement du mandat %s, et le compte de la personne.",
	"REMIT_PAST":         "Un versement du mandat %s tombe avant le jour de la campagne : corrigez la date.",
	"NOT_THE_PERSON":     "Le destinataire %s n'est pas un compte de cette personne : son argent va sur le sien.",
	"CREDITOR_CLOSED":    "Le destinataire %s n'existe pas, ou n'a pas d'IBAN à payer aujourd'hui (masp creditor list).",
	"SUPPOSED_UNKNOWN":   "L'hypothèse sur %s ne tient pas : mandat, destinataire ou dette inconnus.",
	"NOT_A_PAYER":        "Un indu se rembourse à l'organisme qui l'a versé : %s n'est ni PAYER ni PUBLIC.",
	"SENDER_IS_A_PERSON": "%s est le compte d'une personne accompagnée : identifiez l'argent (masp suspense assign), il lui revient.",
	"SENDER_IS_OURS":     "L'IBAN de %s est celui d'un de nos comptes : l'argent n'en vient pas, et il n'y retourne pas.",
	"NOT_AN_HEIR":        "Une succession se verse au notaire ou aux héritiers : %s n'est ni NOTARY, ni HEIR, ni OTHER.",
	"PAYOUT_UNKNOWN":     "« %s » n'est pas un versement unique : PASS_THROUGH, RESTITUTION, REFUND_TO_PAYER ou ESTATE_PAYOUT.",
	"SUB_UNKNOWN":        "Un reversement part de RESTRICTED ou de RESTITUTION, pas de « %s ».",
	"EVIDENCE_MISSING":   "Nommez la pièce de ce versement (%s), en dix caractères au moins : la demande écrite de l'organisme, l'acte du notaire ou des héritiers, le reçu.",
	"STILL_ACTIVE":       "La mesure %s n'est pas finie, ou sa fin n'est pas encore notée (masp day note les termes) : le solde ne se restitue qu'après.",
	"UNDUE_CLAIMED":      "L'organisme peut réclamer cet indu jusqu'au %s : ensuite seulement, il revient à la succession.",
	"NOT_THE_WHOLE":      "Tout le compte doit partir (%s) : ne donnez pas de montant.",
	"NOTHING_THERE":      "Il n'y a rien sur le compte %s.",

	"MEANS_UNKNOWN":    "« %s » n'est pas un moyen de paiement à la main : CHEQUE, CASH_VOUCHER, PREPAID_CARD ou OTHER.",
	"MANUAL_NO_LINE":   "Nommez les échéances payées à la main (%s).",
	"MANUAL_ONE_PAYEE": "Un paiement à la main paie un seul destinataire, avec l'argent disponible : %s ne donne pas cela.",
	"BY_HAND":          "La campagne %s est un paiement à la main : elle n'a pas de fichier, et se refait plutôt qu'elle ne se change.",

	"ADJUSTMENT_UNKNOWN":   "« %s » n'est pas un changement possible (masp run adjust --help).",
	"MANDATE_LEFT_OUT":     "Le mandat %s est écarté de la campagne : il n'y a rien à changer.",
	"LINE_NOT_IN":          "L'échéance %s n'est pas dans cette campagne (masp run show --all).",
	"NOT_LESS_THAN_DUE":    "Le montant fixé doit être plus petit que ce qui est dû (%s), et pas nul : sinon, RESTORE ou DEFER.",
	"PART_OF_RESERVE":      "« %s » se met de côté en entier, ou se reporte (DEFER).",
	"REFUSES_RENT":         "« %s » : le loyer et les charges passent d'abord, la personne ne peut pas les refuser. Parlez-en avec elle.",
	"BLOCKS_RENT":          "« %s » : un loyer ou une charge se reporte (DEFER), et rien d'autre ne part ; il ne se retient pas.",
	"WITHDRAWS_RENT":       "« %s » : un loyer ou une charge qui est dû se reporte (DEFER), et rien d'autre ne part ; il ne se retire pas.",
	"NOT_FILED":            "La campagne %[1]s a un nouveau fichier que personne n'a écrit : masp run file %[1]s d'abord.",
	"NOTHING_TO_HAND_OVER": "La campagne %s n'a aucun fichier : il n'y a rien à remettre à la banque.",
	"NOT_A_DRAFT_LINE":     "Pour refuser %s, la campagne doit être un brouillon (masp run reopen).",
}

// Error is the code with its subject.
func (e *AskError) Error() string { return fmt.Sprintf("%s (%s)", e.Code, e.Subject) }

// French says what to do.
func (e *AskError) French() string { return fmt.Sprintf(askWords[e.Code], e.Subject) }

// complete fills in what was left out.
func (a *Ask) complete(today civil.Date) {
	if a.On.IsZero() {
		a.On = today
	}
	if a.Month.IsZero() {
		a.Month = a.On.MonthOf()
	}
	if a.Purpose == "" {
		a.Purpose = MonthlyRun
	}
}

// creditors lists everybody whom the run may pay, each once.
func (a Ask) creditors(situations []mandates.Situation) []string {
	var ids []string
	seen := map[string]bool{"": true} // of money set aside
	add := func(id string) {
		if !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	for _, s := range situations {
		add(s.RemitTo)
		for _, o := range s.Obligations {
			add(o.Creditor)
		}
	}
	for _, r := range a.Remit {
		add(r.To)
	}
	return ids
}

// about is the request as it concerns some of the mandates.
func (a Ask) about(ids []string) Ask {
	all := a.Remit
	a.Remit = make(map[string]Remit)
	for _, id := range ids {
		if r, given := all[id]; given {
			a.Remit[id] = r
		}
	}
	return a
}

// refuseStrangers refuses money for the person of a mandate that is not asked for.
func (a Ask) refuseStrangers(ids []string) error {
	for mandate := range a.Remit {
		if !slices.Contains(ids, mandate) {
			return &AskError{"MANDATE_NOT_IN", mandate}
		}
	}
	return nil
}

// check refuses what makes no sense whatever the books say.
func (a Ask) check() error {
	if !a.Purpose.ofLines() {
		return &AskError{"PURPOSE_UNKNOWN", string(a.Purpose)}
	}
	if a.All == (len(a.Mandates) > 0) {
		return &AskError{"MANDATES_UNCLEAR", a.Purpose.French()}
	}
	if err := a.checkMeans(); err != nil {
		return err
	}
	if a.Purpose == MonthlyRun && len(a.Lines) > 0 {
		return &AskError{"LINES_OF_A_MONTH", a.Lines[0].key()}
	}
	seen := make(map[string]bool)
	for _, key := range a.keys() {
		if seen[key] {
			return &AskError{"LINE_TWICE", key}
		}
		seen[key] = true
	}
	for mandate, r := range a.Remit {
		switch {
		case r.To == "" || len(r.On) == 0:
			return &AskError{"REMIT_NO_DAY", mandate}
		case slices.ContainsFunc(r.On, func(d civil.Date) bool { return d.Before(a.On) }):
			return &AskError{"REMIT_PAST", mandate}
		}
	}
	return nil
}

// checkMeans refuses a payment by hand without what R-065 asks for, and its means elsewhere.
func (a Ask) checkMeans() error {
	switch {
	case a.Purpose != ManualRun && a.Means == "":
		return nil
	case a.Purpose != ManualRun || a.Means.French() == "":
		return &AskError{"MEANS_UNKNOWN", string(a.Means)}
	case strings.TrimSpace(a.Evidence) == "":
		return &AskError{"EVIDENCE_MISSING", a.Purpose.French()}
	case len(a.Lines) == 0 || len(a.Remit) > 0:
		return &AskError{"MANUAL_NO_LINE", a.Purpose.French()}
	}
	return nil
}

// key is that of the due.
func (l LineAsk) key() string { return mandates.DueOn{Obligation: l.Obligation, On: l.DueOn}.Key() }

// keys are the dues that are asked for; nil of a MONTHLY run, which asks for all of them, and never
// nil of another one.
func (a Ask) keys() []string {
	if a.Purpose == MonthlyRun {
		return nil
	}
	keys := make([]string, len(a.Lines))
	for i, l := range a.Lines {
		keys[i] = l.key()
	}
	return keys
}

// dues are the rows that must exist: what falls due in the month, or what is asked for.
func (a Ask) dues(situations []mandates.Situation) ([]mandates.DueOn, error) {
	if a.Purpose == MonthlyRun {
		return duesOf(situations, a.Month), nil
	}
	byID := make(map[string]mandates.Obligation)
	for _, s := range situations {
		for _, o := range s.Obligations {
			byID[o.ID] = o
		}
	}
	var dues []mandates.DueOn
	for i, key := range a.keys() {
		of := mandates.Due(byID[a.Lines[i].Obligation], a.Lines[i].DueOn.MonthOf())
		at := slices.IndexFunc(of, func(d mandates.DueOn) bool { return d.Key() == key })
		if at < 0 {
			return nil, &AskError{"LINE_UNKNOWN", key}
		}
		dues = append(dues, of[at])
	}
	return dues, nil
}

// refuseMissing refuses lines that are asked for and not open any more.
func (a Ask) refuseMissing(open map[string][]dueItem) error {
	if a.Purpose == MonthlyRun {
		return nil
	}
	found := make(map[string]bool)
	for _, dues := range open {
		for _, d := range dues {
			found[d.key()] = true
		}
	}
	for _, key := range a.keys() {
		if !found[key] {
			return &AskError{"LINE_PAID", key}
		}
	}
	return nil
}

// refuseRemit refuses money for the person that would go to somebody else, or nowhere. The situations are
// those of the mandates that it names, and of others.
func (a Ask) refuseRemit(situations []mandates.Situation, payees map[string]mandates.Payee) error {
	for mandate, r := range a.Remit {
		to := payees[r.To]
		at := slices.IndexFunc(situations, func(s mandates.Situation) bool { return s.Mandate == mandate })
		switch {
		case !to.Payable():
			return &AskError{"CREDITOR_CLOSED", r.To}
		case !to.Owned(situations[at].Beneficiary):
			return &AskError{"NOT_THE_PERSON", r.To}
		}
	}
	return nil
}
