package run

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
)

// card is one exception on the page, with the ways to decide it.
type card struct {
	exception
	Anchor  string
	Field   string // of its reason
	Why     string // what the reason should say; empty where the button says enough
	Buttons []button
	Said    string // what was decided, by whom, when, and why when somebody wrote it
	Back    bool   // it may be taken back
	Payee   string // where its IBAN is corrected
}

// button is one decision.
type button struct{ Decision, Text string }

func anchorOf(no int) string { return "exceptions." + strconv.Itoa(no) }

func reasonField(no int) string { return "raison-" + strconv.Itoa(no) }

// Blocking tells whether the run waits for a decision on it.
func (e exception) Blocking() bool { return e.Severity == blocking }

func cardOf(v *pages.Visit, r review, e exception) card {
	c := card{exception: e, Anchor: anchorOf(e.No), Field: reasonField(e.No)}
	editable := r.State == "draft" && v.May(auth.PrepareRuns)
	if e.Code == "payee_rejected_last_time" || e.Code == "first_run" || strings.HasPrefix(e.Code, "measure_") {
		c.Before, c.After = "", "" // codes and days that the text says better
	}
	if e.Creditor != "" && slices.Contains(e.Choices, "CORRECT_IBAN") {
		c.Payee = "/destinataires/" + e.Creditor
	}
	if d := e.Decision; d != nil {
		who := d.By
		if who == v.Who().ID {
			who = "vous"
		}
		c.Said = fmt.Sprintf("Décidé : %s, par %s, %s", decisions[d.Decision], who, pages.Instant(d.At))
		if d.Reason != e.button(d.Decision) {
			c.Said += " : " + d.Reason
		}
		c.Back = editable
		return c
	}
	if !editable {
		return c
	}
	for _, choice := range e.Choices {
		if text := e.button(choice); text != "" {
			c.Buttons = append(c.Buttons, button{choice, text})
		}
		if why := e.wants(choice); why != "" {
			c.Why = why
		}
	}
	return c
}

// decisions are what was decided, after « Décidé : ».
var decisions = map[string]string{ //nolint:gosec // G101: words, no secrets
	"KEEP": "gardé tel quel", "PAY_PART": "payé en partie", "DEFER": "reporté", "BLOCK": "bloqué dans cette campagne",
	"WITHDRAW": "retiré", "CONFIRM_NO_RENT": "pas de loyer ce mois-ci", "NOT_A_DUPLICATE": "ce n'est pas un doublon",
	"CORRECT_IBAN": "IBAN à corriger", "VERIFIED_BY_CALL": "vérifié par appel", "KEEP_OLD": "ancien montant gardé",
	"PASS_ON": "à reverser à part",
}

// choices are the buttons that say the same for each exception.
var choices = map[string]string{ //nolint:gosec // G101: words, no secrets
	"DEFER": "Reporter", "BLOCK": "Bloquer", "WITHDRAW": "Retirer", "CONFIRM_NO_RENT": "Pas de loyer ce mois-ci",
	"NOT_A_DUPLICATE": "Ce n'est pas un doublon", "CORRECT_IBAN": "Corriger l'IBAN", "VERIFIED_BY_CALL": "Vérifié par appel",
	"PASS_ON": "Reverser à part", "KEEP": "C'est vu",
}

const nothing = "0,00\u00a0€"

// button is the text of a decision: it says what will be done; empty when another button says it already.
func (e exception) button(choice string) string {
	short := e.Code == "insufficient_funds"
	switch {
	case choice == "PAY_PART" && e.Instead.IsPositive(), choice == "KEEP_OLD":
		return "Payer " + e.Instead.French()
	case choice == "PAY_PART":
		return "Payer " + e.After
	case choice == "KEEP" && short && e.After == nothing:
		return "Ne rien payer maintenant"
	case choice == "KEEP" && short && slices.Contains(e.Choices, "PAY_PART"):
		return ""
	case choice == "KEEP" && (short || e.Code == "amount_changed"):
		return "Payer " + e.After
	case choice == "KEEP" && e.Code == "payee_rejected_last_time":
		return "Payer quand même"
	case choice == "KEEP" && e.out():
		return "C'est vu"
	case choice == "KEEP" && e.Blocking():
		return "Garder tel quel"
	}
	return choices[choice]
}

// wants is the question to whoever vouches for what the program cannot see; empty for none.
func (e exception) wants(choice string) string {
	switch {
	case choice == "VERIFIED_BY_CALL":
		return "Qui a répondu, à quel numéro ?"
	case choice == "NOT_A_DUPLICATE" || choice == "CONFIRM_NO_RENT":
		return "Pourquoi ?"
	case choice == "KEEP" && e.out():
		return ""
	case choice == "KEEP" && slices.Contains([]string{"payee_rejected_last_time", "non_social_income", "measure_ended"}, e.Code):
		return "Pourquoi ?"
	}
	return ""
}

// out tells that the measure has ended and pays nothing here: a day after would say that it does.
func (e exception) out() bool { return e.Code == "measure_ended" && !strings.Contains(e.After, "/") }

const takeBack = "TAKE_BACK"

// decide takes a decision, or takes one back.
func decide(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	no, err := strconv.Atoi(v.Path("exception"))
	at := slices.IndexFunc(r.Exceptions, func(e exception) bool { return e.No == no })
	if err != nil || at < 0 {
		return notFound()
	}
	e, choice := r.Exceptions[at], v.Form.Value("decision")
	reason := v.Form.Value(reasonField(no))
	if reason == "" && e.wants(choice) != "" {
		v.Form.Bad(reasonField(no), e.Label+" : "+missing(e.wants(choice)))
		return showReview(v, r)
	}
	if reason == "" {
		reason = e.button(choice)
	}
	if choice == takeBack {
		reason = "Décision annulée"
	}
	target := askOf(v, "/exceptions/"+strconv.Itoa(no)+"/decisions")
	_, err = v.Act(ctx, http.MethodPost, target, map[string]string{"decision": choice, "reason": reason}, v.Form.Value("seal"))
	if err != nil {
		return refusedOn(v, r, err, showReview)
	}
	return v.Done(onward(r, at), toldOf(r, at, choice))
}

// missing says what a reason lacks.
func missing(question string) string {
	if question == "Pourquoi ?" {
		return "dites pourquoi."
	}
	return "dites qui a répondu, et à quel numéro."
}

// onward leads to the next exception that waits: the page, and the place on it.
func onward(r review, at int) string {
	next := at
	for i := 1; i < len(r.Exceptions); i++ {
		if e := r.Exceptions[(at+i)%len(r.Exceptions)]; e.Decision == nil && e.No != r.Exceptions[at].No {
			next = (at + i) % len(r.Exceptions)
			break
		}
	}
	path := r.Path()
	if page := next/shownAtOnce + 1; page > 1 {
		path += "?page=" + strconv.Itoa(page)
	}
	return path + "#" + anchorOf(r.Exceptions[next].No)
}

// toldOf says what was decided, and how many of the blocking ones are left.
func toldOf(r review, at int, choice string) string {
	if choice == takeBack {
		return "Décision annulée."
	}
	left := 0
	for i, e := range r.Exceptions {
		if e.Open && i != at {
			left++
		}
	}
	said := pages.Capital(decisions[choice]) + "."
	switch {
	case !r.Exceptions[at].Blocking():
		return said
	case left == 0:
		return said + " Toutes les exceptions bloquantes sont décidées."
	}
	return said + " Encore " + pages.Count(left, "bloquante", "bloquantes") + "."
}
