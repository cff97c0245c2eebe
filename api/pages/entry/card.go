package entry

import (
	"context"
	"net/http"

	"masp/api/pages"
)

// takeCard takes the code out of the address that a card shows as a picture. Reading it uses nothing up: the
// person presses the button.
func takeCard(_ context.Context, v *pages.Visit) error {
	if code := v.Path("code"); plainSecret(code) {
		v.Keep(cardCookie, code, shortLife)
	}
	return v.Go("/carte")
}

// cardAsked is what the form of a card shows.
type cardAsked struct{ Onward, Code string }

func showCard(_ context.Context, v *pages.Visit) error {
	return v.Show("entree_carte.html", pages.Sheet{
		Title: "Entrer avec ma carte", Bare: true, Data: cardAsked{withOnwardOf(v), v.Kept(cardCookie)},
	})
}

// withOnwardOf is where a person goes on to: her money, when she did not say.
func withOnwardOf(v *pages.Visit) string {
	if to := onward(v); to != firstPage {
		return to
	}
	return "/moi"
}

func enterByCard(ctx context.Context, v *pages.Visit) error {
	code := v.Form.Need(codeWrong, "Écrivez le code de votre carte.")
	if code == "" {
		return showCard(ctx, v)
	}
	if _, err := v.Act(ctx, http.MethodPost, "/v1/card_entries", map[string]string{codeWrong: code}, ""); err != nil {
		if err = refused(v, err, codeWrong); err != nil {
			return err
		}
		return showCard(ctx, v)
	}
	v.Keep(cardCookie, "", 0)
	return v.Go(withOnwardOf(v))
}
