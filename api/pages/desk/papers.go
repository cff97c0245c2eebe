package desk

import (
	"context"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
)

func paperPages() []pages.Page {
	const route = "/beneficiaires/:mandate/papiers"
	return append([]pages.Page{get(route, auth.ReadPersons, showPapers)}, actPages(
		act{route + "/remise", auth.HandPapers, handPaper},
	)...)
}

// What the papers are called, to whom and how they go.
var (
	paperWords = map[string]string{
		"STATEMENT": "Relevé de compte", "ANNUAL": "Compte de gestion annuel", "FINAL": "Compte rendu final",
	}
	recipientWords = map[string]string{
		"PERSON": "À la personne", "DEPARTMENT": "Au Département", "COURT": "Au juge", "HEIRS": "Aux héritiers",
		"RELAY": "À la structure qui prend la suite", "OTHER": "À quelqu'un d'autre",
	}
	meansWords = map[string]string{
		"BY_HAND": "En main propre", "POST": "Par courrier", "EMAIL": "Par courriel", "PORTAL": "Par le portail",
	}
)

// handed is a paper that was given to somebody.
type handed struct {
	Kind      string     `json:"kind"`
	From      civil.Date `json:"from"`
	To        civil.Date `json:"to"`
	Recipient string     `json:"recipient"`
	Means     string     `json:"means"`
	On        civil.Date `json:"on"`
	By        string     `json:"recorded_by"`
}

// What is which paper it was.
func (h handed) What() string { return said(paperWords, h.Kind) }

// Whom is who has received it.
func (h handed) Whom() string { return said(recipientWords, h.Recipient) }

// How is by which means.
func (h handed) How() string { return said(meansWords, h.Means) }

func showPapers(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	all, err := pages.All[handed](ctx, v, addressOf(f.Mandate)+"/handed_papers")
	if err != nil {
		return err
	}
	return v.Show("bureau_papiers.html", pages.Sheet{
		Title: "Papiers du dossier " + f.Mandate, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Handed": all, "Over": !f.EndedOn.IsZero()},
	})
}

// handPaper notes that a paper was handed over: its fingerprint is that of the books at this moment.
func handPaper(ctx context.Context, v *pages.Visit) (deed, error) {
	f, err := readFile(ctx, v)
	if err != nil {
		return deed{}, err
	}
	home := "/beneficiaires/" + f.Mandate + "/papiers"
	return deed{
		Title: "Noter un papier remis", Button: "Noter la remise", Measure: &f.measure, Back: home, to: home,
		Intro: "L'empreinte du papier est gardée avec la remise : on saura toujours ce qui a été remis.",
		done:  "Remise notée.",
		Asks: []ask{
			{
				Name: "kind", Label: "Quel papier", Kind: asChoice, Need: "Choisissez quel papier.",
				Choices: choices("", paperWords, "STATEMENT", "ANNUAL", "FINAL"),
			},
			{Name: "from", Label: "Du", Hint: "Le premier jour du papier", Kind: asDate},
			{Name: "to", Label: "Au", Hint: "Le dernier jour du papier", Kind: asDate},
			{
				Name: "recipient", Label: "À qui", Kind: asChoice, Need: "Choisissez à qui.",
				Choices: choices("", recipientWords, "PERSON", "DEPARTMENT", "COURT", "HEIRS", "RELAY", "OTHER"),
			},
			{
				Name: "means", Label: "Comment", Kind: asChoice, Need: "Choisissez comment.",
				Choices: choices("", meansWords, "BY_HAND", "POST", "EMAIL", "PORTAL"),
			},
			{Name: "note", Label: "Une note", Hint: "À qui exactement, si c'est quelqu'un d'autre"},
		},
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			_, err := v.Act(ctx, http.MethodPost, addressOf(f.Mandate)+"/handed_papers", body, "")
			return err
		},
	}, nil
}
