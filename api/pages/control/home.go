package control

import (
	"context"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// figures are the three sides of some bank accounts.
type figures struct {
	Bank         money.Amount `json:"bank"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`
}

func (f figures) add(g figures) figures {
	return figures{
		f.Bank.Add(g.Bank), f.Books.Add(g.Books), f.InTransit.Add(g.InTransit), f.Unidentified.Add(g.Unidentified), f.Persons.Add(g.Persons),
	}
}

// BankGap is what the bank has more than the books.
func (f figures) BankGap() money.Amount { return f.Bank.Sub(f.Books) }

// Of is what the books hold for persons: without what is under way or unidentified.
func (f figures) Of() money.Amount { return f.Books.Sub(f.InTransit).Sub(f.Unidentified) }

// homeShown is whether all agree: of the whole house, or of the accounts in reach.
type homeShown struct {
	Whole    bool
	Day      civil.Date
	Sum      figures
	Gap      money.Amount // of each account, added up whatever its direction
	Accounts int
	Silent   int // accounts of which the bank has said nothing yet
	Shared   int // accounts in reach whose total is not to be read: money of others is in it
	Over     int // accounts of persons in reach of a mission that is over
}

// OK tells that nothing differs.
func (h homeShown) OK() bool { return h.Gap.IsZero() }

func showHome(ctx context.Context, v *pages.Visit) error {
	shown := homeShown{Whole: v.Who().Reach(auth.ReadTotals) == auth.Whole}
	read := shown.ofReach
	if shown.Whole {
		read = shown.ofHouse
	}
	if err := read(ctx, v); err != nil {
		return err
	}
	return v.Show("controle_accueil.html", pages.Sheet{Title: "Contrôle", Data: shown})
}

func (h *homeShown) ofHouse(ctx context.Context, v *pages.Visit) error {
	var proof struct {
		Day        civil.Date   `json:"day"`
		Accounts   int          `json:"accounts"`
		Silent     int          `json:"silent"`
		Difference money.Amount `json:"difference"`
		figures
	}
	if err := v.Read(ctx, "/v1/proof", &proof); err != nil {
		return err
	}
	h.Day, h.Accounts, h.Silent = proof.Day, proof.Accounts-proof.Silent, proof.Silent
	h.Sum, h.Gap = proof.figures, proof.Difference
	return nil
}

// ofReach compares the accounts in reach with the last statements of the bank.
func (h *homeShown) ofReach(ctx context.Context, v *pages.Visit) error {
	type account struct {
		BankAccount string `json:"bank_account"`
		Model       string `json:"model"`
		Last        *struct {
			Closing money.Amount `json:"closing"`
			On      civil.Date   `json:"closing_on"`
		} `json:"last_statement"`
	}
	all, err := pages.All[account](ctx, v, "/v1/bank_accounts")
	if err != nil {
		return err
	}
	type held struct {
		Account string        `json:"account"`
		Balance *money.Amount `json:"balance"`
	}
	books, err := pages.All[held](ctx, v, "/v1/accounts?pcg=512")
	if err != nil {
		return err
	}
	of := map[string]money.Amount{}
	for _, b := range books {
		if b.Balance != nil {
			of[b.Account] = *b.Balance
		}
	}
	for _, a := range all {
		if a.Last == nil {
			h.Silent++
			continue
		}
		balance, ok := of["512:"+a.BankAccount]
		if !ok && a.Model == "INDIVIDUAL" {
			h.Over++
			continue
		}
		if !ok {
			h.Shared++
			continue
		}
		h.Accounts++
		if h.Day.IsZero() || h.Day.Before(a.Last.On) {
			h.Day = a.Last.On
		}
		one := figures{Bank: a.Last.Closing, Books: balance}
		h.Sum, h.Gap = h.Sum.add(one), h.Gap.Add(one.BankGap().Abs())
	}
	return nil
}
