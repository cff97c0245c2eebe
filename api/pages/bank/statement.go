package bank

import (
	"context"
	"net/http"
	"net/url"

	"masp/api/auth"
	"masp/api/pages"
)

// statementShown is a statement with what its reader may decide on it.
type statementShown struct {
	statement
	Tag       string
	Fetch     bool   // its bytes may be fetched
	Accept    bool   // it may be right beside the one that it resembles
	Old       string // the statement that it may take the place of, and its number
	OldRef    string
	OldTag    string
	MayDecide bool
}

// Decides tells that there is something to decide.
func (s statementShown) Decides() bool { return s.Waits() || s.Dropped() }

// Ways are what can be decided on a statement that waits.
func (s statementShown) Ways() []pages.Choice {
	var ways []pages.Choice
	if s.Old != "" {
		ways = append(ways, pages.Choice{
			Value: "remplacer", Name: "Le mettre à la place du relevé " + s.OldRef + ", que la banque a réémis",
		})
	}
	if s.Accept {
		ways = append(ways, pages.Choice{Value: "accepter", Name: "L'accepter : la banque confirme que les deux sont justes"})
	}
	if s.Dropped() {
		return append(ways, pages.Choice{Value: "reprendre", Name: "Le reprendre : il a été abandonné par erreur"})
	}
	return append(ways, pages.Choice{Value: "abandonner", Name: "L'abandonner : il est faux, ou en double"})
}

func showStatement(ctx context.Context, v *pages.Visit) error {
	shown := statementShown{MayDecide: v.May(auth.MatchBank), Fetch: v.Who().Reach(auth.FetchFiles) == auth.Whole}
	at := "/v1/bank_statements/" + v.Path("statement")
	var err error
	if shown.Tag, err = v.ReadTagged(ctx, at, &shown.statement); err != nil {
		return err
	}
	if shown.Accept = shown.Reason == "CONFLICT" || shown.Reason == "OVERLAP"; shown.Accept {
		if err := shown.findOld(ctx, v); err != nil {
			return err
		}
	}
	return v.Show("banque_releve.html", pages.Sheet{Title: "Relevé " + shown.Ref, Data: shown, Back: "/banque/imports"})
}

// findOld finds the statement in whose place this one could stand: only the last of an account is
// replaced, by one that closes on the same day.
func (s *statementShown) findOld(ctx context.Context, v *pages.Visit) error {
	ours, _, err := pages.Some[account](ctx, v, "/v1/bank_accounts?q="+url.QueryEscape(s.IBAN))
	if err != nil || len(ours) != 1 || ours[0].Last == nil || ours[0].Last.ClosingOn != s.To {
		return err
	}
	var old statement
	tag, err := v.ReadTagged(ctx, "/v1/bank_statements/"+ours[0].Last.Statement, &old)
	if err == nil && old.Opening == s.Opening {
		s.Old, s.OldRef, s.OldTag = old.Statement, old.Ref, tag
	}
	return err
}

// acts are the operations of the ways, and what to say when they are done.
var acts = map[string]struct{ path, done string }{
	"accepter":   {"acceptances", "Relevé accepté."},
	"abandonner": {"drops", "Relevé abandonné. Il reste gardé, rien n'en est enregistré."},
	"reprendre":  {"resumptions", "Relevé repris : il est jugé de nouveau."},
}

func decideStatement(ctx context.Context, v *pages.Visit) error {
	way := v.Form.Need("decision", "Choisissez ce qu'il faut faire de ce relevé.")
	reason := v.Form.Need("reason", "Dites pourquoi : qui l'a confirmé, quand.")
	if len(v.Form.Problems) > 0 {
		return showStatement(ctx, v)
	}
	this := v.Path("statement")
	to := "/banque/imports/" + this
	body, match := map[string]string{"reason": reason}, v.Form.Value("lu")
	act, target, done := acts[way], this, acts[way].done
	if way == "remplacer" {
		body["by"], target, match = this, v.Form.Value("ancien"), v.Form.Value("ancien_lu")
		act.path, done = "replacements", "Relevé remplacé. L'ancien reste gardé, ses écritures sont annulées."
	}
	if act.path == "" {
		v.Form.Bad("decision", "Choisissez ce qu'il faut faire de ce relevé.")
		return showStatement(ctx, v)
	}
	if _, err := v.Act(ctx, http.MethodPost, "/v1/bank_statements/"+target+"/"+act.path, body, match); err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showStatement(ctx, v)
	}
	return v.Done(to, done)
}
