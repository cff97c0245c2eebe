package person

import (
	"html/template"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// screen is her first page in sentences.
type screen struct {
	Name        string
	Cards       []card   // the three answers, in their order
	Notes       []string // what else she must know
	Coordinator string
	Phone       string
	Dial        template.URL
	Debts       bool
	Hidden      bool
	Watched     bool // shown to who helps her: nothing to press
}

// card is one answer.
type card struct {
	Key   string // reste, loyer, prochain
	Sign  string // beside the words, never instead of them
	Title string
	Big   string // an amount
	Says  []string
}

// The signs of the cards: each goes with words that say the same.
const (
	done = "✔"
	wait = "◷"
	half = "◐"
	mind = "▲"
)

// say puts the facts in sentences.
func say(f Facts, hidden bool) screen {
	s, h := speech{f.Day, hidden}, helperOf(f.Coordinator)
	out := screen{
		Name: f.Name, Coordinator: h.name, Phone: f.Phone, Dial: dial(f.Phone), Debts: f.Debts, Hidden: hidden,
		Cards: []card{s.left(f, h)},
	}
	if rent, ok := s.rent(f, h); ok {
		out.Cards = append(out.Cards, rent)
	}
	out.Cards = append(out.Cards, s.next(f, h))
	for _, code := range f.Late {
		out.Notes = append(out.Notes, pages.Capital(payer(code))+" n'a pas encore payé. Nous regardons tous les matins.")
	}
	if l := f.Lower; l != nil {
		out.Notes = append(out.Notes, pages.Capital(payer(l.Payer))+" a payé "+s.euros(l.Now)+". Le mois dernier : "+s.euros(l.Before)+". "+h.explains())
	}
	return out
}

// over tells whether the measure has ended.
func (f Facts) over() bool { return f.Status == "ENDED" || f.Status == "CLOSED" }

// left answers « Il me reste combien ? ».
func (s speech) left(f Facts, h helper) card {
	c := card{Key: "reste", Title: "Il vous reste", Big: s.euros(f.Available)}
	switch {
	case f.over():
		c.Big = s.euros(f.Balance)
		c.Says = []string{"Votre contrat est fini."}
		if f.Next != nil && f.Balance.IsPositive() {
			c.Says = append(c.Says, "Nous vous l'envoyons "+s.on(f.Next.On)+".")
		}
	case f.Missing.IsPositive():
		c.Title, c.Big, c.Sign = "Il manque", s.euros(f.Missing), mind
		c.Says = []string{h.handles()}
		if h.name != "" {
			c.Says = append(c.Says, "Vous pouvez l'appeler.")
		}
	case !f.Received && f.Balance.IsZero():
		c.Says = []string{"Bienvenue."}
		if f.Income != nil {
			c.Says = append(c.Says, "Votre premier argent arrive "+s.on(f.Income.On)+".")
		}
		return c
	case f.Available.IsZero():
		c.Says = s.nothing(f, h)
	default:
		c.Says = s.kept(f)
	}
	if f.BankLate {
		c.Says = append(c.Says, "Nous n'avons pas de nouvelles de la banque depuis "+s.since(f.BankSeenOn)+".", "Le chiffre peut changer.")
		return c
	}
	c.Says = append(c.Says, s.looked(f.LookedAt))
	return c
}

// nothing is said when nothing is left: what is kept, when money comes, whom to call.
func (s speech) nothing(f Facts, h helper) (says []string) {
	if rent := money.Min(f.ForRent, f.Balance.Sub(f.Reserved)); rent.IsPositive() {
		says = append(says, s.euros(rent)+" sont gardés pour votre loyer.")
	}
	if f.Income != nil {
		says = append(says, "Prochain argent : "+s.on(f.Income.On)+".")
	}
	return append(says, "Besoin d'aide ? "+h.reached())
}

// kept says what of her money is kept for what, in two sentences at most.
func (s speech) kept(f Facts) []string {
	bills := f.Planned.Sub(f.ForRent)
	held := "Nous avons " + s.euros(f.Balance) + " pour vous."
	switch {
	case f.ForRent.IsPositive() && bills.IsPositive():
		return []string{"Nous gardons " + s.euros(f.Planned) + " pour votre loyer et vos factures."}
	case f.ForRent.IsPositive():
		return []string{held, s.euros(f.ForRent) + " sont gardés pour votre loyer."}
	case bills.IsPositive():
		return []string{held, s.euros(bills) + " sont gardés pour vos factures."}
	case f.Reserved.IsPositive():
		return []string{held, s.euros(f.Reserved) + " sont mis de côté."}
	}
	return []string{"Nous gardons cet argent pour vous."}
}

// rent answers « Mon loyer est payé ? »; false when she has none.
func (s speech) rent(f Facts, h helper) (c card, ok bool) {
	c.Key = "loyer"
	if f.Rent == nil {
		if f.Landlord == nil || f.over() {
			return c, false
		}
		c.Sign, c.Title = done, "Votre loyer"
		c.Says = []string{s.landlord(*f.Landlord)}
		return c, true
	}
	s.rentState(&c, *f.Rent, h, f.Balance.Sub(f.Reserved))
	if f.Landlord != nil && f.Rent.Month == f.Landlord.On.MonthOf() {
		c.Says = append(c.Says, s.landlord(*f.Landlord))
		if f.Rent.State != "paid" {
			c.Says = append(c.Says, "Nous payons le reste.")
		}
	}
	return c, true
}

func (s speech) landlord(i Income) string {
	return pages.Capital(payer(i.Payer)) + " paie " + s.euros(i.Amount) + " à votre propriétaire."
}

// rentState says where the rent stands. Money is what could pay it.
func (s speech) rentState(c *card, r Rent, h helper, held money.Amount) {
	rent := "loyer"
	if r.Month != s.day.MonthOf() {
		rent += " " + monthOf(r.Month)
	}
	c.Sign = wait
	switch r.State {
	case "paid":
		c.Sign, c.Title = done, "Votre "+rent+" est payé"
		c.Says = []string{s.euros(r.Paid) + ", le " + pages.Day(r.On) + "."}
	case "sent":
		c.Title = "Votre " + rent + " est envoyé"
		c.Says = []string{"Nous l'avons envoyé " + s.on(r.On) + ".", s.arrives(r.On)}
	case "planned":
		c.Title = "Votre " + rent + " va être payé"
		c.Says = []string{"Nous payons " + s.euros(r.Due) + " " + s.on(r.On) + "."}
	case "prepared":
		c.Title = "Votre " + rent + " se prépare"
		c.Says = []string{"Nous préparons " + s.euros(r.Due) + " pour " + s.on(r.On) + "."}
	case "part_paid":
		c.Sign, c.Title = half, "Votre "+rent+" est payé en partie"
		c.Says = []string{"Nous avons payé " + s.euros(r.Paid) + ".", "Il reste " + s.euros(r.Due.Sub(r.Paid)) + "."}
	case "came_back":
		c.Sign, c.Title = mind, "Le "+rent+" est revenu"
		c.Says = []string{"L'argent est là.", h.handles()}
	case "late":
		c.Sign, c.Title = mind, "Votre "+rent+" n'est pas encore payé"
		c.Says = []string{h.calls()}
		if held.Cmp(r.Due.Sub(r.Paid)) >= 0 {
			c.Says = []string{"Nous avons l'argent.", h.handles()}
		}
	default:
		c.Title = "Votre " + rent + " est à payer " + s.on(r.DueOn)
		if open := r.Due.Sub(r.Paid); held.Cmp(open) >= 0 {
			c.Says = []string{"Nous gardons " + s.euros(open) + " pour le payer."}
		}
	}
}

// arrives is when money that was sent is there: on the next day of banks.
func (s speech) arrives(sent civil.Date) string {
	there := civil.AddTARGET(sent, 1)
	if there.Before(s.day) {
		return "Nous attendons la réponse de la banque."
	}
	return "Il arrive " + s.on(there) + "."
}

// next answers « C'est quand le prochain argent ? ».
func (s speech) next(f Facts, h helper) card {
	c := card{Key: "prochain", Sign: wait, Title: "Prochain argent pour vous"}
	switch n := f.Next; {
	case n != nil && n.State == "sent":
		c.Big, c.Says = s.euros(n.Amount), []string{"Envoyé " + s.on(n.On) + ", sur votre compte.", s.arrives(n.On)}
	case n != nil && n.State == "prepared":
		c.Big, c.Says = s.euros(n.Amount), []string{pages.Capital(pages.Weekday(n.On)) + ", sur votre compte.", "Ce n'est pas encore sûr."}
	case n != nil:
		c.Big, c.Says = s.euros(n.Amount), []string{pages.Capital(pages.Weekday(n.On)) + ", sur votre compte."}
	case f.Income != nil && !f.over():
		c.Title = "Prochain argent"
		c.Says = []string{pages.Capital(payer(f.Income.Payer)) + " doit payer " + s.euros(f.Income.Amount) + " " + s.on(f.Income.On) + "."}
	default:
		c.Says = []string{"Rien de prévu pour l'instant."}
		if !f.over() {
			c.Says = append(c.Says, h.explains())
		}
	}
	return c
}
