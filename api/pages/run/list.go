package run

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

const runsAsked = "/v1/payment_runs"

// listed is the page of the runs.
type listed struct {
	Runs    []runHead
	States  []pages.Choice
	Next    string
	Prepare bool
}

// stateChoices are the states in the order of a run's life.
func stateChoices(chosen string) []pages.Choice {
	all := []pages.Choice{{Name: "Tous"}}
	for _, state := range []string{"draft", "in_review", "approved", "filed", "handed_over", "settled", "cancelled"} {
		all = append(all, pages.Choice{Value: state, Name: states[state][0], Chosen: state == chosen})
	}
	return all
}

const runsShown = "30"

func showRuns(ctx context.Context, v *pages.Visit) error {
	q := url.Values{"limit": {runsShown}}
	if cursor := v.Query("suite"); cursor != "" {
		q.Set("cursor", cursor)
	}
	state := v.Query("etat")
	if _, known := states[state]; known {
		q.Set("state", state)
	}
	runs, next, err := pages.Some[runHead](ctx, v, runsAsked+"?"+q.Encode())
	if err != nil {
		return err
	}
	data := listed{Runs: runs, Prepare: v.May(auth.PrepareRuns), States: stateChoices(state)}
	if next != "" {
		data.Next = "/campagnes?" + url.Values{"suite": {next}, "etat": {state}}.Encode()
	}
	title := "Campagnes de paiement"
	if v.Query("suite") != "" {
		title += ", suite"
	}
	return v.Show("campagne_liste.html", pages.Sheet{Title: title, Data: data})
}

// asked is a run that is asked for.
type asked struct {
	On       string   `json:"on,omitempty"`
	Mandates []string `json:"mandates,omitempty"`
}

// readAsked reads the form: the run is of the month of its day, which is today when none is given.
func readAsked(v *pages.Visit) asked {
	a := asked{Mandates: v.Form.Values["mandates"]}
	if on := v.Form.Date("on"); !on.IsZero() {
		a.On = on.String()
	}
	return a
}

// computed is what a run would be.
type computed struct {
	Month     civil.Month
	On        civil.Date
	Transfers int
	Total     money.Amount
	Mandates  []struct {
		person
		Refused   string
		Lines     []struct{ Line string }
		Transfers []struct{ Amount money.Amount }
	}
	Exceptions []struct{ Mandate, Severity string }
}

// row is a person in what would be a run; who has nothing in it is not chosen for her.
type row struct {
	person
	Chosen     bool
	Transfers  int
	Total      money.Amount
	Refused    bool
	Exceptions int
}

// previewed is the page of what would be a run.
type previewed struct {
	computed
	Rows    []row
	Persons int
	Blocked int
	Open    int
}

// preview shows what would be in a run, and writes nothing.
func preview(ctx context.Context, v *pages.Visit) error {
	ask := readAsked(v)
	if len(v.Form.Problems) > 0 {
		return showRuns(ctx, v)
	}
	whole := ask
	whole.Mandates = nil
	var all computed
	if err := compute(ctx, v, whole, &all); err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showRuns(ctx, v)
	}
	return v.Show("campagne_nouvelle.html", pages.Sheet{
		Title: "Préparer la campagne " + all.Month.FrenchOf(), Back: "/campagnes", Data: previewOf(all, ask.Mandates),
	})
}

// compute asks what a run would be. It changes nothing, so that its key is of this reading alone.
func compute(ctx context.Context, v *pages.Visit, ask asked, into *computed) error {
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	head := http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {"lecture-" + rand.Text()}}
	reply, err := v.Ask(ctx, http.MethodPost, "/v1/payment_run_computations", head, bytes.NewReader(body))
	if err != nil {
		return err
	}
	return json.Unmarshal(reply.Body, into)
}

func previewOf(c computed, chosen []string) previewed {
	page := previewed{computed: c}
	told := make(map[string]int)
	for _, e := range c.Exceptions {
		if told[e.Mandate]++; e.Severity == blocking {
			page.Blocked++
		}
	}
	page.Open = len(c.Exceptions)
	for _, m := range c.Mandates {
		r := row{person: m.person, Transfers: len(m.Transfers), Refused: m.Refused != ""}
		r.Exceptions = told[m.Mandate]
		r.Chosen = slices.Contains(chosen, m.Mandate) || len(chosen) == 0 && len(m.Lines)+len(m.Transfers)+r.Exceptions > 0
		for _, t := range m.Transfers {
			r.Total = r.Total.Add(t.Amount)
		}
		if r.Transfers > 0 {
			page.Persons++
		}
		page.Rows = append(page.Rows, r)
	}
	return page
}

// propose keeps a run as a draft.
func propose(ctx context.Context, v *pages.Visit) error {
	ask := readAsked(v)
	if len(ask.Mandates) == 0 {
		v.Form.Bad("", "Choisissez au moins une personne.")
	}
	if len(v.Form.Problems) > 0 {
		return preview(ctx, v)
	}
	reply, err := v.Act(ctx, http.MethodPost, runsAsked, ask, "")
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showRuns(ctx, v)
	}
	var made runHead
	if err := json.Unmarshal(reply.Body, &made); err != nil {
		return err
	}
	return v.Done(made.Path(), "La campagne est préparée. Rien n'est envoyé.")
}
