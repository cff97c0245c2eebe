package v1

import (
	"context"
	"net/http"
	"time"

	"masp/api"
	"masp/ledger/civil"
	"masp/payments/worklist"
)

// myQuestionKept is a PersonQuestion of the contract.
type myQuestionKept struct {
	Question worklist.Asked `json:"question"`
	Text     string         `json:"text,omitempty"`
	At       time.Time      `json:"at"`
	Until    civil.Date     `json:"answer_until"`
}

// myQuestion keeps what a person asks: her coordinator finds it in the list of what waits.
func (h *House) myQuestion(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct {
		Question worklist.Asked `json:"question"`
		Text     string         `json:"text"`
		Movement string         `json:"movement"`
	}
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	m, err := h.mine(ctx, c, "")
	if err != nil {
		return api.Answer{}, err
	}
	q := worklist.Question{Mandate: m.ID, Person: m.Person, Asked: ask.Question, Text: ask.Text}
	if ask.Movement != "" {
		if q.About, err = h.aboutMovement(ctx, m.ID, ask.Movement); err != nil {
			return api.Answer{}, err
		}
	}
	kept, err := h.Worklist.Ask(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: myQuestionKept{ask.Question, ask.Text, kept.At, kept.Until}}, nil
}
