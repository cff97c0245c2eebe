package v1

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"masp/api"
	"masp/ledger/chain"
	"masp/payments"
)

// runException is a RunException of the contract.
type runException struct {
	No       int                    `json:"no"`
	Mandate  string                 `json:"mandate,omitempty"`
	Code     payments.ExceptionCode `json:"code"`
	Severity string                 `json:"severity"`
	Label    string                 `json:"label"`
	Lines    []string               `json:"lines"`
	Before   string                 `json:"before,omitempty"`
	After    string                 `json:"after,omitempty"`
	Text     string                 `json:"text"`
	Open     bool                   `json:"open"`
	Choices  []payments.Decision    `json:"choices"`
	Decision *runDecision           `json:"decision,omitempty"`
}

type runDecision struct {
	Decision payments.Decision `json:"decision"`
	Reason   string            `json:"reason"`
	By       string            `json:"by"`
	At       time.Time         `json:"at"`
}

func exceptionOf(e payments.Exception) runException {
	out := runException{
		No: e.No, Mandate: e.Mandate, Code: e.Code, Severity: "to_see", Label: e.Code.French(), Lines: append([]string{}, e.Lines...),
		Before: e.Before, After: e.After, Text: e.Text, Open: e.Open(), Choices: append([]payments.Decision{}, e.Choices()...),
	}
	if e.Code.Blocking() {
		out.Severity = "blocking"
	}
	if v := e.Verdict; v.Decided() {
		out.Decision = &runDecision{Decision: v.Decision, Reason: v.Reason, By: v.By, At: v.At}
	}
	return out
}

func exceptionsOf(r payments.Run) []runException {
	all := r.Exceptions()
	out := make([]runException, len(all))
	for i, e := range all {
		out[i] = exceptionOf(e)
	}
	return out
}

func (h *House) listExceptions(ctx context.Context, c *api.Call) (api.Answer, error) {
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	all := exceptionsOf(run) // the blocking ones first
	place := make(map[int]int, len(all))
	var found []runException
	for i, e := range all {
		if place[e.No] = i; c.Query("open") != "true" || e.Open {
			found = append(found, e)
		}
	}
	at := func(key string) int { no, _ := strconv.Atoi(key); return place[no] }
	key := func(e runException) string { return strconv.Itoa(e.No) }
	return api.Paged(c, found, key, func(a, b string) bool { return at(a) < at(b) })
}

// takeBack is the word of the contract for a decision that is taken back.
const takeBack = "TAKE_BACK"

func (h *House) decideException(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Decision payments.Decision `json:"decision"`
		Reason   string            `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if body.Decision == takeBack {
		body.Decision = ""
	}
	no, err := strconv.Atoi(c.Path("exception"))
	if err != nil {
		return api.Answer{}, api.NotFound()
	}
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	if !hasException(run, no) {
		return api.Answer{}, payments.ErrNoException
	}
	seen, err := seenHash(c)
	if err != nil {
		return api.Answer{}, err
	}
	return h.actOn(ctx, c, func(id string) error {
		_, err := h.Payments.Decide(ctx, c.Who, payments.Choice{
			Run: id, Seen: seen, Exception: no, Decision: body.Decision, Reason: body.Reason,
		})
		return h.told(ctx, c, id, seen, err)
	})
}

func hasException(run payments.Run, no int) bool {
	for _, e := range run.Exceptions() {
		if e.No == no {
			return true
		}
	}
	return false
}

// seenHash is the content that the sender has read.
func seenHash(c *api.Call) (chain.Hash, error) {
	seen, err := chain.ParseHash(c.Match)
	if err != nil {
		return seen, fmt.Errorf("%w: %w", api.Stale(), err)
	}
	return seen, nil
}
