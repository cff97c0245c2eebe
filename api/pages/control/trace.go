package control

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"masp/api"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// link is one thing on the way of the money.
type link struct {
	Kind    string       `json:"kind"`
	ID      string       `json:"id"`
	On      civil.Date   `json:"on"`
	At      time.Time    `json:"at"`
	Amount  money.Amount `json:"amount"`
	Part    money.Amount `json:"part"`
	Hash    string       `json:"hash"`
	Mandate string       `json:"mandate"`
	What    string       `json:"what"`
	Person  string       `json:"for_person"`
	From    []string     `json:"from"`

	No              int // its place in the chain
	Causes, Effects []place
}

// place is a link of the chain that another one names.
type place struct {
	No   int
	Name string
}

var linkNames = map[string]string{
	"RUN_LINE": "Ligne de campagne", "ACT": "Acte", "PAYMENT": "Virement", "FILE": "Fichier de virements", "ANSWER": "Réponse de la banque",
	"BANK_LINE": "Ligne de la banque", "MATCH": "Rapprochement", "ENTRY": "Écriture", "ACCOUNT": "Compte de la personne",
}

// Name says what it is.
func (l link) Name() string { return linkNames[l.Kind] }

// Page is where it is read in full; empty for what stands here alone.
func (l link) Page() string {
	switch l.Kind {
	case "BANK_LINE":
		return "/banque/lignes/" + l.ID
	case "PAYMENT":
		return "/paiements/" + url.PathEscape(l.ID)
	case "RUN_LINE":
		run, _, _ := strings.Cut(l.ID, ":")
		return "/campagnes/" + run
	case "ACCOUNT":
		account, _, _ := strings.Cut(l.ID, "@")
		return "/controle/grand-livre?" + url.Values{"compte": {account}}.Encode()
	}
	return ""
}

// Start is where the trace of this thing is; empty for what no trace begins at.
func (l link) Start() string {
	if slices.Contains([]string{"RUN_LINE", "PAYMENT", "FILE", "BANK_LINE", "ENTRY"}, l.Kind) {
		return "/controle/trace/" + url.PathEscape(l.ID)
	}
	return ""
}

// trace is the way of some money.
type trace struct {
	Trace    string `json:"trace"`
	Payments int    `json:"payments"`
	Shown    int    `json:"shown"`
	Links    []link `json:"links"`
}

// chain gives each link its place, and names its neighbours in both directions.
func (t *trace) chain() {
	at := map[string]int{}
	for i := range t.Links {
		t.Links[i].No = i + 1
		at[t.Links[i].ID] = i
	}
	for i := range t.Links {
		for _, id := range t.Links[i].From {
			if j, ok := at[id]; ok {
				t.Links[i].Causes = append(t.Links[i].Causes, place{j + 1, t.Links[j].Name()})
				t.Links[j].Effects = append(t.Links[j].Effects, place{i + 1, t.Links[i].Name()})
			}
		}
	}
}

func showTrace(ctx context.Context, v *pages.Visit) error {
	var shown trace
	err := v.Read(ctx, "/v1/traces/"+url.PathEscape(v.Path("trace")), &shown)
	if fault, ok := errors.AsType[*api.Fault](err); ok && fault.Status == http.StatusBadRequest {
		v.Form.Values = url.Values{"id": {v.Path("trace")}}
		v.Form.Bad("id", "Ce n'est l'identifiant de rien : recopiez-le tel qu'il est imprimé.")
		return v.Show("controle_suivre.html", pages.Sheet{Title: "Suivre un euro", Back: "/controle"})
	}
	if err != nil {
		return err
	}
	shown.chain()
	return v.Show("controle_piste.html", pages.Sheet{Title: "Piste d'audit de " + shown.Trace, Data: shown, Back: "/controle/trace"})
}

// askTrace takes what a reader has on paper.
func askTrace(_ context.Context, v *pages.Visit) error {
	v.Form.Values = v.URL.Query()
	if id := v.Query("id"); id != "" {
		return v.Go("/controle/trace/" + url.PathEscape(id))
	}
	return v.Show("controle_suivre.html", pages.Sheet{Title: "Suivre un euro", Back: "/controle"})
}
