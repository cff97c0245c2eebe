package v1

import (
	"slices"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// runHead is a PaymentRunHead of the contract.
type runHead struct {
	Run         string            `json:"run"`
	Month       civil.Month       `json:"month"`
	On          civil.Date        `json:"on"`
	State       payments.RunState `json:"state"`
	Purpose     payments.Purpose  `json:"purpose"`
	ContentHash chain.Hash        `json:"content_hash"`
	CreatedAt   time.Time         `json:"created_at"`
	SubmittedAt time.Time         `json:"submitted_at,omitzero"`

	number int64
}

func runHeadOf(r payments.Run) runHead {
	return runHead{
		Run: r.ID, Month: r.Month, On: r.On, State: r.State, Purpose: r.Purpose, ContentHash: r.ContentHash,
		CreatedAt: r.CreatedAt, SubmittedAt: r.SubmittedAt, number: r.Number,
	}
}

// computedRun is a ComputedRun of the contract: what has no reference and no content yet.
type computedRun struct {
	Month      civil.Month      `json:"month"`
	On         civil.Date       `json:"on"`
	Purpose    payments.Purpose `json:"purpose"`
	Transfers  int              `json:"transfers"`
	Total      money.Amount     `json:"total"`
	Exceptions []runException   `json:"exceptions"`
	Mandates   []runMandate     `json:"mandates"`
}

func computedOf(c *api.Call, r payments.Run) computedRun {
	out := computedRun{
		Month: r.Month, On: r.On, Purpose: r.Purpose, Transfers: len(r.Instructions()), Total: r.Total(),
		Exceptions: exceptionsOf(r), Mandates: make([]runMandate, len(r.Mandates)),
	}
	for i, m := range r.Mandates {
		out.Mandates[i] = runMandateOf(c, m)
	}
	return out
}

// run is a PaymentRun of the contract.
type run struct {
	runHead
	Evidence         string         `json:"evidence,omitempty"`
	Transfers        int            `json:"transfers"`
	Total            money.Amount   `json:"total"`
	Signatures       int            `json:"signatures"`
	SignaturesNeeded int            `json:"signatures_needed"`
	Exceptions       []runException `json:"exceptions"`
	Mandates         []runMandate   `json:"mandates"`
	Files            []paymentFile  `json:"files"`
	Acts             []runAct       `json:"acts"`
	Comments         []runComment   `json:"comments"`
}

type runAct struct {
	User        string     `json:"user"`
	Act         string     `json:"act"`
	ContentHash chain.Hash `json:"content_hash"`
	At          time.Time  `json:"at"`
}

type runComment struct {
	Mandate string    `json:"mandate"`
	Line    string    `json:"line,omitempty"`
	Text    string    `json:"text"`
	Refuses bool      `json:"refuses"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

func runOf(c *api.Call, r payments.Run) run {
	computed := computedOf(c, r)
	out := run{
		runHead: runHeadOf(r), Evidence: r.Evidence, Transfers: computed.Transfers, Total: computed.Total,
		Signatures: r.Signatures(), SignaturesNeeded: r.Needed, Exceptions: computed.Exceptions, Mandates: computed.Mandates,
		Files: filesOf(r.Files), Acts: make([]runAct, len(r.Acts)),
	}
	for i, a := range r.Acts {
		out.Acts[i] = runAct{User: a.User, Act: a.What, ContentHash: a.ContentHash, At: a.At}
	}
	out.Comments = commentsFor(c, r)
	return out
}

// commentsFor are what the persons say of a run: who works with figures reads no notes.
func commentsFor(c *api.Call, r payments.Run) []runComment {
	out := []runComment{}
	if !c.Who.Is(auth.Coordinator) && !c.Who.Is(auth.Approver) {
		return out
	}
	for _, m := range r.Comments {
		out = append(out, runComment{
			Mandate: m.Mandate, Line: keyOf(m.Line), Text: m.Text, Refuses: m.Refuses, By: m.By, At: m.At,
		})
	}
	return out
}

// runMandate is a RunMandate of the contract.
type runMandate struct {
	Mandate   string           `json:"mandate,omitempty"`
	Person    string           `json:"person,omitempty"`
	Refused   payments.Refusal `json:"refused,omitempty"`
	Available money.Amount     `json:"available"`
	FloorLeft money.Amount     `json:"living_floor_left"`
	Shortfall money.Amount     `json:"living_floor_shortfall"`
	Reserved  money.Amount     `json:"reserved"`
	Remitted  money.Amount     `json:"remitted"`
	Carried   money.Amount     `json:"carried_forward"`
	Rest      string           `json:"remitted_explanation,omitempty"`
	RemitTo   string           `json:"remit_to,omitempty"`
	RemitOn   []civil.Date     `json:"remit_on"`
	Lines     []runLine        `json:"lines"`
	Transfers []payment        `json:"transfers"`
	Changes   []runChange      `json:"adjustments"`
}

func runMandateOf(c *api.Call, m payments.RunMandate) runMandate {
	out := runMandate{
		Mandate: m.Mandate, Person: strings.TrimSpace(m.Person), Refused: m.Refused, Available: m.Available, FloorLeft: m.FloorLeft,
		Shortfall: m.Shortfall, Reserved: m.Reserved, Remitted: m.Remit, Carried: m.Carried, Rest: m.ExplainRest(),
		RemitTo: m.Plan.To, RemitOn: append([]civil.Date{}, m.Plan.On...), Lines: make([]runLine, len(m.Lines)),
		Transfers: paymentsOf(c, m.Transfers), Changes: make([]runChange, len(m.Adjustments)),
	}
	for i, l := range m.Lines {
		out.Lines[i] = runLineOf(l)
	}
	for i, a := range m.Adjustments {
		out.Changes[i] = runChange{
			No: a.No, Kind: a.Kind, Line: keyOf(a.Line), From: a.From, To: a.To, Reason: a.Reason, By: a.By, At: a.At,
			RemitTo: a.Remit.To, RemitOn: append([]civil.Date{}, a.Remit.On...),
		}
	}
	return out
}

// runLine is a RunLine of the contract.
type runLine struct {
	Line        string          `json:"line"`
	Obligation  string          `json:"obligation"`
	DueOn       civil.Date      `json:"due_on"`
	Class       mandates.Class  `json:"class"`
	Creditor    string          `json:"creditor,omitempty"`
	Label       string          `json:"label"`
	Due         money.Amount    `json:"due"`
	Paid        money.Amount    `json:"paid"`
	Status      payments.Status `json:"status"`
	Reason      payments.Reason `json:"reason,omitempty"`
	Explanation string          `json:"explanation"`
	ForPerson   string          `json:"explanation_person"`
	Why         payments.Why    `json:"why"`
	Debt        string          `json:"debt,omitempty"`
}

func runLineOf(l payments.RunLine) runLine {
	return runLine{
		Line: l.Key(), Obligation: l.Obligation, DueOn: l.DueOn, Class: l.Class, Creditor: l.Creditor, Label: l.Label,
		Due: l.Due, Paid: l.Paid, Status: l.Status, Reason: l.Reason, Explanation: l.Explanation, ForPerson: l.ForPerson,
		Why: l.Why, Debt: l.Debt,
	}
}

// runChange is a RunAdjustment of the contract.
type runChange struct {
	No      int                     `json:"no"`
	Kind    payments.AdjustmentKind `json:"kind"`
	Line    string                  `json:"line,omitempty"`
	From    money.Amount            `json:"from"`
	To      money.Amount            `json:"to"`
	Reason  string                  `json:"reason"`
	By      string                  `json:"by"`
	At      time.Time               `json:"at"`
	RemitTo string                  `json:"remit_to,omitempty"`
	RemitOn []civil.Date            `json:"remit_on"`
}

// keyOf is a line as it is named, empty for none.
func keyOf(l payments.LineAsk) string {
	if l.Obligation == "" {
		return ""
	}
	return mandates.DueOn{Obligation: l.Obligation, On: l.DueOn}.Key()
}

// payment is a Payment of the contract: one transfer to one creditor.
type payment struct {
	Payment     string                    `json:"payment"`
	Run         string                    `json:"run,omitempty"`
	Mandate     string                    `json:"mandate,omitempty"`
	Kind        ledger.Kind               `json:"kind"`
	BankAccount string                    `json:"bank_account"`
	Creditor    string                    `json:"creditor"`
	Name        string                    `json:"creditor_name"`
	IBAN        string                    `json:"iban,omitempty"`
	Means       payments.Means            `json:"means,omitempty"`
	Amount      money.Amount              `json:"amount"`
	LeaveOn     civil.Date                `json:"leave_on"`
	ExecuteOn   civil.Date                `json:"execute_on"`
	Reference   string                    `json:"reference"`
	State       payments.InstructionState `json:"state"`
	Reason      string                    `json:"reason,omitempty"`
}

func paymentOf(c *api.Call, t payments.Instruction) payment {
	return payment{
		Payment: t.EndToEndID, Run: t.Run, Mandate: t.Mandate, Kind: t.Kind, BankAccount: t.BankAccount, Creditor: t.Creditor,
		Name: t.Name, IBAN: ibanFor(c, t.IBAN), Means: t.Means, Amount: t.Amount, LeaveOn: t.LeaveOn, ExecuteOn: t.ExecuteOn,
		Reference: t.Reference, State: t.State, Reason: t.Reason,
	}
}

func paymentsOf(c *api.Call, all []payments.Instruction) []payment {
	out := make([]payment, len(all))
	for i, t := range all {
		out[i] = paymentOf(c, t)
	}
	return out
}

// ibanFor masks the accounts of others for who only audits (reliability 5.1).
func ibanFor(c *api.Call, iban string) string {
	parsed, err := sepa.ParseIBAN(iban)
	if err != nil || !masksIBANs(c) {
		return iban
	}
	return parsed.Masked()
}

// masksIBANs tells whether who asks sees the ends of our accounts alone.
func masksIBANs(c *api.Call) bool {
	return !slices.ContainsFunc([]auth.Role{auth.Coordinator, auth.Approver, auth.Accountant, auth.Machine}, c.Who.Is)
}
