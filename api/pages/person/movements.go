package person

import (
	"context"
	"net/url"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// move is a PersonMovement of the contract.
type move struct {
	Movement   string
	On         civil.Date
	What       string
	Kind, Name string
	In, Out    money.Amount
}

// told is a movement in a list.
type told struct{ Movement, Day, What, Amount, Way string }

func (s speech) tell(m move) told {
	t := told{m.Movement, pages.Day(m.On), pages.Capital(m.Name), s.euros(m.Out), "payé"}
	if m.In.IsPositive() {
		t.Amount, t.Way = s.euros(m.In), "reçu"
	}
	switch {
	case m.Kind == "person" && m.In.IsPositive():
		t.What, t.Way = "Pour vous", "revenu"
	case m.Kind == "person":
		t.What, t.Way = "Pour vous", "envoyé"
	case m.Kind == "payee" && m.In.IsPositive():
		t.What, t.Way = m.Name, "revenu"
	case m.Name == "" && m.In.IsPositive():
		t.What = "Argent reçu"
	case m.Name == "":
		t.What, t.Way = "Autre mouvement", "sorti"
	}
	return t
}

func movements(ctx context.Context, v *pages.Visit) error {
	q := url.Values{"limit": {"20"}}
	title := "Mouvements"
	if at := v.Query("suite"); at != "" {
		q.Set("cursor", at)
		title += " plus anciens"
	}
	all, older, err := pages.Some[move](ctx, v, "/v1/me/movements?"+q.Encode())
	if err != nil {
		return err
	}
	s := speech{hidden: hiding(v)}
	list := make([]told, 0, len(all))
	for _, m := range all {
		list = append(list, s.tell(m))
	}
	return v.Show("moi_mouvements.html", pages.Sheet{Title: title, Back: "/moi", Bare: true, Data: struct {
		Moves []told
		Older string
	}{list, older}})
}

// story is a PersonMovementStory of the contract.
type story struct {
	move
	For       []string
	Rent      bool
	Month     civil.Month
	SignedBy  []string   `json:"signed_by"`
	Confirmed civil.Date `json:"confirmed_on"`
	CameBack  bool       `json:"came_back"`
	Reason    string
	Payer     string
}

func movement(ctx context.Context, v *pages.Visit) error {
	var m story
	if err := v.Read(ctx, "/v1/me/movements/"+v.Path("movement"), &m); err != nil {
		return err
	}
	s := speech{hidden: hiding(v)}
	return v.Show("moi_mouvement.html", pages.Sheet{Title: "Un mouvement", Back: "/moi/mouvements", Bare: true, Data: struct {
		Movement string
		Says     []string
		Label    string
	}{m.Movement, s.story(m), m.What}})
}

// story tells a movement: who, why, who decided it, what the bank said.
func (s speech) story(m story) (says []string) {
	day := "Le " + pages.Day(m.On)
	switch {
	case m.Kind == "benefit":
		if m.Payer == "" {
			return []string{day + ", nous avons reçu " + s.euros(m.In) + " pour vous.", "La banque l'a confirmé."}
		}
		return []string{day + ", " + payer(m.Payer) + " a payé " + s.euros(m.In) + ".", "La banque l'a confirmé."}
	case m.Kind == "payee" && m.In.IsPositive():
		return append([]string{day + ", " + s.euros(m.In) + " sont revenus.", "Ce paiement allait à " + m.Name + "."}, back(m.Reason)...)
	case m.Kind == "person" && m.In.IsPositive():
		return append([]string{day + ", " + s.euros(m.In) + " sont revenus.", "Nous les avions envoyés sur votre compte."}, back(m.Reason)...)
	case m.Kind == "payee":
		says = []string{day + ", nous avons payé " + s.euros(m.Out) + ".", "C'est pour " + m.Name + "."}
		if m.Rent {
			says = append(says, "C'est votre loyer "+monthOf(m.Month)+".")
		}
	case m.Kind == "person":
		says = []string{day + ", nous avons envoyé " + s.euros(m.Out) + ".", "C'est pour vous, sur votre compte."}
	case m.In.IsPositive():
		return []string{day + ", " + s.euros(m.In) + " sont arrivés."}
	default:
		return []string{day + ", " + s.euros(m.Out) + " sont sortis."}
	}
	if len(m.SignedBy) > 0 {
		says = append(says, helperOf(m.SignedBy[0]).name+" l'a validé.")
	}
	switch {
	case m.CameBack:
		says = append(says, "Ce paiement est revenu ensuite.")
	case m.Confirmed.IsZero():
		says = append(says, "La banque ne l'a pas encore confirmé.")
	default:
		says = append(says, "La banque l'a confirmé.")
	}
	return says
}

// backs are the reasons of banks (codes of ISO 20022), as a person needs them.
var backs = map[string][]string{
	"AC01": {"Nous vérifions le numéro de compte."},
	"AC04": {"Ce compte est fermé.", "Donnez-nous un nouveau RIB."},
	"AC06": {"Nous nous en occupons."},
	"AG01": {"Ce compte ne peut pas recevoir.", "Il en faut un autre."},
}

func back(code string) []string {
	if says, ok := backs[code]; ok {
		return says
	}
	return []string{"Nous nous en occupons."}
}
