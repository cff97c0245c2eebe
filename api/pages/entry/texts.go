package entry

import (
	"context"
	"html/template"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
)

// door is what stands at the door of the organisation: who it is, how to reach it, how one enters.
type door struct {
	Name, Phone, Email, Address string
	Provider                    bool
}

// Dial is the number as a telephone dials it.
func (d door) Dial() template.URL {
	digits := strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, d.Phone)
	return template.URL("tel:" + digits) //nolint:gosec // G203: digits alone
}

func doorOf(ctx context.Context, v *pages.Visit) (d door, err error) {
	err = v.Read(ctx, "/v1/front_door", &d)
	return d, err
}

func help(ctx context.Context, v *pages.Visit) error {
	if v.Who().Means != auth.ByNobody && v.Who().Beneficiary == "" {
		return text(ctx, v, "entree_aide_equipe.html", "Aide")
	}
	return text(ctx, v, "entree_aide.html", "Aide")
}

func accessibility(ctx context.Context, v *pages.Visit) error {
	return text(ctx, v, "entree_accessibilite.html", "Accessibilité : non conforme")
}

func legal(ctx context.Context, v *pages.Visit) error {
	return text(ctx, v, "entree_mentions.html", "Mentions légales")
}

// text shows a page that everybody reads, and how to reach the organisation. Who is not known yet, and a
// person, have no bar.
func text(ctx context.Context, v *pages.Visit, name, title string) error {
	d, err := doorOf(ctx, v)
	if err != nil {
		return err
	}
	return v.Show(name, pages.Sheet{
		Title: title, Back: pages.Home(v.Who()), Bare: v.Who().Means == auth.ByNobody || v.Who().Beneficiary != "",
		Data: struct {
			door
			Host string
		}{d, v.Host},
	})
}
