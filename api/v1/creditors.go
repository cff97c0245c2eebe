package v1

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

func (h *House) creditorOperations() []api.Operation {
	return []api.Operation{
		{ID: "listCreditors", Action: auth.ReadCreditors, Do: h.listCreditors},
		{ID: "addCreditor", Action: auth.WriteCreditors, Do: h.addCreditor},
		{ID: "getCreditor", Action: auth.ReadCreditors, Do: h.getCreditor},
		{ID: "getCreditorContact", Action: auth.ReadCreditors, Do: h.getContact},
		{ID: "putCreditorContact", Action: auth.WriteCreditors, Do: h.putContact, Of: "getCreditorContact"},
		{ID: "listIBANChanges", Action: auth.ReadCreditors, Do: h.listIBANChanges},
		{ID: "proposeIBAN", Action: auth.WriteCreditors, Do: h.proposeIBAN},
		{ID: "confirmIBAN", Action: auth.ConfirmIBANs, Do: h.confirmIBAN, Of: "getCreditor"},
		{ID: "signLoad", Action: auth.ConfirmIBANs, Do: h.signLoad},
	}
}

// creditor is a Creditor of the contract.
type creditor struct {
	Creditor       string                `json:"creditor"`
	Name           string                `json:"name"`
	Kind           mandates.CreditorKind `json:"kind"`
	Beneficiary    string                `json:"beneficiary,omitempty"`
	IBANMasked     string                `json:"iban_masked"`
	IBAN           string                `json:"iban,omitempty"`
	Version        int                   `json:"version"`
	State          string                `json:"state"`
	ProposedBy     string                `json:"proposed_by,omitempty"`
	ConfirmedBy    string                `json:"confirmed_by,omitempty"`
	PayableFrom    time.Time             `json:"payable_from,omitzero"`
	PayableVersion int                   `json:"payable_version"`
	Load           string                `json:"load,omitempty"`
	Signatures     int                   `json:"signatures"`
	BankRefusal    string                `json:"bank_refusal,omitempty"`
}

func creditorOf(c *api.Call, s mandates.CreditorState) creditor {
	return creditor{
		Creditor: s.ID, Name: s.Name, Kind: s.Kind, Beneficiary: s.Beneficiary,
		IBANMasked: s.IBAN.Masked(), IBAN: wholeIBAN(c, s.IBAN),
		Version: s.Version, State: s.Word(), ProposedBy: s.ProposedBy, ConfirmedBy: s.ConfirmedBy,
		PayableFrom: s.PayableFrom, PayableVersion: s.PayableVersion, Load: s.Load, Signatures: s.Signed,
		BankRefusal: s.Refusal,
	}
}

// wholeIBAN is the whole number for whoever compares it with a paper or pays by it; the others
// recognise an account by its ends.
func wholeIBAN(c *api.Call, iban sepa.IBAN) string {
	for _, needs := range []auth.Action{auth.WriteCreditors, auth.ConfirmIBANs, auth.FetchFiles} {
		if c.Who.Reach(needs) != auth.Nowhere {
			return iban.String()
		}
	}
	return ""
}

// ownsSeen keeps what is no person's own account, and those of the persons whom the sender reaches.
func ownsSeen[T any](ctx context.Context, h *House, c *api.Call, all []T, owner func(T) string) ([]T, error) {
	if seesAllOwners(c) {
		return all, nil
	}
	seen := map[string]bool{"": true}
	var owners []string
	for _, one := range all {
		if id := owner(one); id != "" {
			owners = append(owners, id)
		}
	}
	if len(owners) > 0 {
		mine, err := h.Reach.Reached(ctx, c.Who)
		if err != nil {
			return nil, err
		}
		reached, err := h.Mandates.PersonsOf(ctx, owners, mine)
		if err != nil {
			return nil, err
		}
		for _, id := range reached {
			seen[id] = true
		}
	}
	return slices.DeleteFunc(all, func(one T) bool { return !seen[owner(one)] }), nil
}

// seesAllOwners tells whether a role of the sender reaches every person.
func seesAllOwners(c *api.Call) bool {
	return slices.ContainsFunc(c.Who.Roles, func(r auth.Role) bool { return auth.Right(r, auth.ReadPersons) == auth.Whole })
}

// creditorSeen is a creditor in the reach of the sender.
func (h *House) creditorSeen(ctx context.Context, c *api.Call, id string) (mandates.CreditorState, error) {
	all, err := h.Mandates.CreditorsNamed(ctx, id)
	if err == nil {
		all, err = ownsSeen(ctx, h, c, all, func(s mandates.CreditorState) string { return s.Beneficiary })
	}
	switch {
	case err != nil:
		return mandates.CreditorState{}, err
	case len(all) == 0:
		return mandates.CreditorState{}, api.NotFound()
	}
	return all[0], nil
}

func (h *House) listCreditors(ctx context.Context, c *api.Call) (a api.Answer, err error) {
	p := mandates.CreditorPart{
		Kind: mandates.CreditorKind(c.Query("kind")), State: c.Query("state"), Like: partOf(c.Query("q")), Most: c.Limit() + 1,
	}
	if !seesAllOwners(c) {
		if p.Owners, err = h.Reach.Reached(ctx, c.Who); err != nil {
			return a, err
		}
		p.Owners = append([]string{}, p.Owners...) // nobody is not everybody
	}
	if p.After, err = c.After(); err != nil {
		return a, err
	}
	found, err := h.Mandates.CreditorsPart(ctx, p)
	if err != nil {
		return a, err
	}
	page := api.Page[creditor]{Data: []creditor{}, HasMore: len(found) > c.Limit()}
	for _, s := range found[:min(len(found), c.Limit())] {
		page.Data = append(page.Data, creditorOf(c, s))
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(page.Data[len(page.Data)-1].Creditor)
	}
	if p.Most = c.CountMost(); p.Most > 0 {
		n, err := h.Mandates.CountCreditors(ctx, p)
		if err != nil {
			return a, err
		}
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

func (h *House) getCreditor(ctx context.Context, c *api.Call) (api.Answer, error) {
	s, err := h.creditorSeen(ctx, c, c.Path("creditor"))
	return api.Answer{Body: creditorOf(c, s)}, err
}

// newCreditor answers what was made of a creditor.
func (h *House) newCreditor(ctx context.Context, c *api.Call, id string) (api.Answer, error) {
	s, err := h.creditorSeen(ctx, c, id)
	return api.Answer{Status: http.StatusCreated, Location: "/v1/creditors/" + id, Body: creditorOf(c, s)}, err
}

func (h *House) addCreditor(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Creditor    string                `json:"creditor"`
		Name        string                `json:"name"`
		Kind        mandates.CreditorKind `json:"kind"`
		Beneficiary string                `json:"beneficiary"`
		IBAN        string                `json:"iban"`
		Evidence    string                `json:"evidence"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	iban, err := ibanAt(body.IBAN, "/iban")
	if err != nil {
		return api.Answer{}, err
	}
	one := mandates.Creditor{ID: body.Creditor, Name: body.Name, Kind: body.Kind, Beneficiary: body.Beneficiary}
	named, err := ownsSeen(ctx, h, c, []mandates.Creditor{one}, func(m mandates.Creditor) string { return m.Beneficiary })
	switch {
	case err != nil:
		return api.Answer{}, err
	case len(named) == 0:
		return api.Answer{}, unknownAt("/beneficiary")
	}
	if err := h.Mandates.AddCreditor(ctx, c.Who, one, iban, body.Evidence); err != nil {
		return api.Answer{}, inBody(err, mandates.ErrNoPerson, "/beneficiary")
	}
	return h.newCreditor(ctx, c, body.Creditor)
}

// ibanAt reads an IBAN of a body.
func ibanAt(text, pointer string) (sepa.IBAN, error) {
	iban, err := sepa.ParseIBAN(text)
	if err == nil {
		return iban, nil
	}
	said := contract.Text{French: "L'IBAN est faux.", English: "The IBAN is wrong."}
	code := "iban_invalid"
	if wrong, ok := errors.AsType[*sepa.IBANError](err); ok {
		said.French, code = wrong.French(), "iban_"+wrong.Reason
	}
	return iban, &api.Fault{
		Status: http.StatusUnprocessableEntity, Code: "iban_invalid", Detail: said,
		Problems: []contract.Problem{{Pointer: pointer, Code: code, Text: said}},
	}
}
