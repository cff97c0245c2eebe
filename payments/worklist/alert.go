package worklist

import (
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Alert is something that a person must look at.
type Alert struct {
	On      civil.Date   `json:"on"`
	Code    string       `json:"code"`    // what happened: a key of [Kinds]
	Mandate string       `json:"mandate"` // may be empty
	Subject string       `json:"subject"` // what it is about, for people: a benefit, a line, a transfer
	Amount  money.Amount `json:"amount"`
	Text    string       `json:"text"` // French: what happened and what to do
	// Source names the event, unique among all alerts.
	Source string `json:"source"`
	// Details are what programs read, under the keys of the code; may be nil.
	Details map[string]string `json:"details"`
}

// Item is an alert with what people did about it.
type Item struct {
	ID int64 `json:"alert"`
	Alert
	Kind Kind `json:"kind"`
	// User looks after it: whom it was given to, else the coordinator of the mandate; may be empty.
	User string `json:"user"`
	// Before is how often the same code came for the same mandate and subject.
	Before       int        `json:"before"`
	SnoozedUntil civil.Date `json:"snoozed_until"` // zero: it does not sleep
	ClosedAt     *time.Time `json:"closed_at"`     // nil: open
	ClosedBy     string     `json:"closed_by"`     // empty: the facts have cured it
	Reason       string     `json:"closed_reason"`
}

// State says which alerts a list holds.
type State string

// The states of a list.
const (
	Open   State = "open"   // neither asleep nor closed
	Asleep State = "asleep" // until their day
	Closed State = "closed"
	All    State = "all"
)

// Filter narrows a list; what is empty does not. The zero State is Open.
type Filter struct {
	Mandate, Code, User string
	State               State
}
