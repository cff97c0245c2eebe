package run

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// checked is the page on which a run is submitted or signed.
type checked struct {
	review
	Submit, Approve bool
	Why             string // why nobody acts here, or others do
	Apart           bool   // the books differ from the bank
	Decisions       int
	Open            int
	Seen            string // text of the box
	Button          string
	Code            bool // a second factor is asked for
	Short           string
	Remaining       int // signatures that are still wanted
}

func showCheck(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	return showChecked(v, r)
}

// showChecked shows the last page before a run is submitted or signed. One that is signed already says so.
func showChecked(v *pages.Visit, r review) error {
	if r.approved() || r.State == "cancelled" {
		return showPast(v, r, http.StatusOK)
	}
	data := checked{review: r, Short: shortHash(r.ContentHash), Remaining: r.Needed - r.Signatures}
	for _, e := range r.Exceptions {
		if e.Decision != nil {
			data.Decisions++
		}
		if e.Open {
			data.Open++
		}
	}
	if n := len(r.Exceptions); n == 1 {
		data.Seen = "J'ai vu l'exception."
	} else if n > 1 {
		data.Seen = "J'ai vu les " + pages.Number(n) + " exceptions."
	}
	data.offer(v)
	if data.Approve {
		if err := data.prove(v); err != nil {
			return err
		}
	}
	title := "Vérifier la " + strings.ToLower(r.Title()[:1]) + r.Title()[1:]
	return v.Show("campagne_verifier.html", pages.Sheet{Title: title, Data: data, Back: r.Path()})
}

// offer says what the reader may do here, or why it is for others.
func (c *checked) offer(v *pages.Visit) {
	what := fmt.Sprintf("%s pour %s", pages.Count(c.Figures.Transfers, "paiement", "paiements"), c.Figures.Total.French())
	switch {
	case c.State == "draft" && !v.May(auth.PrepareRuns):
		c.Why = "Cette campagne est encore en préparation."
	case c.State == "draft" && c.Open > 0:
		c.Why = waiting(c.Open)
	case c.State == "draft":
		c.Submit, c.Button = true, "Soumettre "+what
	case !v.May(auth.ApproveRuns), slices.Contains(c.prepared(), v.Who().ID):
		c.Why = "Une autre personne doit approuver."
	case slices.Contains(c.signed(), v.Who().ID):
		c.Why = "Vous avez signé. Une deuxième personne doit approuver aussi."
	default:
		c.Approve, c.Button = true, "Approuver "+what
		c.Code = stale(v.Who(), time.Now())
	}
}

// proof is how the books and the bank stand today, all accounts together.
type proof struct {
	OK         bool
	Difference money.Amount
	Since      civil.Date `json:"first_day_of_difference"`
}

// prove takes the button away while the books differ from the bank: nobody signs then.
func (c *checked) prove(v *pages.Visit) error {
	var now proof
	if err := v.Read(v.Context(), "/v1/proof", &now); err != nil || now.OK {
		return err
	}
	c.Approve, c.Apart = false, true
	c.Why = "La banque et nos comptes ne sont pas d'accord"
	if !now.Since.IsZero() {
		c.Why += " depuis le " + pages.Day(now.Since)
	}
	if !now.Difference.IsZero() {
		c.Why += " : écart de " + now.Difference.French()
	}
	c.Why += ". Personne ne peut approuver avant que ce soit corrigé."
	return nil
}

// waiting says how many decisions the run waits for.
func waiting(open int) string {
	return "Encore " + pages.Count(open, "exception bloquante", "exceptions bloquantes") + " à décider."
}

// stale tells whether the second factor of a session may be too old to sign with. A token has none.
func stale(who auth.Principal, now time.Time) bool {
	const margin = time.Minute
	age := now.Sub(who.ProvedAt)
	return who.Means == auth.BySession && (age < 0 || age > auth.Fresh-margin)
}

// seen tells whether the box was ticked, and says so where it was not.
func seen(v *pages.Visit, r review) bool {
	if len(r.Exceptions) == 0 || v.Form.Has("vu", "oui") {
		return true
	}
	v.Form.Bad("vu", "Cochez la case quand vous avez vu les exceptions.")
	return false
}

// submit ends the preparation.
func submit(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	switch {
	case err != nil:
		return err
	case r.State != "draft":
		return v.Go(r.Path() + "/confirmation")
	case r.tag != v.Form.Value("seal"):
		return showChanged(v, r, api.Stale())
	case !seen(v, r):
		return showChecked(v, r)
	}
	if _, err := v.Act(ctx, http.MethodPost, askOf(v, "/submissions"), nil, ""); err != nil {
		return refusedOn(v, r, err, showChecked)
	}
	return v.Go(r.Path() + "/confirmation")
}

// approve signs the content that the page has shown: first the second factor, if it was given, then the
// signature.
func approve(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	switch {
	case err != nil:
		return err
	case r.approved() || r.State == "cancelled":
		return showPast(v, r, http.StatusConflict)
	case !seen(v, r):
		return showChecked(v, r)
	}
	if code := v.Form.Value("code"); code != "" {
		if _, err := v.Act(ctx, http.MethodPost, "/v1/proofs", map[string]string{"code": code}, ""); err != nil {
			return showRefusedCode(v, r, err)
		}
	}
	if _, err := v.Act(ctx, http.MethodPost, askOf(v, "/approvals"), nil, v.Form.Value("seal")); err != nil {
		if pages.Code(err) == "step_up_required" {
			v.Form.Bad("code", "Écrivez le code de votre application.")
			return showChecked(v, r)
		}
		return refusedOn(v, r, err, showChecked)
	}
	return v.Go(r.Path() + "/confirmation")
}

// showRefusedCode asks for the code again.
func showRefusedCode(v *pages.Visit, r review, err error) error {
	fault, ok := errors.AsType[*api.Fault](err)
	if !ok || fault.Status >= http.StatusInternalServerError {
		return err
	}
	v.Form.Values.Del("code")
	v.Form.Bad("code", fault.Detail.French)
	return showChecked(v, r)
}

// showPast says that nothing is left to sign.
func showPast(v *pages.Visit, r review, status int) error {
	title := "Cette campagne est déjà approuvée"
	if r.State == "cancelled" {
		title = "Cette campagne est annulée"
	}
	return v.ShowAs(status, "campagne_passee.html", pages.Sheet{Title: title, Data: r, Back: r.Path()})
}
