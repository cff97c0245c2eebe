package desk

import (
	"context"
	"net/http"
	"net/url"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func alertPages() []pages.Page {
	return append([]pages.Page{
		get("/alertes", auth.ReadAlerts, listAlerts),
		get("/alertes/:alert", auth.ReadAlerts, showAlert),
	}, actPages(
		act{"/alertes/:alert/clore", auth.WriteAlerts, closeAlert},
		act{"/alertes/:alert/sommeil", auth.WriteAlerts, snoozeAlert},
		act{"/alertes/:alert/confier", auth.WriteAlerts, assignAlert},
	)...)
}

// alert is what somebody must look at.
type alert struct {
	Alert        string       `json:"alert"`
	On           civil.Date   `json:"on"`
	Code         string       `json:"code"`
	Severity     string       `json:"severity"`
	State        string       `json:"state"`
	Label        string       `json:"label"`
	ToDo         string       `json:"to_do"`
	Mandate      string       `json:"mandate"`
	Subject      string       `json:"subject"`
	Amount       money.Amount `json:"amount"`
	Text         string       `json:"text"`
	User         string       `json:"user"`
	Before       int          `json:"before"`
	SnoozedUntil civil.Date   `json:"snoozed_until"`
	ClosedBy     string       `json:"closed_by"`
	ClosedReason string       `json:"closed_reason"`
}

// Word is how soon it must be looked at.
func (a alert) Word() string { return said(alertWords, a.Severity) }

// Tone is the tone of that.
func (a alert) Tone() string {
	return map[string]string{"urgent": urgent, "soon": soon}[a.Severity]
}

// IsQuestion tells that a person asks something.
func (a alert) IsQuestion() bool { return a.Code == questionCode }

func listAlerts(ctx context.Context, v *pages.Visit) error {
	q := url.Values{}
	for name, parameter := range map[string]string{"etat": "state", "gravite": "severity", "code": "code"} {
		if value := v.Query(name); value != "" {
			q.Set(parameter, value)
		}
	}
	found, err := listed[alert](ctx, v, "/v1/alerts", q)
	if err != nil {
		return err
	}
	p := pagerOf(v, found.Next, found.Count)
	title := "Alertes"
	if v.Query("code") == questionCode {
		title = "Questions des personnes"
	}
	return v.Show("bureau_alertes.html", pages.Sheet{Title: p.Title(title), Data: map[string]any{
		"All": found.Data, "Count": found.Count, "Pager": p, "State": v.Query("etat"),
		"Severity": v.Query("gravite"), "Code": v.Query("code"),
		"States": []pages.Choice{
			{Value: "", Name: "Ouvertes"}, {Value: "asleep", Name: "En sommeil"}, {Value: "closed", Name: "Closes"},
		},
		"Severities": choices("Toutes", alertWords, "urgent", "soon", "note"),
	}})
}

func alertAddress(v *pages.Visit) string { return "/v1/alerts/" + url.PathEscape(v.Path("alert")) }

func showAlert(ctx context.Context, v *pages.Visit) error {
	var a alert
	if err := v.Read(ctx, alertAddress(v), &a); err != nil {
		return err
	}
	return v.Show("bureau_alerte.html", pages.Sheet{
		Title: a.Label, Back: "/alertes", Data: map[string]any{"One": a, "Path": v.URL.Path},
	})
}

// onAlert is a deed on the alert of the address, by an operation below it.
func onAlert(ctx context.Context, v *pages.Visit, operation string, d deed) (deed, error) {
	var a alert
	tag, err := v.ReadTagged(ctx, alertAddress(v), &a)
	if err != nil {
		return d, err
	}
	d.Facts, d.Tag, d.to = []answered{{"Alerte", a.Label}, {"Ce qui s'est passé", a.Text}}, tag, "/alertes"
	d.Back = "/alertes/" + a.Alert
	if a.IsQuestion() && operation == "closures" {
		d.Title, d.Button, d.done = "Noter la réponse", "Noter la réponse", "Réponse notée."
		d.Asks = []ask{{
			Name: "reason", Label: "Ce que vous avez répondu", Kind: asNote, Need: "Écrivez ce que vous avez répondu.",
		}}
	}
	d.send = func(ctx context.Context, v *pages.Visit, body map[string]any) error {
		_, err := v.Act(ctx, http.MethodPost, alertAddress(v)+"/"+operation, body, d.seen(v))
		return err
	}
	return d, nil
}

func closeAlert(ctx context.Context, v *pages.Visit) (deed, error) {
	return onAlert(ctx, v, "closures", deed{
		Title: "Clore l'alerte", Button: "Clore l'alerte", done: "Alerte close.", Asks: []ask{askReason},
		Warn: "Une alerte close ne revient pas. Si le fait se répète, une nouvelle alerte vient.",
	})
}

func snoozeAlert(ctx context.Context, v *pages.Visit) (deed, error) {
	return onAlert(ctx, v, "snoozes", deed{
		Title: "Mettre l'alerte en sommeil", Button: "Mettre en sommeil", done: "Alerte en sommeil.",
		Asks: []ask{{Name: "until", Label: "Jusqu'au", Kind: asDate, Need: "Donnez un jour à venir."}, askReason},
	})
}

func assignAlert(ctx context.Context, v *pages.Visit) (deed, error) {
	return onAlert(ctx, v, "assignments", deed{
		Title: "Confier l'alerte", Button: "Confier l'alerte", done: "Alerte confiée.",
		Asks: []ask{{Name: "user", Label: "À qui", Hint: "Son identifiant, comme c.martin", Need: "Écrivez à qui."}},
	})
}
