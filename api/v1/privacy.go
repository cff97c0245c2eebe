package v1

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/payments"
	"masp/payments/evidence"
	"masp/payments/mandates"
	"masp/payments/papers/page"
	"masp/payments/privacy"
)

func (h *House) privacyOperations() []api.Operation {
	return []api.Operation{
		{ID: "copyBeneficiary", Action: auth.CopyPersons, Do: h.copyBeneficiary, Alone: true},
		{ID: "listFileReaders", Action: auth.ReadReaders, Do: h.listFileReaders, Alone: true},
		{ID: "listUnusualReaders", Action: auth.WatchReaders, Do: h.listUnusualReaders, Alone: true},
		{ID: "openArchive", Action: auth.OpenArchive, Do: h.openArchive},
		{ID: "getRetention", Action: auth.ReadRetention, Do: h.getRetention},
		{ID: "archiveFiles", Action: auth.KeepFiles, Do: h.archiveFiles},
		{ID: "pseudonymisePersons", Action: auth.KeepFiles, Do: h.pseudonymisePersons},
		{ID: "getProcessingRegister", Action: auth.ReadOrganisation, Do: h.getProcessingRegister},
	}
}

func (h *House) privacy() *privacy.Service {
	return &privacy.Service{DB: h.DB, Papers: h.papers(), Checks: proofs()}
}

// proofs are what `masp verify` asks of the packages beside the books.
func proofs() []ledger.Check {
	return slices.Concat(mandates.Checks(), payments.Checks(), imports.Checks(), reconcile.Checks(), evidence.Checks())
}

// errArchived is a file that waits in the archive for who says why he opens it.
func errArchived() error {
	f := refusal("the file is archived and not open",
		"Ce dossier est en archive restreinte : ouvrez-le d'abord, avec la raison.")
	f.Status = http.StatusForbidden
	return f
}

// closed are the archived mandates that who sees the whole house has not opened.
func (h *House) closed(ctx context.Context, c *api.Call) ([]string, error) {
	return h.privacy().Closed(ctx, c.Who.ID)
}

func (h *House) copyBeneficiary(ctx context.Context, c *api.Call) (api.Answer, error) {
	p, err := h.person(ctx, c, c.Path("beneficiary"))
	if err != nil {
		return api.Answer{}, err
	}
	var file []byte
	if !c.HeadOnly {
		if file, err = h.privacy().Copy(ctx, c.Who, p.ID); err != nil {
			return api.Answer{}, err
		}
	}
	whole := !c.HeadOnly // it is made when it is handed out, which is an act
	return api.Answer{File: &api.File{Type: "application/zip", Name: "copie-" + p.ID + ".zip", Whole: whole, Write: func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(file))
		return err
	}}}, nil
}

func (h *House) listFileReaders(ctx context.Context, c *api.Call) (api.Answer, error) {
	p, err := h.person(ctx, c, c.Path("beneficiary"))
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.privacy().Readers(ctx, c.Who, p.ID)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Paged(c, all, func(r privacy.Reading) string {
		return r.Last.UTC().Format(momentKey) + r.Mandate + r.Reader
	}, func(a, b string) bool { return a > b })
}

func (h *House) listUnusualReaders(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.privacy().Unusual(ctx, c.Who)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Paged(c, all, func(r privacy.ManyFiles) string { return r.Day.String() + r.Reader },
		func(a, b string) bool { return a > b })
}

func (h *House) openArchive(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct{ Reason string }
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	person := c.Path("beneficiary")
	opened, err := h.privacy().OpenArchive(ctx, c.Who, person, body.Reason)
	return api.Answer{Status: http.StatusCreated, Body: opened, Location: "/v1/beneficiaries/" + person}, err
}

func (h *House) getRetention(ctx context.Context, _ *api.Call) (api.Answer, error) {
	service := h.privacy()
	times, err := service.Times(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	files, err := service.Files(ctx)
	return api.Answer{Body: map[string]any{"times": times, "files": files}}, err
}

func (h *House) archiveFiles(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.confirm(ctx, c, h.privacy().Archive)
}

func (h *House) pseudonymisePersons(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.confirm(ctx, c, h.privacy().Pseudonymise)
}

// confirm does for a list of persons what the clock has proposed.
func (h *House) confirm(
	ctx context.Context, c *api.Call, do func(context.Context, auth.Principal, []string) error,
) (api.Answer, error) {
	var body struct{ Beneficiaries []string }
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := do(ctx, c.Who, body.Beneficiaries); err != nil {
		return api.Answer{}, err
	}
	files, err := h.privacy().Files(ctx)
	files = slices.DeleteFunc(files, func(f privacy.File) bool { return !slices.Contains(body.Beneficiaries, f.Person) })
	return api.Answer{Status: http.StatusCreated, Location: "/v1/retention", Body: map[string]any{"files": files}}, err
}

func (h *House) getProcessingRegister(ctx context.Context, c *api.Call) (api.Answer, error) {
	paper, err := h.privacy().Register(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	return paperAnswer(c, paper), nil
}

// paperAnswer is a paper in the form that was asked for.
func paperAnswer(c *api.Call, paper page.Paper) api.Answer {
	form, name := "html", "html"
	if c.Has("format") {
		form, name = c.Query("format"), strings.Replace(c.Query("format"), "text", "txt", 1)
	}
	return api.Answer{File: &api.File{
		Type: paperForms[form].kind, Name: paper.Number + "." + name,
		Write: func(w io.Writer) error { return paperForms[form].print(paper, w) }, Whole: true,
	}}
}

// explainPrivacy explains the refusals of data protection.
func explainPrivacy(err error) *api.Fault {
	own, ok := errors.AsType[*privacy.RefusedError](err)
	switch {
	case !ok:
		return nil
	case errors.Is(err, privacy.ErrToken):
		return &api.Fault{Status: http.StatusUnauthorized, Code: "unauthenticated"}
	case errors.Is(err, privacy.ErrRole):
		return &api.Fault{Status: http.StatusForbidden, Code: "forbidden"}
	case errors.Is(err, privacy.ErrNoPerson):
		return api.NotFound()
	case errors.Is(err, privacy.ErrNotDue), errors.Is(err, privacy.ErrKept), errors.Is(err, privacy.ErrUnproved):
		f := refusal(own.Reason, withoutCommand(own.French()))
		f.Status = http.StatusConflict
		return f
	}
	return refusal(own.Reason, withoutCommand(own.French()))
}
