package control

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// classes are the accounts by what they are.
var classes = []pages.Choice{
	{Value: "", Name: "Tous"},
	{Value: "512", Name: "512 Banques"},
	{Value: "467", Name: "467 Argent des personnes"},
	{Value: "471", Name: "471 Sans explication"},
	{Value: "580", Name: "580 En route"},
}

// accountPeriod is an account at both ends of some days.
type accountPeriod struct {
	Account string       `json:"account"`
	Opening money.Amount `json:"opening"`
	Debit   money.Amount `json:"debit"`
	Credit  money.Amount `json:"credit"`
	Closing money.Amount `json:"closing"`
}

// balance is a page of accounts, and what all of them add up to.
type balance struct {
	All    []accountPeriod `json:"data"`
	Cursor string          `json:"next_cursor"`
	From   civil.Date      `json:"from"`
	To     civil.Date      `json:"to"`
	Debit  money.Amount    `json:"debit"`
	Credit money.Amount    `json:"credit"`
}

type balanceShown struct {
	balance
	Classes []pages.Choice
	Next    string
}

// Balanced tells that both sides are equal: of the whole house they always are.
func (b balanceShown) Balanced() bool { return b.Debit.Cmp(b.Credit) == 0 }

func showBalance(ctx context.Context, v *pages.Visit) error {
	q := asked(v)
	q.Set("limit", shownAtOnce)
	for name, value := range map[string]string{"pcg": v.Query("classe"), "cursor": v.Query("suite")} {
		if value != "" {
			q.Set(name, value)
		}
	}
	shown := balanceShown{Classes: classes}
	var err error
	if len(v.Form.Problems) == 0 {
		err = v.Read(ctx, "/v1/balance?"+q.Encode(), &shown.balance)
		shown.Next = nextPage(v, shown.Cursor)
	}
	return answered(v, err, "", "controle_balance.html", pages.Sheet{Title: numbered(v, "Balance"), Data: shown, Back: "/controle"})
}

// accountLine is a line of an account.
type accountLine struct {
	Entry    string       `json:"entry"`
	Number   int          `json:"number"`
	Journal  string       `json:"journal"`
	PostedOn civil.Date   `json:"posted_on"`
	Kind     string       `json:"kind"`
	Label    string       `json:"label"`
	In       money.Amount `json:"in"`
	Out      money.Amount `json:"out"`
	Balance  money.Amount `json:"balance"`
}

// account is a page of an account, and what all its lines add up to.
type account struct {
	Account string        `json:"account"`
	From    civil.Date    `json:"from"`
	To      civil.Date    `json:"to"`
	Opening money.Amount  `json:"opening"`
	In      money.Amount  `json:"in"`
	Out     money.Amount  `json:"out"`
	Closing money.Amount  `json:"closing"`
	Lines   []accountLine `json:"data"`
	Cursor  string        `json:"next_cursor"`
}

type ledgerShown struct {
	account
	Next string
}

// InName and OutName are the sides of the account: a bank account grows in debit, the others in credit.
func (l ledgerShown) InName() string {
	if strings.HasPrefix(l.Account, "512") {
		return "Débit"
	}
	return "Crédit"
}

// OutName is the other side.
func (l ledgerShown) OutName() string {
	if l.InName() == "Débit" {
		return "Crédit"
	}
	return "Débit"
}

var accountCode = regexp.MustCompile(`^[0-9]{3}:`)

func showLedger(ctx context.Context, v *pages.Visit) error {
	q := asked(v)
	code := strings.ToUpper(v.Query("compte"))
	if code != "" && !accountCode.MatchString(code) {
		code = "467:" + code // the account of a person is named by her mandate
	}
	shown := ledgerShown{}
	var err error
	if code != "" && len(v.Form.Problems) == 0 {
		q.Set("limit", shownAtOnce)
		if cursor := v.Query("suite"); cursor != "" {
			q.Set("cursor", cursor)
		}
		err = v.Read(ctx, "/v1/accounts/"+url.PathEscape(code)+"/lines?"+q.Encode(), &shown.account)
		shown.Next = nextPage(v, shown.Cursor)
	}
	title := "Grand livre"
	if code != "" && err == nil {
		title += ", compte " + code
	}
	return answered(v, err, "Ce compte n'existe pas, ou n'est pas dans votre périmètre. Écrivez un mandat comme M-0001, ou un compte comme 512:BK-0001.",
		"controle_grand_livre.html", pages.Sheet{Title: numbered(v, title), Data: shown, Back: "/controle/balance"})
}
