package admin

import (
	"masp/api/auth"
	"masp/api/pages"
)

var (
	keepers = []auth.Role{auth.Approver, auth.Accountant, auth.Admin}
	bankers = []auth.Role{auth.Approver, auth.Accountant}
)

// settingForms are the settings that have a form, by the end of their address.
var settingForms = []settingForm{
	{
		Slug: "campagnes", Title: "Ce que signale une campagne", Roles: []auth.Role{auth.Admin}, Target: fixed("/v1/settings/payment_runs"),
		Intro: "Un changement décidé est signalé s'il dépasse à la fois le montant et le pourcentage. Un changement que personne n'a décidé l'est toujours. Vaut dès la prochaine campagne.",
		Fields: []field{
			{Name: "amount", Label: "Montant (euros)", Kind: amount},
			{Name: "percent", Label: "Pourcentage"},
			{Name: "days", Label: "Fin de mesure signalée, en jours avant"},
		},
	},
	{
		Slug: "signatures", Title: "Deux signatures", Roles: []auth.Role{auth.Admin, auth.Accountant}, Target: fixed("/v1/settings/second_approval"),
		Intro: "Une campagne qui atteint un de ces montants est signée par deux personnes. Tous vides : une signature suffit toujours.",
		Fields: []field{
			{Name: "from", Label: "Total de la campagne (euros)", Kind: amount, May: true},
			{Name: "transfer", Label: "Un virement (euros)", Kind: amount, May: true},
			{Name: "payee", Label: "Un destinataire en un jour (euros)", Hint: "Toutes campagnes comprises.", Kind: amount, May: true},
			{Name: "day", Label: "Tout ce qui part en un jour (euros)", Hint: "Toutes campagnes comprises.", Kind: amount, May: true},
		},
	},
	{
		Slug: "attente", Title: "Lignes sans explication", Roles: []auth.Role{auth.Admin, auth.Accountant}, Target: fixed("/v1/settings/suspense"),
		Intro:  "Passé ce délai, une ligne de banque sans explication est en retard, et une alerte le dit.",
		Fields: []field{{Name: "days", Label: "Délai (jours)", Hint: "De 1 à 365."}},
	},
	{
		Slug: "conservation", Title: "Durées de conservation", Roles: keepers, Target: fixed("/v1/settings/retention"),
		Intro: "Passé ces durées, un dossier est proposé à l'archive, puis à l'effacement. Une personne décide toujours.",
		Fields: []field{
			{Name: "active_months", Label: "Dossier courant, en mois après la fin", Hint: "De 1 à 60."},
			{Name: "account_years", Label: "Comptes en archive, en années", Hint: "De 10 à 30."},
			{Name: "other_years", Label: "Autres dossiers en archive, en années", Hint: "De 2 à 30."},
		},
	},
	{
		Slug: "tolerance", Title: "Tolérance", Roles: keepers, Target: settingAt("tolerances", "prestation"),
		Of:    func(v *pages.Visit) string { return tolerance{Benefit: v.Query("prestation")}.Title() },
		Intro: "Un versement compte comme reçu s'il s'écarte au plus de ce montant et de ces jours.",
		Fields: []field{
			{Name: "amount", Label: "Écart de montant accepté (euros)", Kind: amount},
			{Name: "days", Label: "Retard accepté (jours)", Hint: "De 0 à 60."},
		},
	},
	{
		Slug: "calendrier", Title: "Jour de versement", Roles: keepers, Target: settingAt("payer_calendars", "organisme"),
		Of: calendarOf, Pick: pickCalendar, Body: nameCalendar, Reason: true,
		Intro: "Ce qui est déjà attendu garde son jour.",
		Fields: []field{
			{Name: "day", Label: "Jour du mois", Hint: "De 1 à 31."},
			{Name: "months_after", Label: "Mois après le mois du droit", Hint: "0 : dans le mois même ; 1 : le mois suivant."},
			{Name: "shift", Label: "Si c'est fermé ce jour-là", Kind: choice, Choices: []pages.Choice{
				{Value: "AFTER", Name: "Le jour ouvré suivant"},
				{Value: "BEFORE", Name: "Le jour ouvré d'avant"},
				{Value: "SATURDAY_BEFORE", Name: "La veille d'un samedi, le lendemain d'un dimanche ou d'un jour férié"},
			}},
		},
	},
	{
		Slug: "format", Title: "Format des virements", Roles: bankers, Target: settingAt("bank_accounts", "compte"), Of: query("compte"),
		Intro: "Demandez à la banque quelle version elle lit. Les fichiers déjà faits ne changent pas.",
		Fields: []field{{Name: "pain_version", Label: "Version", Kind: choice, Choices: []pages.Choice{
			{Value: "001.09", Name: "pain.001.001.09"}, {Value: "001.03", Name: "pain.001.001.03"},
		}}},
	},
	{
		Slug: "delai", Title: "Délai des relevés de banque", Roles: bankers, Target: settingAt("statement_delays", "compte"), Of: query("compte"), Reason: true,
		Intro:  "Passé ce délai, le relevé suivant est en retard, et une alerte le dit.",
		Fields: []field{{Name: "days", Label: "Délai (jours de banque)", Hint: "De 1 à 60."}},
	},
}

// wanted is the calendar that the address names.
func wanted(v *pages.Visit) calendar {
	return calendar{Benefit: v.Query("prestation"), ThirdParty: v.Query("bailleur") == "oui"}
}

func calendarOf(v *pages.Visit) string { return v.Query("organisme") + ", " + wanted(v).Title() }

// pickCalendar finds the calendar that the address names among those of the payer; a new one follows the
// habit of most.
func pickCalendar(v *pages.Visit, read values) values {
	want := wanted(v)
	rows, _ := read["calendars"].([]any)
	for _, row := range rows {
		one, _ := row.(values)
		benefit, _ := one["benefit"].(string)
		if third, _ := one["third_party"].(bool); benefit == want.Benefit && third == want.ThirdParty {
			return one
		}
	}
	return values{"months_after": 1, "shift": "AFTER"}
}

// nameCalendar says which calendar it is.
func nameCalendar(v *pages.Visit, body values) {
	want := wanted(v)
	body["third_party"] = want.ThirdParty
	if want.Benefit != "" {
		body["benefit"] = want.Benefit
	}
}
