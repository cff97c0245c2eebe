package bank

import (
	"context"
	"net/http"

	"masp/api/pages"
	"masp/ledger/money"
)

// undo is what taking a match back changes.
type undo struct {
	Match     string       `json:"match"`
	Line      string       `json:"line"`
	What      string       `json:"what"`
	Amount    money.Amount `json:"amount"`
	Accounts  []undoes     `json:"accounts"`
	Receipts  []receipt    `json:"receipts"`
	Transfers []struct {
		Payment string `json:"payment"`
		State   string `json:"state"`
	} `json:"transfers"`
	Obstacles []string `json:"obstacles"`
}

type undoes struct {
	Account string       `json:"account"`
	Amount  money.Amount `json:"amount"`
	Holds   money.Amount `json:"holds"`
}

type undoShown struct {
	undo
	Names  known
	Labels labels
	Back   string
	From   string // the line whose page asked
}

// tryUndo is the reason of a look at what an undo would change: nothing is written under it.
const tryUndo = "Voir ce qui change"

// undoMatch shows what an undo changes; with the reason, and the button of that page, it undoes.
func undoMatch(ctx context.Context, v *pages.Visit) error {
	at := "/v1/matches/" + v.Path("match") + "/undos"
	back := "/banque/rapprochement/lignes"
	if line := v.Form.Value("ligne"); line != "" {
		back = "/banque/lignes/" + line
	}
	if !v.Form.Has("fait", "oui") {
		return showUndo(ctx, v, at, back)
	}
	reason := v.Form.Need("reason", "Dites pourquoi ce n'est pas cela.")
	if len(v.Form.Problems) == 0 {
		_, err := v.Act(ctx, http.MethodPost, at, map[string]string{"reason": reason}, "")
		if err == nil {
			return v.Done(back, "Annulé. L'argent est de nouveau sans explication.")
		}
		if err = v.Form.Refused(err); err != nil {
			return err
		}
	}
	return showUndo(ctx, v, at, back)
}

func showUndo(ctx context.Context, v *pages.Visit, at, back string) error {
	shown := undoShown{Back: back, From: v.Form.Value("ligne")}
	reply, err := v.Act(ctx, http.MethodPost, at+"?dry_run=true", map[string]string{"reason": tryUndo}, "")
	if err != nil {
		return err
	}
	if err := readReply(reply, &shown.undo); err != nil {
		return err
	}
	var of []string
	for _, r := range shown.Receipts {
		of = append(of, r.Mandate)
	}
	if shown.Names, err = people(ctx, v, of...); err != nil {
		return err
	}
	if shown.Labels, err = benefitLabels(ctx, v); err != nil {
		return err
	}
	return v.Show("banque_annuler.html", pages.Sheet{Title: "Vérifier avant d'annuler", Data: shown, Back: back})
}
