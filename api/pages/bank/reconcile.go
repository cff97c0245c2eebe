package bank

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// sent is a payment that has left us and not the bank.
type sent struct {
	Payment      string       `json:"payment"`
	Run          string       `json:"run"`
	CreditorName string       `json:"creditor_name"`
	Amount       money.Amount `json:"amount"`
	LeaveOn      civil.Date   `json:"leave_on"`
}

// reconciled is the page of an account on a day.
type reconciled struct {
	Standing *standing
	On       civil.Date
	Today    bool
	figures  figures
	IBAN     string
	Ref      string
	Sent     []sent
	More     bool // payments under way that the page leaves out
	Locked   bool
	Moves    []cause
	Withheld int // entries of others in the figures, which the reader does not read one by one
	Others   []standing
	Many     int // accounts in all
	OK       bool
	MayLock  bool
	Month    civil.Month // that may be locked whole
	Closed   civil.Month // the last one of which the books are closed
	ToClose  civil.Month // the one that may be closed next
}

// F is the figures of the page.
func (r reconciled) F() figures { return r.figures }

// Bridge draws them.
func (r reconciled) Bridge() bridge { return bridgeOf(r.figures) }

func showReconciliation(ctx context.Context, v *pages.Visit) error {
	if v.Method == http.MethodGet {
		v.Form.Values = v.URL.Query()
	}
	shown, err := standingAsked(ctx, v)
	if err != nil {
		return err
	}
	if shown.Standing == nil {
		return v.Show("banque_etat.html", pages.Sheet{Title: "État de rapprochement", Data: shown, Back: "/banque"})
	}
	if err := shown.fill(ctx, v); err != nil {
		return err
	}
	title := "État de rapprochement au " + shown.On.FrenchShort()
	if shown.Standing.BankAccount != "" {
		title += ", " + shown.Standing.BankAccount
	}
	return v.Show("banque_etat.html", pages.Sheet{Title: title, Data: shown, Back: "/banque"})
}

// standingAsked is the account that was asked for; without one all of them together.
func standingAsked(ctx context.Context, v *pages.Visit) (shown reconciled, err error) {
	var all proof
	if err := v.Read(ctx, "/v1/proof", &all); err != nil {
		return shown, err
	}
	shown = reconciled{On: all.Day, Today: true, Many: all.Accounts, OK: all.OK, MayLock: v.May(auth.LockDays)}
	const target = "/v1/reconciliation_status"
	var s status
	if asked := strings.ToUpper(v.Form.Value("compte")); asked != "" {
		if err = v.Read(ctx, target+"?bank_account="+url.QueryEscape(asked), &s); err != nil {
			if err = refusedSearch(v, err); err != nil {
				return shown, err
			}
		}
		if shown.Standing = s.one(asked); shown.Standing != nil {
			return shown, nil
		}
		if len(v.Form.Problems) == 0 {
			v.Form.Bad("compte", "Aucun de nos comptes n'a cette référence.")
		}
	}
	if all.OK && all.Accounts > fewAccounts {
		shown.Standing = &standing{day: day{State: "BALANCED"}, Now: all.figures}
		return shown, nil
	}
	err = v.Read(ctx, target, &s)
	s.sort()
	shown.Others, shown.Standing = s.Accounts[:min(len(s.Accounts), mostAccounts)], s.one("")
	return shown, err
}

// fill reads what the page says of one account, on the day that was asked.
func (r *reconciled) fill(ctx context.Context, v *pages.Visit) error {
	of := r.Standing.BankAccount
	r.figures, r.Withheld = r.Standing.Now, r.Standing.Withheld
	if err := r.onDay(ctx, v); err != nil {
		return err
	}
	payments := "/v1/payments?state=in_transit&limit=10"
	if of != "" {
		payments += "&bank_account=" + url.QueryEscape(of)
		var a account
		err := v.Read(ctx, "/v1/bank_accounts/"+url.PathEscape(of), &a)
		if err != nil && pages.Code(err) != "not_found" { // of an account that is another's only the sums are told
			return err
		}
		if r.IBAN = a.IBAN; a.Last != nil {
			r.Ref = a.Last.Ref
		}
	}
	if err := r.months(ctx, v); err != nil {
		return err
	}
	if !r.Today || r.figures.InTransit.IsZero() || !v.May(auth.ReadRuns) {
		return nil
	}
	some, next, err := pages.Some[sent](ctx, v, payments)
	r.Sent, r.More = some, next != ""
	return err
}

// onDay reads the account as it stood on the day that was asked; today when none was.
func (r *reconciled) onDay(ctx context.Context, v *pages.Visit) error {
	on := v.Form.Date("jour")
	if on.IsZero() || on == r.On {
		return nil
	}
	if r.Standing.BankAccount == "" {
		v.Form.Bad("compte", "Dites de quel compte vous voulez ce jour.")
		return nil
	}
	var d struct {
		day
		Locked   bool    `json:"locked"`
		Moves    []cause `json:"moves"`
		Withheld int     `json:"withheld"`
	}
	err := v.Read(ctx, "/v1/reconciliations/"+url.PathEscape(r.Standing.BankAccount)+"/"+on.String(), &d)
	if pages.Code(err) == "not_found" {
		v.Form.Bad("jour", "Ce jour n'est pas encore fini.")
		return nil
	}
	if err == nil {
		r.On, r.Today, r.figures, r.Locked, r.Moves = on, false, d.figures, d.Locked, d.Moves
		r.Withheld = d.Withheld
	}
	return err
}
