package desk

import (
	"context"
	"net/http"
	"net/url"

	"masp/api/auth"
	"masp/api/pages"
)

func obligationPages() []pages.Page {
	const one = "/beneficiaires/:mandate/prevus/:obligation"
	return append([]pages.Page{get(one, auth.ReadPersons, showObligation)}, actPages(
		act{one + "/montant", auth.WritePersons, changeAmount},
		act{one + "/fin", auth.WritePersons, endObligation},
	)...)
}

// readObligation is the line of the address, with the file that it belongs to.
func readObligation(ctx context.Context, v *pages.Visit) (f file, o due, tag string, err error) {
	if f, err = readFile(ctx, v); err != nil {
		return f, o, "", err
	}
	tag, err = v.ReadTagged(ctx, obligationAddress(v), &o)
	return f, o, tag, err
}

func obligationAddress(v *pages.Visit) string {
	return addressOf(v.Path("mandate")) + "/obligations/" + url.PathEscape(v.Path("obligation"))
}

// facts are what is known of a line.
func (d due) facts(f file) (all []answered) {
	if d.Creditor != "" {
		all = append(all, answered{"À qui", f.Payee(d.Creditor)})
	}
	all = append(all, answered{"Montant", d.Amount.French()}, answered{"Combien de fois", d.How()},
		answered{"Ce que c'est", pages.Capital(d.Class.French())}, answered{"Depuis le", d.From.French()})
	if !d.To.IsZero() {
		all = append(all, answered{"Jusqu'au", d.To.French()})
	}
	if d.Reference != "" {
		all = append(all, answered{"Référence pour le destinataire", d.Reference})
	}
	return all
}

func showObligation(ctx context.Context, v *pages.Visit) error {
	f, o, _, err := readObligation(ctx, v)
	if err != nil {
		return err
	}
	return v.Show("bureau_prevu.html", pages.Sheet{
		Title: "Paiement prévu " + o.Obligation, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Due": o, "Facts": o.facts(f), "Over": !o.To.IsZero(), "Path": v.URL.Path},
	})
}

func changeAmount(ctx context.Context, v *pages.Visit) (deed, error) {
	f, o, _, err := readObligation(ctx, v)
	if err != nil {
		return deed{}, err
	}
	return deed{
		Title: "Changer le montant", Button: "Changer le montant", Measure: &f.measure, Facts: o.facts(f),
		Intro: "Un nouveau montant est une nouvelle ligne : l'ancienne finit la veille. " +
			"Une hausse apprise tard est demandée une fois par mois.",
		Back: "/beneficiaires/" + f.Mandate + "/prevus/" + o.Obligation,
		Asks: []ask{
			{
				Name: "amount", Label: "Nouveau montant", Hint: "Par exemple 52,00", Kind: asAmount,
				Need: "Écrivez le montant.",
			},
			{Name: "from", Label: "À partir du", Kind: asDate, Need: "Donnez le jour."},
		},
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			body["obligation"] = refOf(v, "O-"+shortOf(f.Mandate))
			_, err := v.Act(ctx, http.MethodPost, obligationAddress(v)+"/amounts", body, "")
			return err
		},
		to: "/beneficiaires/" + f.Mandate, done: "Montant changé.",
	}, nil
}

func endObligation(ctx context.Context, v *pages.Visit) (deed, error) {
	f, o, tag, err := readObligation(ctx, v)
	if err != nil {
		return deed{}, err
	}
	d := deed{
		Title: "Arrêter ce paiement", Button: "Arrêter ce paiement", Measure: &f.measure, Facts: o.facts(f),
		Tag: tag, Danger: true,
		Warn: "Ce qui était dû avant ce jour reste dû.",
		Back: "/beneficiaires/" + f.Mandate + "/prevus/" + o.Obligation,
		Asks: []ask{{Name: "to", Label: "Dernier jour", Kind: asDate, Need: "Donnez le dernier jour."}},
		to:   "/beneficiaires/" + f.Mandate, done: "Paiement arrêté.",
	}
	d.send = func(ctx context.Context, v *pages.Visit, body map[string]any) error {
		_, err := v.Act(ctx, http.MethodPatch, obligationAddress(v), body, d.seen(v))
		return err
	}
	return d, nil
}
