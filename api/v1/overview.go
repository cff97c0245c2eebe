package v1

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"masp/api"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// overview is an Overview of the contract: the money of a person on one sheet, for whoever visits her.
type overview struct {
	Mandate    string          `json:"mandate"`
	Person     string          `json:"person"`
	Day        civil.Date      `json:"day"`
	BankSeenOn civil.Date      `json:"bank_known_through,omitzero"`
	Balance    money.Amount    `json:"balance"`
	Reserved   money.Amount    `json:"reserved"`
	Planned    money.Amount    `json:"planned"`
	Available  money.Amount    `json:"available"`
	Missing    money.Amount    `json:"missing"`
	Months     []overviewMonth `json:"months"`
	Rows       []overviewRow   `json:"rows"`
	Moves      []overviewMove  `json:"moves"`
	Coming     []overviewDay   `json:"coming"`
	Due        []overviewDue   `json:"due"`
}

// overviewMonth is a month of her account: opening + in − out = closing.
type overviewMonth struct {
	Month   civil.Month  `json:"month"`
	Opening money.Amount `json:"opening"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Closing money.Amount `json:"closing"`
}

// overviewRow is who has sent or received money, month by month: above zero what came to her. The rows
// of a month add up to its closing less its opening.
type overviewRow struct {
	Kind    rowKindOf      `json:"kind"`
	Name    string         `json:"name"`
	Amounts []money.Amount `json:"amounts"` // of each month
}

// rowKindOf says what a row is about.
type rowKindOf string

const (
	ofBenefit rowKindOf = "benefit"
	ofPayee   rowKindOf = "payee"
	ofPerson  rowKindOf = "person" // to her own account
	ofOther   rowKindOf = "other"  // corrections, openings, what is of no payment and no benefit
)

// overviewMove is a movement of the last month, with what proves it.
type overviewMove struct {
	On      civil.Date   `json:"on"`
	Label   string       `json:"label"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Balance money.Amount `json:"balance"`
	Payment string       `json:"payment,omitempty"`
	Line    string       `json:"bank_line,omitempty"`
}

// overviewDay is money that will come or leave.
type overviewDay struct {
	On      civil.Date   `json:"on"`
	Name    string       `json:"name"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Payment string       `json:"payment,omitempty"`
}

// overviewDue falls due, and no run has taken it up.
type overviewDue struct {
	Obligation string       `json:"obligation"`
	Label      string       `json:"label"`
	On         civil.Date   `json:"on"`
	Amount     money.Amount `json:"amount"`
}

// entryPart is what a payment or a benefit explains of an entry.
type entryPart struct {
	Entry   int64
	Kind    rowKindOf
	Name    string
	Amount  money.Amount // above zero came
	Payment string
	Line    int64
}

const mostMonths = 12

// getOverview adds up the months that end with this one, or with the one that is asked for.
func (h *House) getOverview(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	m, err := h.Mandates.Summary(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	today, err := ledger.Today(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	first, last, err := monthsAsked(c, today)
	if err != nil {
		return api.Answer{}, err
	}
	known, err := readKnown(ctx, q, id)
	if err != nil {
		return api.Answer{}, err
	}
	k, err := h.heldBy(ctx, q, m, today)
	if err != nil {
		return api.Answer{}, err
	}
	out := overview{
		Mandate: id, Person: m.Person, Day: today, BankSeenOn: known, Balance: m.Balance, Reserved: m.Reserve,
		Planned: k.Planned, Available: k.Available, Missing: k.Missing,
	}
	s, err := h.Ledger.AccountStatement(ctx, q, ledger.Mandate(id), first.First(), last.Last())
	if err != nil {
		return api.Answer{}, err
	}
	parts, err := readParts(ctx, q, id, first.First(), last.Last())
	if err != nil {
		return api.Answer{}, err
	}
	out.addUp(s, first, last, parts)
	out.Moves = h.movesOf(s.Lines, last, parts)
	if out.Coming, err = readComing(ctx, q, id, today); err == nil {
		out.Due, err = h.untaken(ctx, q, id, today)
	}
	return api.Answer{Body: out, Persons: []string{id}}, err
}

// monthsAsked are the first and the last month of a reading: three, that end with this one.
func monthsAsked(c *api.Call, today civil.Date) (first, last civil.Month, err error) {
	last = today.MonthOf()
	if c.Has("month") {
		if last, err = civil.ParseMonth(c.Query("month")); err != nil {
			return first, last, wrongParameter("?month")
		}
	}
	n := 3
	if c.Has("months") {
		if n, err = strconv.Atoi(c.Query("months")); err != nil || n < 1 || n > mostMonths {
			return first, last, wrongParameter("?months")
		}
	}
	return last.Add(1 - n), last, nil
}

// addUp fills the grid from the lines of the account. A line that its parts do not explain to the cent
// stands under its kind, so that the grid is always that of the books.
func (o *overview) addUp(s ledger.AccountStatement, first, last civil.Month, parts map[int64][]entryPart) {
	n := 0
	at := map[civil.Month]int{}
	for m := first; !m.After(last); m = m.Add(1) {
		at[m] = n
		n++
		o.Months = append(o.Months, overviewMonth{Month: m})
	}
	rows := map[string]*overviewRow{}
	add := func(kind rowKindOf, name string, month int, amount money.Amount) {
		key := string(kind) + name
		if rows[key] == nil {
			rows[key] = &overviewRow{Kind: kind, Name: name, Amounts: make([]money.Amount, n)}
		}
		rows[key].Amounts[month] = rows[key].Amounts[month].Add(amount)
	}
	for _, l := range s.Lines {
		month := at[l.PostedOn.MonthOf()]
		o.Months[month].In = o.Months[month].In.Add(l.In)
		o.Months[month].Out = o.Months[month].Out.Add(l.Out)
		net := l.In.Sub(l.Out)
		for _, p := range explained(parts[l.No], net) {
			add(p.Kind, p.Name, month, p.Amount)
			net = net.Sub(p.Amount)
		}
		if !net.IsZero() {
			add(ofOther, kindInFrench(l.Kind), month, net)
		}
	}
	held := s.Opening
	for i := range o.Months {
		o.Months[i].Opening = held
		held = held.Add(o.Months[i].In).Sub(o.Months[i].Out)
		o.Months[i].Closing = held
	}
	o.Rows = []overviewRow{}
	for _, r := range rows {
		o.Rows = append(o.Rows, *r)
	}
	slices.SortFunc(o.Rows, func(a, b overviewRow) int {
		rank := func(r overviewRow) int {
			return slices.Index([]rowKindOf{ofBenefit, ofPayee, ofPerson, ofOther}, r.Kind)
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
}

// explained are the parts of a line: all of its entry when they add up to it, the one of its amount when
// an entry has a line for each, none otherwise.
func explained(parts []entryPart, net money.Amount) []entryPart {
	sum := money.Amount{}
	for _, p := range parts {
		sum = sum.Add(p.Amount)
	}
	if sum == net {
		return parts
	}
	for _, p := range parts {
		if p.Amount == net {
			return []entryPart{p}
		}
	}
	return nil
}

var otherKinds = map[ledger.Kind]string{
	ledger.Opening: "Reprise à l'ouverture", ledger.BankCredit: "Argent reçu", ledger.Identification: "Argent reçu, identifié ensuite",
	ledger.BankDebit: "Retiré par la banque", ledger.DeathFreeze: "Gel au décès", ledger.ReversalOf: "Correction",
}

func kindInFrench(k ledger.Kind) string {
	if said, ok := otherKinds[k]; ok {
		return said
	}
	return "Autre mouvement"
}

// movesOf are the movements of a month, the newest first.
func (h *House) movesOf(lines []ledger.StatementLine, month civil.Month, parts map[int64][]entryPart) []overviewMove {
	moves := []overviewMove{}
	for _, l := range slices.Backward(lines) {
		if l.PostedOn.MonthOf() != month {
			break
		}
		on := l.BookedOn
		if on.IsZero() {
			on = l.PostedOn
		}
		move := overviewMove{On: on, Label: l.Label, In: l.In, Out: l.Out, Balance: l.Balance}
		for _, p := range explained(parts[l.No], l.In.Sub(l.Out)) {
			move.Payment = p.Payment
			if p.Line != 0 {
				move.Line = h.seal.ID(lineKind, p.Line)
			}
		}
		moves = append(moves, move)
	}
	return moves
}

// untaken is what falls due from this month on and within the days of a sheet, that no run pays or sets
// aside. What the law blocks is not paid, and is not here.
func (h *House) untaken(ctx context.Context, q unit.Querier, mandate string, today civil.Date) ([]overviewDue, error) {
	all, err := h.Mandates.Obligations(ctx, mandate)
	if err != nil {
		return nil, err
	}
	taken, err := readTaken(ctx, q, mandate, today.MonthOf().First())
	if err != nil {
		return nil, err
	}
	found, until := []overviewDue{}, today.AddDays(comingDays)
	for _, o := range all {
		for m := today.MonthOf(); o.Block == "" && !m.First().After(until); m = m.Add(1) {
			for _, d := range mandates.Due(o, m) {
				if !d.On.After(until) && !taken[d.Key()] {
					found = append(found, overviewDue{o.ID, o.Label, d.On, d.Amount})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b overviewDue) int { return a.On.Compare(b.On) })
	return found, nil
}
