package run

import (
	"context"
	"net/http"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
)

// adjusting is the form by which a coordinator changes one payment of a draft.
type adjusting struct {
	paid
	Seal  string // what the reader has seen of the run
	Lines []pages.Choice
	Kinds []pages.Choice
	Days  string // of what goes to the person, one a line
}

// kinds are what may be changed of a line.
var kinds = []pages.Choice{
	{Value: "SET_AMOUNT", Name: "Payer moins"},
	{Value: "DEFER", Name: "Ne pas payer maintenant : cela reste dû"},
	{Value: "BLOCK", Name: "Retenir : ce n'est pas à payer"},
	{Value: "RESTORE", Name: "Revenir à ce qui était calculé"},
}

// mayAdjust tells whether the payment stands in a draft that the reader prepares.
func (p paid) mayAdjust(v *pages.Visit) bool { return p.RunState == "draft" && v.May(auth.PrepareRuns) }

// ToPerson tells that the payment covers nothing that is due: it goes to the person, who has days.
func (p paid) ToPerson() bool { return len(p.Covers) == 0 }

func showAdjust(ctx context.Context, v *pages.Visit) error {
	p, err := readPaid(ctx, v)
	if err != nil {
		return err
	}
	if !p.mayAdjust(v) {
		return v.Go(p.RunPath + "/paiements")
	}
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	return p.showAdjust(v, r)
}

func (p paid) showAdjust(v *pages.Visit, r review) error {
	form := adjusting{paid: p, Seal: r.Seal(), Kinds: kinds, Days: p.ExecuteOn.String()}
	for _, c := range p.Covers {
		form.Lines = append(form.Lines, pages.Choice{Value: c.Line, Name: c.Label + ", " + c.Amount.French()})
	}
	return v.Show("campagne_changer.html", pages.Sheet{
		Title: "Changer un paiement", Data: form, Back: p.RunPath + "/paiements/" + p.Payment,
	})
}

// adjust changes the draft, which is computed again: the payment may have become another one.
func adjust(ctx context.Context, v *pages.Visit) error {
	p, err := readPaid(ctx, v)
	if err != nil {
		return err
	}
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	again := func(v *pages.Visit, r review) error { return p.showAdjust(v, r) }
	body := p.change(v)
	if len(v.Form.Problems) > 0 {
		return again(v, r)
	}
	if _, err := v.Act(ctx, http.MethodPost, askOf(v, "/adjustments"), body, v.Form.Value("seal")); err != nil {
		return refusedOn(v, r, err, again)
	}
	return v.Done(p.RunPath+"/paiements?mesure="+p.Mandate, "C'est changé. La part de cette personne est recalculée.")
}

// change reads what the form wants.
func (p paid) change(v *pages.Visit) map[string]any {
	body := map[string]any{"mandate": p.Mandate, "reason": v.Form.Need("reason", "Dites pourquoi.")}
	if p.ToPerson() {
		body["kind"], body["remit_to"], body["remit_on"] = "REMIT", p.Creditor, daysOf(v)
		return body
	}
	body["kind"] = v.Form.Need("kind", "Choisissez ce qui change.")
	body["line"] = v.Form.Value("line")
	if len(p.Covers) == 1 {
		body["line"] = p.Covers[0].Line
	} else if body["line"] == "" {
		v.Form.Bad("line", "Choisissez ce qui est payé.")
	}
	if body["kind"] != "SET_AMOUNT" {
		return body
	}
	if amount := v.Form.Amount("amount"); amount.IsPositive() {
		body["amount"] = amount
	} else if v.Form.Wrong("amount") == "" {
		v.Form.Bad("amount", "Écrivez combien payer, comme 412,50.")
	}
	return body
}

// daysOf reads days, one a line.
func daysOf(v *pages.Visit) (days []civil.Date) {
	const field, wrong = "remit_on", "Écrivez un jour par ligne, comme 2026-12-05 ou 05/12/2026."
	for text := range strings.FieldsSeq(v.Form.Need(field, wrong)) {
		day, err := dayOf(text)
		if err != nil {
			v.Form.Bad(field, wrong)
			return nil
		}
		days = append(days, day)
	}
	return days
}

// dayOf reads a day as programs write it, or as it is written by hand.
func dayOf(text string) (civil.Date, error) {
	if parts := strings.Split(text, "/"); len(parts) == 3 {
		text = parts[2] + "-" + parts[1] + "-" + parts[0]
	}
	return civil.Parse(text)
}
