package entry

import (
	"context"

	"masp/api/auth"
	"masp/api/pages"
)

// door is what stands at the door of the organisation: who it is, how to reach it, how one enters.
type door struct {
	Name, Phone, Email, Address string
	Provider                    bool
}

func doorOf(ctx context.Context, v *pages.Visit) (d door, err error) {
	err = v.Read(ctx, "/v1/front_door", &d)
	return d, err
}

func help(_ context.Context, v *pages.Visit) error {
	name := "entree_aide.html"
	if v.Who().Means != auth.ByNobody && v.Who().Beneficiary == "" {
		name = "entree_aide_equipe.html"
	}
	return v.Show(name, pages.Sheet{Title: "Aide", Back: pages.Home(v.Who()), Bare: bare(v)})
}

// bare tells that a reader has no bar: nobody yet, or a person.
func bare(v *pages.Visit) bool { return v.Who().Means == auth.ByNobody || v.Who().Beneficiary != "" }

func accessibility(_ context.Context, v *pages.Visit) error {
	return v.Show("entree_accessibilite.html", pages.Sheet{
		Title: "Accessibilité : non conforme", Back: pages.Home(v.Who()), Bare: bare(v), Data: v.Host,
	})
}

func legal(_ context.Context, v *pages.Visit) error {
	return v.Show("entree_mentions.html", pages.Sheet{Title: "Mentions légales", Back: pages.Home(v.Who()), Bare: bare(v)})
}
