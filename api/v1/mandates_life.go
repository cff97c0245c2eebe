package v1

import (
	"context"
	"errors"
	"net/http"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// lifeOperations are the acts on a measure, from its signatures to its closing.
func (h *House) lifeOperations() []api.Operation {
	return []api.Operation{
		{ID: "signMandate", Action: auth.WritePersons, Do: h.signMandate},
		{ID: "evaluateMandate", Action: auth.WritePersons, Do: h.evaluateMandate},
		{ID: "renewMandate", Action: auth.WritePersons, Do: h.renewMandate},
		{ID: "amendMandate", Action: auth.WritePersons, Do: h.amendMandate},
		{ID: "suspendMandate", Action: auth.WritePersons, Do: h.suspendMandate},
		{ID: "resumeMandate", Action: auth.WritePersons, Do: h.resumeMandate},
		{ID: "endMandate", Action: auth.WritePersons, Do: h.endMandate},
		{ID: "noteDeath", Action: auth.WritePersons, Do: h.noteDeath},
		{ID: "getClosing", Action: auth.ReadPersons, Do: h.getClosing},
		{ID: "closeMandate", Action: auth.WritePersons, Do: h.closeMandate, Of: "getClosing"},
		{ID: "getFinalAccount", Action: auth.ReadPersons, Do: h.getFinalAccount},
		{ID: "getThreatNote", Action: auth.ReadNotes, Do: h.getThreatNote, Alone: true},
		{ID: "noteThreat", Action: auth.ReadNotes, Do: h.noteThreat},
	}
}

// inHand is the mandate of the path, which who asks reaches, once the body is read.
func (h *House) inHand(ctx context.Context, c *api.Call, body any) (string, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return "", err
	}
	return id, c.Read(body)
}

// changed answers a mandate as it is after an act.
func (h *House) changed(ctx context.Context, status int, id string) (api.Answer, error) {
	m, err := h.Mandates.Summary(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	answer := api.Answer{Status: status, Body: mandateOf(m)}
	if status == http.StatusCreated {
		answer.Location = dossierPath(id)
	}
	return answer, nil
}

func dossierPath(mandate string) string { return "/v1/mandates/" + mandate + "/dossier" }

func (h *House) signMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Party mandates.Party `json:"party"`
		On    civil.Date     `json:"on"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	status, err := h.Mandates.Sign(ctx, c.Who, id, body.Party, body.On)
	if err != nil {
		return api.Answer{}, err
	}
	awaited, err := h.Mandates.Awaited(ctx, id)
	return api.Answer{Status: http.StatusCreated, Location: dossierPath(id), Body: struct {
		Mandate string           `json:"mandate"`
		Status  mandates.Status  `json:"status"`
		Awaited []mandates.Party `json:"awaited"`
	}{id, status, append([]mandates.Party{}, awaited...)}}, err
}

func (h *House) evaluateMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		On   civil.Date `json:"on"`
		Text string     `json:"text"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	number, err := h.Mandates.Evaluate(ctx, c.Who, id, body.On, body.Text)
	if err != nil {
		return api.Answer{}, err
	}
	made := h.evaluationOf(mandates.Evaluation{ID: number, On: body.On, Author: c.Who.ID}, false)
	return api.Answer{Status: http.StatusCreated, Location: dossierPath(id), Body: made}, nil
}

func (h *House) renewMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Start      civil.Date `json:"start"`
		End        civil.Date `json:"end"`
		Evaluation string     `json:"evaluation"`
		GapReason  string     `json:"gap_reason"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	number, err := h.seal.Number(evaluationKind, body.Evaluation)
	if err != nil {
		return api.Answer{}, unknownAt("/evaluation")
	}
	err = h.Mandates.Renew(ctx, c.Who, id, mandates.Renewal{
		Start: body.Start, End: body.End, Evaluation: number, GapReason: body.GapReason,
	})
	if err != nil {
		return api.Answer{}, inBody(err, mandates.ErrNoEvaluation, "/evaluation")
	}
	return h.changed(ctx, http.StatusCreated, id)
}

func (h *House) amendMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body mandates.Amendment
	var plan struct {
		Remittance *struct {
			Days   []int `json:"days"`
			Weekly int   `json:"weekly"`
		} `json:"remittance"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := c.Read(&plan); err != nil {
		return api.Answer{}, err
	}
	if body.Remittance = nil; plan.Remittance != nil {
		body.Remittance = &mandates.RemittancePlan{Days: plan.Remittance.Days, Weekly: plan.Remittance.Weekly}
	}
	if err := h.Mandates.Amend(ctx, c.Who, id, body); err != nil {
		return api.Answer{}, inBody(err, mandates.ErrNoAccount, "/bank_account")
	}
	return h.changed(ctx, http.StatusCreated, id)
}

// saidWhy is a body that says why and nothing else.
type saidWhy struct {
	Reason string `json:"reason"`
}

func (h *House) suspendMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body saidWhy
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	stopped, err := h.Payments.SuspendMandate(ctx, c.Who, id, body.Reason)
	return h.stopped(ctx, id, stopped, err)
}

func (h *House) resumeMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body saidWhy
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.Lift(ctx, c.Who, id, body.Reason); err != nil {
		return api.Answer{}, err
	}
	return h.changed(ctx, http.StatusCreated, id)
}

func (h *House) endMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		On     civil.Date         `json:"on"`
		Reason mandates.EndReason `json:"reason"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	ended, err := h.Payments.EndMandate(ctx, c.Who, id, body.On, body.Reason)
	return h.stopped(ctx, id, ended, err)
}

func (h *House) noteDeath(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		DiedOn civil.Date `json:"died_on"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	ended, err := h.Payments.RecordDeath(ctx, c.Who, id, body.DiedOn)
	return h.stopped(ctx, id, ended, err)
}

type cancelled struct {
	Payment   string       `json:"payment"` // its reference at the bank
	Run       string       `json:"run"`
	Amount    money.Amount `json:"amount"`
	ExecuteOn civil.Date   `json:"execute_on"`
}

// stopped answers what the end or the suspension of a measure has stopped.
func (h *House) stopped(ctx context.Context, id string, ended payments.Ended, err error) (api.Answer, error) {
	if err != nil {
		return api.Answer{}, err
	}
	m, err := h.Mandates.Summary(ctx, id)
	return api.Answer{Status: http.StatusCreated, Location: dossierPath(id), Body: struct {
		mandate

		Cancelled []cancelled  `json:"cancelled"`
		Released  money.Amount `json:"released"`
		Frozen    money.Amount `json:"frozen"`
	}{
		mandateOf(m), each(ended.Cancelled, func(i payments.Instruction) cancelled {
			return cancelled{Payment: i.EndToEndID, Run: i.Run, Amount: i.Amount, ExecuteOn: i.ExecuteOn}
		}), ended.Released, ended.Frozen,
	}}, err
}

func (h *House) getThreatNote(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	note, err := h.Mandates.Threat(ctx, c.Who, id)
	return api.Answer{Persons: []string{id}, Body: struct {
		Mandate string                `json:"mandate"`
		Ground  mandates.ThreatGround `json:"threat_ground"`
		On      civil.Date            `json:"noted_on,omitzero"`
		Text    string                `json:"text,omitempty"`
	}{id, note.Ground, note.On, note.Text}}, err
}

func (h *House) noteThreat(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Text string `json:"text"`
	}
	id, err := h.inHand(ctx, c, &body)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.NoteThreat(ctx, c.Who, id, body.Text); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/mandates/" + id + "/threat_note", Body: struct {
		Mandate string `json:"mandate"`
	}{id}}, nil
}

func (h *House) getClosing(ctx context.Context, c *api.Call) (api.Answer, error) {
	closing, err := h.closing(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: closingOf(closing), Persons: []string{closing.Mandate}}, nil
}

func (h *House) closing(ctx context.Context, c *api.Call) (mandates.Closing, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return mandates.Closing{}, err
	}
	return h.Mandates.Closing(ctx, id)
}

func (h *House) closeMandate(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	if err := h.Mandates.Close(ctx, c.Who, id); err != nil {
		return api.Answer{}, notReady(err)
	}
	return h.changed(ctx, http.StatusOK, id)
}

// notReady lists the steps that are left before a measure is closed.
func notReady(err error) error {
	waiting, ok := errors.AsType[*mandates.NotReadyError](err)
	if !ok {
		return err
	}
	f := Explain(waiting)
	f.Detail.French = plainFirst(f.Detail.French)
	for _, step := range waiting.Closing.Steps {
		if !step.Done() && !step.Advice {
			f.Problems = append(f.Problems, stepProblem(step))
		}
	}
	return f
}
