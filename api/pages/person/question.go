package person

import (
	"context"
	"encoding/json"
	"net/http"

	"masp/api/pages"
	"masp/ledger/civil"
)

// ready are the questions that are asked with one tap.
var ready = []pages.Choice{
	{Value: "NOT_RECEIVED", Name: "Je n'ai pas reçu mon argent"},
	{Value: "NOT_UNDERSTOOD", Name: "Je ne comprends pas ce paiement"},
	{Value: "SOONER", Name: "J'ai besoin d'argent plus tôt"},
	{Value: "OTHER", Name: "Autre question"},
}

func question(_ context.Context, v *pages.Visit) error {
	movement := v.Query("mouvement")
	if v.Method == http.MethodPost {
		movement = v.Form.Value("movement")
	}
	back := "/moi"
	if movement != "" {
		back = "/moi/mouvements"
	}
	return v.Show("moi_question.html", pages.Sheet{Title: "Poser une question", Back: back, Bare: true, Data: struct {
		Ready    []pages.Choice
		Movement string
	}{ready, movement}})
}

func ask(ctx context.Context, v *pages.Visit) error {
	body := map[string]string{"question": v.Form.Need("question", "Choisissez une question."), "text": v.Form.Value("text")}
	if id := v.Form.Value("movement"); id != "" {
		body["movement"] = id
	}
	if len(v.Form.Problems) > 0 {
		return question(ctx, v)
	}
	reply, err := v.Act(ctx, http.MethodPost, "/v1/me/questions", body, "")
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		for i := range v.Form.Problems {
			if v.Form.Problems[i].Field == "movement" { // no field that she fills
				v.Form.Problems[i] = pages.Problem{Text: "Ce mouvement n'existe plus. Revenez à la liste."}
			}
		}
		return question(ctx, v)
	}
	var kept struct {
		Until civil.Date `json:"answer_until"`
	}
	if err := json.Unmarshal(reply.Body, &kept); err != nil {
		return err
	}
	return v.Done("/moi", "Nous avons votre question. Réponse avant "+pages.Weekday(kept.Until)+".")
}
