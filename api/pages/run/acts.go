package run

import (
	"context"
	"net/http"

	"masp/api/pages"
)

// reopen takes a run that waits for its signature back to the draft.
func reopen(ctx context.Context, v *pages.Visit) error {
	return actOn(ctx, v, "/reopenings", v.Form.Value("seal"), "La campagne est de nouveau un brouillon. Rien n'est envoyé.")
}

// cancel gives a run up.
func cancel(ctx context.Context, v *pages.Visit) error {
	return actOn(ctx, v, "/cancellations", "", "La campagne est annulée. Rien n'est envoyé.")
}

// actOn does an act on a run from its own page.
func actOn(ctx context.Context, v *pages.Visit, below, match, said string) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	if _, err := v.Act(ctx, http.MethodPost, askOf(v, below), nil, match); err != nil {
		return refusedOn(v, r, err, showReview)
	}
	return v.Done(r.Path(), said)
}

// confirmed is the page after a run was submitted or signed.
type confirmed struct {
	review
	Next  string
	Ready []file
}

func showConfirmation(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	title := "Campagne " + r.Run + " approuvée"
	switch {
	case r.State == "draft" || r.State == "cancelled":
		return v.Go(r.Path())
	case r.State == "in_review" && r.Signatures == 0:
		title = "Campagne " + r.Run + " soumise"
	case r.State == "in_review":
		title = "Première signature enregistrée, " + r.Run
	}
	data := confirmed{review: r, Next: nextOf(r), Ready: livingFiles(r.Files)}
	return v.Show("campagne_confirmation.html", pages.Sheet{Title: title, Data: data, Back: r.Path()})
}

// nextOf says what happens next, and who acts.
func nextOf(r review) string {
	switch {
	case r.State == "in_review" && r.Signatures == 0 && r.Needed > 1:
		return "Deux personnes doivent approuver cette campagne. Rien ne part avant."
	case r.State == "in_review" && r.Signatures == 0:
		return "Une autre personne doit approuver cette campagne. Rien ne part avant."
	case r.State == "in_review":
		return "Une deuxième personne doit approuver aussi. Rien ne part avant."
	case r.State == "approved" && len(livingFiles(r.Files)) > 0:
		return "Créez le fichier de virements, puis remettez-le à la banque, au plus tard " + latest(r) + "."
	case r.State == "filed":
		return "Remettez le fichier à la banque, au plus tard " + latest(r) + "."
	case r.State == "handed_over":
		return "La banque a le fichier. Le relevé de banque dira ce qui est exécuté."
	}
	return "Il n'y a plus rien à faire."
}

// latest is the day until which the bank must have the files: that of the first execution.
func latest(r review) string {
	if len(r.Days) == 0 {
		return "le " + pages.Weekday(r.On)
	}
	return "le " + pages.Weekday(r.Days[0])
}

// livingFiles are the files that are worth something.
func livingFiles(all []file) (living []file) {
	for _, f := range all {
		if !f.Void {
			living = append(living, f)
		}
	}
	return living
}
