package person

import (
	"context"

	"masp/api/pages"
)

const (
	hiddenCookie = "montants"
	oneYear      = 365 * 24 * 60 * 60 // seconds
)

// hiding tells whether amounts are hidden on this device.
func hiding(v *pages.Visit) bool { return v.Kept(hiddenCookie) != "" }

func home(ctx context.Context, v *pages.Visit) error {
	var f Facts
	if err := v.Read(ctx, "/v1/me/view", &f); err != nil {
		return err
	}
	return v.Show("moi_accueil.html", pages.Sheet{Title: "Mon argent", Bare: true, Data: say(f, hiding(v))})
}

// watch shows who helps her what the person sees.
func watch(ctx context.Context, v *pages.Visit) error {
	var f Facts
	if err := v.Read(ctx, "/v1/mandates/"+v.Path("mandate")+"/person_view", &f); err != nil {
		return err
	}
	seen := say(f, false)
	seen.Watched = true
	return v.Show("moi_accueil.html", pages.Sheet{Title: "Mon argent", Back: "/beneficiaires/" + v.Path("mandate"), Data: seen})
}

// hide hides the amounts on this device, or shows them again.
func hide(_ context.Context, v *pages.Visit) error {
	if v.Form.Has("montants", "montrer") {
		v.Keep(hiddenCookie, "", 0)
		return v.Done("/moi", "Tout se voit de nouveau.")
	}
	v.Keep(hiddenCookie, "caches", oneYear)
	return v.Done("/moi", "C'est caché sur cet appareil.")
}
