package simbank

import (
	"encoding/json"
	"fmt"
	"io"
)

// Options describe the bank. The zero value of a field takes its default.
type Options struct {
	BIC  string // default "MASPFRP0XXX", an invented one
	Name string
	Seed uint64 // chooses which debits lose their EndToEndId
	// DropEvery loses the EndToEndId of one single debit out of so many;
	// default 7, negative never.
	DropEvery int
	// FilePerAccount writes one statement file per account; by default all the
	// accounts of one version share a file.
	FilePerAccount bool
}

// Bank holds accounts, orders and plans. It is not safe for concurrent use.
type Bank struct {
	options  Options
	accounts []*account // in order of opening
	byIBAN   map[string]*account
	closed   Day // last day closed by EndOfDay

	received   map[string]bool   // MsgId of the files taken
	rejects    map[string]string // creditor IBAN → reason on reception
	returns    map[string]plannedReturn
	orders     []order
	moves      []move
	references int    // entries booked
	reports    int    // pain.002 written
	singles    uint64 // single debits booked
	dropped    int    // of which without EndToEndId
}

// plannedReturn is what happens to a transfer once it is debited.
type plannedReturn struct {
	Reason string
	After  int // TARGET days after the debit
}

// New returns a bank without accounts.
func New(o Options) *Bank {
	if o.BIC == "" {
		o.BIC = "MASPFRP0XXX"
	}
	if o.Name == "" {
		o.Name = "Banque de demonstration"
	}
	if o.DropEvery == 0 {
		o.DropEvery = 7
	}
	return &Bank{
		options: o, byIBAN: map[string]*account{}, received: map[string]bool{},
		rejects: map[string]string{}, returns: map[string]plannedReturn{},
	}
}

// PlanReject makes the bank refuse, on reception, every transfer to that
// creditor IBAN with an ISO reason such as AC01. An empty code lifts the plan.
func (b *Bank) PlanReject(creditorIBAN, code string) {
	if code == "" {
		delete(b.rejects, creditorIBAN)
		return
	}
	b.rejects[creditorIBAN] = code
}

// PlanReturn makes every transfer to that creditor IBAN come back with an ISO
// reason such as AC04, so many TARGET days (at least one) after its debit. An
// empty code lifts the plan; transfers already debited still come back.
func (b *Bank) PlanReturn(creditorIBAN, code string, afterDays int) {
	if code == "" {
		delete(b.returns, creditorIBAN)
		return
	}
	b.returns[creditorIBAN] = plannedReturn{Reason: code, After: max(1, afterDays)}
}

// savedState is the JSON form of a bank between two processes.
type savedState struct {
	Version             int
	Options             Options
	Accounts            []*account
	Closed              Day
	Received            map[string]bool
	Rejects             map[string]string
	Returns             map[string]plannedReturn
	Orders              []order
	Moves               []move
	References, Reports int
	Singles             uint64
	Drops               int
}

// Save writes the state of the bank as JSON.
func (b *Bank) Save(w io.Writer) error {
	err := json.NewEncoder(w).Encode(savedState{
		1, b.options, b.accounts, b.closed, b.received, b.rejects, b.returns,
		b.orders, b.moves, b.references, b.reports, b.singles, b.dropped,
	})
	if err != nil {
		return fmt.Errorf("save bank: %w", err)
	}
	return nil
}

// Load reads a bank that Save wrote.
func Load(r io.Reader) (*Bank, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var s savedState
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("load bank: %w", err)
	}
	if s.Version != 1 {
		return nil, fmt.Errorf("load bank: unknown version %d", s.Version)
	}
	b := New(s.Options)
	for _, a := range s.Accounts {
		b.keep(a)
	}
	for id := range s.Received {
		b.received[id] = true
	}
	for iban, code := range s.Rejects {
		b.rejects[iban] = code
	}
	for iban, plan := range s.Returns {
		b.returns[iban] = plan
	}
	b.closed, b.orders, b.moves = s.Closed, s.Orders, s.Moves
	b.references, b.reports = s.References, s.Reports
	b.singles, b.dropped = s.Singles, s.Drops
	return b, nil
}
