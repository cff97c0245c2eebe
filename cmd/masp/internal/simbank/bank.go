package simbank

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
