package run

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

// paymentsPage is a page of the payments of a run.
type paymentsPage struct {
	Rows    []payment
	Count   int
	Natures []pages.Choice
	Origins []pages.Choice
	Q       string
	Nature  string
	From    string
	Payee   string // whose payments alone stand here
	Person  string
	Next    string
	Path    string
}

const paymentsShown = "50"

// asks are the questions of the page as the contract asks them.
var asks = map[string]string{"q": "q", "nature": "nature", "origine": "from", "destinataire": "creditor", "mesure": "mandate", "suite": "cursor"}

func showPayments(ctx context.Context, v *pages.Visit) error {
	q := url.Values{"limit": {paymentsShown}, "count": {"exact"}}
	for name, asked := range asks {
		if value := v.Query(name); value != "" {
			q.Set(asked, value)
		}
	}
	var found struct {
		Data  []payment
		Next  string `json:"next_cursor"`
		Count int
	}
	if err := v.Read(ctx, askOf(v, "/payments?"+q.Encode()), &found); err != nil {
		return unknown(err)
	}
	of := v.Path("run")
	page := paymentsPage{
		Rows: found.Data, Count: found.Count, Path: pathOf(of) + "/paiements", Q: v.Query("q"),
		Natures: namesOf(natures, v.Query("nature"), "Toutes", natureOrder), Nature: v.Query("nature"),
		Origins: namesOf(origins, v.Query("origine"), "Toutes", []string{"LAST_MONTH", "DECISION", "EXCEPTION", "REST"}),
		From:    v.Query("origine"),
	}
	if len(found.Data) > 0 && v.Query("destinataire") != "" {
		page.Payee = found.Data[0].Name
	}
	if len(found.Data) > 0 && v.Query("mesure") != "" {
		page.Person = found.Data[0].Person
	}
	if found.Next != "" {
		next := v.URL.Query()
		next.Set("suite", found.Next)
		page.Next = page.Path + "?" + next.Encode()
	}
	title := "Paiements de la campagne " + of
	if v.Query("suite") != "" {
		title += ", suite"
	}
	return v.Show("campagne_paiements.html", pages.Sheet{Title: title, Data: page, Back: pathOf(of)})
}

var natureOrder = []string{"RENT", "RENTAL_CHARGE", "HOUSING_OTHER", "DEBT_PLAN", "OTHER_BILL", "REMITTANCE"}

// namesOf are the answers to a question of a list, the first one for all.
func namesOf(words map[string]string, chosen, all string, order []string) []pages.Choice {
	choices := []pages.Choice{{Name: all, Chosen: chosen == ""}}
	for _, code := range order {
		choices = append(choices, pages.Choice{Value: code, Name: pages.Capital(words[code]), Chosen: code == chosen})
	}
	return choices
}

// paid is one payment with its whole why.
type paid struct {
	payment
	RunPath   string
	File      string
	RunState  string `json:"run_state"`
	Available money.Amount
	Text      string `json:"explanation"`
	Covers    []struct {
		Line        string
		Label       string
		Amount      money.Amount
		Explanation string
	}
	Exceptions []exception
	Stop       bool
	Adjust     bool
}

// What is what the payment pays.
func (p paid) What() string {
	labels := make([]string, len(p.Covers))
	for i, c := range p.Covers {
		labels[i] = c.Label
	}
	return whatOf(labels, p.Kind)
}

func showPayment(ctx context.Context, v *pages.Visit) error {
	p, err := readPaid(ctx, v)
	if err != nil {
		return err
	}
	return showPaid(v, p)
}

// readPaid reads the payment of a page, which must be of its run.
func readPaid(ctx context.Context, v *pages.Visit) (p paid, err error) {
	err = v.Read(ctx, "/v1/payments/"+url.PathEscape(v.Path("payment")), &p)
	if err == nil && p.Run != v.Path("run") {
		err = notFound()
	}
	p.RunPath = pathOf(v.Path("run"))
	return p, unknown(err)
}

func showPaid(v *pages.Visit, p paid) error {
	p.Stop = v.May(auth.FileRuns) && slices.Contains([]string{"approved", "filed"}, p.RunState) &&
		slices.Contains([]string{"scheduled", "in_transit"}, p.State)
	p.Adjust = p.mayAdjust(v)
	return v.Show("campagne_paiement.html", pages.Sheet{
		Title: "Paiement " + p.Payment, Data: p, Back: p.RunPath + "/paiements",
	})
}

// stopPayment gives one payment back before the bank has it.
func stopPayment(ctx context.Context, v *pages.Visit) error {
	p, err := readPaid(ctx, v)
	if err != nil {
		return err
	}
	reason := v.Form.Need("reason", "Dites pourquoi ce paiement ne doit pas partir.")
	if reason == "" {
		return showPaid(v, p)
	}
	target := "/v1/payments/" + url.PathEscape(p.Payment) + "/cancellations"
	if _, err := v.Act(ctx, http.MethodPost, target, map[string]string{"reason": reason}, ""); err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showPaid(v, p)
	}
	return v.Done(p.RunPath+"/paiements/"+url.PathEscape(p.Payment), "Ce paiement est arrêté. L'argent reste sur le compte de la personne.")
}
