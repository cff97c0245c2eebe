package bank

import (
	"context"
	"net/url"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// account is one of our bank accounts.
type account struct {
	BankAccount string       `json:"bank_account"`
	IBAN        string       `json:"iban"`
	Holder      string       `json:"holder"`
	Model       string       `json:"model"`
	PainVersion string       `json:"pain_version"`
	Last        *last        `json:"last_statement"`
	ExpectedOn  civil.Date   `json:"next_statement_expected_on"`
	Late        bool         `json:"late"`
	Books       money.Amount `json:"books"`
}

// last is the last statement of an account.
type last struct {
	Statement string       `json:"statement"`
	Ref       string       `json:"ref"`
	Closing   money.Amount `json:"closing"`
	ClosingOn civil.Date   `json:"closing_on"`
	AgeDays   int          `json:"age_days"`
}

// Kind says for whom the account is.
func (a account) Kind() string {
	if a.Model == "POOLED" {
		return "commun à plusieurs personnes"
	}
	return "au nom d'une personne"
}

type accountsShown struct {
	All  []account
	Next string
	Late bool
	Text string
}

// Choices are which accounts are shown.
func (accountsShown) Choices() []pages.Choice {
	return []pages.Choice{{Value: "", Name: "Tous"}, {Value: "oui", Name: "En retard"}}
}

func showAccounts(ctx context.Context, v *pages.Visit) error {
	shown := accountsShown{Late: v.Query("retard") == "oui", Text: v.Query("texte")}
	asked := url.Values{"limit": {shownAtOnce}}
	if shown.Late {
		asked.Set("late", "true")
	}
	for name, value := range map[string]string{"q": shown.Text, "cursor": v.Query("suite")} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	all, next, err := pages.Some[account](ctx, v, "/v1/bank_accounts?"+asked.Encode())
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
	}
	page := pageOf(v)
	shown.All, shown.Next = all, nextPage(v, next, page)
	return v.Show("banque_comptes.html", pages.Sheet{Title: numbered("Comptes bancaires", page), Data: shown, Back: "/banque"})
}
