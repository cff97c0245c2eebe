package papers

import (
	"strconv"

	"masp/payments/mandates"
	"masp/payments/papers/page"
)

// Paper puts the final account in words: why the measure is over, what is left to do, what passes to
// others, and the account.
func (f Final) Paper() page.Paper {
	p := f.paper(KindFinal)
	p.Warning = ""
	if f.Provisional() {
		p.Warning = "Provisoire : la mesure n'est pas encore clôturée."
	}
	p.Facts = append(p.Facts, pageFact("Fin de la mesure", f.Mandate.EndedOn.French()+" ("+f.Mandate.EndReason.French()+")"))
	f.fill(&p)
	p.Sections = append(p.Sections, f.leftSection(), f.billSection(), f.requestSection())
	if f.Closing.IsZero() {
		p.Notes = append(p.Notes, "Tout l'argent tenu pour la personne est sorti : le compte est à zéro.")
	}
	p.Notes = append(p.Notes, "Les dettes qui restent sont au tableau des dettes.", contest)
	return p
}

func (f Final) leftSection() page.Section {
	s := page.Section{Title: "Ce qui reste à faire avant la clôture", Empty: "Plus rien.", Columns: []page.Column{
		{Title: "À faire", Width: 60},
		{Title: "Nombre", Width: 8, Number: true},
		{Title: "Montant", Width: 14, Number: true},
	}}
	for _, step := range f.Left {
		count := ""
		if step.Count > 0 {
			count = strconv.Itoa(step.Count)
		}
		s.Rows = append(s.Rows, page.Row{Cells: []string{capital(frenchStep(step)), count, some(step.Amount)}})
	}
	return s
}

// paperSteps are the steps of a closing in words for a paper, without commands.
var paperSteps = map[string]string{
	"IDENTIFY":    "des lignes de banque de la personne sont à identifier",
	"TELL_PAYERS": "la fin est à dire aux organismes qui versent encore ici",
}

func frenchStep(step mandates.ClosingStep) string {
	if words, ok := paperSteps[step.Code]; ok {
		return words
	}
	return step.French
}

func (f Final) billSection() page.Section {
	s := page.Section{Title: "Ce qui reste à payer régulièrement, et que ce compte ne paie plus", Empty: "Rien de régulier.", Columns: []page.Column{
		{Title: "Quoi", Width: 30},
		{Title: "À qui", Width: 28},
		{Title: "Montant", Width: 13, Number: true},
		{Title: "Quand", Width: 15},
	}}
	for _, b := range f.Bills {
		s.Rows = append(s.Rows, page.Row{Cells: []string{b.Label, b.Payee, b.Amount.French(), b.Frequency}})
	}
	return s
}

func (f Final) requestSection() page.Section {
	s := page.Section{Title: "Aides demandées, sans réponse", Empty: "Aucune demande n'attend de réponse.", Columns: []page.Column{
		{Title: "Demandée le", Width: 12},
		{Title: "À qui", Width: 24},
		{Title: "Pour quoi", Width: 32},
		{Title: "Montant", Width: 13, Number: true},
	}}
	for _, r := range f.Requests {
		s.Rows = append(s.Rows, page.Row{Cells: []string{r.AskedOn.FrenchShort(), r.AskedOf, r.Purpose, some(r.Amount)}})
	}
	return s
}
