package v1

import (
	"context"
	"errors"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func (h *House) debtOperations() []api.Operation {
	return []api.Operation{
		{ID: "listDebts", Action: auth.ReadPersons, Do: h.listDebts},
		{ID: "addDebt", Action: auth.WritePersons, Do: h.addDebt},
		{ID: "getDebt", Action: auth.ReadPersons, Do: h.getDebt},
		{ID: "listDebtMovements", Action: auth.ReadPersons, Do: h.listMovements},
		{ID: "addDebtWithholding", Action: auth.WritePersons, Do: h.addWithholding},
		{ID: "addDebtAid", Action: auth.WritePersons, Do: h.addAid},
		{ID: "correctDebt", Action: auth.WritePersons, Do: h.correctDebt, Of: "getDebt"},
		{ID: "changeDebtPlan", Action: auth.WritePersons, Do: h.changePlan, Of: "getDebt"},
		{ID: "contestDebt", Action: auth.WritePersons, Do: h.contestDebt, Of: "getDebt"},
		{ID: "endDebtContest", Action: auth.WritePersons, Do: h.endContest, Of: "getDebt"},
		{ID: "listArrears", Action: auth.ReadPersons, Do: h.listArrears},
		{ID: "listOverindebtednessSteps", Action: auth.ReadPersons, Do: h.listSteps},
		{ID: "addOverindebtednessStep", Action: auth.WritePersons, Do: h.addStep},
		{ID: "listCoverAgreements", Action: auth.ReadPersons, Do: h.listAgreements},
		{ID: "addCoverAgreement", Action: auth.WritePersons, Do: h.addAgreement},
		{ID: "coverObligation", Action: auth.WritePersons, Do: h.cover},
		{ID: "listSeizureFloors", Action: auth.ReadPersons, Do: h.listFloors},
		{ID: "checkPetition", Action: auth.ReadPersons, Do: h.petition},
		{ID: "listAidRequests", Action: auth.ReadPersons, Do: h.listRequests},
		{ID: "askAid", Action: auth.WritePersons, Do: h.askAid},
		{ID: "decideAidRequest", Action: auth.WritePersons, Do: h.decideAid},
	}
}

// debt is a Debt of the contract.
type debt struct {
	Debt           string            `json:"debt"`
	Mandate        string            `json:"mandate"`
	Creditor       string            `json:"creditor"`
	Kind           string            `json:"kind"`
	Principal      money.Amount      `json:"principal"`
	Outstanding    money.Amount      `json:"outstanding"`
	Instalment     money.Amount      `json:"instalment"`
	BornOn         civil.Date        `json:"born_on,omitzero"`
	Recovery       mandates.Recovery `json:"recovery"`
	ContestedOn    civil.Date        `json:"contested_on,omitzero"`
	ContestEndedOn civil.Date        `json:"contest_ended_on,omitzero"`
	UpdatedOn      civil.Date        `json:"updated_on,omitzero"`
	UpdateEvidence string            `json:"update_evidence,omitempty"`
	Contact        *contact          `json:"contact,omitempty"`
}

func debtOf(d mandates.DebtRecord) debt {
	w := debt{
		Debt: d.ID, Mandate: d.Mandate, Creditor: d.Creditor, Kind: d.Kind, Principal: d.Principal, Outstanding: d.Outstanding,
		Instalment: d.Instalment, BornOn: d.BornOn, Recovery: d.Recovery, ContestedOn: d.ContestedOn,
		ContestEndedOn: d.ContestEndedOn, UpdatedOn: d.Updated.On, UpdateEvidence: d.Updated.Evidence,
	}
	if k := d.Contact; k.Creditor != "" {
		w.Contact = &contact{Creditor: k.Creditor, Name: k.Name, Phone: k.Phone, Email: k.Email, Hours: k.Hours}
	}
	return w
}

func (h *House) listDebts(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.DebtsOf(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]debt, 0, len(all))
	for _, d := range all {
		found = append(found, debtOf(d))
	}
	a, err := api.Paged(c, found, func(d debt) string { return d.Debt }, ascending)
	a.Persons = []string{id}
	return a, err
}

// mandateSeen is a mandate of the path that exists and that the sender reaches.
func (h *House) mandateSeen(ctx context.Context, c *api.Call, id string) error {
	if err := h.reached(ctx, c, id); err != nil {
		return err
	}
	_, err := h.Mandates.Summary(ctx, id)
	if errors.Is(err, mandates.ErrNoMandate) {
		return api.NotFound()
	}
	return err
}

// debtSeen is a debt in the reach of the sender.
func (h *House) debtSeen(ctx context.Context, c *api.Call, id string) (mandates.DebtRecord, error) {
	d, err := h.Mandates.DebtOf(ctx, id)
	if errors.Is(err, mandates.ErrNoDebt) {
		return d, api.NotFound()
	}
	if err == nil {
		err = h.reached(ctx, c, d.Mandate)
	}
	return d, err
}

func (h *House) getDebt(ctx context.Context, c *api.Call) (api.Answer, error) {
	d, err := h.debtSeen(ctx, c, c.Path("debt"))
	return api.Answer{Body: debtOf(d), Persons: []string{d.Mandate}}, err
}

// newDebt answers a debt as an act has left it.
func (h *House) newDebt(ctx context.Context, c *api.Call, id string) (api.Answer, error) {
	d, err := h.debtSeen(ctx, c, id)
	return api.Answer{Status: http.StatusCreated, Location: "/v1/debts/" + id, Body: debtOf(d)}, err
}

// addDebt adds a debt; without `outstanding` it takes over the unpaid rents of past months.
func (h *House) addDebt(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Debt        string            `json:"debt"`
		Creditor    string            `json:"creditor"`
		Kind        string            `json:"kind"`
		Principal   money.Amount      `json:"principal"`
		Outstanding money.Amount      `json:"outstanding"`
		FromArrears bool              `json:"from_arrears"`
		Notified    money.Amount      `json:"notified"`
		BornOn      civil.Date        `json:"born_on"`
		Recovery    mandates.Recovery `json:"recovery"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.mandateSeen(ctx, c, c.Path("mandate")); err != nil {
		return api.Answer{}, err
	}
	d := mandates.Debt{
		ID: body.Debt, Mandate: c.Path("mandate"), Creditor: body.Creditor, Kind: body.Kind, Outstanding: body.Outstanding,
		Principal: body.Principal, Instalment: body.Notified, BornOn: body.BornOn, Recovery: body.Recovery,
	}
	if d.Principal.IsZero() {
		d.Principal = d.Outstanding
	}
	if d.Recovery == "" {
		d.Recovery = mandates.Direct
	}
	if _, err := h.creditorSeen(ctx, c, body.Creditor); err != nil {
		return api.Answer{}, unknownWhenMissing(err, "/creditor")
	}
	var err error
	switch {
	case body.FromArrears == body.Outstanding.IsPositive():
		return api.Answer{}, eitherAt("/outstanding", "/from_arrears")
	case body.FromArrears:
		_, err = h.Mandates.AddArrears(ctx, c.Who, d)
	default:
		err = h.Mandates.AddDebt(ctx, c.Who, d)
	}
	if err != nil {
		return api.Answer{}, err
	}
	return h.newDebt(ctx, c, d.ID)
}

// movement is a DebtMovement of the contract; what is owed after it.
type movement struct {
	On          civil.Date            `json:"on"`
	Kind        mandates.MovementKind `json:"kind"`
	Amount      money.Amount          `json:"amount"`
	Outstanding money.Amount          `json:"outstanding"`
	Evidence    string                `json:"evidence"`
}

func (h *House) listMovements(ctx context.Context, c *api.Call) (api.Answer, error) {
	d, err := h.debtSeen(ctx, c, c.Path("debt"))
	if err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.Movements(ctx, d.ID)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]numbered[movement], 0, len(all))
	left := money.Amount{}
	for i, m := range all {
		left = left.Add(m.Amount)
		found = append(found, numbered[movement]{i + 1, movement{
			On: m.On, Kind: m.Kind, Amount: m.Amount, Outstanding: left, Evidence: m.Evidence,
		}})
	}
	a, err := pagedInOrder(c, found)
	a.Persons = []string{d.Mandate}
	return a, err
}

// movementAsk is what moves a debt.
type movementAsk struct {
	Amount   money.Amount `json:"amount"`
	Owed     money.Amount `json:"owed"`
	On       civil.Date   `json:"on"`
	From     string       `json:"from"`
	Evidence string       `json:"evidence"`
}

// moveDebt lets the sender move a debt that he reaches, and answers what is left of it.
func (h *House) moveDebt(ctx context.Context, c *api.Call, move func(id string, m movementAsk) error) (api.Answer, error) {
	var body movementAsk
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	d, err := h.debtSeen(ctx, c, c.Path("debt"))
	if err != nil {
		return api.Answer{}, err
	}
	if err := move(d.ID, body); err != nil {
		return api.Answer{}, err
	}
	return h.newDebt(ctx, c, d.ID)
}

func (h *House) addWithholding(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.moveDebt(ctx, c, func(id string, m movementAsk) error {
		return h.Mandates.RecordWithholding(ctx, c.Who, id, m.Amount, m.On)
	})
}

func (h *House) addAid(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.moveDebt(ctx, c, func(id string, m movementAsk) error {
		return h.Mandates.RecordAid(ctx, c.Who, id, mandates.Aid{From: m.From, Amount: m.Amount, On: m.On, Evidence: m.Evidence})
	})
}

func (h *House) correctDebt(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.moveDebt(ctx, c, func(id string, m movementAsk) error {
		return h.Mandates.CorrectDebt(ctx, c.Who, id, m.Owed, m.On, m.Evidence)
	})
}
