package v1

import (
	"context"
	"fmt"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// failedPayment is a FailedPayment of the contract: what the bank refused or sent back, with what to do.
type failedPayment struct {
	payment
	Person   string     `json:"person,omitempty"`
	FailedOn civil.Date `json:"failed_on"`
	Text     string     `json:"text"`
	Due      bool       `json:"due_again"`
	Replaced []string   `json:"reissued_as"`
	OpenRun  string     `json:"open_run,omitempty"`
	Payee    string     `json:"creditor_iban_state,omitempty"`
	NewIBAN  bool       `json:"creditor_iban_changed"`

	place int
}

// listFailedPayments gives what came back, the newest first.
func (h *House) listFailedPayments(ctx context.Context, c *api.Call) (api.Answer, error) {
	var mine []string
	if c.Reach != auth.Whole {
		own, err := h.Reach.Reached(ctx, c.Who)
		if err != nil {
			return api.Answer{}, err
		}
		mine = append([]string{}, own...)
	}
	all, err := h.Payments.Failed(ctx, mine)
	if err != nil {
		return api.Answer{}, err
	}
	if c.Query("open") == "true" {
		all = slices.DeleteFunc(all, func(f payments.FailedTransfer) bool { return !f.Due })
	}
	of, err := h.payeesOf(ctx, all)
	if err != nil {
		return api.Answer{}, err
	}
	found := make([]failedPayment, len(all))
	for i, f := range all {
		payee := of[f.Creditor]
		found[i] = failedPayment{
			payment: paymentOf(c, f.Instruction), Person: f.Person, FailedOn: f.FailedOn, Due: f.Due,
			Text: sepa.Reason{Code: f.Reason, Text: f.BankText}.Explain(), Replaced: append([]string{}, f.Replaced...),
			Payee: payee.Word(), NewIBAN: payee.Version > f.IBANVersion, OpenRun: f.OpenRun, place: i,
		}
	}
	return api.Paged(c, found, func(f failedPayment) string { return fmt.Sprintf("%09d", f.place) }, ascending)
}

// payeesOf are the payees of what came back, as they may be paid now.
func (h *House) payeesOf(ctx context.Context, all []payments.FailedTransfer) (map[string]mandates.CreditorState, error) {
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.Creditor
	}
	list, err := h.Mandates.CreditorsNamed(ctx, ids...)
	of := make(map[string]mandates.CreditorState, len(list))
	for _, c := range list {
		of[c.ID] = c
	}
	return of, err
}
