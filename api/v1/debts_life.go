package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"masp/api"
	"masp/api/contract"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// planAsk is a DebtPlan of the contract.
type planAsk struct {
	Debt                 string             `json:"debt"`
	Instalment           money.Amount       `json:"instalment"`
	From                 civil.Date         `json:"from"`
	Frequency            mandates.Frequency `json:"frequency"`
	Reference            string             `json:"reference"`
	SignedWithCreditorOn civil.Date         `json:"signed_with_creditor_on"`
	SignedWithCAFOn      civil.Date         `json:"signed_with_caf_on"`
}

func (p planAsk) plan(debt string) mandates.Plan {
	return mandates.Plan{
		Debt: debt, Instalment: p.Instalment, From: p.From, Frequency: p.Frequency, Reference: p.Reference,
		SignedWithCreditorOn: p.SignedWithCreditorOn, SignedWithCAFOn: p.SignedWithCAFOn,
	}
}

// changePlan gives a debt a new plan; the old one ends the day before.
func (h *House) changePlan(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body planAsk
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	d, err := h.debtSeen(ctx, c, c.Path("debt"))
	if err != nil {
		return api.Answer{}, err
	}
	line, err := h.Mandates.ChangePlan(ctx, c.Who, body.plan(d.ID))
	return api.Answer{Status: http.StatusCreated, Location: "/v1/debts/" + d.ID, Body: struct {
		Debt       string       `json:"debt"`
		Obligation string       `json:"obligation"`
		Instalment money.Amount `json:"instalment"`
		From       civil.Date   `json:"from"`
	}{d.ID, line, body.Instalment, body.From}}, err
}

// dayAsk is a day with its reason.
type dayAsk struct {
	On     civil.Date `json:"on"`
	Reason string     `json:"reason"`
}

func (h *House) contestDebt(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.contest(ctx, c, func(id string, d dayAsk) error { return h.Mandates.Contest(ctx, c.Who, id, d.On) })
}

func (h *House) endContest(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.contest(ctx, c, func(id string, d dayAsk) error { return h.Mandates.EndContest(ctx, c.Who, id, d.On, d.Reason) })
}

func (h *House) contest(ctx context.Context, c *api.Call, do func(id string, d dayAsk) error) (api.Answer, error) {
	var body dayAsk
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	d, err := h.debtSeen(ctx, c, c.Path("debt"))
	if err == nil {
		err = do(d.ID, body)
	}
	if err != nil {
		return api.Answer{}, err
	}
	return h.newDebt(ctx, c, d.ID)
}

// arrears are Arrears of the contract.
type arrears struct {
	Mandate string       `json:"mandate"`
	First   civil.Month  `json:"first"`
	Last    civil.Month  `json:"last"`
	Months  int          `json:"months"`
	Amount  money.Amount `json:"amount"`
}

func (h *House) listArrears(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.Mandates.Arrears(ctx)
	if err == nil {
		all, err = within(ctx, h, c, all, func(a mandates.Arrears) string { return a.Mandate })
	}
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]arrears, 0, len(all))
	for _, a := range all {
		found = append(found, arrears(a))
	}
	return api.Paged(c, found, func(a arrears) string { return a.Mandate }, ascending)
}

// fileStep is an OverindebtednessStep of the contract.
type fileStep struct {
	State     mandates.FileState `json:"state"`
	On        civil.Date         `json:"on"`
	Documents []string           `json:"documents"`
	Note      string             `json:"note"`
	Plans     []planAsk          `json:"plans,omitempty"`
}

func (h *House) listSteps(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	all, err := h.Mandates.FileSteps(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]numbered[fileStep], 0, len(all))
	for i, s := range all {
		found = append(found, numbered[fileStep]{i + 1, fileStepOf(s)})
	}
	a, err := pagedInOrder(c, found)
	a.Persons = []string{id}
	return a, err
}

func fileStepOf(s mandates.FileStep) fileStep {
	return fileStep{State: s.State, On: s.On, Documents: append([]string{}, s.Documents...), Note: s.Note}
}

func (h *House) addStep(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body fileStep
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	id := c.Path("mandate")
	if err := h.mandateSeen(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	step := mandates.FileStep{State: body.State, On: body.On, Documents: body.Documents, Note: body.Note}
	for i, p := range body.Plans {
		if d, err := h.debtSeen(ctx, c, p.Debt); err != nil || d.Mandate != id {
			return api.Answer{}, unknownWhenMissing(err, fmt.Sprintf("/plans/%d/debt", i))
		}
		step.Plans = append(step.Plans, p.plan(p.Debt))
	}
	err := h.Mandates.StepFile(ctx, c.Who, id, step)
	return api.Answer{Status: http.StatusCreated, Location: "/v1/mandates/" + id + "/overindebtedness_steps", Body: fileStepOf(step)}, err
}

// unknownWhenMissing says of what is not found, or is of another mandate, that the body names nothing.
func unknownWhenMissing(err error, pointer string) error {
	if f, ok := errors.AsType[*api.Fault](err); err != nil && (!ok || f.Status != http.StatusNotFound) {
		return err
	}
	return unknownAt(pointer)
}

// eitherAt asks for one of two values.
func eitherAt(one, other string) *api.Fault {
	said := contract.Text{
		French:  "Donnez l'un ou l'autre : " + one[1:] + " ou " + other[1:] + ".",
		English: "Give one or the other: " + one[1:] + " or " + other[1:] + ".",
	}
	return &api.Fault{Status: http.StatusUnprocessableEntity, Code: "one_of_two", Detail: said, Problems: []contract.Problem{
		{Pointer: one, Code: "one_of_two", Text: said}, {Pointer: other, Code: "one_of_two", Text: said},
	}}
}

// numbered is a row of a list that has an order and no other name.
type numbered[T any] struct {
	no  int
	row T
}

// pagedInOrder cuts a page out of a list by the places of its rows.
func pagedInOrder[T any](c *api.Call, all []numbered[T]) (api.Answer, error) {
	a, err := api.Paged(c, all, func(n numbered[T]) string { return fmt.Sprintf("%09d", n.no) }, ascending)
	page, ok := a.Body.(api.Page[numbered[T]])
	if err != nil || !ok {
		return a, err
	}
	rows := api.Page[T]{Data: []T{}, HasMore: page.HasMore, NextCursor: page.NextCursor, Count: page.Count}
	for _, n := range page.Data {
		rows.Data = append(rows.Data, n.row)
	}
	a.Body = rows
	return a, nil
}
