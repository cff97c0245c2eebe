package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"masp/api/auth"
	"masp/api/pages"
)

func cardPages() []pages.Page {
	const route = "/beneficiaires/:mandate/carte"
	return []pages.Page{
		get(route, auth.GiveCards, showDevices),
		post(route, auth.GiveCards, printCard),
		post(route+"/fin", auth.GiveCards, endDevices),
	}
}

// device is a telephone or a computer that a person has entered with.
type device struct {
	Since time.Time `json:"since"`
	Seen  time.Time `json:"last_seen"`
	Until time.Time `json:"until"`
}

func showDevices(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	devices, err := pages.All[device](ctx, v, addressOf(f.Mandate)+"/devices")
	if err != nil {
		return err
	}
	return v.Show("bureau_acces.html", pages.Sheet{
		Title: "Accès de la personne " + f.Mandate, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Devices": devices},
	})
}

// printCard shows a card once: its code is kept nowhere, so that the page is shown at once and not after a
// redirection. Again, it makes another card and ends this one.
func printCard(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	reply, err := v.Ask(ctx, http.MethodPost, addressOf(f.Mandate)+"/cards", http.Header{}, http.NoBody)
	if err != nil {
		return err
	}
	var card struct {
		Code  string    `json:"code"`
		Until time.Time `json:"until"`
	}
	if err := json.Unmarshal(reply.Body, &card); err != nil {
		return err
	}
	scheme := "https://"
	if v.Plain() {
		scheme = "http://"
	}
	address := scheme + v.Host + "/carte"
	picture, err := squareOf(address + "/" + card.Code)
	if err != nil {
		return err
	}
	return v.Show("bureau_carte.html", pages.Sheet{
		Title: "Carte d'accès", Back: "/beneficiaires/" + f.Mandate + "/carte",
		Data: map[string]any{"File": f, "Code": card.Code, "Until": card.Until, "Address": address, "Picture": picture},
	})
}

func endDevices(ctx context.Context, v *pages.Visit) error {
	mandate := v.Path("mandate")
	if _, err := v.Act(ctx, http.MethodDelete, addressOf(mandate)+"/devices", nil, ""); err != nil {
		return err
	}
	return v.Done("/beneficiaires/"+mandate+"/carte", "Tous ses appareils sont fermés. Sa carte ne marche plus.")
}
