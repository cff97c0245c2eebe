package worklist

import (
	"slices"
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

// StateOn is the state of the item on a day: Open, Asleep or Closed.
func (i Item) StateOn(day civil.Date) State {
	switch {
	case i.ClosedAt != nil:
		return Closed
	case i.SnoozedUntil.After(day):
		return Asleep
	}
	return Open
}

// Filter narrows a list; what is empty does not. The zero State is Open.
type Filter struct {
	Mandate, Code, User string
	Severity            Severity
	State               State
	// Only leaves the alerts of some mandates, and those of none that were given to somebody; nil leaves all.
	Only *Sight
	// Without takes away those of some mandates.
	Without []string
	// After is the place after which the list begins, and Most how many it holds; zero is no bound.
	After Place
	Most  int
}

// Sight is what somebody sees who does not see the whole house.
type Sight struct {
	Mandates []string
	User     string
}

// Place is where an alert stands in a list, which never changes while it is open.
type Place struct {
	Closed bool
	Rank   int // of its severity: 0 comes first
	On     civil.Date
	ID     int64
}

// Place is that of the item.
func (i Item) Place() Place {
	return Place{i.ClosedAt != nil, slices.Index([]Severity{Urgent, Soon, Note}, i.Kind.Severity), i.On, i.ID}
}
