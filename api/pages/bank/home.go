package bank

import (
	"context"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

// waiting is what waits at the bank.
type waiting struct {
	Late, Held, Long int // accounts without news, statements that wait, statements on their way
	Lines            int // that nobody has identified
	Total            money.Amount
	LateLines        int
	Proof            *proof
}

// showHome says what waits, a whole line each. Who sees a part reads of it.
func showHome(ctx context.Context, v *pages.Visit) error {
	var w waiting
	late, err := counted(ctx, v, "/v1/bank_accounts?late=true")
	if err != nil {
		return err
	}
	held, err := heldStatements(ctx, v)
	if err != nil {
		return err
	}
	w.Late = late
	for _, st := range held {
		if st.State == importing {
			w.Long++
		} else {
			w.Held++
		}
	}
	if v.May(auth.ReadTotals) {
		var ages ages
		if err := v.Read(ctx, "/v1/suspense_ages", &ages); err != nil {
			return err
		}
		w.Lines, w.Total = ages.Lines, ages.Total
		if w.LateLines, err = counted(ctx, v, "/v1/suspense?late=true"); err != nil {
			return err
		}
		w.Proof = &proof{}
		if err := v.Read(ctx, "/v1/proof", w.Proof); err != nil {
			return err
		}
	}
	return v.Show("banque_accueil.html", pages.Sheet{Title: "Banque", Data: w})
}

// counted is how many rows a list has.
func counted(ctx context.Context, v *pages.Visit, target string) (int, error) {
	var page struct {
		Count int `json:"count"`
	}
	err := v.Read(ctx, target+"&limit=1&count=bounded", &page)
	return page.Count, err
}
