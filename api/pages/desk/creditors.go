package desk

import "time"

// ibanChange is one version of the account of a payee.
type ibanChange struct {
	Creditor     string    `json:"creditor"`
	Name         string    `json:"name"`
	Version      int       `json:"version"`
	State        string    `json:"state"`
	Before       string    `json:"before"`
	IBAN         string    `json:"iban"`
	BeforeMasked string    `json:"before_masked"`
	IBANMasked   string    `json:"iban_masked"`
	Evidence     string    `json:"evidence"`
	ProposedBy   string    `json:"proposed_by"`
	ProposedAt   time.Time `json:"proposed_at"`
	FirstBy      string    `json:"first_confirmed_by"`
	AwaitsSecond bool      `json:"awaits_second"`
	ConfirmedBy  string    `json:"confirmed_by"`
	ConfirmedAt  time.Time `json:"confirmed_at"`
	PayableFrom  time.Time `json:"payable_from"`
	Signs        []struct {
		Text string `json:"text"`
	} `json:"signs"`
}

// AwaitsWord tells whether a user may be the second person of a change.
func (c ibanChange) AwaitsWord(user string) bool {
	return c.State == "to_confirm" && c.ProposedBy != user && c.FirstBy != user
}
