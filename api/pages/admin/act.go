package admin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
)

// errAgain is a form that is shown again, with what to correct.
var errAgain = errors.New("the form has something to correct")

// deed is a change that a form asks for.
type deed struct {
	Method, Target string
	Body           any
	Tag            string // of what was read
}

const codeField = "code"

// act sends a change, after the second factor where one was typed. It answers errAgain when the form is to be
// shown again.
func act(ctx context.Context, v *pages.Visit, d deed) (*api.Reply, error) {
	if len(v.Form.Problems) > 0 {
		return nil, errAgain
	}
	if code := v.Form.Value(codeField); code != "" {
		if _, err := v.Act(ctx, http.MethodPost, "/v1/proofs", map[string]string{"code": code}, ""); err != nil {
			return nil, refusedCode(v, err)
		}
		v.Form.Values.Del(codeField) // it has served
	}
	reply, err := v.Act(ctx, d.Method, d.Target, d.Body, d.Tag)
	if pages.Code(err) == "step_up_required" && v.Who().Means == auth.BySession {
		v.Form.Bad(codeField, "Écrivez le code de votre application.")
		return nil, errAgain
	}
	if err == nil {
		return reply, nil
	}
	if err = v.Form.Refused(err); err != nil {
		return nil, err
	}
	return nil, errAgain
}

// refusedCode asks for the code again.
func refusedCode(v *pages.Visit, err error) error {
	fault, ok := errors.AsType[*api.Fault](err)
	if !ok || fault.Status >= http.StatusInternalServerError {
		return err
	}
	v.Form.Values.Del(codeField)
	v.Form.Bad(codeField, fault.Detail.French)
	return errAgain
}

// changed tells that what was read is not so any more.
func changed(err error) bool {
	fault, ok := errors.AsType[*api.Fault](err)
	return ok && fault.Status == http.StatusPreconditionFailed
}

// askCode tells whether the second factor of a session may be too old for what gives rights. A token has none.
func askCode(v *pages.Visit) bool {
	const margin = time.Minute
	age := time.Since(v.Who().ProvedAt)
	return v.Who().Means == auth.BySession && (age < 0 || age > auth.Fresh-margin)
}

// passedPage says what was read, and what is so now.
type passedPage struct{ Was, Is, Path string }

const changedTitle = "Cela a changé depuis votre lecture"

// showChanged says what has changed since the page was read: nothing was done.
func showChanged(v *pages.Visit, now, path string) error {
	return v.ShowAs(http.StatusPreconditionFailed, "admin_change.html", pages.Sheet{
		Title: changedTitle, Data: passedPage{v.Form.Value(wasField), now, path}, Back: path,
	})
}

// The hidden fields of what was read: its tag, and what it said.
const (
	tagField = "seal"
	wasField = "was"
)

// firstRead is the tag of what a form shows and what it said. On a form that is shown again they stay those of
// the first reading: what has changed since is not written over.
func firstRead(v *pages.Visit, tag, was string) (firstTag, firstWas string) {
	if v.Method == http.MethodPost {
		return v.Form.Value(tagField), v.Form.Value(wasField)
	}
	return tag, was
}
