package desk

import (
	"context"
	"net/http"
	"net/url"

	"masp/api/auth"
	"masp/api/pages"
	"masp/payments/mandates"
)

func measurePages() []pages.Page {
	return append([]pages.Page{
		get("/beneficiaires/:mandate/mesure", auth.WritePersons, showMeasure),
		get("/beneficiaires/:mandate/cloture", auth.ReadPersons, showClosing),
		post("/beneficiaires/:mandate/cloture", auth.WritePersons, closeMeasure),
	}, actPages(append(measureActs(),
		act{"/beneficiaires/:mandate/mesure/renouvellement", auth.WritePersons, renew})...)...)
}

// way is one thing that may be done with a measure.
type way struct{ To, Name, Text string }

// waysOf are what may be done with a measure as it stands; the rules of the service judge the rest.
func waysOf(status string) (ways []way) {
	sign := way{"mesure/signature", "Noter une signature", "La mesure commence quand tous ont signé."}
	evaluate := way{"mesure/evaluation", "Noter une évaluation", "Une évaluation précède tout renouvellement."}
	end := way{"mesure/fin", "Finir la mesure", "Plus rien n'est payé. Le solde est rendu à la personne."}
	death := way{"mesure/deces", "Noter un décès", "Tout est gelé le jour même."}
	closing := way{"cloture", "Clôture : ce qui reste à faire", "La liste, jusqu'à 0,00 €."}
	switch status {
	case "PENDING_SIGNATURE":
		return []way{sign, death}
	case "ACTIVE":
		return []way{
			evaluate,
			{
				"mesure/renouvellement", "Préparer un renouvellement",
				"Le contrat suivant, après une évaluation. Il compte quand tous ont signé.",
			},
			{
				"mesure/avenant", "Noter un avenant",
				"Reste à vivre, prestations, jours de versement, à partir d'un jour.",
			},
			sign,
			{"mesure/suspension", "Suspendre la mesure", "Rien n'est payé ; ce qui arrive est gardé."},
			end, death,
		}
	case "SUSPENDED":
		return []way{{"mesure/reprise", "Reprendre la mesure", "Les campagnes la paient de nouveau."}, end, death}
	}
	return []way{closing}
}

func showMeasure(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	return v.Show("bureau_mesure.html", pages.Sheet{
		Title: "Changer ou finir la mesure " + f.Mandate, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Ways": waysOf(f.Status)},
	})
}

var parties = []pages.Choice{
	{Value: "PERSON", Name: "La personne"},
	{Value: "DEPARTMENT", Name: "Le Département"},
	{Value: "OPERATOR", Name: "L'association"},
}

// endReasons are why a measure ends.
func endReasons() (all []pages.Choice) {
	for _, r := range []mandates.EndReason{
		"AUTONOMY_REGAINED", "TERM_REACHED", "TERMINATED_BY_PERSON", "TERMINATED_BREACH", "MOVED",
		"MAJ_OPENED", "PROTECTION_OPENED",
		"MASP3", "REFERRED_TO_PROSECUTOR", "OTHER",
	} {
		all = append(all, pages.Choice{Value: string(r), Name: pages.Capital(r.French())})
	}
	return all
}

var (
	askReason = ask{
		Name: "reason", Label: "Pourquoi", Hint: "Une phrase que l'on comprendra dans dix ans", Kind: asNote,
		Need: "Dites pourquoi.",
	}
	askDay = ask{Name: "on", Label: "Quel jour", Kind: asDate, Need: "Donnez le jour."}
)

// measureActs are the acts on a measure: each its form, each one operation.
func measureActs() []act {
	return []act{
		measureAct("signature", "signatures", deed{
			Title: "Noter une signature", Button: "Noter la signature", done: "Signature notée.",
			Asks: []ask{
				{
					Name: "party", Label: "Qui a signé", Kind: asChoice, Choices: parties,
					Need: "Choisissez qui a signé.",
				},
				askDay,
			},
		}),
		measureAct("evaluation", "evaluations", deed{
			Title: "Noter une évaluation", Button: "Noter l'évaluation", done: "Évaluation notée.",
			Intro: "Son texte n'est lu que par qui suit la mesure.",
			Asks:  []ask{askDay, {Name: "text", Label: "L'évaluation", Kind: asNote, Need: "Écrivez l'évaluation."}},
		}),
		measureAct("avenant", "amendments", deed{
			Title: "Noter un avenant", Button: "Noter l'avenant",
			done:  "Avenant noté. Les campagnes passées gardent les anciens termes.",
			Intro: "Ce que vous laissez vide ne change pas.", Asks: amendmentAsks(),
		}),
		measureAct("suspension", "suspensions", deed{
			Title: "Suspendre la mesure", Button: "Suspendre la mesure", done: "Mesure suspendue.",
			Danger: true, Asks: []ask{askReason},
			Warn: "Dès maintenant, aucune campagne ne paie pour cette personne. " +
				"Les versements qui attendent sont annulés.",
		}),
		measureAct("reprise", "resumptions", deed{
			Title: "Reprendre la mesure", Button: "Reprendre la mesure", done: "Mesure reprise.",
			Asks: []ask{askReason},
		}),
		measureAct("fin", "ends", deed{
			Title: "Finir la mesure", Button: "Finir la mesure",
			done: "Mesure finie. Voici ce qui reste à faire.", Danger: true,
			Asks: []ask{
				{Name: "on", Label: "Dernier jour", Kind: asDate, Need: "Donnez le dernier jour."},
				{
					Name: "reason", Label: "Pourquoi", Kind: asMenu, Choices: endReasons(),
					Need: "Choisissez pourquoi.",
				},
			},
			Warn: "Plus aucune campagne ne paie pour cette personne. " +
				"Les versements qui attendent sont annulés. Ce qui reste lui est rendu.",
			to: "cloture",
		}),
		measureAct("deces", "deaths", deed{
			Title: "Noter un décès", Button: "Noter le décès", done: "Décès noté. Tout est gelé.", Danger: true,
			Asks: []ask{{Name: "died_on", Label: "Jour du décès", Kind: asDate, Need: "Donnez le jour du décès."}},
			Warn: "Plus rien ne part. Ce qui est gardé appartient aux héritiers. " +
				"Prévenez les organismes et attendez le notaire.",
			to: "cloture",
		}),
	}
}

// renew drafts the next contract; it counts once all have signed.
func renew(ctx context.Context, v *pages.Visit) (deed, error) {
	f, err := readFile(ctx, v)
	if err != nil {
		return deed{}, err
	}
	var known []pages.Choice
	for _, e := range f.Evaluations {
		known = append(known, pages.Choice{Value: e.Evaluation, Name: "Évaluation du " + e.On.French()})
	}
	home := "/beneficiaires/" + f.Mandate
	d := deed{
		Title: "Préparer un renouvellement", Button: "Préparer le contrat", Measure: &f.measure,
		Back: home + "/mesure", to: home,
		Intro: "Rien ne se renouvelle tacitement. Le nouveau contrat compte quand tous ont signé.",
		done:  "Contrat préparé. Notez les signatures.",
		Asks: []ask{
			{
				Name: "evaluation", Label: "Sur quelle évaluation", Kind: asChoice, Choices: known,
				Need: "Choisissez l'évaluation.",
			},
			{Name: "start", Label: "Premier jour", Kind: asDate, Need: "Donnez le premier jour."},
			{Name: "end", Label: "Dernier jour", Kind: asDate, Need: "Donnez le dernier jour."},
			{Name: "gap_reason", Label: "S'il y a des jours sans contrat, pourquoi", Kind: asNote},
		},
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			_, err := v.Act(ctx, http.MethodPost, addressOf(f.Mandate)+"/renewals", body, "")
			return err
		},
	}
	if len(known) == 0 {
		d.Intro, d.Button, d.Asks = "Notez d'abord une évaluation : le renouvellement s'appuie sur elle.", "", nil
	}
	return d, nil
}

func amendmentAsks() []ask {
	return []ask{
		{Name: "effective_on", Label: "À partir du", Kind: asDate, Need: "Donnez le jour."},
		askReason,
		{
			Name: "signed_by_person_on", Label: "Signé par la personne le", Kind: asDate,
			Need: "Donnez le jour de la signature.",
		},
		{
			Name: "signed_by_department_on", Label: "Signé par le Département le", Kind: asDate,
			Need: "Donnez le jour de la signature.",
		},
		{Name: "living_floor", Label: "Reste à vivre", Hint: "Par exemple 210,00, par mois", Kind: asAmount},
		{
			Name: "add_benefits", Label: "Prestations à gérer en plus",
			Hint: "Leur code, un par ligne : RSA, AAH", Kind: asLines,
		},
		{Name: "end_benefits", Label: "Prestations à ne plus gérer", Hint: "Leur code, un par ligne", Kind: asLines},
		{
			Name: "remittance.days", Label: "Jours de versement à la personne",
			Hint: "Par exemple 6, 13, 20, 27", Kind: asDays,
		},
	}
}

// measureAct is an act on the measure of the address, by an operation below it.
func measureAct(slug, operation string, d deed) act {
	const route = "/beneficiaires/:mandate/mesure/"
	return act{route + slug, auth.WritePersons, func(ctx context.Context, v *pages.Visit) (deed, error) {
		f, err := readFile(ctx, v)
		if err != nil {
			return deed{}, err
		}
		d := d
		home := "/beneficiaires/" + f.Mandate
		d.Measure, d.Back = &f.measure, home+"/mesure"
		if d.to != "" {
			home += "/" + d.to
		}
		d.to = home
		d.send = func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			_, err := v.Act(ctx, http.MethodPost, addressOf(f.Mandate)+"/"+operation, body, "")
			return err
		}
		return d, nil
	}}
}

// closing is what is left to do before a measure is closed.
type closing struct {
	Status string `json:"status"`
	Ready  bool   `json:"ready"`
	Steps  []struct {
		Done   bool   `json:"done"`
		Advice bool   `json:"advice"`
		Text   string `json:"text"`
	} `json:"steps"`
}

func showClosing(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	var c closing
	tag, err := v.ReadTagged(ctx, addressOf(f.Mandate)+"/closing", &c)
	if err != nil {
		return err
	}
	return v.Show("bureau_cloture.html", pages.Sheet{
		Title: "Clôture de la mesure " + f.Mandate, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Closing": c, "Tag": tag},
	})
}

func closeMeasure(ctx context.Context, v *pages.Visit) error {
	mandate := v.Path("mandate")
	_, err := v.Act(ctx, http.MethodPost, addressOf(mandate)+"/closing", nil, v.Form.Value("vu"))
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showClosing(ctx, v)
	}
	return v.Done("/beneficiaires/"+url.PathEscape(mandate), "Mesure close.")
}
