package person

import (
	"slices"
	"strings"
	"testing"
	"time"

	"masp/api/pages/pagestest"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// calm is a month in which everything goes well.
func calm(change func(*Facts)) Facts {
	f := Facts{
		First: "Karim", Name: "Karim Benali", Status: "ACTIVE", Day: civil.MustParse("2026-11-24"), From: civil.MustParse("2026-03-01"),
		BankSeenOn: civil.MustParse("2026-11-23"), LookedAt: time.Date(2026, 11, 24, 7, 10, 0, 0, civil.Paris),
		Balance: money.MustParse("187.40"), Available: money.MustParse("187.40"), Received: true,
		Rent:        rent("2026-11", "paid", "412.00", "412.00", "2026-11-05"),
		Next:        &Next{On: civil.MustParse("2026-11-28"), Amount: money.MustParse("60.00"), State: "planned"},
		Income:      income("2026-12-04", "607.75"),
		Coordinator: "Angéline Hubert", Phone: "01 00 00 00 00",
	}
	change(&f)
	return f
}

func rent(month, state, due, paid, on string) *Rent {
	m, err := civil.ParseMonth(month)
	if err != nil {
		panic(err)
	}
	return &Rent{Month: m, DueOn: m.Day(8), Due: money.MustParse(due), Paid: money.MustParse(paid), State: state, On: civil.MustParse(on)}
}

func income(on, amount string) *Income {
	return &Income{Payer: "CAF", On: civil.MustParse(on), Amount: money.MustParse(amount)}
}

// states are the states of ux 3.2, and what her page says in each.
var states = map[string]struct {
	facts Facts
	says  []string
}{
	"enough": {calm(func(*Facts) {}), []string{
		"Il vous reste 187,40 €", "Nous gardons cet argent pour vous.", "Nous avons regardé votre compte ce matin, à 7 h 10.",
		"Votre loyer est payé", "412,00 €, le 5 novembre.", "Prochain argent pour vous 60,00 € Samedi 28 novembre, sur votre compte.",
	}},
	"money set aside": {calm(func(f *Facts) {
		f.Balance, f.Planned, f.ForRent = money.MustParse("599.40"), money.MustParse("412.00"), money.MustParse("412.00")
	}), []string{"Il vous reste 187,40 €", "Nous avons 599,40 € pour vous.", "412,00 € sont gardés pour votre loyer."}},
	"bills": {calm(func(f *Facts) { f.Balance, f.Planned = money.MustParse("247.40"), money.MustParse("60.00") }), []string{
		"Nous avons 247,40 € pour vous.", "60,00 € sont gardés pour vos factures.",
	}},
	"rent and bills": {calm(func(f *Facts) {
		f.Balance, f.Planned, f.ForRent = money.MustParse("659.40"), money.MustParse("472.00"), money.MustParse("412.00")
	}), []string{"Nous gardons 472,00 € pour votre loyer et vos factures."}},
	"savings": {calm(func(f *Facts) { f.Balance, f.Reserved = money.MustParse("197.40"), money.MustParse("10.00") }), []string{
		"Nous avons 197,40 € pour vous.", "10,00 € sont mis de côté.",
	}},
	"zero": {calm(func(f *Facts) { f.Balance, f.Available = money.Amount{}, money.Amount{} }), []string{
		"Il vous reste 0,00 €", "Prochain argent : le 4 décembre.", "Besoin d'aide ? Appelez Angéline.",
	}},
	"zero, and the rent is kept": {calm(func(f *Facts) {
		f.Balance, f.Available, f.ForRent, f.Planned = money.MustParse("300.00"), money.Amount{}, money.MustParse("412.00"), money.MustParse("412.00")
	}), []string{"Il vous reste 0,00 €", "300,00 € sont gardés pour votre loyer."}},
	"short": {calm(func(f *Facts) { f.Missing, f.Available = money.MustParse("61.20"), money.Amount{} }), []string{
		"Il manque 61,20 €", "Angéline s'en occupe. Vous pouvez l'appeler.",
	}},
	"rent sent": {calm(func(f *Facts) {
		f.Rent = rent("2026-11", "sent", "412.00", "412.00", "2026-11-23")
		f.Day = f.Day.AddDays(0)
	}), []string{
		"Votre loyer est envoyé", "Nous l'avons envoyé hier.", "Il arrive aujourd'hui.",
	}},
	"rent sent today": {calm(func(f *Facts) { f.Rent = rent("2026-11", "sent", "412.00", "412.00", "2026-11-24") }), []string{
		"Nous l'avons envoyé aujourd'hui.", "Il arrive demain.",
	}},
	"rent sent, and the bank is silent": {calm(func(f *Facts) { f.Rent = rent("2026-11", "sent", "412.00", "412.00", "2026-11-18") }), []string{
		"Nous attendons la réponse de la banque.",
	}},
	"rent planned": {calm(func(f *Facts) { f.Rent = rent("2026-12", "planned", "412.00", "412.00", "2026-12-05") }), []string{
		"Votre loyer de décembre va être payé", "Nous payons 412,00 € le 5 décembre.",
	}},
	"rent prepared": {calm(func(f *Facts) { f.Rent = rent("2026-11", "prepared", "412.00", "0.00", "2026-11-27") }), []string{
		"Votre loyer se prépare", "Nous préparons 412,00 € pour le 27 novembre.",
	}},
	"rent to come": {calm(func(f *Facts) {
		f.Rent = rent("2026-12", "not_planned", "180.00", "0.00", "2026-12-08")
		f.Rent.On = civil.Date{}
	}), []string{"Votre loyer de décembre est à payer le 8 décembre", "Nous gardons 180,00 € pour le payer."}},
	"rent to come that nothing is there for": {calm(func(f *Facts) { f.Rent = rent("2026-12", "not_planned", "412.00", "0.00", "2026-12-08") }), []string{
		"Votre loyer de décembre est à payer le 8 décembre",
	}},
	"rent part paid": {calm(func(f *Facts) { f.Rent = rent("2026-11", "part_paid", "398.00", "336.80", "2026-11-05") }), []string{
		"Votre loyer est payé en partie", "Nous avons payé 336,80 €. Il reste 61,20 €.",
	}},
	"rent not possible": {calm(func(f *Facts) { f.Rent = rent("2026-10", "late", "412.00", "0.00", "2026-10-08") }), []string{
		"Votre loyer d'octobre n'est pas encore payé", "Angéline vous appelle.",
	}},
	"rent late, and the money is there": {calm(func(f *Facts) {
		f.Rent, f.Balance = rent("2026-11", "late", "412.00", "0.00", "2026-11-08"), money.MustParse("500.00")
	}), []string{"Votre loyer n'est pas encore payé", "Nous avons l'argent. Angéline s'en occupe."}},
	"rent came back": {calm(func(f *Facts) { f.Rent = rent("2026-11", "came_back", "412.00", "0.00", "2026-11-10") }), []string{
		"Le loyer est revenu", "L'argent est là. Angéline s'en occupe.",
	}},
	"the benefit goes to the landlord": {calm(func(f *Facts) {
		f.Rent, f.Landlord = rent("2026-11", "planned", "167.00", "167.00", "2026-11-27"), income("2026-11-25", "245.00")
	}), []string{"La CAF paie 245,00 € à votre propriétaire.", "Nous payons le reste."}},
	"no rent": {calm(func(f *Facts) { f.Rent = nil }), nil},
	"the landlord is paid by the payer alone": {calm(func(f *Facts) { f.Rent, f.Landlord = nil, income("2026-11-25", "245.00") }), []string{
		"Votre loyer", "La CAF paie 245,00 € à votre propriétaire.",
	}},
	"benefit late": {calm(func(f *Facts) { f.Late = []string{"CAF"} }), []string{"La CAF n'a pas encore payé. Nous regardons tous les matins."}},
	"benefit lower": {calm(func(f *Facts) {
		f.Lower = &Lower{"CAF", money.MustParse("421.20"), money.MustParse("607.75")}
	}), []string{"La CAF a payé 421,20 €. Le mois dernier : 607,75 €. Angéline peut expliquer."}},
	"old news of the bank": {calm(func(f *Facts) { f.BankLate, f.BankSeenOn = true, civil.MustParse("2026-11-18") }), []string{
		"Nous n'avons pas de nouvelles de la banque depuis mercredi. Le chiffre peut changer.",
	}},
	"very old news of the bank": {calm(func(f *Facts) { f.BankLate, f.BankSeenOn = true, civil.MustParse("2026-11-02") }), []string{"depuis le 2 novembre."}},
	"first month": {calm(func(f *Facts) {
		f.Received, f.Balance, f.Available, f.Rent, f.Next = false, money.Amount{}, money.Amount{}, nil, nil
	}), []string{"Bienvenue. Votre premier argent arrive le 4 décembre.", "La CAF doit payer 607,75 € le 4 décembre."}},
	"measure ended": {calm(func(f *Facts) {
		f.Status, f.Balance, f.Rent, f.Next.On = "ENDED", money.MustParse("12.30"), nil, civil.MustParse("2026-12-03")
	}), []string{"Il vous reste 12,30 €", "Votre contrat est fini.", "Nous vous l'envoyons le 3 décembre."}},
	"next money prepared": {calm(func(f *Facts) { f.Next.State = "prepared" }), []string{"Ce n'est pas encore sûr."}},
	"next money sent":     {calm(func(f *Facts) { f.Next = &Next{civil.MustParse("2026-11-24"), money.MustParse("60.00"), "sent"} }), []string{"Envoyé aujourd'hui, sur votre compte."}},
	"nothing to come":     {calm(func(f *Facts) { f.Next, f.Income = nil, nil }), []string{"Rien de prévu pour l'instant. Angéline peut expliquer."}},
	"nobody looks after her yet": {calm(func(f *Facts) {
		f.Coordinator, f.Missing, f.Rent = "", money.MustParse("5.00"), rent("2026-11", "late", "412.00", "0.00", "2026-11-08")
	}), []string{"Nous nous en occupons.", "Nous vous appelons."}},
	"looked at yesterday":   {calm(func(f *Facts) { f.LookedAt = f.LookedAt.AddDate(0, 0, -1) }), []string{"Nous avons regardé votre compte hier, à 7 h 10."}},
	"looked at on Friday":   {calm(func(f *Facts) { f.LookedAt = f.LookedAt.AddDate(0, 0, -4) }), []string{"votre compte vendredi 20 novembre, à 7 h 10."}},
	"never looked at":       {calm(func(f *Facts) { f.LookedAt = time.Time{} }), []string{"Nous n'avons pas encore regardé votre compte."}},
	"looked this afternoon": {calm(func(f *Facts) { f.LookedAt = f.LookedAt.Add(7 * time.Hour) }), []string{"aujourd'hui, à 14 h 10."}},
	"the caisse has another name": {calm(func(f *Facts) { f.Late = []string{"CPAM", "CNAV", "MSA", "DEPARTEMENT", "AUTRE"} }), []string{
		"L'Assurance maladie n'a pas encore payé.", "La caisse de retraite", "La MSA", "Le Département", "Votre caisse",
	}},
}

func (sc screen) text() string {
	var b strings.Builder
	for _, c := range sc.Cards {
		b.WriteString(c.Title + " " + c.Big + " " + strings.Join(c.Says, " ") + "\n")
	}
	b.WriteString(strings.Join(sc.Notes, "\n"))
	return pagestest.Plain(b.String())
}

func TestEachStateSaysWhatIsTrueInEasyWords(t *testing.T) {
	t.Parallel()
	for name, state := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := say(state.facts, false)
			for _, want := range state.says {
				if !strings.Contains(shown.text(), want) {
					t.Errorf("%q is missing in\n%s", want, shown.text())
				}
			}
			hard(t, shown)
		})
	}
}

// hard fails when a sentence of the page is hard to read.
func hard(t *testing.T, shown screen) {
	t.Helper()
	for _, c := range shown.Cards {
		for _, says := range append([]string{c.Title, c.Big}, c.Says...) {
			for _, bad := range pagestest.Hard(says) {
				t.Error(bad)
			}
		}
	}
	for _, says := range shown.Notes {
		for _, bad := range pagestest.Hard(says) {
			t.Error(bad)
		}
	}
}

func TestThreeAnswersStandInTheirOrderAndTheRentIsLeftOutWithoutOne(t *testing.T) {
	t.Parallel()
	keys := func(f Facts) (all string) {
		for _, c := range say(f, false).Cards {
			all += c.Key + " "
		}
		return all
	}
	if got := keys(states["enough"].facts); got != "reste loyer prochain " {
		t.Errorf("got %s", got)
	}
	if got := keys(states["no rent"].facts); got != "reste prochain " {
		t.Errorf("without a rent: %s", got)
	}
}

func TestAHiddenAmountStandsNowhere(t *testing.T) {
	t.Parallel()
	for name, state := range states {
		if text := say(state.facts, true).text(); strings.Contains(strings.ReplaceAll(text, "••• €", ""), "€") {
			t.Errorf("%s: an amount shows in\n%s", name, text)
		}
	}
}

func TestTheWordsLinterFindsWhatIsHard(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Votre solde est à jour.", "Un virement est parti.", "Payé à 50 %", "Attention !", "Il reste -5,00 €", "Voir le CMI.",
		"Nous avons bien reçu votre demande et nous allons y répondre dans les plus brefs délais.", "Montant : 5,00 €",
	} {
		if len(pagestest.Hard(text)) == 0 {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"Il vous reste 1 234,50 €.", "Cacher les montants", "Peut-on 2 fois ?", "La CAF paie."} {
		if bad := pagestest.Hard(text); len(bad) > 0 {
			t.Errorf("%q: %v", text, bad)
		}
	}
}

func TestAtMostSevenBarsHoldAllThatWasSpent(t *testing.T) {
	t.Parallel()
	var all []spent
	for i, what := range []string{"rent", "energy", "water", "insurance", "telephone", "debt", "mine", "other"} {
		all = append(all, spent{what, money.Cents(int64(1000 * (i + 1)))})
	}
	kept := few(all)
	sum := money.Amount{}
	for _, one := range kept {
		sum = sum.Add(one.Amount)
	}
	if len(kept) != mostBars || sum != money.Cents(36000) || kept[len(kept)-1].What != "other" {
		t.Errorf("got %v", kept)
	}
	bars, height := barsOf([]spent{{"rent", money.Cents(1)}, {"mine", money.Cents(9_999_999_99)}}, speech{})
	if bars[0].Width != wholeBar || bars[1].Width != narrowest || height != 2*rowHeight {
		t.Errorf("got %v, %d", bars, height)
	}
}

func TestTheBillsOfADayAreOneLineAndMoneyForHerIsSaidToBeHers(t *testing.T) {
	t.Parallel()
	day := civil.MustParse("2026-12-09")
	f := calm(func(f *Facts) {
		f.Coming = []ComingDay{
			{On: day, What: "Électricité", Out: money.MustParse("46.00"), Sure: true},
			{On: day, What: ownRent, Out: money.MustParse("412.00"), Sure: true},
			{On: day, What: "Téléphone", Out: money.MustParse("15.99"), Sure: true},
			{On: day.AddDays(1), What: "Karim Benali", Mine: true, Out: money.MustParse("60.00")},
			{On: day.AddDays(-4), What: "RSA", Payer: "CAF", In: money.MustParse("607.75"), Sure: true},
		}
	})
	items, height := comingOf(f, false)
	want := []comingItem{
		{Day: "Samedi 5 décembre", What: "Argent de la CAF", Way: "arrive", Amount: "607,75 €", Here: true, Y: 24},
		{Day: "Mercredi 9 décembre", What: "Vos factures", Way: "part", Amount: "61,99 €", Y: 80},
		{Day: "Mercredi 9 décembre", What: "Votre loyer", Way: "part", Amount: "412,00 €", Y: 136},
		{Day: "Jeudi 10 décembre", What: "Sur votre compte", Way: "pour vous", Amount: "60,00 €", Here: true, Unsure: true, Y: 192},
	}
	for i := range items {
		items[i].Amount = pagestest.Plain(items[i].Amount)
	}
	if !slices.Equal(items, want) || height != 4*comingHeight {
		t.Errorf("got %+v", items)
	}
}
