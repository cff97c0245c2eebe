package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
)

// mission is what an auditor may see.
type mission struct {
	Departments []string   `json:"departments"`
	From        civil.Date `json:"from,omitzero"`
	Until       civil.Date `json:"until,omitzero"`
}

func (m mission) sentence() string {
	if len(m.Departments) == 0 {
		return "Rien"
	}
	text := "Départements " + strings.Join(m.Departments, ", ")
	if !m.From.IsZero() {
		text += ", depuis le " + m.From.French()
	}
	if !m.Until.IsZero() {
		text += ", jusqu'au " + m.Until.French()
	}
	return text
}

// missionPage is the mission of an auditor, with the form that changes it.
type missionPage struct {
	mission
	Path, Was, Tag string
	Code           bool
}

// Codes are the Départements as one types them.
func (m missionPage) Codes() string { return strings.Join(m.Departments, " ") }

func readMission(ctx context.Context, v *pages.Visit) (m mission, tag string, err error) {
	tag, err = v.ReadTagged(ctx, missionAsked(v), &m)
	return m, tag, err
}

func missionAsked(v *pages.Visit) string { return "/v1/audit_missions/" + v.Path("user") }

func showMission(ctx context.Context, v *pages.Visit) error {
	u, _, err := readUser(ctx, v)
	if err != nil {
		return err
	}
	m, tag, err := readMission(ctx, v)
	if err != nil {
		return err
	}
	data := missionPage{mission: m, Path: u.Path(), Code: askCode(v)}
	data.Tag, data.Was = firstRead(v, tag, m.sentence())
	return v.Show("admin_mission.html", pages.Sheet{Title: "Mission, " + u.Name, Back: u.Path(), Data: data})
}

func changeMission(ctx context.Context, v *pages.Visit) error {
	ask := mission{Departments: references(v.Form.Value("departments")), From: v.Form.Date("from"), Until: v.Form.Date("until")}
	if ask.Departments == nil {
		ask.Departments = []string{}
	}
	_, err := act(ctx, v, deed{http.MethodPut, missionAsked(v), ask, v.Form.Value(tagField)})
	if errors.Is(err, errAgain) {
		for i, p := range v.Form.Problems {
			if strings.HasPrefix(p.Field, "departments.") {
				v.Form.Problems[i].Field, v.Form.Problems[i].Text = "departments", "Écrivez des numéros de Département, par exemple 26 34."
			}
		}
		return showMission(ctx, v)
	}
	path := user{User: v.Path("user")}.Path()
	if changed(err) {
		now, _, err := readMission(ctx, v)
		if err != nil {
			return err
		}
		if now.sentence() != ask.sentence() {
			return showChanged(v, now.sentence(), path+"/mission")
		}
	} else if err != nil {
		return err
	}
	return v.Done(path, "Mission enregistrée : "+ask.sentence()+".")
}
