package bank

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

// itemShown is a line in suspense with all that may be done with it.
type itemShown struct {
	matching
	Benefits  []pages.Choice
	Rows      []row  // of the parts that are typed
	Pairs     []item // lines that it may clear with
	MayMatch  bool
	MayReturn bool
	Me        string
}

// row is one part of the line; its legend tells several apart.
type row struct {
	N      int
	Legend string
}

// PairChoices are the lines that it may clear with.
func (s itemShown) PairChoices() []pages.Choice {
	all := make([]pages.Choice, len(s.Pairs))
	for i, p := range s.Pairs {
		all[i] = pages.Choice{Value: p.Line, Name: p.Title() + ", " + strings.TrimSpace(p.Counterparty+" "+p.Text)}
	}
	return all
}

const mostRows = 40

func showItem(ctx context.Context, v *pages.Visit) error {
	shown := itemShown{MayMatch: v.May(auth.MatchBank), MayReturn: v.May(auth.PrepareRuns), Me: v.Who().ID}
	if err := v.Read(ctx, "/v1/suspense/"+v.Path("line"), &shown.item); err != nil {
		return gone(v, err)
	}
	names, of, err := namesOf(ctx, v, shown.item)
	if err != nil {
		return err
	}
	shown.Offers, shown.Benefits = offers(shown.Suggestions, names, of), of.choices()
	if shown.MayMatch {
		if shown.Pairs, err = pairs(ctx, v, shown.item); err != nil {
			return err
		}
	}
	for n, of := 0, rowsOf(v); n < of; n++ {
		one := row{N: n}
		if of > 1 {
			one.Legend = "Part " + strconv.Itoa(n+1)
		}
		shown.Rows = append(shown.Rows, one)
	}
	return v.Show("banque_attente_ligne.html", pages.Sheet{Title: shown.Title(), Data: shown, Back: "/banque/attente"})
}

// pairs are the lines of the same account that bring what this one takes, or take what it brings.
func pairs(ctx context.Context, v *pages.Visit, of item) (found []item, err error) {
	all, err := pages.All[item](ctx, v, "/v1/suspense?bank_account="+url.QueryEscape(of.BankAccount))
	for _, i := range all {
		if i.Open == of.Open.Neg() {
			found = append(found, i)
		}
	}
	return found, err
}

// rowsOf is how many parts the form has.
func rowsOf(v *pages.Visit) int {
	n, err := strconv.Atoi(v.Form.Value("nombre"))
	if err != nil || n < 1 {
		n = 1
	}
	if v.Form.Has("acte", "part") {
		n++
	}
	return min(n, mostRows)
}

// actOnItem does what the pressed button says.
func actOnItem(ctx context.Context, v *pages.Visit) error {
	do := map[string]func(context.Context, *pages.Visit) (string, string, error){
		"dire": identify, "suivre": follow, "donner": giveAway, "noter": takeNote, "lacher": letGo,
		"rendre": giveBack, "solder": clearPair,
	}[v.Form.Value("acte")]
	if do == nil { // one more part
		return showItem(ctx, v)
	}
	to, said, err := do(ctx, v)
	if err != nil {
		if err = refusedAct(v, err, itemFields); err != nil {
			return gone(v, err)
		}
	}
	if len(v.Form.Problems) > 0 {
		return showItem(ctx, v)
	}
	return v.Done(to, said)
}

// itemFields are the fields of the page that have another name than in the body.
var itemFields = map[string]string{
	"mandate": "parts.0.mandate", "benefit": "parts.0.benefit", "period": "parts.0.period",
	"amount": "parts.0.amount", "payment": "parts.0.payment",
}

// identify says what the line is: one thing, or several parts in one act.
func identify(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	var parts []map[string]any
	for n := range rowsOf(v) {
		part, err := partOf(ctx, v, n)
		if err != nil {
			return "", "", err
		}
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 && len(v.Form.Problems) == 0 {
		v.Form.Bad("parts.0.mandate", "Dites à qui est cet argent, ou quel paiement c'est.")
	}
	reason := v.Form.Need("reason", "Dites pourquoi vous en êtes sûr : cela reste dans le journal.")
	if len(v.Form.Problems) > 0 {
		return "", "", nil
	}
	at := "/v1/suspense/" + v.Path("line")
	if len(parts) == 1 {
		parts[0]["reason"] = reason
		reply, err := v.Act(ctx, http.MethodPost, at+"/assignments", parts[0], "")
		if err != nil {
			return "", "", err
		}
		var done assigned
		err = readReply(reply, &done)
		return "/banque/rapprochement/lignes?fait=" + done.Match, matchedText(done.Amount, done.Open, done.Alert), err
	}
	reply, err := v.Act(ctx, http.MethodPost, at+"/splits", map[string]any{"parts": parts, "reason": reason}, "")
	if err != nil {
		return "", "", err
	}
	var done struct {
		Parts []assigned `json:"parts"`
	}
	if err := readReply(reply, &done); err != nil || len(done.Parts) == 0 {
		return "/banque/attente", "", err
	}
	var fresh []string
	var sum money.Amount
	for _, p := range done.Parts {
		fresh, sum = append(fresh, p.Match), sum.Add(p.Amount.Abs())
	}
	last := done.Parts[len(done.Parts)-1]
	return "/banque/rapprochement/lignes?fait=" + strings.Join(fresh, ","), matchedText(sum, last.Open, last.Alert), nil
}

// partOf reads one row: what is empty is left out.
func partOf(ctx context.Context, v *pages.Visit, n int) (map[string]any, error) {
	field := func(name string) string { return fmt.Sprintf("parts.%d.%s", n, name) }
	part := map[string]any{}
	mandate, err := mandateTyped(ctx, v, field("mandate"))
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{
		"mandate": mandate, "benefit": v.Form.Value(field("benefit")), "period": monthTyped(v, field("period")),
		"payment": strings.ToUpper(v.Form.Value(field("payment"))),
	} {
		if value != "" {
			part[name] = value
		}
	}
	if a := v.Form.Amount(field("amount")); !a.IsZero() {
		part["amount"] = a
	}
	return part, nil
}
