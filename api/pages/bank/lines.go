package bank

import (
	"context"
	"net/url"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// line is a line of the bank.
type line struct {
	Line         string       `json:"line"`
	Statement    string       `json:"statement"`
	BankAccount  string       `json:"bank_account"`
	Rank         int          `json:"rank"`
	BookedOn     civil.Date   `json:"booked_on"`
	ValueOn      civil.Date   `json:"value_on"`
	Amount       money.Amount `json:"amount"`
	Counterparty string       `json:"counterparty"`
	Text         string       `json:"text"`
	Reference    string       `json:"bank_reference"`
	EndToEndID   string       `json:"end_to_end_id"`
	ReturnReason string       `json:"return_reason"`
	State        string       `json:"state"`
	Why          string       `json:"why"`
}

// States of a line.
const (
	posted   = "posted"
	matched  = "matched"
	suspense = "suspense"
	ignored  = "ignored"
)

var lineWords = map[string]string{
	posted: "Pour une personne", matched: "Paiement à nous", suspense: "Sans explication", ignored: "Pour information",
}

// What says in two words what became of the line.
func (l line) What() string { return lineWords[l.State] }

// Unknown tells that nobody has said yet, of all of it, what it is.
func (l line) Unknown() bool { return l.State == suspense }

// Their names the reference that goes with the payment from end to end: who pays gives it.
func (l line) Their() string {
	if l.In() {
		return "Référence du payeur"
	}
	return "Notre référence"
}

// In tells that money came in.
func (l line) In() bool { return l.Amount.IsPositive() }

// linesShown is what was looked for, and found.
type linesShown struct {
	Text, Account, State, From, To, Amount, Statement string
	Searched                                          bool
	All                                               []line
	Next                                              string
}

// Narrowed tells that more than words and an amount is asked.
func (s linesShown) Narrowed() bool { return s.Account+s.State+s.From+s.To != "" }

// States are those that lines are looked through for.
func (linesShown) States() []pages.Choice {
	all := []pages.Choice{{Value: "", Name: "Toutes"}}
	for _, state := range []string{suspense, posted, matched, ignored} {
		all = append(all, pages.Choice{Value: state, Name: lineWords[state]})
	}
	return all
}

func showLines(ctx context.Context, v *pages.Visit) error {
	v.Form.Values = v.URL.Query() // what is wrong is said at its field, as it was typed
	shown := linesShown{
		Text: v.Query("texte"), Account: strings.ToUpper(v.Query("compte")), State: v.Query("etat"),
		Statement: v.Query("releve"), From: v.Query("du"), To: v.Query("au"), Amount: v.Query("montant"),
	}
	asked := shown.asked(v)
	shown.Searched = len(asked) > 1
	page := pageOf(v)
	if len(v.Form.Problems) == 0 {
		all, next, err := pages.Some[line](ctx, v, "/v1/bank_lines?"+asked.Encode())
		if err != nil {
			if err = refusedSearch(v, err); err != nil {
				return err
			}
		}
		shown.All, shown.Next = all, nextPage(v, next, page)
	}
	return v.Show("banque_lignes.html", pages.Sheet{Title: numbered("Lignes de la banque", page), Data: shown, Back: "/banque"})
}

// asked is the search as the contract takes it. An amount is looked for whether it came in or left.
func (s linesShown) asked(v *pages.Visit) url.Values {
	asked := url.Values{"limit": {shownAtOnce}}
	amount := ""
	if a := v.Form.Amount("montant"); !a.IsZero() {
		amount = a.Abs().String()
	}
	for name, value := range map[string]string{
		"q": s.Text, "bank_account": s.Account, "state": s.State, "statement": s.Statement, "from": v.Form.Date("du").String(),
		"to": v.Form.Date("au").String(), "either_way": amount, "cursor": v.Query("suite"),
	} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	return asked
}

// lineDetail is a line down to its transactions.
type lineDetail struct {
	line
	Source struct {
		File   string `json:"file"`
		SHA256 string `json:"sha256"`
		Ref    string `json:"ref"`
	} `json:"source"`
	Open         money.Amount  `json:"open"`
	Transactions []transaction `json:"transactions"`
	Receipts     []receipt     `json:"receipts"`
	Transfers    []transfer    `json:"transfers"`
	Matches      []match       `json:"matches"`
}

type transaction struct {
	Amount     money.Amount `json:"amount"`
	Party      string       `json:"party"`
	Ultimate   string       `json:"ultimate"`
	Text       string       `json:"text"`
	EndToEndID string       `json:"end_to_end_id"`
	Batch      string       `json:"batch"`
}

type receipt struct {
	Mandate string       `json:"mandate"`
	Benefit string       `json:"benefit"`
	Period  civil.Month  `json:"period"`
	Amount  money.Amount `json:"amount"`
}

type transfer struct {
	Payment string       `json:"payment"`
	Mandate string       `json:"mandate"`
	Meaning string       `json:"meaning"`
	Amount  money.Amount `json:"amount"`
}

// Came tells that the bank gave the payment back.
func (t transfer) Came() bool { return t.Meaning == "RETURNED" }

// match is what a line, or a part of it, was said to be.
type match struct {
	Match  string       `json:"match"`
	Line   string       `json:"line"`
	By     string       `json:"by"`
	What   string       `json:"what"`
	Amount money.Amount `json:"amount"`
	Undone bool         `json:"undone"`
	Who    string       `json:"undone_by"`
	Why    string       `json:"undone_because"`
}

// Says is what was said, and by whom.
func (m match) Says() string {
	switch m.By {
	case "RECOGNISED":
		return "Reconnu à l'arrivée du relevé"
	case "NOTICE":
		return "Expliqué par un avis de la banque"
	}
	return strings.TrimSuffix(m.What, ".") + ", dit par " + m.By
}

// lineShown is the page of a line.
type lineShown struct {
	lineDetail
	Names    known
	Labels   labels
	Total    money.Amount // of the payments that the bank booked as this one line
	MayMatch bool
	Fresh    string // a match that its author may take back here
}

func showLine(ctx context.Context, v *pages.Visit) error {
	shown := lineShown{MayMatch: v.May(auth.MatchBank)}
	if err := v.Read(ctx, "/v1/bank_lines/"+v.Path("line"), &shown.lineDetail); err != nil {
		return err
	}
	var of []string
	for _, r := range shown.Receipts {
		of = append(of, r.Mandate)
	}
	for _, t := range shown.Transfers {
		of = append(of, t.Mandate)
		shown.Total = shown.Total.Add(t.Amount)
	}
	var err error
	if shown.Names, err = people(ctx, v, of...); err != nil {
		return err
	}
	if shown.Labels, err = benefitLabels(ctx, v); err != nil {
		return err
	}
	title := "Ligne " + nth(shown.Rank) + " du relevé " + shown.Source.Ref
	return v.Show("banque_ligne.html", pages.Sheet{Title: title, Data: shown, Back: "/banque/lignes"})
}
