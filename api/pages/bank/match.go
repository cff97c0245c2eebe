package bank

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

// matching is a line to match, with what it may be.
type matching struct {
	item
	Offers []offered
}

type matchingShown struct {
	Lines    []matching
	Next     string
	Count    int
	Fresh    []string // matches that their author may take back
	MayMatch bool
}

const matchedAtOnce = "25"

// showMatching lists the lines without an explanation, each with what it may be and why.
func showMatching(ctx context.Context, v *pages.Visit) error {
	shown := matchingShown{MayMatch: v.May(auth.MatchBank)}
	if fresh := v.Query("fait"); fresh != "" {
		shown.Fresh = strings.Split(fresh, ",")
	}
	asked := url.Values{"limit": {matchedAtOnce}, "count": {"bounded"}}
	if v.Query("suite") != "" {
		asked.Set("cursor", v.Query("suite"))
	}
	var page struct {
		Data       []item `json:"data"`
		NextCursor string `json:"next_cursor"`
		Count      int    `json:"count"`
	}
	if err := v.Read(ctx, "/v1/suspense?"+asked.Encode(), &page); err != nil {
		return err
	}
	names, of, err := namesOf(ctx, v, page.Data...)
	if err != nil {
		return err
	}
	for _, i := range page.Data {
		shown.Lines = append(shown.Lines, matching{i, offers(i.Suggestions, names, of)})
	}
	at := pageOf(v)
	shown.Next, shown.Count = nextPage(v, page.NextCursor, at), page.Count
	return v.Show("banque_rapprocher.html", pages.Sheet{Title: numbered("Rapprocher les lignes", at), Data: shown, Back: "/banque"})
}

// namesOf reads the names that the suggestions of lines need.
func namesOf(ctx context.Context, v *pages.Visit, items ...item) (names known, of labels, err error) {
	var mandates []string
	for _, i := range items {
		for _, s := range i.Suggestions {
			mandates = append(mandates, s.Mandate)
		}
	}
	if names, err = people(ctx, v, mandates...); err != nil {
		return nil, nil, err
	}
	of, err = benefitLabels(ctx, v)
	return names, of, err
}

// assigned is what an assignment did.
type assigned struct {
	Match  string       `json:"match"`
	Amount money.Amount `json:"amount"`
	Open   money.Amount `json:"open"`
	Alert  string       `json:"alert"`
}

// aside says why money of a person was put aside.
var aside = map[string]string{
	"RESOURCE_NOT_ELIGIBLE": " Nous ne pouvons pas gérer cet argent : il est mis à part, à reverser à la personne.",
	"CREDIT_AFTER_END":      " La mesure est finie : l'argent est mis à part, à rendre.",
	"BENEFIT_AFTER_DEATH":   " La personne est décédée : l'argent est mis à part.",
}

// acceptSuggestion takes a suggestion of a line, for the reasons that stand beside it.
func acceptSuggestion(ctx context.Context, v *pages.Visit) error {
	line := v.Form.Value("ligne")
	var of item
	if err := v.Read(ctx, "/v1/suspense/"+url.PathEscape(line), &of); err != nil {
		return gone(v, err)
	}
	no, err := strconv.Atoi(v.Form.Value("piste"))
	if err != nil || no < 1 || no > len(of.Suggestions) {
		v.Form.Bad("", "Cette piste n'existe plus. Choisissez de nouveau.")
		return showMatching(ctx, v)
	}
	body := map[string]any{"suggestion": no, "reason": of.Suggestions[no-1].reason()}
	reply, err := v.Act(ctx, http.MethodPost, "/v1/suspense/"+line+"/assignments", body, "")
	if err != nil {
		if err = refusedAct(v, err, nil); err != nil {
			return err
		}
		return showMatching(ctx, v)
	}
	var done assigned
	if err := readReply(reply, &done); err != nil {
		return err
	}
	return v.Done("/banque/rapprochement/lignes?fait="+done.Match, matchedText(done.Amount, done.Open, done.Alert))
}

// gone sends who acts on a line that somebody has explained meanwhile to the lines that are left.
func gone(v *pages.Visit, err error) error {
	if pages.Code(err) != "not_found" {
		return err
	}
	return v.Done("/banque/rapprochement/lignes", "Cette ligne a déjà son explication. Voici celles qui restent.")
}

func matchedText(amount, open money.Amount, alert string) string {
	said := "Rapproché : " + amount.Abs().French() + "."
	if !open.IsZero() {
		said += " Il reste " + open.Abs().French() + " à expliquer."
	}
	return said + aside[alert]
}
