package v1

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"masp/api"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// runAsk is a RunAsk of the contract.
type runAsk struct {
	Month    civil.Month      `json:"month"`
	On       civil.Date       `json:"on"`
	Purpose  payments.Purpose `json:"purpose"`
	Mandates []string         `json:"mandates"`
	Lines    []string         `json:"lines"`
	Remit    []struct {
		Mandate string       `json:"mandate"`
		To      string       `json:"to"`
		On      []civil.Date `json:"on"`
	} `json:"remit"`
	Means    payments.Means `json:"means"`
	Evidence string         `json:"evidence"`
	Suppose  runSuppose     `json:"suppose"`
}

// runSuppose is a RunSuppose of the contract.
type runSuppose struct {
	Credits []struct {
		Mandate string       `json:"mandate"`
		Amount  money.Amount `json:"amount"`
	} `json:"credits"`
	Amounts []struct {
		Mandate    string       `json:"mandate"`
		Obligation string       `json:"obligation"`
		Amount     money.Amount `json:"amount"`
	} `json:"amounts"`
	Debts []struct {
		Mandate  string       `json:"mandate"`
		Creditor string       `json:"creditor"`
		Amount   money.Amount `json:"amount"`
	} `json:"debts"`
}

// readAsk reads what is asked for; without mandates it is the caseload of the sender, whatever else she
// sees as an approver: a run for everybody is made at the command line.
func (h *House) readAsk(ctx context.Context, c *api.Call) (payments.Ask, runAsk, error) {
	var body runAsk
	if err := c.Read(&body); err != nil {
		return payments.Ask{}, body, err
	}
	ask := payments.Ask{
		Month: body.Month, On: body.On, Purpose: body.Purpose, Mandates: body.Mandates, Means: body.Means, Evidence: body.Evidence,
	}
	for i, line := range body.Lines {
		due, ok := lineAsked(line)
		if !ok {
			return ask, body, unknownAt("/lines/" + strconv.Itoa(i))
		}
		ask.Lines = append(ask.Lines, due)
	}
	for i, r := range body.Remit {
		if err := h.known(ctx, c, r.Mandate, "/remit/"+strconv.Itoa(i)+"/mandate"); err != nil {
			return ask, body, err
		}
		if ask.Remit == nil {
			ask.Remit = make(map[string]payments.Remit)
		}
		ask.Remit[r.Mandate] = payments.Remit{To: r.To, On: r.On}
	}
	return ask, body, h.askedFor(ctx, c, &ask)
}

// askedFor judges the mandates that are named, or names those of the sender.
func (h *House) askedFor(ctx context.Context, c *api.Call, ask *payments.Ask) error {
	for i, id := range ask.Mandates {
		if err := h.known(ctx, c, id, "/mandates/"+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	if len(ask.Mandates) > 0 {
		return nil
	}
	own, err := h.Auth.Own(ctx, c.Who)
	if err != nil {
		return err
	}
	all, err := h.Mandates.List(ctx)
	for _, s := range all {
		if s.Status == mandates.Active && slices.Contains(own, s.ID) {
			ask.Mandates = append(ask.Mandates, s.ID)
		}
	}
	if err == nil && len(ask.Mandates) == 0 {
		err = payments.ErrNothingDue
	}
	slices.Sort(ask.Mandates)
	return err
}

// known refuses a mandate in a body that the sender does not reach, as one that does not exist.
func (h *House) known(ctx context.Context, c *api.Call, mandate, pointer string) error {
	if err := h.reached(ctx, c, mandate); err != nil {
		if is[*api.Fault](err) {
			return unknownAt(pointer)
		}
		return err
	}
	return nil
}

// lineAsked is a due as it is named: OBLIGATION@DAY.
func lineAsked(key string) (payments.LineAsk, bool) {
	id, day, _ := strings.Cut(key, "@")
	on, err := civil.Parse(day)
	return payments.LineAsk{Obligation: id, DueOn: on}, err == nil
}

func (h *House) proposeRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	ask, _, err := h.readAsk(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	run, err := h.Payments.Propose(ctx, c.Who, ask)
	if err != nil {
		return api.Answer{}, err
	}
	return h.newRun(ctx, c, run.ID)
}

// newRun answers a run that was just made.
func (h *House) newRun(ctx context.Context, c *api.Call, id string) (api.Answer, error) {
	run, err := h.runSeen(ctx, c, id)
	if err != nil {
		return api.Answer{}, err
	}
	return runAnswer(c, http.StatusCreated, run), nil
}

// computeRun answers what a run would be, and writes nothing.
func (h *House) computeRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	ask, body, err := h.readAsk(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	suppose, err := h.supposed(ctx, c, body.Suppose)
	if err != nil {
		return api.Answer{}, err
	}
	run, err := h.Payments.WhatIf(ctx, ask, suppose)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: computedOf(c, run)}, nil
}

// supposed is what is taken for true.
func (h *House) supposed(ctx context.Context, c *api.Call, body runSuppose) (to payments.Suppose, err error) {
	for i, s := range body.Credits {
		if err := h.known(ctx, c, s.Mandate, "/suppose/credits/"+strconv.Itoa(i)+"/mandate"); err != nil {
			return to, err
		}
		to.Credits = append(to.Credits, payments.SupposedCredit{Mandate: s.Mandate, Amount: s.Amount})
	}
	for i, s := range body.Debts {
		if err := h.known(ctx, c, s.Mandate, "/suppose/debts/"+strconv.Itoa(i)+"/mandate"); err != nil {
			return to, err
		}
		to.Debts = append(to.Debts, payments.SupposedDebt{Mandate: s.Mandate, Creditor: s.Creditor, Amount: s.Amount})
	}
	for i, s := range body.Amounts {
		at := "/suppose/amounts/" + strconv.Itoa(i)
		if err := h.known(ctx, c, s.Mandate, at+"/mandate"); err != nil {
			return to, err
		}
		list, err := h.Mandates.Obligations(ctx, s.Mandate)
		if err != nil {
			return to, err
		}
		of := slices.IndexFunc(list, func(o mandates.Obligation) bool { return o.ID == s.Obligation })
		if of < 0 {
			return to, unknownAt(at + "/obligation")
		}
		list[of].Amount = s.Amount
		to.Obligations = append(to.Obligations, list[of])
	}
	return to, nil
}

// proposePayout keeps, as a draft, one transfer that no run shares out.
func (h *House) proposePayout(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Purpose  payments.Purpose  `json:"purpose"`
		Mandate  string            `json:"mandate"`
		From     ledger.SubAccount `json:"from"`
		To       string            `json:"to"`
		Amount   money.Amount      `json:"amount"`
		On       civil.Date        `json:"on"`
		Evidence string            `json:"evidence"`
	}
	body.From = ledger.Restricted
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.known(ctx, c, body.Mandate, "/mandate"); err != nil {
		return api.Answer{}, err
	}
	run, err := h.Payments.ProposePayout(ctx, c.Who, payments.Payout{
		Purpose: body.Purpose, Mandate: body.Mandate, Sub: body.From, To: body.To, Amount: body.Amount, On: body.On,
		Evidence: body.Evidence,
	})
	if err != nil {
		return api.Answer{}, err
	}
	return h.newRun(ctx, c, run.ID)
}
