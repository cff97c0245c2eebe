package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
)

func payPages() []pages.Page {
	return []pages.Page{
		get("/beneficiaires/:mandate/paiement", auth.WritePersons, beginPayment),
		post("/beneficiaires/:mandate/paiement", auth.WritePersons, goOnPayment),
	}
}

func beginPayment(ctx context.Context, v *pages.Visit) error {
	w, err := paymentWalk(ctx, v)
	if err != nil {
		return err
	}
	return w.begin(ctx, v)
}

func goOnPayment(ctx context.Context, v *pages.Visit) error {
	w, err := paymentWalk(ctx, v)
	if err != nil {
		return err
	}
	return w.goOn(ctx, v)
}

// paymentWalk is « Ajouter un paiement »: one thing a page.
func paymentWalk(ctx context.Context, v *pages.Visit) (w walk, err error) {
	f, err := readFile(ctx, v)
	if err != nil {
		return w, err
	}
	payees, err := payeesFor(ctx, v, f)
	if err != nil {
		return w, err
	}
	home := "/beneficiaires/" + f.Mandate
	return walk{
		Check: "Vérifier le paiement avant de l'ajouter", Button: "Ajouter ce paiement", Back: home,
		Warn: "Rien n'est enregistré tant que vous n'avez pas confirmé. " +
			"Le paiement entrera dans la prochaine campagne, qu'une autre personne approuve.",
		Steps: paymentSteps(payees),
		finish: func(ctx context.Context, v *pages.Visit) error {
			body := bodyOf(v, slices.Concat(asksOf(paymentSteps(payees))...))
			body["obligation"] = refOf(v, "O-"+shortOf(f.Mandate))
			if _, err := v.Act(ctx, http.MethodPost, addressOf(f.Mandate)+"/obligations", body, ""); err != nil {
				return err
			}
			return v.Done(home, "Paiement ajouté. Il entrera dans la prochaine campagne.")
		},
	}, nil
}

func asksOf(steps []step) (all [][]ask) {
	for _, s := range steps {
		all = append(all, s.Asks)
	}
	return all
}

func paymentSteps(payees []pages.Choice) []step {
	return []step{
		{Name: "qui", Title: "À qui payer ?", Asks: []ask{
			{
				Name: "cherche", Label: "Chercher un destinataire", Hint: "Un nom ou une référence",
				Kind: asSearch, Aside: true,
			},
			{
				Name: "creditor", Label: "Destinataire", Kind: asChoice, Choices: payees,
				Need: "Choisissez à qui payer.",
			},
		}},
		{Name: "combien", Title: "Combien ?", Asks: []ask{
			{
				Name: "amount", Label: "Montant de chaque paiement", Hint: "Par exemple 412,50",
				Kind: asAmount, Need: "Écrivez le montant.",
			},
		}},
		{Name: "quand", Title: "Quand ?", Asks: []ask{
			{
				Name: "frequency", Label: "Combien de fois", Kind: asChoice, Need: "Choisissez combien de fois.",
				Choices: choices("", frequencyWords, "ONCE", "MONTHLY", "WEEKLY", "FORTNIGHTLY", "QUARTERLY", "YEARLY"),
			},
			{
				Name: "from", Label: "Première échéance", Hint: "Le jour où le destinataire doit être payé",
				Kind: asDate, Need: "Donnez le premier jour.",
			},
			{
				Name: "to", Label: "Dernier jour, s'il est connu",
				Hint: "Laissez vide pour une dépense qui continue", Kind: asDate,
			},
		}},
		{Name: "pourquoi", Title: "Pourquoi ?", Asks: []ask{
			{
				Name: "class", Label: "Ce que c'est",
				Hint: "Le loyer et ses charges passent avant tout le reste", Kind: asChoice,
				Need: "Choisissez ce que c'est.", Choices: classChoices(),
			},
			{
				Name: "label", Label: "En quelques mots, pour la personne", Hint: "Par exemple : Téléphone",
				Need: "Écrivez ce que c'est.",
			},
			{
				Name: "reference", Label: "Pièce : numéro de la facture ou du contrat",
				Hint: "Le destinataire le lira sur son relevé : ni mesure, ni situation",
			},
		}},
	}
}

func classChoices() []pages.Choice {
	return []pages.Choice{
		{Value: "RENT", Name: "Loyer"},
		{Value: "RENTAL_CHARGE", Name: "Charges du logement, au bailleur"},
		{Value: "HOUSING_OTHER", Name: "Énergie, eau, assurance du logement"},
		{Value: "OTHER_BILL", Name: "Autre facture"},
	}
}

// payee is one line of the list of payees.
type payee struct {
	Creditor    string `json:"creditor"`
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	State       string `json:"state"`
	IBAN        string `json:"iban"`
	IBANMasked  string `json:"iban_masked"`
	Version     int    `json:"version"`
	ProposedBy  string `json:"proposed_by"`
	ConfirmedBy string `json:"confirmed_by"`
	Load        string `json:"load"`
	Signatures  int    `json:"signatures"`
}

// StateWord is whether it can be paid.
func (p payee) StateWord() string { return said(ibanWords, p.State) }

// StateTone is the tone of that.
func (p payee) StateTone() string {
	return map[string]string{"payable": "vert", "refused": urgent}[p.State]
}

// KindWord is what it is.
func (p payee) KindWord() string { return said(creditorWords, p.Kind) }

func (p payee) choice() pages.Choice {
	name := p.Name
	if p.IBANMasked != "" {
		name += " (" + p.IBANMasked + ")"
	}
	if p.State != "payable" {
		name += " : " + strings.ToLower(p.StateWord())
	}
	return pages.Choice{Value: p.Creditor, Name: name}
}

const fewPayees = "20"

// payeesFor are the payees to choose from: those of the file, those that a search finds, and the one that
// was chosen before.
func payeesFor(ctx context.Context, v *pages.Visit, f file) (all []pages.Choice, err error) {
	add := func(p payee) {
		known := slices.ContainsFunc(all, func(c pages.Choice) bool { return c.Value == p.Creditor })
		if !known && p.Kind != "BENEFICIARY" {
			all = append(all, p.choice())
		}
	}
	if word := v.Form.Value("cherche"); len([]rune(word)) >= shortestWord {
		found, _, err := pages.Some[payee](ctx, v, "/v1/creditors?limit="+fewPayees+"&q="+url.QueryEscape(word))
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			add(p)
		}
	}
	for _, c := range f.Creditors {
		if p := (payee{Creditor: c.Creditor, Name: c.Name, Kind: c.Kind, State: c.State}); p.Kind != "BENEFICIARY" {
			add(p)
		}
	}
	chosen := v.Form.Value("creditor")
	if chosen == "" || slices.ContainsFunc(all, func(c pages.Choice) bool { return c.Value == chosen }) {
		return all, nil
	}
	var p payee
	if err := v.Read(ctx, "/v1/creditors/"+url.PathEscape(chosen), &p); err == nil {
		add(p)
	} else if pages.Code(err) != "not_found" {
		return nil, err
	}
	return all, nil
}
