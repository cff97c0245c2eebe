package v1

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/ledger/money"
	"masp/payments/mandates/load"
)

// postLoad brings new persons, their measures and what is due, all of it or nothing. Users and the
// organisation do not come this way: the contract refuses them.
func (h *House) postLoad(ctx context.Context, c *api.Call) (api.Answer, error) {
	file, err := load.Read(bytes.NewReader(c.Body()))
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.loadWithin(ctx, c, file); err != nil {
		return api.Answer{}, err
	}
	loads := &load.Service{DB: h.DB, Ledger: h.Ledger}
	if c.Query("dry_run") == "true" {
		result, err := loads.Try(ctx, c.Body())
		return api.Answer{Body: loadedOf(result, true)}, err
	}
	result, err := loads.Load(ctx, c.Who, c.Body())
	if err != nil {
		return api.Answer{}, err
	}
	status := http.StatusCreated
	if result.Already {
		status = http.StatusOK
	}
	return api.Answer{Status: status, Body: loadedOf(result, false)}, nil
}

// loaded is a Loaded of the contract.
type loaded struct {
	SHA256       string       `json:"sha256"`
	DryRun       bool         `json:"dry_run"`
	Already      bool         `json:"already_loaded"`
	Counts       load.Counts  `json:"counts"`
	OpeningTotal money.Amount `json:"opening_total"`
}

func loadedOf(r load.Result, dry bool) loaded {
	return loaded{SHA256: r.SHA256, DryRun: dry, Already: r.Already, Counts: r.Counts, OpeningTotal: r.OpeningTotal}
}

// loadWithin refuses what a load brings to somebody whom its sender does not reach: as if he did not
// exist. A coordinator's new measures are her own.
func (h *House) loadWithin(ctx context.Context, c *api.Call, f load.File) error {
	if c.Reach == auth.Whole {
		return nil
	}
	mine, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, id := range mine {
		known[id] = true
	}
	persons := map[string]bool{}
	for _, b := range f.Beneficiaries {
		persons[b.ID] = true
	}
	for i, m := range f.Mandates {
		known[m.ID] = true
		if m.Coordinator != c.Who.ID {
			return &api.Fault{Status: http.StatusUnprocessableEntity, Code: "other_coordinator", Problems: []contract.Problem{{
				Pointer: fmt.Sprintf("/mandates/%d/coordinator", i), Code: "other_coordinator", Text: contract.Text{
					French: "Vous ajoutez des mesures que vous suivez vous-même.", English: "You add measures that you follow yourself.",
				},
			}}}
		}
		if persons[m.Beneficiary.ID] {
			continue
		}
		if _, err := h.person(ctx, c, m.Beneficiary.ID); err != nil {
			return unknownAt(fmt.Sprintf("/mandates/%d/beneficiary", i))
		}
	}
	for i, creditor := range f.Creditors {
		if creditor.Beneficiary == "" || persons[creditor.Beneficiary] {
			continue
		}
		if _, err := h.person(ctx, c, creditor.Beneficiary); err != nil {
			return unknownAt(fmt.Sprintf("/creditors/%d/beneficiary", i))
		}
	}
	return strangers(f, known)
}

// strangers finds the first line of a load that is for a mandate which is not known.
func strangers(f load.File, known map[string]bool) error {
	for i, e := range f.Expected {
		if !known[e.Mandate] {
			return unknownAt(fmt.Sprintf("/expected_benefits/%d/mandate", i))
		}
	}
	for i, d := range f.Debts {
		if !known[d.Mandate] {
			return unknownAt(fmt.Sprintf("/debts/%d/mandate", i))
		}
	}
	for i, o := range f.Obligations {
		if !known[o.Mandate] {
			return unknownAt(fmt.Sprintf("/obligations/%d/mandate", i))
		}
	}
	return nil
}
