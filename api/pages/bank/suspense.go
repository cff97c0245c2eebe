package bank

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// ages is how old what nobody has identified is.
type ages struct {
	On    civil.Date   `json:"on"`
	Days  int          `json:"days"`
	Lines int          `json:"lines"`
	Total money.Amount `json:"total"`
	Ages  []age        `json:"ages"`
}

type age struct {
	From  int          `json:"from"`
	Until int          `json:"until"`
	Lines int          `json:"lines"`
	In    money.Amount `json:"in"`
	Out   money.Amount `json:"out"`
}

// late counts the lines of the ages that are wholly beyond the days that a line may wait.
func (a ages) late() (n int) {
	for _, one := range a.Ages {
		if one.From >= a.Days {
			n += one.Lines
		}
	}
	return n
}
