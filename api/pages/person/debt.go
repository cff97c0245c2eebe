package person

import (
	"context"
	"strconv"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// debt is a PersonDebt of the contract.
type debt struct {
	To                      string
	Start, Left, Instalment money.Amount
	Months                  int          `json:"months_left"`
	LastOn                  civil.Date   `json:"last_on"`
	LastPaid                money.Amount `json:"last_paid"`
	Stopped                 bool
}

// owed is a debt in sentences, with its bar.
type owed struct {
	To    string
	Says  []string
	Drawn bool
	Paid  int // width of what is paid
	Left  int // width of what is left
}

func debts(ctx context.Context, v *pages.Visit) error {
	var all struct{ Debts []debt }
	if err := v.Read(ctx, "/v1/me/debts", &all); err != nil {
		return err
	}
	s := speech{hidden: hiding(v)}
	list := make([]owed, 0, len(all.Debts))
	for _, d := range all.Debts {
		list = append(list, s.owed(d))
	}
	return v.Show("moi_dette.html", pages.Sheet{Title: "Ma dette", Back: "/moi", Bare: true, Data: list})
}

func (s speech) owed(d debt) owed {
	o := owed{To: d.To}
	if d.Left.IsZero() {
		o.Says = []string{"Cette dette est payée."}
		return o
	}
	o.Says = []string{"Il reste " + s.euros(d.Left) + "."}
	switch {
	case d.Stopped:
		o.Says = append(o.Says, "Nous ne la payons pas pour l'instant.")
	case d.Months == 1:
		o.Says = append(o.Says, "Il reste 1 mois.")
	case d.Months > 1:
		o.Says = append(o.Says, "Il reste "+strconv.Itoa(d.Months)+" mois.", "Nous payons "+s.euros(d.Instalment)+" par mois.")
	}
	if !d.LastOn.IsZero() {
		o.Says = append(o.Says, "Dernier paiement : "+s.euros(d.LastPaid)+", le "+pages.Day(d.LastOn)+".")
	}
	if paid := d.Start.Sub(d.Left); paid.IsPositive() {
		o.Says = append(o.Says, "Déjà payé : "+s.euros(paid)+".")
		o.Drawn, o.Paid = true, int(paid.Cents()*wholeBar/d.Start.Cents())
		o.Left = wholeBar - o.Paid
	}
	return o
}
