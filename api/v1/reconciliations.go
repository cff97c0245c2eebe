package v1

import (
	"context"
	"net/http"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

func (h *House) reconcileOperations() []api.Operation {
	return []api.Operation{
		{ID: "getReconciliationStatus", Action: auth.ReadTotals, Do: h.reconciliationStatus},
		{ID: "getProof", Action: auth.ReadTotals, Do: h.proof},
		{ID: "listReconciliations", Action: auth.ReadProof, Do: h.listReconciliations},
		{ID: "getReconciliation", Action: auth.ReadProof, Do: h.getReconciliation},
		{ID: "getMandateMonth", Action: auth.ReadPersons, Do: h.getMandateMonth},
		{ID: "runReconciliation", Action: auth.LockDays, Do: h.runReconciliation},
		{ID: "closeDays", Action: auth.LockDays, Do: h.closeDays},
		{ID: "reopenDays", Action: auth.LockDays, Do: h.reopenDays},
	}
}

// dayFigures are a DayFigures of the contract: the two sides of a bank account.
type dayFigures struct {
	Bank         money.Amount `json:"bank"`
	BankOn       civil.Date   `json:"bank_on,omitzero"`
	Printed      money.Amount `json:"bank_printed"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`
}

func figuresOf(f reconcile.Figures) dayFigures {
	return dayFigures{
		Bank: f.Bank, BankOn: f.BankOn, Printed: f.Printed, Books: f.Books, InTransit: f.InTransit, Unidentified: f.Unidentified,
		Persons: f.Persons,
	}
}

// reconciledDay is a Reconciliation of the contract: a bank account on a day.
type reconciledDay struct {
	BankAccount string          `json:"bank_account"`
	Day         civil.Date      `json:"day"`
	State       reconcile.State `json:"state"`
	Difference  money.Amount    `json:"difference"`
	Revision    int             `json:"revision"`
	dayFigures
}

func dayOf(d reconcile.Day) reconciledDay {
	return reconciledDay{
		BankAccount: d.Account, Day: d.Day, State: d.State, Difference: d.Gap, Revision: d.Revision, dayFigures: figuresOf(d.Figures),
	}
}

func daysOf(all []reconcile.Day) []reconciledDay {
	out := make([]reconciledDay, len(all))
	for i, d := range all {
		out[i] = dayOf(d)
	}
	return out
}

// cause is a Cause of the contract: an entry that moved a bank account, with what the bank says of it.
type cause struct {
	Entry    string       `json:"entry"`
	Kind     string       `json:"kind"`
	CountsOn civil.Date   `json:"counts_on"`
	Books    money.Amount `json:"books"`
	Bank     money.Amount `json:"bank"`
	Persons  money.Amount `json:"persons"`
	Line     *proofLine   `json:"bank_line,omitempty"`
	Suspect  bool         `json:"suspect"`
}

// proofLine is where the bank says something: file, statement, rank in it.
type proofLine struct {
	Line     string       `json:"line"`
	File     string       `json:"file"`
	SHA256   string       `json:"sha256"`
	Ref      string       `json:"ref"`
	Rank     int          `json:"rank"`
	BookedOn civil.Date   `json:"booked_on"`
	Amount   money.Amount `json:"amount"`
}

func (h *House) proofOf(l *reconcile.BankLine) *proofLine {
	if l == nil {
		return nil
	}
	return &proofLine{
		Line: h.seal.ID(lineKind, l.Line), File: l.File, SHA256: l.SHA256, Ref: l.Statement, Rank: l.Rank, BookedOn: l.BookedOn, Amount: l.Amount,
	}
}

// causesOf are the entries one by one, for who sees the whole house. Who has a caseload reads the sums of an
// account that many share, and how many entries make them: each of the others is somebody else's money.
func (h *House) causesOf(c *api.Call, all []reconcile.Cause, withheld *int) []cause {
	if !c.Who.SeesAll() {
		*withheld += len(all)
		return []cause{}
	}
	out := make([]cause, len(all))
	for i, c := range all {
		out[i] = cause{
			Entry: h.entryID(c.Entry), Kind: c.Kind, CountsOn: c.CountsOn, Books: c.Books, Bank: c.Bank, Persons: c.Persons,
			Line: h.proofOf(c.Line), Suspect: c.Suspect,
		}
	}
	return out
}

// standing is an AccountStanding of the contract: a bank account today, by its history and by its
// balances.
type standing struct {
	reconciledDay
	Model         string     `json:"model"`
	Now           dayFigures `json:"now"`
	ReconciledTo  civil.Date `json:"reconciled_through,omitzero"`
	LockedThrough civil.Date `json:"locked_through,omitzero"`
	Since         civil.Date `json:"first_day_of_difference,omitzero"`
	Causes        []cause    `json:"causes"`
	Withheld      int        `json:"withheld,omitempty"` // entries that who asks does not read one by one
}

// reconciliationStatus compares every account with its bank. Who audits a part of the house reads the
// days of his accounts: what all persons of a pooled account have is not in his sight.
func (h *House) reconciliationStatus(ctx context.Context, c *api.Call) (api.Answer, error) {
	read := h.Reconcile.Status
	if of := c.Query("bank_account"); of != "" {
		read = func(ctx context.Context) (reconcile.Status, error) { return h.Reconcile.StatusOf(ctx, of) }
	}
	s, err := read(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Day        civil.Date   `json:"day"`
		OK         bool         `json:"ok"`
		Difference money.Amount `json:"difference"`
		Accounts   []standing   `json:"accounts"`
	}{s.Day, s.OK, s.Difference, make([]standing, len(s.Accounts))}
	for i, a := range s.Accounts {
		out.Accounts[i] = standing{
			reconciledDay: dayOf(a.Day), Model: a.Model, Now: figuresOf(a.Now), ReconciledTo: a.ReconciledTo, LockedThrough: a.LockedThrough,
			Since: a.Since,
		}
		out.Accounts[i].Causes = h.causesOf(c, a.Causes, &out.Accounts[i].Withheld)
	}
	return api.Answer{Body: out}, nil
}

// proof is all accounts together.
func (h *House) proof(ctx context.Context, _ *api.Call) (api.Answer, error) {
	t, err := h.Reconcile.Totals(ctx)
	return api.Answer{Body: struct {
		Day          civil.Date   `json:"day"`
		OK           bool         `json:"ok"`
		Accounts     int          `json:"accounts"`
		Silent       int          `json:"silent"`
		Differing    int          `json:"differing"`
		Difference   money.Amount `json:"difference"`
		Since        civil.Date   `json:"first_day_of_difference,omitzero"`
		Bank         money.Amount `json:"bank"`
		Books        money.Amount `json:"books"`
		InTransit    money.Amount `json:"in_transit"`
		Unidentified money.Amount `json:"unidentified"`
		Persons      money.Amount `json:"persons"`
	}{
		t.Day, t.Differing == 0, t.Accounts, t.Silent, t.Differing, t.Difference, t.Since,
		t.Bank, t.Books, t.InTransit, t.Unidentified, t.Persons,
	}}, err
}

// listReconciliations gives the days that are stored, the newest first.
func (h *House) listReconciliations(ctx context.Context, c *api.Call) (api.Answer, error) {
	look := reconcile.DaySearch{Account: c.Query("bank_account"), State: reconcile.State(c.Query("state")), Most: c.Limit() + 1}
	var err error
	if look.From, look.To, err = daysAsked(c); err != nil {
		return api.Answer{}, err
	}
	after, err := c.After()
	if err != nil {
		return api.Answer{}, err
	}
	if after != "" {
		day, account, _ := strings.Cut(after, " ")
		if look.Before.Day, err = civil.Parse(day); err != nil {
			return api.Answer{}, wrongParameter("?cursor")
		}
		look.Before.Account = account
	}
	found, err := h.Reconcile.Days(ctx, look)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[reconciledDay]{HasMore: len(found) > c.Limit()}
	page.Data = daysOf(found[:min(len(found), c.Limit())])
	if page.HasMore {
		last := page.Data[len(page.Data)-1]
		page.NextCursor = c.Cursor(last.Day.String() + " " + last.BankAccount)
	}
	return api.Answer{Body: page, Many: true}, nil
}

// getReconciliation is a bank account on a day, with every entry that counts on it.
func (h *House) getReconciliation(ctx context.Context, c *api.Call) (api.Answer, error) {
	on, err := civil.Parse(c.Path("day"))
	if err != nil || c.Reach != auth.Whole {
		return api.Answer{}, api.NotFound()
	}
	if err := h.begun(ctx, on); err != nil {
		return api.Answer{}, err
	}
	d, err := h.Reconcile.Show(ctx, c.Path("bank_account"), on)
	if err != nil {
		return api.Answer{}, absent(err)
	}
	out := struct {
		reconciledDay
		Locked bool           `json:"locked"`
		Stored *reconciledDay `json:"stored,omitempty"`
		Moves  []cause        `json:"moves"`
		Late   []cause        `json:"late"`
		Hidden int            `json:"withheld,omitempty"`
	}{reconciledDay: dayOf(d.Day), Locked: d.Locked}
	out.Moves, out.Late = h.causesOf(c, d.Moves, &out.Hidden), h.causesOf(c, d.Late, &out.Hidden)
	if d.Stored != nil {
		stored := dayOf(*d.Stored)
		out.Stored = &stored
	}
	return api.Answer{Body: out}, nil
}

// begun answers of a day to come that there is none.
func (h *House) begun(ctx context.Context, day civil.Date) error {
	today, err := ledger.Today(ctx, unit.Reader(ctx, h.DB))
	if err == nil && day.After(today) {
		err = api.NotFound()
	}
	return err
}

// runReconciliation reconciles every open day, through yesterday when no other one is given.
func (h *House) runReconciliation(ctx context.Context, c *api.Call) (api.Answer, error) {
	through, err := throughAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	r, err := h.Reconcile.Run(ctx, c.Who.ID, through)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/reconciliations", Body: struct {
		Through     civil.Date      `json:"through"`
		Accounts    int             `json:"accounts"`
		Stored      int             `json:"days_stored"`
		Differences []reconciledDay `json:"differences"`
		Waiting     []string        `json:"waiting"`
	}{r.Through, r.Accounts, r.Stored, daysOf(r.Differences), append([]string{}, r.Waiting...)}}, nil
}

func throughAsked(c *api.Call) (civil.Date, error) {
	var body struct {
		Through civil.Date `json:"through"`
	}
	err := c.Read(&body)
	return body.Through, err
}

// closeDays locks the days of every account, all or none.
func (h *House) closeDays(ctx context.Context, c *api.Call) (api.Answer, error) {
	through, err := throughAsked(c)
	if err != nil {
		return api.Answer{}, err
	}
	closed, err := h.Reconcile.Close(ctx, c.Who, through)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/reconciliation_status", Body: closed}, nil
}

// reopenDays takes the lock off: another person than who closed, with the reason.
func (h *House) reopenDays(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		From   civil.Date `json:"from"`
		Reason string     `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	account, err := h.bankAccount(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.Reconcile.Reopen(ctx, c.Who, account.BankAccount, body.From, body.Reason); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Location: "/v1/reconciliation_status", Body: struct {
		BankAccount string     `json:"bank_account"`
		From        civil.Date `json:"reopened_from"`
	}{account.BankAccount, body.From}}, nil
}
