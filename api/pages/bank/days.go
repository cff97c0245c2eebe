package bank

import (
	"context"
	"net/url"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

type daysShown struct {
	All     []day
	Next    string
	Account string
	State   string
}

// States are those that days are looked through for.
func (daysShown) States() []pages.Choice {
	return []pages.Choice{
		{Value: "", Name: "Tous"},
		{Value: "DIFFERENCE", Name: "Avec un écart"},
		{Value: "BALANCED", Name: "Sans écart"},
		{Value: "NO_STATEMENT", Name: "Sans relevé"},
	}
}

// showDays lists the days that are stored, the newest first.
func showDays(ctx context.Context, v *pages.Visit) error {
	v.Form.Values = v.URL.Query()
	shown := daysShown{Account: strings.ToUpper(v.Query("compte")), State: v.Query("etat")}
	asked := url.Values{"limit": {shownAtOnce}}
	for name, value := range map[string]string{
		"bank_account": shown.Account, "state": shown.State, "cursor": v.Query("suite"),
		"from": v.Form.Date("du").String(), "to": v.Form.Date("au").String(),
	} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	page := pageOf(v)
	if len(v.Form.Problems) == 0 {
		all, next, err := pages.Some[day](ctx, v, "/v1/reconciliations?"+asked.Encode())
		if err != nil {
			if err = refusedSearch(v, err); err != nil {
				return err
			}
		}
		shown.All, shown.Next = all, nextPage(v, next, page)
	}
	title := numbered("Jours rapprochés", page)
	return v.Show("banque_jours.html", pages.Sheet{Title: title, Data: shown, Back: "/banque/rapprochement"})
}

// month is what a person had in a month.
type month struct {
	Mandate     string       `json:"mandate"`
	Month       civil.Month  `json:"month"`
	BankAccount string       `json:"bank_account"`
	Opening     money.Amount `json:"opening"`
	In          money.Amount `json:"in"`
	Out         money.Amount `json:"out"`
	Closing     money.Amount `json:"closing"`
	InTransit   money.Amount `json:"in_transit"`
	Expected    money.Amount `json:"expected"`
	Received    money.Amount `json:"received"`
	Moves       []monthMove  `json:"moves"`
	Transfers   []struct {
		Payment string       `json:"payment"`
		Payee   string       `json:"payee"`
		SentOn  civil.Date   `json:"sent_on"`
		Amount  money.Amount `json:"amount"`
	} `json:"transfers_in_transit"`
	Benefits []monthBenefit `json:"benefits"`
}

// monthMove is one movement of the person's money.
type monthMove struct {
	Day     civil.Date   `json:"day"`
	Kind    string       `json:"kind"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Balance money.Amount `json:"balance"`
	Line    *lineAt      `json:"bank_line"`
}

// What says the movement in words.
func (m monthMove) What() string { return kinds[m.Kind] }

// monthBenefit is what came of a benefit that was expected.
type monthBenefit struct {
	Benefit    string       `json:"benefit"`
	Period     civil.Month  `json:"period"`
	Amount     money.Amount `json:"amount"`
	ExpectedOn civil.Date   `json:"expected_on"`
	Received   money.Amount `json:"received"`
	Status     string       `json:"status"`
}

// What says what came of it.
func (b monthBenefit) What() string { return statuses[b.Status] }

// kinds are what moves money, in words.
var kinds = map[string]string{ //nolint:gosec // G101: kinds of entries, PASS_THROUGH among them
	"OPENING": "reprise du solde", "REVERSAL": "écriture annulée",
	"BANK_CREDIT": "argent entré", "BANK_DEBIT": "argent sorti", "IDENTIFICATION": "ligne expliquée",
	"PAYMENT": "paiement envoyé", "REMITTANCE": "remise à la personne", "PASS_THROUGH": "argent reversé à la personne",
	"RESTITUTION": "reste rendu", "REFUND_TO_PAYER": "rendu au payeur", "ESTATE_PAYOUT": "versé à la succession",
	"REJECT": "paiement rejeté", "RETURN": "paiement revenu", "DEATH_FREEZE": "argent gelé au décès",
}

// statuses are what came of a benefit that was expected.
var statuses = map[string]string{
	"MATCHED": "reçue", "SHORT": "plus basse", "OVER": "plus haute",
	"LATE": "en retard", "MISSING": "pas reçue", "AWAITED": "attendue",
}

type monthShown struct {
	month
	Name   string
	Labels labels
	Found  bool
}

// showPerson holds a person's month against the bank.
func showPerson(ctx context.Context, v *pages.Visit) error {
	v.Form.Values = v.URL.Query()
	var shown monthShown
	title := "Rapprochement d'une personne"
	mandate, err := mandateTyped(ctx, v, "dossier")
	if err != nil {
		return err
	}
	of := monthTyped(v, "mois")
	if mandate != "" && of == "" && len(v.Form.Problems) == 0 {
		v.Form.Bad("mois", "Écrivez un mois comme 10/2026.")
	}
	if mandate != "" && len(v.Form.Problems) == 0 {
		err := v.Read(ctx, "/v1/mandates/"+url.PathEscape(mandate)+"/months/"+of, &shown.month)
		if err != nil && pages.Code(err) != "not_found" {
			return err
		}
		if shown.Found = err == nil; !shown.Found {
			v.Form.Bad("dossier", "Aucun dossier que vous suivez n'a ce numéro, ou le mois n'a pas commencé.")
		}
	}
	if shown.Found {
		names, err := people(ctx, v, mandate)
		if err != nil {
			return err
		}
		if shown.Labels, err = benefitLabels(ctx, v); err != nil {
			return err
		}
		shown.Name = names.Of(mandate)
		title += ", " + shown.Mandate + ", " + shown.Month.French()
	}
	return v.Show("banque_personne.html", pages.Sheet{Title: title, Data: shown, Back: "/banque/rapprochement"})
}
