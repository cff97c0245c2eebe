package run

import (
	"errors"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/pages"
)

func notFound() error { return api.NotFound() }

// unknown is a reference in an address that cannot be one: no such page.
func unknown(err error) error {
	if fault, ok := errors.AsType[*api.Fault](err); ok && fault.Status == http.StatusBadRequest {
		return notFound()
	}
	return err
}

// changedPage is what a run has become since it was read.
type changedPage struct {
	Path    string
	Changes []string
}

// refusedOn answers what was refused: what has changed on a page of its own, everything else on the page of the
// form, which again shows.
func refusedOn(v *pages.Visit, r review, err error, again func(*pages.Visit, review) error) error {
	fault, ok := errors.AsType[*api.Fault](err)
	if !ok {
		return err
	}
	if fault.Status == http.StatusPreconditionFailed {
		return showChanged(v, r, fault)
	}
	if fault.Status == http.StatusForbidden && slices.Contains([]string{"same_person", "iban_changer", "others_mandates"}, fault.Code) {
		v.Form.Bad("", fault.Detail.French)
		return again(v, r)
	}
	if err := v.Form.Refused(err); err != nil {
		return err
	}
	return again(v, r)
}

// showChanged says what has changed since the page was read: nothing was done.
func showChanged(v *pages.Visit, r review, fault *api.Fault) error {
	data := changedPage{Path: r.Path()}
	for _, p := range fault.Problems {
		if p.Code != "other_content" {
			data.Changes = append(data.Changes, p.Text.French)
		}
	}
	return v.ShowAs(http.StatusPreconditionFailed, "campagne_changee.html", pages.Sheet{
		Title: "La campagne a changé depuis votre lecture", Data: data,
	})
}
