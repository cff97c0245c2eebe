package bank

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// figures are the two sides of a bank account.
type figures struct {
	Bank         money.Amount `json:"bank"`
	BankOn       civil.Date   `json:"bank_on"`
	Books        money.Amount `json:"books"`
	InTransit    money.Amount `json:"in_transit"`
	Unidentified money.Amount `json:"unidentified"`
	Persons      money.Amount `json:"persons"`
}

// BankGap is what the bank has more than the books.
func (f figures) BankGap() money.Amount { return f.Bank.Sub(f.Books) }

// Of is the money of the persons as the account says it: without what is under way or unidentified.
func (f figures) Of() money.Amount { return f.Books.Sub(f.InTransit).Sub(f.Unidentified) }

// PersonsGap is what the account says more than the accounts of the persons.
func (f figures) PersonsGap() money.Amount { return f.Of().Sub(f.Persons) }

// day is a bank account on a day.
type day struct {
	BankAccount string       `json:"bank_account"`
	Day         civil.Date   `json:"day"`
	State       string       `json:"state"`
	Difference  money.Amount `json:"difference"`
	Revision    int          `json:"revision"`
	figures
}

var dayWords = map[string]string{
	"BALANCED": "Sans écart", "DIFFERENCE": "Écart", "NO_STATEMENT": "Pas encore de relevé", "IMPORTING": "Relevé en cours",
}

// What says the state in words.
func (d day) What() string { return dayWords[d.State] }

// Differs tells that the two sides are not the same.
func (d day) Differs() bool { return d.State == "DIFFERENCE" }

// Unknown tells that the bank has said nothing yet.
func (d day) Unknown() bool { return d.State == "NO_STATEMENT" }

// standing is a bank account today.
type standing struct {
	day
	Now           figures    `json:"now"`
	ReconciledTo  civil.Date `json:"reconciled_through"`
	LockedThrough civil.Date `json:"locked_through"`
	Since         civil.Date `json:"first_day_of_difference"`
	Causes        []cause    `json:"causes"`
}

// cause is an entry that moved the account, with what the bank says of it.
type cause struct {
	CountsOn civil.Date   `json:"counts_on"`
	Kind     string       `json:"kind"`
	Books    money.Amount `json:"books"`
	Bank     money.Amount `json:"bank"`
	Persons  money.Amount `json:"persons"`
	Line     *proof       `json:"bank_line"`
	Suspect  bool         `json:"suspect"`
}

// What says the movement in words.
func (c cause) What() string { return kinds[c.Kind] }

// proof is where the bank says something.
type proof struct {
	Line string `json:"line"`
	Ref  string `json:"ref"`
	Rank int    `json:"rank"`
}

// status is where every account stands.
type status struct {
	Day        civil.Date   `json:"day"`
	OK         bool         `json:"ok"`
	Difference money.Amount `json:"difference"`
	Accounts   []standing   `json:"accounts"`
}

const mostAccounts = 50

// sort brings the accounts that differ to the front.
func (s *status) sort() {
	slices.SortStableFunc(s.Accounts, func(a, b standing) int {
		switch {
		case a.Differs() == b.Differs():
			return strings.Compare(a.BankAccount, b.BankAccount)
		case a.Differs():
			return -1
		}
		return 1
	})
}

// one finds an account; without a name the first one that differs, else the first.
func (s *status) one(account string) *standing {
	for i, a := range s.Accounts {
		if account == "" || a.BankAccount == account {
			return &s.Accounts[i]
		}
	}
	return nil
}

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
	Others   []standing
	Many     int // accounts in all
	OK       bool
	MayLock  bool
	Through  civil.Date // offered for the next lock
	Month    civil.Month
}

// F is the figures of the page.
func (r reconciled) F() figures { return r.figures }

// Bridge draws them.
func (r reconciled) Bridge() bridge { return bridgeOf(r.figures) }

func showReconciliation(ctx context.Context, v *pages.Visit) error {
	if v.Method == http.MethodGet {
		v.Form.Values = v.URL.Query()
	}
	var s status
	if err := v.Read(ctx, "/v1/reconciliation_status", &s); err != nil {
		return err
	}
	s.sort()
	shown := reconciled{On: s.Day, Today: true, Many: len(s.Accounts), OK: s.OK, MayLock: v.May(auth.LockDays)}
	shown.Others = s.Accounts[:min(len(s.Accounts), mostAccounts)]
	if shown.Standing = s.one(strings.ToUpper(v.Form.Value("compte"))); shown.Standing == nil {
		if v.Form.Value("compte") == "" {
			return v.Show("banque_etat.html", pages.Sheet{Title: "État de rapprochement", Data: shown, Back: "/banque"})
		}
		v.Form.Bad("compte", "Aucun de nos comptes n'a cette référence.")
		shown.Standing = s.one("")
	}
	if err := shown.fill(ctx, v); err != nil {
		return err
	}
	return v.Show("banque_etat.html", pages.Sheet{
		Title: "État de rapprochement au " + shown.On.FrenchShort() + ", " + shown.Standing.BankAccount, Data: shown, Back: "/banque",
	})
}

// fill reads what the page says of one account, on the day that was asked.
func (r *reconciled) fill(ctx context.Context, v *pages.Visit) error {
	of := r.Standing.BankAccount
	r.figures, r.Through = r.Standing.Now, r.Standing.ReconciledTo
	if last := r.On.MonthOf().Add(-1); r.Standing.LockedThrough.Before(last.Last()) {
		r.Month = last
	}
	if on := v.Form.Date("jour"); !on.IsZero() && on != r.On {
		var d struct {
			day
			Locked bool    `json:"locked"`
			Moves  []cause `json:"moves"`
		}
		if err := v.Read(ctx, "/v1/reconciliations/"+url.PathEscape(of)+"/"+on.String(), &d); err != nil {
			if pages.Code(err) != "not_found" {
				return err
			}
			v.Form.Bad("jour", "Ce jour n'est pas encore fini.")
		} else {
			r.On, r.Today, r.figures, r.Locked, r.Moves = on, false, d.figures, d.Locked, d.Moves
		}
	}
	var a account
	if err := v.Read(ctx, "/v1/bank_accounts/"+url.PathEscape(of), &a); err == nil {
		r.IBAN = a.IBAN
		if a.Last != nil {
			r.Ref = a.Last.Ref
		}
	} else if pages.Code(err) != "not_found" { // of an account that is another's only the sums are told
		return err
	}
	if !r.Today || r.figures.InTransit.IsZero() || !v.May(auth.ReadRuns) {
		return nil
	}
	const first = "10"
	some, next, err := pages.Some[sent](ctx, v, "/v1/payments?state=in_transit&limit="+first+"&bank_account="+url.QueryEscape(of))
	r.Sent, r.More = some, next != ""
	return err
}

// lock locks, opens again, or computes the days, as the pressed button says.
func lock(ctx context.Context, v *pages.Visit) error {
	said, err := "", error(nil)
	switch v.Form.Value("acte") {
	case "verrouiller":
		said, err = closeDays(ctx, v)
	case "rouvrir":
		said, err = reopenDays(ctx, v)
	default:
		said, err = "Chaque jour fini est rapproché.", nil
		_, err = v.Act(ctx, http.MethodPost, "/v1/reconciliations", map[string]any{}, "")
	}
	if err != nil {
		if err = refusedAct(v, err, nil); err != nil {
			return err
		}
	}
	if len(v.Form.Problems) > 0 {
		return showReconciliation(ctx, v)
	}
	return v.Done("/banque/rapprochement?compte="+url.QueryEscape(v.Form.Value("compte")), said)
}

func closeDays(ctx context.Context, v *pages.Visit) (string, error) {
	through := v.Form.Date("through")
	if v.Form.Need("through", "Écrivez le dernier jour à verrouiller."); through.IsZero() {
		return "", nil
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/day_closings", map[string]any{"through": through}, "")
	return "Les jours sont verrouillés jusqu'au " + through.French() + ".", err
}

func reopenDays(ctx context.Context, v *pages.Visit) (string, error) {
	from := v.Form.Date("from")
	v.Form.Need("from", "Écrivez le premier jour à rouvrir.")
	reason := v.Form.Need("reason", "Dites pourquoi.")
	if len(v.Form.Problems) > 0 {
		return "", nil
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/bank_accounts/"+url.PathEscape(v.Form.Value("compte"))+"/reopenings",
		map[string]any{"from": from, "reason": reason}, "")
	return "Les jours sont rouverts à partir du " + from.French() + ".", err
}
