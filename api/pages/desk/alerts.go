package desk

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// alert is what somebody must look at.
type alert struct {
	Alert    string       `json:"alert"`
	On       civil.Date   `json:"on"`
	Code     string       `json:"code"`
	Severity string       `json:"severity"`
	Label    string       `json:"label"`
	ToDo     string       `json:"to_do"`
	Mandate  string       `json:"mandate"`
	Subject  string       `json:"subject"`
	Amount   money.Amount `json:"amount"`
	Text     string       `json:"text"`
	User     string       `json:"user"`
	Before   int          `json:"before"`
}

// Word is how soon it must be looked at.
func (a alert) Word() string { return said(alertWords, a.Severity) }

// Tone is the tone of that.
func (a alert) Tone() string {
	return map[string]string{"urgent": urgent, "soon": soon}[a.Severity]
}
