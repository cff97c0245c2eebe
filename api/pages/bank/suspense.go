package bank

import (
	"context"
	"net/url"
	"strings"
	"time"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// ages is how old what nobody has identified is.
type ages struct {
	On    civil.Date   `json:"on"`
	Days  int          `json:"days"`
	Lines int          `json:"lines"`
	Total money.Amount `json:"total"`
	Ages  []age        `json:"ages"`
}

type age struct {
	From  int          `json:"from"`
	Until int          `json:"until"`
	Lines int          `json:"lines"`
	In    money.Amount `json:"in"`
	Out   money.Amount `json:"out"`
}

// item is a line of which nobody knows yet, in part or in whole, what it is.
type item struct {
	Line         string       `json:"line"`
	BankAccount  string       `json:"bank_account"`
	BookedOn     civil.Date   `json:"booked_on"`
	Days         int          `json:"days"`
	Amount       money.Amount `json:"amount"`
	Open         money.Amount `json:"open"`
	Reserved     money.Amount `json:"reserved"`
	Counterparty string       `json:"counterparty"`
	Text         string       `json:"text"`
	Why          string       `json:"why"`
	Suggestions  []suggestion `json:"suggestions"`
	Owner        string       `json:"owner"`
	Deadline     civil.Date   `json:"deadline"`
	Late         bool         `json:"late"`
	Return       string       `json:"return"`
	Notes        []note       `json:"notes"`
}

type note struct {
	Act   string    `json:"act"`
	Owner string    `json:"owner"`
	Note  string    `json:"note"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
}

// Did says what a note records.
func (n note) Did() string {
	switch n.Act {
	case "GIVE":
		return "confiée à " + n.Owner
	case "UNASSIGN":
		return "n'est plus suivie"
	}
	return "note"
}

// In tells that money came in.
func (i item) In() bool { return i.Amount.IsPositive() }

// Part tells that some of the line is explained.
func (i item) Part() bool { return i.Open != i.Amount }

// Title names the line.
func (i item) Title() string {
	way := "sortis"
	if i.In() {
		way = "entrés"
	}
	return i.Open.Abs().French() + " " + way + " le " + i.BookedOn.FrenchShort()
}

// suspenseShown is what waits, and how old it is.
type suspenseShown struct {
	Ages    *ages
	Items   []item
	Next    string
	Account string
	Late    bool
	Mine    bool
}

// Choices are which lines are shown.
func (suspenseShown) Choices() []pages.Choice {
	return []pages.Choice{{Value: "", Name: "Toutes"}, {Value: "oui", Name: "Au-delà du délai"}}
}

// Owners are whose lines are shown.
func (suspenseShown) Owners() []pages.Choice {
	return []pages.Choice{{Value: "", Name: "Tout le monde"}, {Value: "moi", Name: "Moi"}}
}

func showSuspense(ctx context.Context, v *pages.Visit) error {
	v.Form.Values = v.URL.Query()
	shown := suspenseShown{
		Account: strings.ToUpper(v.Query("compte")), Late: v.Query("retard") == "oui", Mine: v.Query("suivi") == "moi",
	}
	asked := url.Values{"limit": {shownAtOnce}}
	for name, set := range map[string]string{"bank_account": shown.Account, "cursor": v.Query("suite")} {
		if set != "" {
			asked.Set(name, set)
		}
	}
	if shown.Late {
		asked.Set("late", "true")
	}
	if shown.Mine {
		asked.Set("owner", v.Who().ID)
	}
	items, next, err := pages.Some[item](ctx, v, "/v1/suspense?"+asked.Encode())
	if err != nil {
		if err = refusedSearch(v, err); err != nil {
			return err
		}
	}
	if v.May(auth.ReadTotals) {
		shown.Ages = &ages{}
		if err := v.Read(ctx, "/v1/suspense_ages", shown.Ages); err != nil {
			return err
		}
	}
	page := pageOf(v)
	shown.Items, shown.Next = items, nextPage(v, next, page)
	return v.Show("banque_attente.html", pages.Sheet{Title: numbered("Argent en attente", page), Data: shown, Back: "/banque"})
}
