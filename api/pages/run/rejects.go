package run

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
)

// reject is a payment that came back.
type reject struct {
	payment
	FailedOn civil.Date `json:"failed_on"`
	Text     string
	Due      bool     `json:"due_again"`
	Again    []string `json:"reissued_as"`
	OpenRun  string   `json:"open_run"`
	Payee    string   `json:"creditor_iban_state"`
	NewIBAN  bool     `json:"creditor_iban_changed"`

	May bool
}

// rejected is the page of what came back.
type rejected struct {
	Rows []reject
	All  bool
	Next string
}

const rejectsShown = "50"

func showRejects(ctx context.Context, v *pages.Visit) error {
	q := url.Values{"limit": {rejectsShown}}
	all := v.Query("tous") == "oui"
	if !all {
		q.Set("open", "true")
	}
	if cursor := v.Query("suite"); cursor != "" {
		q.Set("cursor", cursor)
	}
	rows, next, err := pages.Some[reject](ctx, v, "/v1/failed_payments?"+q.Encode())
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].May = v.May(auth.FileRuns)
	}
	data := rejected{Rows: rows, All: all}
	if next != "" {
		to := v.URL.Query()
		to.Set("suite", next)
		data.Next = "/rejets?" + to.Encode()
	}
	title := "Rejets"
	if v.Query("suite") != "" {
		title += ", suite"
	}
	return v.Show("campagne_rejets.html", pages.Sheet{Title: title, Data: data})
}

// wrongAccounts are the reasons that another IBAN answers.
var wrongAccounts = []string{"AC01", "AC03", "AC04", "AC06", "AC13", "AG01", "BE06"}

// never are the reasons after which the same payment is not sent again: the bank has seen it twice, or the payee
// is dead.
var never = []string{"AM05", "DU01", "DUPL", "MD07"}

// WrongIBAN tells that the account of the payee was refused and that no other one is known yet.
func (r reject) WrongIBAN() bool { return slices.Contains(wrongAccounts, r.Reason) && !r.NewIBAN }

// ForPerson tells that the money was on its way to the person: the next run sends it.
func (r reject) ForPerson() bool { return r.Kind == "REMITTANCE" }

// Ready tells that it may be paid again now.
func (r reject) Ready() bool {
	return r.Due && r.OpenRun == "" && r.Kind == "PAYMENT" && r.Payee == "payable" && !r.WrongIBAN() && !slices.Contains(never, r.Reason)
}

// Waits says what a new IBAN still waits for; empty when nothing does.
func (r reject) Waits() string {
	if !r.NewIBAN {
		return ""
	}
	switch r.Payee {
	case "to_confirm":
		return "Le nouvel IBAN attend la confirmation d'une deuxième personne."
	case "held":
		return "Le nouvel IBAN est confirmé. Son délai d'attente court encore."
	}
	return ""
}

// RunPath is the run of the payment; empty for none.
func (r reject) RunPath() string {
	if r.Run == "" {
		return ""
	}
	return pathOf(r.Run)
}

// OpenPath is the run that pays it already, once it is signed.
func (r reject) OpenPath() string { return pathOf(r.OpenRun) }

// reissue pays one again, in the next run: a person says so, and the next run shows it.
func reissue(ctx context.Context, v *pages.Visit) error {
	target := "/v1/payments/" + url.PathEscape(v.Path("payment")) + "/reissues"
	if _, err := v.Act(ctx, http.MethodPost, target, map[string]string{}, ""); err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showRejects(ctx, v)
	}
	return v.Done("/rejets", "Le paiement est remis à payer. La prochaine campagne le montrera avant qu'il parte.")
}
