package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"masp/api"
	"masp/api/contract"
	"masp/ledger/chain"
	"masp/payments"
)

// told adds to the refusal of a stale act what has changed since the content that its sender read.
func (h *House) told(ctx context.Context, c *api.Call, id string, seen chain.Hash, err error) error {
	if !errors.Is(err, payments.ErrStale) {
		return err
	}
	run, unread := h.runSeen(ctx, c, id)
	if unread != nil {
		return unread
	}
	stale := Explain(payments.ErrStale)
	stale.Problems = changedSince(run, seen)
	return stale
}

// changedSince lists the changes of a run since a content of it was read.
func changedSince(run payments.Run, seen chain.Hash) []contract.Problem {
	first := 0
	for _, a := range run.Acts {
		if a.ContentHash == seen {
			first = a.No // the act that was signed on it
		}
	}
	var found []contract.Problem
	for _, m := range run.Mandates {
		for _, a := range m.Adjustments {
			if first == 0 || a.Act < first {
				continue
			}
			at := "/mandates/" + m.Mandate + "/" + keyOf(a.Line)
			found = append(found, contract.Problem{Pointer: strings.TrimSuffix(at, "/"), Code: strings.ToLower(string(a.Kind)), Text: contract.Text{
				French:  fmt.Sprintf("%s : %s → %s, par %s (%s).", a.Kind.French(), a.From.French(), a.To.French(), a.By, a.Reason),
				English: fmt.Sprintf("%s: %s → %s, by %s (%s).", a.Kind, a.From, a.To, a.By, a.Reason),
			}})
		}
	}
	if len(found) == 0 {
		found = append(found, contract.Problem{Pointer: "If-Match:", Code: "other_content", Text: contract.Text{
			French:  "Cette empreinte n'est pas celle de la campagne : lisez son ETag.",
			English: "This is not the hash of the run: read its ETag.",
		}})
	}
	return found
}

// explainRun explains the refusals of runs that carry what they are about.
func explainRun(err error) *api.Fault {
	if ask, ok := errors.AsType[*payments.AskError](err); ok {
		code := strings.ToLower(ask.Code)
		f := &api.Fault{Status: http.StatusUnprocessableEntity, Code: code, Detail: contract.Text{
			French: withoutCommand(ask.French()), English: sentence(strings.ReplaceAll(code, "_", " ") + ": " + ask.Subject),
		}}
		return f
	}
	if open, ok := errors.AsType[*payments.UndecidedError](err); ok {
		return withExceptions(http.StatusUnprocessableEntity, open, open.Open)
	}
	if waiting, ok := errors.AsType[*payments.UnchangedError](err); ok {
		return withExceptions(http.StatusConflict, waiting, waiting.Decisions)
	}
	if choice, ok := errors.AsType[*payments.ChoiceError](err); ok {
		return &api.Fault{Status: http.StatusUnprocessableEntity, Code: "wrong_decision", Detail: contract.Text{
			French: choice.French(), English: sentence(choice.Error()),
		}}
	}
	return nil
}

// withExceptions is a refusal that lists the exceptions which are in the way.
func withExceptions(status int, err interface {
	error
	French() string
}, all []payments.Exception,
) *api.Fault {
	f := &api.Fault{Status: status, Code: codeOf(err), Detail: contract.Text{
		French:  plainFirst(err.French()),
		English: sentence(err.Error()),
	}}
	for _, e := range all {
		f.Problems = append(f.Problems, contract.Problem{
			Pointer: fmt.Sprintf("/exceptions/%d", e.No), Code: string(e.Code),
			Text: contract.Text{French: e.Code.French() + " : " + e.Text, English: strings.ReplaceAll(string(e.Code), "_", " ") + " (" + e.Mandate + ")"},
		})
	}
	return f
}

// plainFirst is the first line of a list: its lines stand in the problems.
func plainFirst(french string) string {
	first, _, _ := strings.Cut(french, "\n")
	return strings.TrimSpace(strings.TrimRight(first, " :")) + "."
}

// unknownAt is a reference in a body that names nothing of the sender's.
func unknownAt(pointer string) *api.Fault {
	return &api.Fault{Status: http.StatusUnprocessableEntity, Code: "unknown_reference", Problems: []contract.Problem{{
		Pointer: pointer, Code: "unknown_reference", Text: contract.Text{
			French: "Cette référence n'existe pas.", English: "There is no such reference.",
		},
	}}, Detail: contract.Text{French: "Une référence n'existe pas.", English: "A reference does not exist."}}
}
