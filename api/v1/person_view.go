package v1

import (
	"context"
	"slices"
	"time"

	"masp/api"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// personView is a PersonView of the contract: all that a person's first page says, of one moment.
type personView struct {
	Mandate      string          `json:"mandate"`
	First        string          `json:"first_name"`
	Name         string          `json:"name"`
	Status       mandates.Status `json:"status"`
	Day          civil.Date      `json:"day"`
	From         civil.Date      `json:"contract_from"`
	EndedOn      civil.Date      `json:"ended_on,omitzero"`
	BankSeenOn   civil.Date      `json:"bank_known_through,omitzero"`
	LookedAt     time.Time       `json:"looked_at,omitzero"` // when its news came in
	BankLate     bool            `json:"bank_late"`          // more than two banking days without news
	Balance      money.Amount    `json:"balance"`
	Reserved     money.Amount    `json:"reserved"`
	Planned      money.Amount    `json:"planned"`
	Rent         money.Amount    `json:"kept_for_rent"` // the part of planned for the home
	Available    money.Amount    `json:"available"`
	Missing      money.Amount    `json:"missing"`
	Home         *myRent         `json:"rent,omitempty"`
	ThirdParty   *personIncome   `json:"paid_to_landlord,omitempty"`
	Next         *personNext     `json:"next_for_you,omitempty"`
	Income       *personIncome   `json:"next_benefit,omitempty"`
	Late         []string        `json:"late_payers"`
	Lower        *personLower    `json:"lower,omitempty"`
	Coming       []personDay     `json:"coming"`
	Debts        bool            `json:"debts"`
	Received     bool            `json:"received"` // a benefit has come since the start
	Coordinator  string          `json:"coordinator,omitempty"`
	Phone        string          `json:"phone,omitempty"`
	Organisation string          `json:"organisation"`
}

// personIncome is a benefit that a payer pays.
type personIncome struct {
	Payer  string       `json:"payer"`
	On     civil.Date   `json:"on"`
	Amount money.Amount `json:"amount"`
}

// personNext is the next money that goes to an account of hers.
type personNext struct {
	On     civil.Date   `json:"on"`
	Amount money.Amount `json:"amount"`
	State  string       `json:"state"` // prepared, planned, sent
}

// personLower is a payer who has paid less than the month before.
type personLower struct {
	Payer  string       `json:"payer"`
	Now    money.Amount `json:"now"`
	Before money.Amount `json:"before"`
}

// personDay is money that will come or leave.
type personDay struct {
	On    civil.Date   `json:"on"`
	What  string       `json:"what"`
	Payer string       `json:"payer,omitempty"`
	Mine  bool         `json:"mine"`
	In    money.Amount `json:"in"`
	Out   money.Amount `json:"out"`
	Sure  bool         `json:"sure"` // signed
}

func (h *House) myView(ctx context.Context, c *api.Call) (api.Answer, error) {
	m, err := h.mine(ctx, c, c.Query("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	return h.viewOf(ctx, m)
}

// personView is what the person sees, for who sees her file.
func (h *House) personView(ctx context.Context, c *api.Call) (api.Answer, error) {
	if err := h.reached(ctx, c, c.Path("mandate")); err != nil {
		return api.Answer{}, err
	}
	m, err := h.Mandates.Summary(ctx, c.Path("mandate"))
	if err != nil {
		return api.Answer{}, err
	}
	return h.viewOf(ctx, m)
}

func (h *House) viewOf(ctx context.Context, m mandates.Summary) (api.Answer, error) {
	q := unit.Reader(ctx, h.DB)
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	a, err := readAbout(ctx, q, m.ID)
	if err != nil {
		return api.Answer{}, err
	}
	k, err := h.heldBy(ctx, q, m, today)
	if err != nil {
		return api.Answer{}, err
	}
	v := personView{
		Mandate: m.ID, First: a.First, Name: a.Name, Status: m.Status, Day: today, From: m.From, EndedOn: m.EndedOn,
		BankSeenOn: a.Known, BankLate: !a.Known.IsZero() && !civil.AddTARGET(a.Known, mostSilent+1).After(today),
		Balance: m.Balance, Reserved: m.Reserve, Planned: k.Planned, Rent: k.Rent, Available: k.Available, Missing: k.Missing,
		Home: rentOf(k.Bills, today), Late: []string{}, Coming: []personDay{}, Received: a.Received, Debts: a.Owes,
		Coordinator: a.Coordinator, Phone: a.Phone, Organisation: a.Organisation,
	}
	if a.Looked != nil {
		v.LookedAt = *a.Looked
	}
	err = v.readComes(ctx, q, k.Bills)
	return api.Answer{Body: v, Persons: []string{m.ID}}, err
}

// mostSilent is how many banking days the bank may say nothing before a person is told.
const mostSilent = 2

// readComes reads what has come, what should have, and what will.
func (v *personView) readComes(ctx context.Context, q unit.Querier, bills []bill) error {
	before := v.Day.MonthOf().Add(-1).First()
	all, err := readAwaited(ctx, q, v.Mandate, before, v.Day.AddDays(comingDays))
	if err != nil {
		return err
	}
	v.incomes(all)
	v.lower(all)
	moves, err := readMyPayments(ctx, q, v.Mandate)
	if err != nil {
		return err
	}
	v.transfers(moves)
	for _, b := range bills {
		if b.open().IsPositive() && !b.On.Before(v.Day) && b.Class != mandates.Reserve {
			what := called(b.rent(), b.Class == mandates.DebtPlan, []string{b.What}, b.What)
			v.Coming = append(v.Coming, personDay{On: b.On, What: what, Out: b.open()})
		}
	}
	slices.SortStableFunc(v.Coming, func(a, b personDay) int { return a.On.Compare(b.On) })
	return nil
}

// incomes sorts benefits into those that are late, come to the landlord, and come next.
func (v *personView) incomes(all []awaited) {
	for _, b := range all {
		switch {
		case b.ThirdParty:
			if v.ThirdParty == nil || b.On.MonthOf() == v.Day.MonthOf() {
				v.ThirdParty = &personIncome{b.Payer, b.On, b.Amount}
			}
		case b.Came.IsPositive():
		case b.On.Before(v.Day):
			if !v.BankSeenOn.Before(b.On) && b.On.MonthOf() == v.Day.MonthOf() && !slices.Contains(v.Late, b.Payer) {
				v.Late = append(v.Late, b.Payer) // only what the bank has told of can be late
			}
		default:
			v.Coming = append(v.Coming, personDay{On: b.On, What: b.Benefit, Payer: b.Payer, In: b.Amount, Sure: true})
			if v.Income == nil {
				v.Income = &personIncome{b.Payer, b.On, b.Amount}
			}
		}
	}
}

// lower finds a payer who has paid all of this month's benefits, and less than those of the month before.
func (v *personView) lower(all []awaited) {
	type sums struct {
		now, before money.Amount
		waits       bool
	}
	var payers []string
	of := map[string]*sums{}
	for _, b := range all {
		if b.ThirdParty {
			continue
		}
		if of[b.Payer] == nil {
			of[b.Payer] = &sums{}
			payers = append(payers, b.Payer)
		}
		switch s := of[b.Payer]; b.On.MonthOf() {
		case v.Day.MonthOf():
			s.now = s.now.Add(b.Came)
			s.waits = s.waits || b.Came.IsZero()
		case v.Day.MonthOf().Add(-1):
			s.before = s.before.Add(b.Came)
		}
	}
	for _, p := range payers {
		if s := of[p]; !s.waits && s.now.IsPositive() && s.now.Cmp(s.before) < 0 {
			v.Lower = &personLower{p, s.now, s.before}
			return
		}
	}
}

// transfers finds the next money for her own account, and what will leave.
func (v *personView) transfers(newestFirst []myPayment) {
	for _, p := range slices.Backward(newestFirst) {
		recent := p.State == "sent" && !civil.AddTARGET(p.On, 1).Before(v.Day)
		if p.State != "planned" && p.State != "prepared" && !recent {
			continue
		}
		if p.Mine && (v.Next == nil || v.Next.State == "prepared" && p.State != "prepared" && !p.On.After(v.Next.On)) {
			v.Next = &personNext{p.On, p.Amount, p.State}
		}
		if p.State == "sent" {
			continue
		}
		v.Coming = append(v.Coming, personDay{
			On: p.On, What: called(p.Rent, p.Debt, p.What, p.To), Mine: p.Mine, Out: p.Amount, Sure: p.State == "planned",
		})
	}
}

// called is what is paid, as a person calls it.
func called(rent, debt bool, labels []string, to string) string {
	switch {
	case rent:
		return "Votre loyer"
	case debt:
		return "Votre dette"
	case len(labels) > 0:
		return labels[0]
	}
	return to
}
