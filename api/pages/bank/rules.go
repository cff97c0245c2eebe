package bank

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// rule says which credits are what.
type rule struct {
	Rule      string     `json:"rule"`
	Mandate   string     `json:"mandate"`
	Sentence  string     `json:"sentence"`
	From      civil.Date `json:"from"`
	By        string     `json:"by"`
	Reason    string     `json:"reason"`
	Anyway    string     `json:"in_spite_of"`
	EndedAt   time.Time  `json:"ended_at"`
	EndedBy   string     `json:"ended_by"`
	EndReason string     `json:"end_reason"`
	Lines     int        `json:"lines"`
	Posts     bool       `json:"posts"`
}

// Ended tells that it holds no more.
func (r rule) Ended() bool { return !r.EndedAt.IsZero() }

// ruleOffer is a rule that equal choices of persons suggest.
type ruleOffer struct {
	Offer    string   `json:"offer"`
	Mandate  string   `json:"mandate"`
	Sentence string   `json:"sentence"`
	Lines    []string `json:"lines"`
}

// Links are the lines by number, from 1.
func (o ruleOffer) Links() map[int]string {
	all := make(map[int]string, len(o.Lines))
	for i, l := range o.Lines {
		all[i+1] = l
	}
	return all
}

type rulesShown struct {
	Rules    []rule
	Offers   []ruleOffer
	Ended    bool
	Whole    bool // who sees a part of the house reads no rules
	MayWrite bool
}

func showRules(ctx context.Context, v *pages.Visit) error {
	shown := rulesShown{
		Ended: v.Query("finies") == "oui", Whole: v.Who().Reach(auth.ReadBank) == auth.Whole,
		MayWrite: v.May(auth.MatchBank),
	}
	var err error
	all := "/v1/recognition_rules?ended=" + strconv.FormatBool(shown.Ended)
	if shown.Rules, err = pages.All[rule](ctx, v, all); err != nil {
		return err
	}
	if shown.Offers, err = pages.All[ruleOffer](ctx, v, "/v1/recognition_offers"); err != nil {
		return err
	}
	return v.Show("banque_regles.html", pages.Sheet{Title: "Règles de reconnaissance", Data: shown, Back: "/banque"})
}

// answerOffer makes a rule of an offer, or refuses it for good.
func answerOffer(ctx context.Context, v *pages.Visit) error {
	act, said := "acceptances", "Règle écrite. Elle vaut pour les lignes à venir."
	if v.Form.Has("reponse", "refuser") {
		act, said = "refusals", "Règle refusée. Elle ne sera plus proposée."
	}
	body := map[string]string{"reason": v.Form.Need("reason", "Dites pourquoi.")}
	if anyway := v.Form.Value("anyway"); anyway != "" && act == "acceptances" {
		body["anyway"] = anyway
	}
	return actOnRule(ctx, v, "/v1/recognition_offers/"+url.PathEscape(v.Path("offer"))+"/"+act, body, said)
}

// endRule ends a rule; what it recognised stays.
func endRule(ctx context.Context, v *pages.Visit) error {
	body := map[string]string{"reason": v.Form.Need("reason", "Dites pourquoi.")}
	at := "/v1/recognition_rules/" + url.PathEscape(v.Path("rule")) + "/ends"
	return actOnRule(ctx, v, at, body, "Règle finie. Ce qu'elle a reconnu reste.")
}

func actOnRule(ctx context.Context, v *pages.Visit, target string, body map[string]string, said string) error {
	if len(v.Form.Problems) > 0 {
		v.Form.Problems[0].Field = "" // each rule has such a field
		return showRules(ctx, v)
	}
	if _, err := v.Act(ctx, http.MethodPost, target, body, ""); err != nil {
		if err = refusedAct(v, err, map[string]string{"reason": ""}); err != nil {
			return err
		}
		return showRules(ctx, v)
	}
	return v.Done("/banque/regles", said)
}

// ruleShown is a rule that is being written, and the lines that it would have fitted.
type ruleShown struct {
	Tried    bool
	Lines    []pastLine
	Overlaps bool
	Benefits []pages.Choice
}

type pastLine struct {
	Line         string       `json:"line"`
	BankAccount  string       `json:"bank_account"`
	BookedOn     civil.Date   `json:"booked_on"`
	Amount       money.Amount `json:"amount"`
	Counterparty string       `json:"counterparty"`
	Text         string       `json:"text"`
	Was          string       `json:"was"`
	Others       []string     `json:"other_rules"`
}

func showNewRule(ctx context.Context, v *pages.Visit) error { return showRule(ctx, v, ruleShown{}) }

func showRule(ctx context.Context, v *pages.Visit, shown ruleShown) error {
	of, err := benefitLabels(ctx, v)
	if err != nil {
		return err
	}
	shown.Benefits = of.choices()
	return v.Show("banque_regle.html", pages.Sheet{Title: "Écrire une règle", Data: shown, Back: "/banque/regles"})
}

// writeRule tries a rule first, on what came in the last three months; then keeps it.
func writeRule(ctx context.Context, v *pages.Visit) error {
	body, err := ruleTyped(ctx, v)
	if err != nil {
		return err
	}
	if len(v.Form.Problems) > 0 {
		return showRule(ctx, v, ruleShown{})
	}
	shown := ruleShown{Tried: true}
	if v.Form.Has("acte", "ecrire") {
		body["reason"] = v.Form.Need("reason", "Dites pourquoi cette règle est juste.")
		if anyway := v.Form.Value("anyway"); anyway != "" {
			body["anyway"] = anyway
		}
		if len(v.Form.Problems) == 0 {
			_, err := v.Act(ctx, http.MethodPost, "/v1/recognition_rules", body, "")
			if err == nil {
				return v.Done("/banque/regles", "Règle écrite. Elle vaut pour les lignes à venir.")
			}
			shown.Overlaps = pages.Code(err) == "rule_overlaps"
			if err = refusedAct(v, err, nil); err != nil {
				return err
			}
		}
		delete(body, "reason")
		delete(body, "anyway")
	}
	if err := shown.try(ctx, v, body); err != nil {
		if err = refusedAct(v, err, nil); err != nil {
			return err
		}
		shown.Tried = false
	}
	return showRule(ctx, v, shown)
}

func (r *ruleShown) try(ctx context.Context, v *pages.Visit, body map[string]any) error {
	reply, err := v.Act(ctx, http.MethodPost, "/v1/recognition_rule_trials", body, "")
	if err != nil {
		return err
	}
	var found struct {
		Lines []pastLine `json:"lines"`
	}
	err = readReply(reply, &found)
	r.Lines = found.Lines
	return err
}

// ruleTyped is the rule as the form says it.
func ruleTyped(ctx context.Context, v *pages.Visit) (map[string]any, error) {
	mandate, err := mandateTyped(ctx, v, "mandate")
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	for name, value := range map[string]string{
		"bank_account": strings.ToUpper(v.Form.Value("bank_account")), "payer_words": v.Form.Value("payer_words"), "mandate": mandate,
		"benefit": v.Form.Value("benefit"), "payer": strings.ToUpper(v.Form.Value("payer")),
	} {
		if value != "" {
			body[name] = value
		}
	}
	var words []string
	for line := range strings.Lines(v.Form.Value("words")) {
		if line = strings.TrimSpace(line); line != "" {
			words = append(words, line)
		}
	}
	if len(words) > 0 {
		body["words"] = words
	}
	for _, name := range []string{"min", "max"} {
		if a := v.Form.Amount(name); !a.IsZero() {
			body[name] = a
		}
	}
	if _, said := body["payer_words"]; !said && len(words) == 0 {
		v.Form.Bad("payer_words", "Écrivez des mots du nom du payeur, ou du libellé.")
	}
	return body, nil
}
