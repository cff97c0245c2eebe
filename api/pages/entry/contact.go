package entry

import (
	"context"
	"net/http"

	"masp/api/pages"
)

// contactShown is the form of how to reach the organisation; Seen is the tag of what it shows.
type contactShown struct {
	door
	Seen string
}

func showContact(ctx context.Context, v *pages.Visit) error {
	var d door
	seen, err := v.ReadTagged(ctx, "/v1/front_door", &d)
	if err != nil {
		return err
	}
	if v.Method == http.MethodPost {
		seen = v.Form.Value("vu")
	}
	return v.Show("entree_contact.html", pages.Sheet{Title: "Nous joindre", Back: "/mentions", Data: contactShown{d, seen}})
}

func putContact(ctx context.Context, v *pages.Visit) error {
	_, err := v.Act(ctx, http.MethodPut, "/v1/front_door", map[string]string{
		"phone": v.Form.Value("phone"), "email": v.Form.Value("email"), "address": v.Form.Value("address"),
	}, v.Form.Value("vu"))
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
		return showContact(ctx, v)
	}
	return v.Done("/mentions", "C'est changé. Les personnes le voient sur leur page.")
}
