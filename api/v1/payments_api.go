package v1

import (
	"context"
	"net/http"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

func (h *House) paymentOperations() []api.Operation {
	return []api.Operation{
		{ID: "listPayments", Action: auth.ReadRuns, Do: h.listPayments},
		{ID: "listFailedPayments", Action: auth.ReadRuns, Do: h.listFailedPayments},
		{ID: "getPayment", Action: auth.ReadRuns, Do: h.getPayment},
		{ID: "cancelPayment", Action: auth.FileRuns, Do: h.cancelPayment},
		{ID: "reissuePayment", Action: auth.FileRuns, Do: h.reissuePayment},
	}
}

// paymentKind is the prefix of the number of a transfer in a cursor.
const paymentKind = "pay"

// listPayments gives transfers in the order in which they were made.
func (h *House) listPayments(ctx context.Context, c *api.Call) (api.Answer, error) {
	look, err := h.searched(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	found, err := h.Payments.Transfers(ctx, look)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[payment]{HasMore: len(found) > c.Limit()}
	found = found[:min(len(found), c.Limit())]
	page.Data = paymentsOf(c, found)
	if page.HasMore {
		page.NextCursor = c.Cursor(h.seal.ID(paymentKind, found[len(found)-1].ID))
	}
	if most := c.CountMost(); most > 0 {
		n, err := h.Payments.CountTransfers(ctx, look)
		if err != nil {
			return api.Answer{}, err
		}
		n = min(n, most)
		page.Count = &n
	}
	a := api.Answer{Body: page, Many: true}
	if look.Mandate != "" && len(found) > 0 {
		a.Persons = []string{look.Mandate}
	}
	return a, nil
}

// searched is what the query asks for, within the reach of who asks.
func (h *House) searched(ctx context.Context, c *api.Call) (payments.Search, error) {
	look := payments.Search{
		Run: c.Query("run"), Mandate: c.Query("mandate"), Bank: c.Query("bank_account"),
		State: payments.InstructionState(c.Query("state")), Most: c.Limit() + 1,
	}
	if c.Reach != auth.Whole {
		mine, err := h.Reach.Reached(ctx, c.Who)
		if err != nil {
			return look, err
		}
		look.Mandates = append([]string{}, mine...)
	}
	after, err := c.After()
	if err != nil || after == "" {
		return look, err
	}
	look.After, err = h.seal.Number(paymentKind, after)
	return look, err
}

// paymentWhy is a PaymentWhy of the contract: a transfer with all that it rests on.
type paymentWhy struct {
	payment
	File        string            `json:"file,omitempty"`
	Purpose     payments.Purpose  `json:"purpose"`
	RunState    payments.RunState `json:"run_state"`
	Evidence    string            `json:"evidence,omitempty"`
	Available   money.Amount      `json:"available"`
	Explanation string            `json:"explanation,omitempty"`
	Covers      []paymentCover    `json:"covers"`
	Exceptions  []runException    `json:"exceptions"`
}

// paymentCover is the part of a payment that pays one line, with why.
type paymentCover struct {
	runLine
	Amount money.Amount `json:"amount"`
}

func (h *House) getPayment(ctx context.Context, c *api.Call) (api.Answer, error) {
	at, run, err := h.paymentSeen(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return whyAnswer(c, at, run)
}

// paymentSeen is where a payment stands, and its run; what is not in reach does not exist.
func (h *House) paymentSeen(ctx context.Context, c *api.Call) (payments.TransferAt, payments.Run, error) {
	at, err := h.Payments.FindTransfer(ctx, c.Path("payment"))
	if err != nil {
		return at, payments.Run{}, unseen(err)
	}
	if err := h.reached(ctx, c, at.Mandate); err != nil {
		return at, payments.Run{}, err
	}
	run, err := h.runSeen(ctx, c, at.Run)
	return at, run, err
}

// whyAnswer is a payment with the reasons of its run.
func whyAnswer(c *api.Call, at payments.TransferAt, run payments.Run) (api.Answer, error) {
	id := c.Path("payment")
	for _, m := range run.Mandates {
		for _, t := range m.Transfers {
			if t.EndToEndID == id {
				a := api.Answer{Body: whyOf(c, at, run, m, t)}
				if m.Mandate != "" {
					a.Persons = []string{m.Mandate}
				}
				return a, nil
			}
		}
	}
	return api.Answer{}, api.NotFound()
}

func whyOf(c *api.Call, at payments.TransferAt, run payments.Run, m payments.RunMandate, t payments.Instruction) paymentWhy {
	out := paymentWhy{
		payment: paymentOf(c, t), File: at.File, Purpose: run.Purpose, RunState: run.State, Evidence: run.Evidence,
		Available: m.Available, Covers: []paymentCover{}, Exceptions: []runException{},
	}
	switch {
	case len(t.Covers) > 0: // each says its own
	case t.Kind == ledger.Remittance:
		out.Explanation = m.ExplainRest()
	default:
		out.Explanation = run.Purpose.French()
	}
	var keys []string
	for _, cover := range t.Covers {
		of := slices.IndexFunc(m.Lines, func(l payments.RunLine) bool { return l.No == cover.Line })
		if of < 0 {
			continue // a proof tells it: masp verify
		}
		keys = append(keys, m.Lines[of].Key())
		out.Covers = append(out.Covers, paymentCover{runLine: runLineOf(m.Lines[of]), Amount: cover.Amount})
	}
	for _, e := range m.Exceptions {
		if slices.ContainsFunc(e.Lines, func(key string) bool { return slices.Contains(keys, key) }) {
			out.Exceptions = append(out.Exceptions, exceptionOf(e))
		}
	}
	return out
}

// cancelPayment gives one transfer back before the bank has it.
func (h *House) cancelPayment(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if _, _, err := h.paymentSeen(ctx, c); err != nil {
		return api.Answer{}, err
	}
	if err := h.Payments.CancelTransfer(ctx, c.Who, c.Path("payment"), body.Reason); err != nil {
		return api.Answer{}, err
	}
	at, run, err := h.paymentSeen(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	a, err := whyAnswer(c, at, run)
	a.Status, a.Location = http.StatusCreated, "/v1/payments/"+c.Path("payment")
	return a, err
}

// reissued is a PaymentReissued of the contract: what replaces a failed payment.
type reissued struct {
	Payment     string       `json:"payment"`
	Obligations []reissuedBy `json:"obligations"`
}

type reissuedBy struct {
	Obligation string         `json:"obligation"`
	Mandate    string         `json:"mandate"`
	Class      mandates.Class `json:"class"`
	Creditor   string         `json:"creditor"`
	Amount     money.Amount   `json:"amount"`
	Debt       string         `json:"debt,omitempty"`
	DueOn      civil.Date     `json:"due_on"`
}

// reissuePayment issues a failed payment again, once: it is due in the next run.
func (h *House) reissuePayment(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Obligation string `json:"obligation"`
		To         string `json:"to"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if _, _, err := h.paymentSeen(ctx, c); err != nil {
		return api.Answer{}, err
	}
	all, err := h.Payments.ReissueLines(ctx, c.Who, c.Path("payment"), body.Obligation, body.To)
	if err != nil {
		return api.Answer{}, err
	}
	out := reissued{Payment: c.Path("payment"), Obligations: make([]reissuedBy, len(all))}
	for i, o := range all {
		out.Obligations[i] = reissuedBy{
			Obligation: o.ID, Mandate: o.Mandate, Class: o.Class, Creditor: o.Creditor, Amount: o.Amount, Debt: o.Debt, DueOn: o.From,
		}
	}
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/payments/" + out.Payment}, nil
}
