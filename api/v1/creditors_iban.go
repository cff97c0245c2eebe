package v1

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"masp/api"
	"masp/payments/mandates"
)

// ibanChange is an IBANChange of the contract.
type ibanChange struct {
	Creditor     string     `json:"creditor"`
	Name         string     `json:"name"`
	Version      int        `json:"version"`
	State        string     `json:"state"`
	BeforeMasked string     `json:"before_masked,omitempty"`
	IBANMasked   string     `json:"iban_masked"`
	Before       string     `json:"before,omitempty"`
	IBAN         string     `json:"iban,omitempty"`
	Evidence     string     `json:"evidence"`
	Load         string     `json:"load,omitempty"`
	ProposedBy   string     `json:"proposed_by,omitempty"`
	ProposedAt   time.Time  `json:"proposed_at"`
	FirstBy      string     `json:"first_confirmed_by,omitempty"`
	AwaitsSecond bool       `json:"awaits_second"`
	ConfirmedBy  string     `json:"confirmed_by,omitempty"`
	ConfirmedAt  time.Time  `json:"confirmed_at,omitzero"`
	PayableFrom  time.Time  `json:"payable_from,omitzero"`
	BankRefusal  string     `json:"bank_refusal,omitempty"`
	Signs        []ibanSign `json:"signs"`
}

type ibanSign struct {
	Code      string   `json:"code"`
	Text      string   `json:"text"`
	Creditors []string `json:"creditors"`
}

// ibanChangeOf says a change; of the creditors that its signs name, those that the sender sees.
func ibanChangeOf(c *api.Call, m mandates.IBANChange, seen map[string]bool) ibanChange {
	w := ibanChange{
		Creditor: m.Creditor, Name: m.Name, Version: m.Version, State: m.Word(),
		BeforeMasked: m.Before.Masked(), IBANMasked: m.IBAN.Masked(), Before: wholeIBAN(c, m.Before), IBAN: wholeIBAN(c, m.IBAN),
		Evidence: m.Evidence, Load: m.Load, ProposedBy: m.ProposedBy, ProposedAt: m.ProposedAt,
		FirstBy: m.First, AwaitsSecond: m.AwaitsSecond(), ConfirmedBy: m.ConfirmedBy, ConfirmedAt: m.ConfirmedAt, PayableFrom: m.PayableFrom, BankRefusal: m.Refusal,
		Signs: []ibanSign{},
	}
	for _, s := range m.Signs() {
		if !c.Who.SeesAll() {
			s = s.Veiled()
		}
		named := append([]string{}, s.Creditors...)
		named = slices.DeleteFunc(named, func(id string) bool { return !seen[id] })
		w.Signs = append(w.Signs, ibanSign{Code: s.Code, Text: s.French, Creditors: named})
	}
	return w
}

// changesSeen are the changes of a creditor, or of all, in the reach of the sender.
func (h *House) changesSeen(ctx context.Context, c *api.Call, id string) ([]ibanChange, error) {
	all, err := h.Mandates.IBANChanges(ctx, id)
	return h.changesOf(ctx, c, all, err)
}

// changesOf are those of some changes that are in the reach of the sender.
func (h *House) changesOf(ctx context.Context, c *api.Call, all []mandates.IBANChange, err error) ([]ibanChange, error) {
	if err == nil {
		all, err = ownsSeen(ctx, h, c, all, func(m mandates.IBANChange) string { return m.Beneficiary })
	}
	if err != nil {
		return nil, err
	}
	var others []string
	for _, m := range all {
		others = append(others, m.SameIBAN...)
	}
	named, err := h.Mandates.CreditorsNamed(ctx, others...)
	if err == nil {
		named, err = ownsSeen(ctx, h, c, named, func(s mandates.CreditorState) string { return s.Beneficiary })
	}
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, s := range named {
		seen[s.ID] = true
	}
	found := make([]ibanChange, 0, len(all))
	for _, m := range all {
		found = append(found, ibanChangeOf(c, m, seen))
	}
	return found, nil
}

// listIBANChanges shows what was changed, by whom, and who has confirmed it: the newest first.
func (h *House) listIBANChanges(ctx context.Context, c *api.Call) (api.Answer, error) {
	read := h.changesSeen
	if c.Query("state") == "to_confirm" && !c.Has("creditor") {
		read = func(ctx context.Context, c *api.Call, _ string) ([]ibanChange, error) {
			all, err := h.Mandates.IBANChangesToConfirm(ctx)
			return h.changesOf(ctx, c, all, err)
		}
	}
	if c.Query("state") == "" && !c.Has("creditor") && c.CountMost() == 0 {
		return h.changesPage(ctx, c)
	}
	found, err := read(ctx, c, c.Query("creditor"))
	if err != nil {
		return api.Answer{}, err
	}
	if c.Has("state") {
		found = slices.DeleteFunc(found, func(w ibanChange) bool { return w.State != c.Query("state") })
	}
	slices.SortFunc(found, func(a, b ibanChange) int { return strings.Compare(b.place(), a.place()) })
	return api.Paged(c, found, ibanChange.place, func(a, b string) bool { return a > b })
}

// place is where a change stands in the list of all.
func (w ibanChange) place() string {
	return fmt.Sprintf("%020d %s %06d", w.ProposedAt.UnixMicro(), w.Creditor, w.Version)
}

// changesPage is a page of all changes that the sender sees: what he does not see is read past.
func (h *House) changesPage(ctx context.Context, c *api.Call) (api.Answer, error) {
	behind, err := changeBehind(c)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[ibanChange]{Data: []ibanChange{}}
	for len(page.Data) <= c.Limit() {
		all, err := h.Mandates.IBANChangesPart(ctx, behind, c.Limit()+1)
		if err != nil {
			return api.Answer{}, err
		}
		if len(all) == 0 {
			break
		}
		slices.SortFunc(all, func(a, b mandates.IBANChange) int {
			return cmp.Or(b.ProposedAt.Compare(a.ProposedAt), strings.Compare(b.Creditor, a.Creditor), b.Version-a.Version)
		})
		last := all[len(all)-1]
		behind = mandates.ChangePlace{At: last.ProposedAt, Creditor: last.Creditor, Version: last.Version}
		seen, err := h.changesOf(ctx, c, all, nil)
		if err != nil {
			return api.Answer{}, err
		}
		page.Data = append(page.Data, seen...)
	}
	if page.HasMore = len(page.Data) > c.Limit(); page.HasMore {
		page.Data = page.Data[:c.Limit()]
		page.NextCursor = c.Cursor(page.Data[c.Limit()-1].place())
	}
	return api.Answer{Body: page, Many: true}, nil
}

// changeBehind is the place that the sender's page begins behind.
func changeBehind(c *api.Call) (p mandates.ChangePlace, err error) {
	text, err := c.After()
	if err != nil || text == "" {
		return p, err
	}
	var micros int64
	if _, err := fmt.Sscanf(text, "%d %s %d", &micros, &p.Creditor, &p.Version); err != nil {
		return p, wrongParameter("?cursor")
	}
	p.At = time.UnixMicro(micros)
	return p, nil
}

// proposeIBAN proposes another IBAN; the old one serves until the new one may be paid.
func (h *House) proposeIBAN(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		IBAN     string `json:"iban"`
		Evidence string `json:"evidence"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	iban, err := ibanAt(body.IBAN, "/iban")
	if err != nil {
		return api.Answer{}, err
	}
	s, err := h.creditorSeen(ctx, c, c.Path("creditor"))
	if err != nil {
		return api.Answer{}, err
	}
	version, err := h.Mandates.ProposeIBAN(ctx, c.Who, s.ID, iban, body.Evidence)
	if err != nil {
		return api.Answer{}, err
	}
	return h.newChange(ctx, c, s.ID, version)
}

// newChange answers one version of an IBAN as it stands now.
func (h *House) newChange(ctx context.Context, c *api.Call, id string, version int) (api.Answer, error) {
	all, err := h.changesSeen(ctx, c, id)
	if err != nil {
		return api.Answer{}, err
	}
	for _, w := range all {
		if w.Version == version {
			return api.Answer{Status: http.StatusCreated, Location: "/v1/iban_changes?creditor=" + id, Body: w}, nil
		}
	}
	return api.Answer{}, api.NotFound()
}

// confirmIBAN is the word of a second person on the version that he names: he has read it, and nobody
// has proposed another one since.
func (h *House) confirmIBAN(ctx context.Context, c *api.Call) (api.Answer, error) {
	s, err := h.creditorSeen(ctx, c, c.Path("creditor"))
	if err != nil {
		return api.Answer{}, err
	}
	version, err := strconv.Atoi(c.Path("version"))
	if err != nil {
		return api.Answer{}, api.NotFound()
	}
	if _, err := h.Mandates.ConfirmSeenIBAN(ctx, c.Who, s.ID, version); err != nil {
		return api.Answer{}, err
	}
	return h.newChange(ctx, c, s.ID, version)
}

// signLoad signs the IBANs of a load by its hash: two persons make them payable.
func (h *House) signLoad(ctx context.Context, c *api.Call) (api.Answer, error) {
	signed, err := h.Mandates.SignLoad(ctx, c.Who, c.Path("load"))
	return api.Answer{Status: http.StatusCreated, Body: struct {
		Load        string    `json:"load"`
		Signatures  int       `json:"signatures"`
		Payable     bool      `json:"payable"`
		PayableFrom time.Time `json:"payable_from,omitzero"`
	}{c.Path("load"), signed.Signatures, signed.Payable, signed.PayableFrom}}, err
}

// contact is a Contact of the contract.
type contact struct {
	Creditor string `json:"creditor"`
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Email    string `json:"email"`
	Hours    string `json:"hours"`
}

func (h *House) getContact(ctx context.Context, c *api.Call) (api.Answer, error) {
	s, err := h.creditorSeen(ctx, c, c.Path("creditor"))
	if err != nil {
		return api.Answer{}, err
	}
	m, err := h.Mandates.Contact(ctx, s.ID)
	return api.Answer{Body: contact{Creditor: s.ID, Name: m.Name, Phone: m.Phone, Email: m.Email, Hours: m.Hours}}, err
}

func (h *House) putContact(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to contact
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	err := h.Mandates.SetContact(ctx, c.Who, mandates.Contact{
		Creditor: c.Path("creditor"), Name: to.Name, Phone: to.Phone, Email: to.Email, Hours: to.Hours,
	})
	if err != nil {
		return api.Answer{}, err
	}
	return h.getContact(ctx, c)
}
