package scenario

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Cents is an amount in euro cents: an integer in JSON, in these files only.
type Cents int64

func cents(a money.Amount) Cents { return Cents(a.Cents()) }

// Result is what a story came to: every transfer, every entry, every alert. Its JSON is the
// format of the worked months; the order of lists is part of it.
type Result struct {
	Scenario             string                `json:"scenario"`
	AsOf                 civil.Date            `json:"as_of"`
	Runs                 []RunResult           `json:"runs"`
	ByExecutionDate      map[string]Sum        `json:"sepa_by_execution_date"` // every transfer that left, by its day
	Payments             []Payment             `json:"payments"`               // by day, then ID
	RemittancesCancelled []Cancelled           `json:"remittances_cancelled"`
	Journal              []Entry               `json:"journal"`
	Balances             map[string]Cents      `json:"balances_cents"` // debit positive
	MandateStatus        map[string]string     `json:"mandate_status"`
	Reserves             map[string]Cents      `json:"reserves_cents"`
	Debts                []DebtResult          `json:"debts"`
	Benefits             []BenefitResult       `json:"benefit_reconciliation"`
	Statements           map[string][]Movement `json:"statements"` // of the managed account of each mandate
	Alerts               []AlertResult         `json:"alerts"`     // in the order in which they were raised
}

// RunResult is a run as it was approved, or as it was proposed.
type RunResult struct {
	Run      string             `json:"run"`
	Date     civil.Date         `json:"date"`
	Status   string             `json:"status"` // APPROVED or PROPOSED
	Mandates []RunMandateResult `json:"mandates"`
}

// RunMandateResult is the part of a run that concerns one mandate.
type RunMandateResult struct {
	Mandate     string       `json:"mandate"`
	Available   Cents        `json:"available_before_cents"`
	FloorLeft   Cents        `json:"living_floor_left_cents"`
	Lines       []LineResult `json:"lines"`
	Reserved    Cents        `json:"reserved_cents"`
	Remit       Cents        `json:"remit_total_cents"`
	Remittances []Dated      `json:"remittances"`
	Carried     Cents        `json:"carried_forward_cents"`
	Shortfall   Cents        `json:"living_floor_shortfall_cents,omitempty"`
	Payments    []RunPayment `json:"payments,omitzero"` // nil in a run that was only proposed
}

// LineResult is one line of a run with its decision.
type LineResult struct {
	Line   string  `json:"line"`
	Class  string  `json:"class"`
	Payee  *string `json:"payee"`
	Label  string  `json:"label"`
	Due    Cents   `json:"due_cents"`
	Paid   Cents   `json:"paid_cents"`
	Status string  `json:"status"`
	Reason *string `json:"reason"`
	Debt   *string `json:"debt"`
}

// Dated is an amount on a day.
type Dated struct {
	Date   civil.Date `json:"date"`
	Amount Cents      `json:"amount_cents"`
}

// RunPayment is a transfer of a run with the lines that it pays.
type RunPayment struct {
	ID     string   `json:"id"`
	Payee  string   `json:"payee"`
	Amount Cents    `json:"amount_cents"`
	Covers []string `json:"covers"`
}

// Sum counts the transfers of a day.
type Sum struct {
	Count int   `json:"nb_of_txs"`
	Total Cents `json:"ctrl_sum_cents"`
}

// Payment is a transfer that left, and what became of it.
type Payment struct {
	ID         string      `json:"id"`
	Mandate    string      `json:"mandate"`
	Payee      string      `json:"payee"`
	Amount     Cents       `json:"amount_cents"`
	ExecutedOn civil.Date  `json:"executed_on"` // the day it left
	Account    string      `json:"account"`
	State      string      `json:"state"`      // EMITTED, SETTLED, REJECTED or RETURNED
	SettledOn  *civil.Date `json:"settled_on"` // the day of the debit
	Covers     []Cover     `json:"covers"`
	Kind       string      `json:"kind"`
	Reason     string      `json:"r_reason,omitempty"` // of a reject or return
	Reissued   string      `json:"reissued,omitempty"` // the line that replaces it
}

// Cover is the part of a transfer that pays one line.
type Cover struct {
	Line   string  `json:"line"`
	Amount Cents   `json:"amount_cents"`
	Debt   *string `json:"debt"`
}

// Cancelled is a remittance that never left.
type Cancelled struct {
	ID     string     `json:"id"`
	Date   civil.Date `json:"date"`
	Amount Cents      `json:"amount_cents"`
}

// Entry is a journal entry as an accountant writes it: one line of the hub account, then the
// others.
type Entry struct {
	N     int         `json:"n"`
	Date  civil.Date  `json:"date"`
	Kind  string      `json:"kind"`
	Label string      `json:"label"`
	Lines []EntryLine `json:"lines"`
}

// EntryLine is one line of an entry; one of its amounts is zero.
type EntryLine struct {
	Account string `json:"account"`
	Debit   Cents  `json:"debit_cents"`
	Credit  Cents  `json:"credit_cents"`
}

// DebtResult is what is left of a debt.
type DebtResult struct {
	ID          string `json:"id"`
	Outstanding Cents  `json:"outstanding_cents"`
}

// BenefitResult is a benefit that was expected, and what came of it.
type BenefitResult struct {
	Mandate    string      `json:"mandate"`
	Benefit    string      `json:"benefit"`
	Period     civil.Month `json:"period"`
	Amount     Cents       `json:"amount_cents"`
	ExpectedOn civil.Date  `json:"expected_on"`
	Received   Cents       `json:"received_cents"`
	ReceivedOn *civil.Date `json:"received_on"`
	Difference Cents       `json:"difference_cents"`
	Withheld   Cents       `json:"explained_by_withholding_cents"`
	Status     string      `json:"status"`
}

// Movement is a line of a person's statement.
type Movement struct {
	Date    civil.Date `json:"date"`
	Label   string     `json:"label"`
	In      Cents      `json:"in_cents"`
	Out     Cents      `json:"out_cents"`
	Balance Cents      `json:"balance_cents"`
}

// AlertResult is an alert with the keys of its code.
type AlertResult struct {
	Date        civil.Date `json:"date"`
	Code        string     `json:"code"`
	Mandate     string     `json:"mandate,omitempty"`
	Payment     string     `json:"payment,omitempty"`
	Line        string     `json:"line,omitempty"`
	Benefit     string     `json:"benefit,omitempty"`
	Period      string     `json:"period,omitempty"`
	Reference   string     `json:"reference,omitempty"`
	DateOfDeath string     `json:"date_of_death,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	Amount      *Cents     `json:"amount_cents,omitempty"`
	Shortfall   *Cents     `json:"shortfall_cents,omitempty"`
	Unpaid      *Cents     `json:"unpaid_cents,omitempty"`
	Due         *Cents     `json:"due_cents,omitempty"`
}

// nullable is nil for what JSON writes as null: the empty text, no day.
func nullable[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}
