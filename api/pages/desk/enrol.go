package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
)

func enrolPages() []pages.Page {
	with := func(do func(walk, context.Context, *pages.Visit) error) doing {
		return func(ctx context.Context, v *pages.Visit) error {
			w, err := enrolWalk(ctx, v)
			if err != nil {
				return err
			}
			return do(w, ctx, v)
		}
	}
	return []pages.Page{
		get("/beneficiaires/nouveau", auth.WritePersons, with(walk.begin)),
		post("/beneficiaires/nouveau", auth.WritePersons, with(walk.goOn)),
	}
}

// Where the answers stand in the body of the load.
const (
	inPerson   = "beneficiaries.0."
	inMandate  = "mandates.0."
	inContract = inMandate + "contract."
	ownAccount = "SON-COMPTE"
)

// enrolWalk is « Nouveau bénéficiaire »: a person and her measure, as one load.
func enrolWalk(ctx context.Context, v *pages.Visit) (w walk, err error) {
	benefits, err := manageable(ctx, v)
	if err != nil {
		return w, err
	}
	accounts, err := pooledAccounts(ctx, v)
	if err != nil {
		return w, err
	}
	steps := []step{
		personStep(), contractStep(), signStep(),
		{Name: "prestations", Title: "Quelles prestations gérer ?", Asks: []ask{{
			Name: inMandate + "authorised_benefits", Label: "Prestations du contrat", Kind: asBoxes,
			Choices: benefits,
			Hint:    "Seules les prestations sociales de la liste légale se gèrent",
			Need:    "Cochez au moins une prestation.",
		}}},
		accountStep(accounts), moneyStep(),
	}
	return walk{
		Steps: steps, Check: "Vérifier avant d'ouvrir le dossier", Button: "Ouvrir le dossier",
		Back: "/beneficiaires",
		Warn: "Rien n'est enregistré tant que vous n'avez pas confirmé. " +
			"Les IBAN se paient après la signature de deux personnes.",
		finish: func(ctx context.Context, v *pages.Visit) error { return enrol(ctx, v, steps) },
	}, nil
}

func personStep() step {
	return step{Name: "personne", Title: "Qui est la personne ?", Asks: []ask{
		{
			Name: inMandate + "id", Label: "Numéro du dossier",
			Hint: "Majuscules, chiffres et tirets, par exemple M-0104",
			Need: "Donnez le numéro du dossier.",
		},
		{
			Name: inPerson + "civility", Label: "Civilité", Kind: asChoice,
			Choices: []pages.Choice{{Value: "Mme", Name: "Madame"}, {Value: "M.", Name: "Monsieur"}},
		},
		{Name: inPerson + "last_name", Label: "Nom", Need: "Écrivez le nom."},
		{Name: inPerson + "first_name", Label: "Prénom", Need: "Écrivez le prénom."},
		{Name: inPerson + "born_on", Label: "Date de naissance", Kind: asDate, Need: "Donnez la date de naissance."},
		{
			Name: inPerson + "department", Label: "Département", Hint: "Son numéro, par exemple 34",
			Need: "Donnez le Département.",
		},
		{
			Name: inPerson + "payer_numbers.CAF", Label: "Numéro d'allocataire à la CAF",
			Hint: "Sans espace. Il sert à reconnaître l'argent qui arrive",
		},
	}}
}

func contractStep() step {
	return step{Name: "contrat", Title: "Que dit le contrat ?", Asks: []ask{
		{Name: inContract + "start", Label: "Premier jour", Kind: asDate, Need: "Donnez le premier jour."},
		{
			Name: inContract + "end", Label: "Dernier jour", Hint: "De six mois à deux ans", Kind: asDate,
			Need: "Donnez le dernier jour.",
		},
		{Name: inMandate + "threat_ground", Label: "Ce qui est menacé", Kind: asChoice, Need: "Choisissez ce qui est menacé.", Choices: []pages.Choice{
			{Value: "HEALTH", Name: "Sa santé"},
			{Value: "SAFETY", Name: "Sa sécurité"},
			{Value: "BOTH", Name: "Sa santé et sa sécurité"},
		}},
		{
			Name: inContract + "commitments.person", Label: "La personne s'engage à",
			Hint: "Un engagement par ligne", Kind: asLines, Need: "Écrivez au moins un engagement.",
		},
		{
			Name: inContract + "commitments.department", Label: "Le Département s'engage à",
			Hint: "Un engagement par ligne", Kind: asLines, Need: "Écrivez au moins un engagement.",
		},
	}}
}

func signStep() step {
	const intro = "Laissez vide ce qui n'est pas signé : la mesure attend alors, et rien n'est payé."
	return step{Name: "signatures", Title: "Qui a signé ?", Intro: intro, Asks: []ask{
		{Name: inContract + "signed_by_person_on", Label: "La personne, le", Kind: asDate},
		{Name: inContract + "signed_by_department_on", Label: "Le Département, le", Kind: asDate},
		{
			Name:  inContract + "signed_by_operator_on",
			Label: "L'association, si elle est partie au contrat, le", Kind: asDate,
		},
	}}
}

func accountStep(accounts []pages.Choice) step {
	return step{Name: "compte", Title: "Sur quel compte de banque ?", Asks: []ask{
		{
			Name: inMandate + "bank_account", Label: "Son argent sera", Kind: asChoice, Aside: true,
			Need:    "Choisissez un compte.",
			Choices: append(accounts, pages.Choice{Value: ownAccount, Name: "Sur un compte ouvert à son nom"}),
		},
		{
			Name: "bank_accounts.0.iban", Label: "IBAN de ce compte à son nom",
			Hint: "Seulement pour un compte ouvert à son nom", Aside: true,
		},
	}}
}

func moneyStep() step {
	return step{Name: "versements", Title: "Que reçoit la personne ?", Asks: []ask{
		{
			Name: inMandate + "policy.living_floor", Label: "Reste à vivre, par mois au moins",
			Hint: "Par exemple 200,00", Kind: asAmount, Need: "Écrivez le reste à vivre.",
		},
		{
			Name: "creditors.0.iban", Label: "IBAN de la personne",
			Hint: "Son propre compte. Laissez vide si elle n'en a pas encore", Aside: true,
		},
		{
			Name: inMandate + "remittance.days", Label: "Jours de versement",
			Hint: "Par exemple 6, 13, 20, 27", Kind: asDays, Aside: true,
		},
	}}
}

// manageable are the benefits that may be managed today.
func manageable(ctx context.Context, v *pages.Visit) (all []pages.Choice, err error) {
	type row struct {
		Code       string     `json:"code"`
		Label      string     `json:"label"`
		From       civil.Date `json:"from"`
		To         civil.Date `json:"to"`
		Manageable bool       `json:"manageable"`
	}
	rows, err := pages.All[row](ctx, v, "/v1/benefits")
	for _, r := range rows {
		known := slices.ContainsFunc(all, func(c pages.Choice) bool { return c.Value == r.Code })
		if r.Manageable && r.To.IsZero() && !known {
			all = append(all, pages.Choice{Value: r.Code, Name: pages.Capital(r.Label) + " (" + r.Code + ")"})
		}
	}
	return all, err
}

// pooledAccounts are the accounts of several persons that the reader knows.
func pooledAccounts(ctx context.Context, v *pages.Visit) (all []pages.Choice, err error) {
	type account struct {
		Account string `json:"bank_account"`
		Holder  string `json:"holder"`
		IBAN    string `json:"iban"`
		Model   string `json:"model"`
	}
	rows, err := pages.All[account](ctx, v, "/v1/bank_accounts")
	for _, a := range rows {
		if a.Model == "POOLED" {
			name := "Sur le compte commun " + a.Holder + " (" + pages.IBANEnd(a.IBAN) + ")"
			all = append(all, pages.Choice{Value: a.Account, Name: name})
		}
	}
	return all, err
}

// enrol sends all answers as one load: all of it is written, or nothing.
func enrol(ctx context.Context, v *pages.Visit, steps []step) error {
	body := bodyOf(v, slices.Concat(asksOf(steps)...))
	id, short := v.Form.Value(inMandate+"id"), shortOf(v.Form.Value(inMandate+"id"))
	name := v.Form.Value(inPerson+"first_name") + " " + v.Form.Value(inPerson+"last_name")
	person, department := "B-"+short, v.Form.Value(inPerson+"department")
	body["masp_load"] = 1
	set(body, inPerson+"id", person)
	for place, value := range map[string]any{
		"beneficiary": person, "level": "MASP2", "department": department, "coordinator": v.Who().ID,
		"bank_account": v.Form.Value(inMandate + "bank_account"),
	} {
		set(body, inMandate+place, value)
	}
	if v.Form.Value(inMandate+"bank_account") == ownAccount {
		account := "BK-" + short
		set(body, inMandate+"bank_account", account)
		body["bank_accounts"] = []map[string]any{{
			"id": account, "iban": compact(v.Form.Value("bank_accounts.0.iban")), "holder": name,
			"model": "INDIVIDUAL",
		}}
	}
	if iban := v.Form.Value("creditors.0.iban"); iban != "" {
		payee := "C-SELF-" + short
		body["creditors"] = []map[string]any{{
			"id": payee, "name": name, "kind": "BENEFICIARY", "iban": compact(iban), "beneficiary": person,
		}}
		set(body, inMandate+"remittance.to", payee)
		set(body, inMandate+"remittance.days", moneyStep().Asks[2].answer(v))
	}
	if _, err := v.Act(ctx, http.MethodPost, "/v1/loads", body, ""); err != nil {
		return err
	}
	const done = "Dossier ouvert. Deux personnes signent ses IBAN sous Destinataires."
	return v.Done("/beneficiaires/"+url.PathEscape(id), done)
}

// compact is an IBAN without the spaces of its groups.
func compact(iban string) string { return strings.Join(strings.Fields(iban), "") }
