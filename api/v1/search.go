package v1

import (
	"context"
	"slices"
	"strings"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// found is a SearchResult of the contract: what one word leads to, a few of each kind.
type found struct {
	Query       string            `json:"q"`
	Persons     []foundPerson     `json:"persons"`
	Payments    []foundPayment    `json:"payments"`
	Creditors   []foundCreditor   `json:"creditors"`
	Lines       []foundLine       `json:"bank_lines"`
	Obligations []foundObligation `json:"obligations"`
}

type foundPerson struct {
	Mandate string          `json:"mandate"`
	Person  string          `json:"person"`
	Status  mandates.Status `json:"status"`
}

// foundPayment is a transfer, with the line of the bank that proves it.
type foundPayment struct {
	Payment  string       `json:"payment"`
	Mandate  string       `json:"mandate"`
	Person   string       `json:"person"`
	Creditor string       `json:"creditor_name"`
	Amount   money.Amount `json:"amount"`
	On       civil.Date   `json:"on"`
	State    string       `json:"state"`
	Line     string       `json:"bank_line,omitempty"`
}

type foundCreditor struct {
	Creditor   string `json:"creditor"`
	Name       string `json:"name"`
	IBANMasked string `json:"iban_masked"`
}

type foundLine struct {
	Line         string       `json:"line"`
	BookedOn     civil.Date   `json:"booked_on"`
	Amount       money.Amount `json:"amount"`
	Counterparty string       `json:"counterparty"`
	State        string       `json:"state"`
}

type foundObligation struct {
	Obligation string       `json:"obligation"`
	Mandate    string       `json:"mandate"`
	Person     string       `json:"person"`
	Label      string       `json:"label"`
	Reference  string       `json:"reference"`
	Amount     money.Amount `json:"amount"`
}

// mostFound is how many of each kind an answer holds: more means that the word says too little.
const mostFound = 20

// wanted is what a word may mean.
type wanted struct {
	like   string // part of a name or a reference, without accents, for LIKE
	exact  string // a whole reference
	iban   string // the end of an account number, backwards
	cents  int64  // an amount without its sign
	amount bool
	most   int
}

const (
	ibanEnd           = 4
	shortestReference = 3 // letters: two stand in most of them
	folding           = "àâäáãçéèêëíîïñóôöõúùûüÿ"
	foldingTo         = "aaaaaceeeeiiinoooouuuuy"
)

// fold writes a text as names are compared, small letters without accents: as masp.fold does.
func fold(text string) string {
	to := []rune(foldingTo)
	return strings.Map(func(r rune) rune {
		for i, from := range []rune(folding) {
			if r == from {
				return to[i]
			}
		}
		return r
	}, strings.ToLower(text))
}

func wantedOf(q string) wanted {
	q = strings.Join(strings.Fields(q), " ")
	w := wanted{exact: strings.ToUpper(q), like: partOf(q), most: mostFound}
	if end := strings.ReplaceAll(w.exact, " ", ""); len(end) >= ibanEnd && isIBANEnd(end) {
		back := []byte(end)
		slices.Reverse(back)
		w.iban = string(back)
	}
	if a, err := money.ParseInput(q); err == nil && !a.IsZero() {
		w.cents, w.amount = max(a.Cents(), -a.Cents()), true
	}
	return w
}

// partOf is the pattern of LIKE for what holds some words, as fold writes it; empty for no word.
func partOf(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if words == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(fold(words)) + "%"
}

// isIBANEnd tells whether a text may end an account number: digits and letters, at least two digits.
func isIBANEnd(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r < 'A' || r > 'Z':
			return false
		}
	}
	return digits > 1
}

// search finds by name, number of the file, end of an IBAN, amount or reference. The database shows who
// sees a part of the house his part.
func (h *House) search(ctx context.Context, c *api.Call) (api.Answer, error) {
	q, w := unit.Reader(ctx, h.DB), wantedOf(c.Query("q"))
	out := found{Query: c.Query("q")}
	var err error
	if out.Persons, err = findPersons(ctx, q, w); err != nil {
		return api.Answer{}, err
	}
	if out.Payments, err = h.findPayments(ctx, q, w); err != nil {
		return api.Answer{}, err
	}
	if out.Creditors, err = findCreditors(ctx, q, w); err != nil {
		return api.Answer{}, err
	}
	if out.Lines, err = h.findLines(ctx, q, w); err != nil {
		return api.Answer{}, err
	}
	out.Obligations, err = findObligations(ctx, q, w)
	return api.Answer{Body: out, Many: true}, err
}
