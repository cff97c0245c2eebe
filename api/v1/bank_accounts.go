package v1

import (
	"context"
	"slices"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/worklist"
)

func (h *House) bankOperations() []api.Operation {
	return slices.Concat(h.accountOperations(), h.statementOperations(), h.lineOperations(), h.matchOperations(),
		h.suspenseOperations(), h.ruleOperations(), h.adviceOperations(), h.reconcileOperations())
}

func (h *House) accountOperations() []api.Operation {
	return []api.Operation{
		{ID: "listBankAccounts", Action: auth.ReadBank, Do: h.listBankAccounts},
		{ID: "getBankAccount", Action: auth.ReadBank, Do: h.getBankAccount},
		{ID: "listNameChecks", Action: auth.ReadCreditors, Do: h.listNameChecks},
	}
}

// The prefixes of the numbers of rows in addresses.
const (
	statementKind = "sta"
	lineKind      = "lin"
	matchKind     = "mat"
	adviceKind    = "adv"
	ruleKind      = "rul"
	entryKind     = "ent"
)

// entryID is the address of an entry of the books.
func (h *House) entryID(no int64) string { return h.seal.ID(entryKind, no) }

// bankAccount is a BankAccount of the contract.
type bankAccount struct {
	BankAccount string         `json:"bank_account"`
	IBAN        string         `json:"iban"`
	Holder      string         `json:"holder"`
	Model       string         `json:"model"`
	PainVersion string         `json:"pain_version"`
	Last        *lastStatement `json:"last_statement,omitempty"`
	ExpectedOn  civil.Date     `json:"next_statement_expected_on,omitzero"`
	Late        bool           `json:"late"`
	Books       *money.Amount  `json:"books,omitempty"`
}

type lastStatement struct {
	Statement string       `json:"statement"`
	Ref       string       `json:"ref"`
	Closing   money.Amount `json:"closing"`
	ClosingOn civil.Date   `json:"closing_on"`
	AgeDays   int          `json:"age_days"`
}

func (h *House) accountOf(c *api.Call, a imports.Account, due worklist.Due, today civil.Date) bankAccount {
	out := bankAccount{
		BankAccount: a.ID, IBAN: ibanFor(c, a.IBAN), Holder: a.Holder, Model: a.Model, PainVersion: a.PainVersion,
		ExpectedOn: due.Expected, Late: due.Late,
	}
	if a.Statement != 0 {
		out.Last = &lastStatement{
			Statement: h.seal.ID(statementKind, a.Statement), Ref: a.Ref, Closing: a.Closing, ClosingOn: a.ClosedOn,
			AgeDays: today.DaysSince(a.ClosedOn),
		}
	}
	return out
}

// accounts are bank accounts that who asks reaches: the database shows no others.
func (h *House) accounts(ctx context.Context, c *api.Call, look imports.AccountSearch) ([]bankAccount, error) {
	all, err := h.Imports.Accounts(ctx, look)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	dues, err := h.Worklist.StatementsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	today, err := ledger.Today(ctx, unit.Reader(ctx, h.DB))
	if err != nil {
		return nil, err
	}
	waits := make(map[string]worklist.Due, len(dues))
	for _, due := range dues {
		waits[due.Account] = due
	}
	out := make([]bankAccount, len(all))
	for i, a := range all {
		out[i] = h.accountOf(c, a, waits[a.ID], today)
	}
	return out, nil
}

func (h *House) listBankAccounts(ctx context.Context, c *api.Call) (a api.Answer, err error) {
	look := imports.AccountSearch{Like: partOf(c.Query("q")), Mask: masksIBANs(c), Most: c.Limit() + 1}
	if c.Has("late") {
		late := c.Query("late") == "true"
		look.Late = &late
	}
	if look.After, err = c.After(); err != nil {
		return a, err
	}
	found, err := h.accounts(ctx, c, look)
	if err != nil {
		return a, err
	}
	page := api.Page[bankAccount]{Data: found[:min(len(found), c.Limit())], HasMore: len(found) > c.Limit()}
	if page.HasMore {
		page.NextCursor = c.Cursor(page.Data[len(page.Data)-1].BankAccount)
	}
	if look.Most = c.CountMost(); look.Most > 0 {
		n, err := h.Imports.CountAccounts(ctx, look)
		if err != nil {
			return a, err
		}
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

// getBankAccount adds what the books say of the account, for who sees all of them.
func (h *House) getBankAccount(ctx context.Context, c *api.Call) (api.Answer, error) {
	a, err := h.bankAccount(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	if c.Reach == auth.Whole {
		books, err := h.Ledger.Balance(ctx, unit.Reader(ctx, h.DB), ledger.Bank(a.BankAccount))
		if err != nil {
			return api.Answer{}, err
		}
		a.Books = &books
	}
	return api.Answer{Body: a}, nil
}

func (h *House) bankAccount(ctx context.Context, c *api.Call) (bankAccount, error) {
	all, err := h.accounts(ctx, c, imports.AccountSearch{One: c.Path("bank_account"), Most: 1})
	if err != nil {
		return bankAccount{}, err
	}
	if len(all) == 0 {
		return bankAccount{}, api.NotFound()
	}
	return all[0], nil
}

// listNameChecks gives what the payees' banks say of their names, those that differ first.
func (h *House) listNameChecks(ctx context.Context, c *api.Call) (api.Answer, error) {
	if c.Reach != auth.Whole {
		return nothing(), nil
	}
	all, err := h.Imports.NameChecks(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	if of := c.Query("creditor"); of != "" {
		all = slices.DeleteFunc(all, func(n imports.NameCheck) bool { return n.Creditor != of })
	}
	return placed(c, all, func(n imports.NameCheck) string { return n.Creditor + " " + n.IBAN + " " + n.OurName })
}

// nothing is the list of who sees a part of the house only, where each row is of the whole.
func nothing() api.Answer { return api.Answer{Body: api.Page[any]{Data: []any{}}, Many: true} }

// placed is a page of a list whose order is its own; key names a row.
func placed[T any](c *api.Call, all []T, key func(T) string) (api.Answer, error) {
	place := make(map[string]int, len(all))
	for i, one := range all {
		place[key(one)] = i
	}
	return api.Paged(c, all, key, func(a, b string) bool {
		i, still := place[a]
		return !still || i < place[b] // after a row that is gone the list begins again
	})
}

// newest is a page of rows that were asked for by their numbers, one more than fits.
func newest[T, Row any](h *House, c *api.Call, found []T, number func(T) int64, row func(T) Row, count func() (int, error)) (api.Answer, error) {
	page := api.Page[Row]{Data: []Row{}, HasMore: len(found) > c.Limit()}
	found = found[:min(len(found), c.Limit())]
	for _, one := range found {
		page.Data = append(page.Data, row(one))
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(h.seal.ID(rowKind, number(found[len(found)-1])))
	}
	if most := c.CountMost(); most > 0 {
		n, err := count()
		if err != nil {
			return api.Answer{}, err
		}
		n = min(n, most)
		page.Count = &n
	}
	return api.Answer{Body: page, Many: true}, nil
}

// rowKind is the prefix of a number in a cursor.
const rowKind = "row"

// before is the number of the last row of the page before, 0 for the first page.
func (h *House) before(c *api.Call) (int64, error) {
	after, err := c.After()
	if err != nil || after == "" {
		return 0, err
	}
	return h.seal.Number(rowKind, after)
}
