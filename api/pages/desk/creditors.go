package desk

import (
	"context"
	"net/url"
	"slices"

	"masp/api/auth"
	"masp/api/pages"
)

func creditorPages() []pages.Page {
	return append([]pages.Page{
		get("/destinataires", auth.ReadCreditors, listCreditors),
		get("/destinataires/:creditor", auth.ReadCreditors, showCreditor),
	}, actPages(
		act{"/destinataires/nouveau", auth.WriteCreditors, addCreditor},
		act{"/destinataires/chargements/:load", auth.ConfirmIBANs, signLoad},
		act{"/destinataires/:creditor/iban", auth.WriteCreditors, proposeIBAN},
		act{"/destinataires/:creditor/iban/:version", auth.ConfirmIBANs, confirmIBAN},
	)...)
}

func listCreditors(ctx context.Context, v *pages.Visit) error {
	q := url.Values{}
	name, state, kind := v.Query("nom"), v.Query("etat"), v.Query("genre")
	if len([]rune(name)) >= shortestWord {
		q.Set("q", name)
	}
	if state != "" {
		q.Set("state", state)
	}
	if kind != "" {
		q.Set("kind", kind)
	}
	found, err := listed[payee](ctx, v, "/v1/creditors", q)
	if err != nil {
		return err
	}
	p := pagerOf(v, found.Next, found.Count)
	return v.Show("bureau_destinataires.html", pages.Sheet{Title: p.Title("Destinataires"), Data: map[string]any{
		"All": found.Data, "Count": found.Count, "Pager": p, "Name": name, "State": state, "Kind": kind,
		"States": choices("Tous les états", ibanWords, "payable", "to_confirm", "held", "to_sign", "refused"),
		"Kinds":  choices("Tous", creditorWords, append(slices.Clone(payeeKinds), "BENEFICIARY")...),
	}})
}

func creditorAddress(v *pages.Visit) string {
	return "/v1/creditors/" + url.PathEscape(v.Path("creditor"))
}

// readCreditor is the payee of the address, with what has changed of its account, the newest first.
func readCreditor(ctx context.Context, v *pages.Visit) (p payee, changes []ibanChange, tag string, err error) {
	if tag, err = v.ReadTagged(ctx, creditorAddress(v), &p); err != nil {
		return p, nil, "", err
	}
	changes, err = pages.All[ibanChange](ctx, v, "/v1/iban_changes?creditor="+url.QueryEscape(p.Creditor))
	return p, changes, tag, err
}

func showCreditor(ctx context.Context, v *pages.Visit) error {
	p, changes, _, err := readCreditor(ctx, v)
	if err != nil {
		return err
	}
	var contact struct {
		Name  string `json:"name"`
		Phone string `json:"phone"`
		Email string `json:"email"`
		Hours string `json:"hours"`
	}
	if err := v.Read(ctx, creditorAddress(v)+"/contact", &contact); err != nil {
		return err
	}
	waits := 0
	for _, c := range changes {
		if c.AwaitsWord(v.Who().ID) && v.May(auth.ConfirmIBANs) {
			waits = c.Version
		}
	}
	title := "Destinataire " + p.Creditor
	return v.Show("bureau_destinataire.html", pages.Sheet{Title: title, Back: "/destinataires", Data: map[string]any{
		"One": p, "IBAN": grouped(p.IBAN, p.IBANMasked), "Changes": changes, "Contact": contact, "Waits": waits,
	}})
}
