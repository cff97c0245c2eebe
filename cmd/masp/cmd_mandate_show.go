package main

import (
	"strconv"
	"strings"

	"masp/payments/mandates"
)

type mandateShow struct {
	ID string `arg:"" help:"Mandat (M-0001)."`
}

func (c *mandateShow) Run(s *session) error {
	return s.with(func(h *house) error {
		d, err := h.mandates.Dossier(s.ctx, c.ID)
		if err != nil {
			return err
		}
		return s.out.data(jsonDossier(d), func() { s.printDossier(d) })
	})
}

func (s *session) printDossier(d mandates.Dossier) {
	s.out.print("%s", s.out.bold(d.ID+" — "+d.Person))
	s.out.print("  %s, %s, Département %s, suivi par %s", d.Level, frenchStatusOf[d.Status], d.Department, d.Coordinator)
	s.out.print("  Contrat du %s au %s", d.From.French(), d.To.French())
	if d.EndReason != "" {
		s.out.print("  Finie le %s : %s", d.EndedOn.French(), d.EndReason.French())
	}
	if d.Convention != "" {
		s.out.print("  Convention %s %s", d.Convention, d.Place)
	}
	s.printHistory(d.History)
	for _, k := range d.Commitments {
		s.out.print("  Engagement %s : %s", frenchParties[k.By], k.Text)
	}
	if d.Level == mandates.MASP1 {
		return
	}
	s.out.print("  Prestations gérées : %s", benefitCodes(d.Benefits))
	s.printCourt(d.Court)
	s.out.print("  Solde %s, dont provision %s ; reste à vivre %s par mois", d.Balance.French(), d.Reserve.French(), d.Policy.LivingFloor.French())
	if when := frenchRemittance(d.Remittance); d.RemitTo != "" && when != "" {
		s.out.print("  Versé à la personne : %s (%s)", when, d.RemitTo)
	}
	s.out.print("")
	s.out.print("%s", s.out.bold("Dû en "+d.DueMonth.French()))
	s.printDue(d)
	if len(d.Debts) > 0 {
		s.out.print("")
		s.out.print("%s", s.out.bold("Dettes"))
		s.printDebts(d.Debts)
	}
	s.out.print("")
	s.out.print("%s", s.out.bold("Destinataires"))
	s.printCreditors(d.Creditors)
}

var frenchParties = map[mandates.Party]string{
	mandates.PartyPerson: "de la personne", mandates.PartyDepartment: "du Département", mandates.PartyOperator: "de l'association",
}

func benefitCodes(list []mandates.Authorisation) string {
	codes := make([]string, len(list))
	for i, a := range list {
		codes[i] = a.Benefit
	}
	return strings.Join(codes, ", ")
}

// frenchRemittance says when the person receives what is left.
func frenchRemittance(p mandates.RemittancePlan) string {
	if p.Weekly > 0 {
		return strconv.Itoa(p.Weekly) + " versements, un par semaine"
	}
	days := make([]string, len(p.Days))
	for i, d := range p.Days {
		days[i] = strconv.Itoa(d)
	}
	if len(days) == 0 {
		return ""
	}
	return "le " + strings.Join(days, ", ") + " du mois"
}

func (s *session) printDue(d mandates.Dossier) {
	byID := map[string]mandates.Obligation{}
	for _, o := range d.Obligations {
		byID[o.ID] = o
	}
	var rows [][]string
	for _, due := range d.Due {
		o := byID[due.Obligation]
		note := frenchBlocks[o.Block]
		if note == "" {
			note = o.Block
		}
		rows = append(rows, []string{due.On.FrenchShort(), o.Class.French(), o.Label, o.Creditor, due.Amount.French(), note})
	}
	s.out.table([]string{"Jour", "Catégorie", "Libellé", "Destinataire", ">Montant", "Blocage"}, rows)
}

func (s *session) printDebts(list []mandates.Debt) {
	var rows [][]string
	for _, debt := range list {
		note := ""
		if !debt.ContestedOn.IsZero() && debt.ContestEndedOn.IsZero() {
			note = "contestée le " + debt.ContestedOn.FrenchShort()
		}
		rows = append(rows, []string{debt.ID, debt.Creditor, debt.Outstanding.French(), debt.NextInstalment().French(), note})
	}
	s.out.table([]string{"Dette", "Créancier", ">Reste dû", ">Mensualité", "Note"}, rows)
}

func jsonDossier(d mandates.Dossier) map[string]any {
	answer := jsonMandate(d.Summary)
	due, debts, creditors := []map[string]any{}, []map[string]any{}, []map[string]any{}
	for _, one := range d.Due {
		due = append(due, map[string]any{"obligation": one.Obligation, "on": one.On, "amount": one.Amount})
	}
	for _, debt := range d.Debts {
		debts = append(debts, jsonDebtOf(d, debt))
	}
	for _, one := range d.Creditors {
		creditors = append(creditors, jsonCreditor(one))
	}
	commitments := []string{}
	for _, k := range d.Commitments {
		commitments = append(commitments, k.String())
	}
	benefits := []map[string]any{}
	for _, a := range d.Benefits {
		benefits = append(benefits, map[string]any{"benefit": a.Benefit, "from": a.From, "to": orNothing(a.To)})
	}
	answer["commitments"], answer["authorised_benefits"] = commitments, benefits
	answer["policy"] = map[string]any{
		"class_order": d.Policy.ClassOrder, "partial_classes": d.Policy.PartialClasses,
		"living_floor": d.Policy.LivingFloor, "shortfall": d.Policy.Shortfall,
	}
	answer["remittance"] = map[string]any{"to": d.RemitTo, "days": append([]int{}, d.Remittance.Days...), "weekly": d.Remittance.Weekly}
	answer["aid_requests"] = jsonRequests(d, func(mandates.AidRequest) bool { return true })
	answer["activity"] = map[string]any{"code": mandates.ActivityMASP.Code(), "label": mandates.ActivityMASP.French()}
	answer["convention"], answer["place"] = d.Convention, d.Place
	answer["preceded_by"], answer["mjagbf"] = d.PrecededBy, jsonCourt(d.Court)
	answer["history"] = jsonHistory(d.History)
	answer["month"], answer["due"] = d.DueMonth, due
	answer["obligations"], answer["debts"], answer["creditors"] = jsonObligations(d.Obligations), debts, creditors
	return answer
}
