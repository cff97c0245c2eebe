package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// debtPages are a debt with its movements, and what changes it.
func debtPages() []pages.Page {
	const one = "/beneficiaires/:mandate/dettes/:debt"
	return append([]pages.Page{get(one, auth.ReadPersons, showDebt)}, actPages(
		act{"/beneficiaires/:mandate/dettes/nouvelle", auth.WritePersons, addDebt},
		act{one + "/plan", auth.WritePersons, changePlan},
		act{one + "/contestation", auth.WritePersons, contestDebt},
	)...)
}

// debt is a debt of the contract.
type debt struct {
	fileDebt
	Mandate   string     `json:"mandate"`
	UpdatedOn civil.Date `json:"updated_on"`
}

func readDebt(ctx context.Context, v *pages.Visit) (f file, d debt, tag string, err error) {
	if f, err = readFile(ctx, v); err != nil {
		return f, d, "", err
	}
	if tag, err = v.ReadTagged(ctx, debtAddress(v), &d); err == nil && d.Mandate != f.Mandate {
		err = notFound() // another's debt is not shown under this card
	}
	return f, d, tag, err
}

func debtAddress(v *pages.Visit) string { return "/v1/debts/" + url.PathEscape(v.Path("debt")) }

func (d debt) facts(f file) []answered {
	all := []answered{{"À qui", f.Payee(d.Creditor)}, {"Il reste", d.Outstanding.French()}}
	if n := d.MonthsLeft(); n > 0 {
		all = append(all, answered{"Plan", d.Instalment.French() + " par mois, encore " + strconv.Itoa(n) + " mois"})
	}
	if !d.ContestedOn.IsZero() {
		all = append(all, answered{"Contestée le", d.ContestedOn.French() + " : rien n'en est payé"})
	}
	if !d.UpdatedOn.IsZero() {
		all = append(all, answered{"Mise à jour le", d.UpdatedOn.French()})
	}
	return all
}

// debtMove is what has moved a debt.
type debtMove struct {
	On     civil.Date            `json:"on"`
	Kind   mandates.MovementKind `json:"kind"`
	Amount money.Amount          `json:"amount"`
	Left   money.Amount          `json:"outstanding"`
}

func showDebt(ctx context.Context, v *pages.Visit) error {
	f, d, _, err := readDebt(ctx, v)
	if err != nil {
		return err
	}
	moves, err := pages.All[debtMove](ctx, v, debtAddress(v)+"/movements")
	if err != nil {
		return err
	}
	return v.Show("bureau_dette.html", pages.Sheet{
		Title: "Dette " + d.Debt, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Debt": d, "Facts": d.facts(f), "Moves": moves, "Path": v.URL.Path},
	})
}

// onDebt is a deed on the debt of the address, by an operation below it.
func onDebt(ctx context.Context, v *pages.Visit, operation string, d deed) (deed, error) {
	f, of, tag, err := readDebt(ctx, v)
	if err != nil {
		return d, err
	}
	d.Measure, d.Facts, d.Tag = &f.measure, of.facts(f), tag
	d.Back = "/beneficiaires/" + f.Mandate + "/dettes/" + of.Debt
	d.to = d.Back
	d.send = func(ctx context.Context, v *pages.Visit, body map[string]any) error {
		_, err := v.Act(ctx, http.MethodPost, debtAddress(v)+"/"+operation, body, d.seen(v))
		return err
	}
	return d, nil
}

func changePlan(ctx context.Context, v *pages.Visit) (deed, error) {
	return onDebt(ctx, v, "plans", deed{
		Title: "Nouveau plan d'apurement", Button: "Noter le plan", done: "Plan noté. L'ancien finit la veille.",
		Asks: []ask{
			{
				Name: "instalment", Label: "Mensualité", Hint: "Par exemple 35,00", Kind: asAmount,
				Need: "Écrivez la mensualité.",
			},
			{Name: "from", Label: "Première échéance", Kind: asDate, Need: "Donnez le premier jour."},
			{Name: "reference", Label: "Référence pour le destinataire", Hint: "Comme sur l'échéancier signé"},
		},
	})
}

func contestDebt(ctx context.Context, v *pages.Visit) (deed, error) {
	return onDebt(ctx, v, "contests", deed{
		Title: "La personne conteste cette dette", Button: "Noter la contestation", done: "Contestation notée.",
		Warn: "À partir de ce jour, rien de cette dette n'est payé.", Asks: []ask{askDay},
	})
}

func addDebt(ctx context.Context, v *pages.Visit) (deed, error) {
	f, err := readFile(ctx, v)
	if err != nil {
		return deed{}, err
	}
	payees, err := payeesFor(ctx, v, f)
	if err != nil {
		return deed{}, err
	}
	home := "/beneficiaires/" + f.Mandate
	return deed{
		Title: "Noter une dette", Button: "Noter la dette", Measure: &f.measure, Back: home, to: home,
		done: "Dette notée.",
		Asks: []ask{
			{
				Name: "creditor", Label: "À qui",
				Hint: "Un destinataire absent s'ajoute sous Destinataires", Kind: asChoice, Choices: payees,
				Need: "Choisissez à qui.",
			},
			{
				Name: "kind", Label: "Quelle dette", Kind: asMenu, Need: "Choisissez quelle dette.",
				Choices: choices("", debtWords, debtKinds...),
			},
			{
				Name: "outstanding", Label: "Il reste à payer", Hint: "Par exemple 640,00", Kind: asAmount,
				Need: "Écrivez ce qui reste.",
			},
			{Name: "born_on", Label: "Depuis le", Kind: asDate},
		},
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			body["debt"] = refOf(v, "D-"+shortOf(f.Mandate))
			_, err := v.Act(ctx, http.MethodPost, addressOf(f.Mandate)+"/debts", body, "")
			return err
		},
	}, nil
}
