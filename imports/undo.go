package imports

import (
	"fmt"
	"strings"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// UndoAsk names one match of a bank line: what the import recognised, or one assignment of a person.
// With neither named, the only match that the line has.
type UndoAsk struct {
	Line       int64
	Assignment int64
	Recognised bool
	Reason     string
}

// Undo is what taking one match back changes: the entry is reversed, the money is open again in
// suspense, and the transfers that the line had settled or given back stand where they stood.
type Undo struct {
	ID         int64        `json:"undo,omitempty"` // 0 when nothing was done
	Line       int64        `json:"line"`
	Assignment int64        `json:"assignment,omitempty"` // 0 for what the import had recognised
	What       string       `json:"what"`                 // French: the match
	Entry      int64        `json:"entry"`                // that is reversed
	Reversal   int64        `json:"reversal,omitempty"`
	Amount     money.Amount `json:"amount"` // open again, signed like the line

	Accounts  []UndoAccount      `json:"accounts"` // of persons, that give money back
	Receipts  []UndoReceipt      `json:"receipts"` // benefits that are expected again
	Transfers []payments.Undoing `json:"transfers"`
	// Obstacles are French sentences: why it is not possible now, and what to undo first.
	Obstacles []string `json:"obstacles"`
}

// UndoAccount is an account of a person that gives money back.
type UndoAccount struct {
	Account string       `json:"account"`
	Amount  money.Amount `json:"amount"` // given back
	Holds   money.Amount `json:"holds"`  // before
}

// UndoReceipt is a benefit that counts as received no more.
type UndoReceipt struct {
	Mandate string       `json:"mandate"`
	Benefit string       `json:"benefit"`
	Period  civil.Month  `json:"period,omitzero"`
	Amount  money.Amount `json:"amount"`
}

// match is a match of a line that nobody has undone.
type match struct {
	line       int64
	assignment int64 // 0 for what the import had recognised
	entry      int64
	cents      int64
	account    string // our bank account
	amount     money.Amount
	what       string
	byLine     bool // the entry is that of the line, against 512
}

// pick finds the match that is asked for. Asking for one that was undone already changes nothing: it
// is refused.
func (ask UndoAsk) pick(all []match) (match, error) {
	var fits []match
	for _, m := range all {
		if ask.Assignment == 0 && !ask.Recognised || ask.Assignment == m.assignment && ask.Recognised == (m.assignment == 0) {
			fits = append(fits, m)
		}
	}
	switch len(fits) {
	case 0:
		return match{}, refuse("NOTHING_TO_UNDO", "La ligne %d n’a pas ce rapprochement, ou il est déjà annulé.", ask.Line)
	case 1:
		return fits[0], nil
	}
	var names []string
	for _, m := range fits {
		flag := "--recognised"
		if m.assignment != 0 {
			flag = fmt.Sprintf("--assignment %d", m.assignment)
		}
		names = append(names, fmt.Sprintf("%s (%s, %s)", flag, m.amount.Abs().French(), m.what))
	}
	return match{}, refuse("WHICH_MATCH", "La ligne %d a plusieurs rapprochements ; nommez celui à annuler : %s.",
		ask.Line, strings.Join(names, " ; "))
}

// takes adds up what the persons give back when an entry is reversed.
func takes(e ledger.Entry) []UndoAccount {
	var all []UndoAccount
	at := map[ledger.Code]int{}
	for _, p := range e.Postings {
		if !strings.HasPrefix(string(p.Credit), "467:") {
			continue
		}
		if _, known := at[p.Credit]; !known {
			at[p.Credit] = len(all)
			all = append(all, UndoAccount{Account: string(p.Credit)})
		}
		all[at[p.Credit]].Amount = all[at[p.Credit]].Amount.Add(p.Amount)
	}
	return all
}

// hinder adds what stands in the way: money that is gone, and what was built on the transfers.
func (u *Undo) hinder() {
	for _, a := range u.Accounts {
		if missing := a.Amount.Sub(a.Holds); missing.IsPositive() {
			u.Obstacles = append(u.Obstacles, fmt.Sprintf(
				"Le compte %s n’a plus que %s, il doit rendre %s : il manque %s.",
				a.Account, a.Holds.French(), a.Amount.French(), missing.French()))
		}
	}
	for _, t := range u.Transfers {
		u.Obstacles = append(u.Obstacles, t.Obstacles...)
	}
}
