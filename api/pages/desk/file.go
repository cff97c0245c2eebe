package desk

import (
	"context"
	"net/url"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// file is what the pages show of a measure (getDossier).
type file struct {
	measure
	EndReason   mandates.EndReason `json:"end_reason"`
	BankAccount string             `json:"bank_account"`
	Commitments []struct {
		By   string `json:"by"`
		Text string `json:"text"`
	} `json:"commitments"`
	Benefits []struct {
		Benefit string     `json:"benefit"`
		From    civil.Date `json:"from"`
		To      civil.Date `json:"to"`
	} `json:"authorised_benefits"`
	Policy struct {
		Floor     money.Amount `json:"living_floor"`
		Shortfall string       `json:"shortfall"`
	} `json:"policy"`
	Remittance struct {
		To     string `json:"to"`
		Days   []int  `json:"days"`
		Weekly int    `json:"weekly"`
	} `json:"remittance"`
	Contracts []struct {
		Start, End           civil.Date
		SignedByPersonOn     civil.Date `json:"signed_by_person_on"`
		SignedByDepartmentOn civil.Date `json:"signed_by_department_on"`
	} `json:"contracts"`
	Evaluations []struct {
		Evaluation string     `json:"evaluation"`
		On         civil.Date `json:"on"`
	} `json:"evaluations"`
	Amendments []struct {
		EffectiveOn civil.Date `json:"effective_on"`
		Reason      string     `json:"reason"`
	} `json:"amendments"`
	Suspensions []struct {
		On       civil.Date `json:"on"`
		Reason   string     `json:"reason"`
		LiftedOn civil.Date `json:"lifted_on"`
	} `json:"suspensions"`
	Obligations []due        `json:"obligations"`
	Debts       []fileDebt   `json:"debts"`
	Creditors   []foundPayee `json:"creditors"`
}

// due is what a measure owes, once or again and again.
type due struct {
	Obligation string         `json:"obligation"`
	Class      mandates.Class `json:"class"`
	Creditor   string         `json:"creditor"`
	Amount     money.Amount   `json:"amount"`
	Label      string         `json:"label"`
	Reference  string         `json:"reference"`
	Frequency  string         `json:"frequency"`
	DueDay     int            `json:"due_day"`
	From       civil.Date     `json:"from"`
	To         civil.Date     `json:"to"`
	Debt       string         `json:"debt"`
	Block      string         `json:"block"`
}

// How says how often, in words.
func (d due) How() string { return said(frequencyWords, d.Frequency) }

type fileDebt struct {
	Debt        string       `json:"debt"`
	Creditor    string       `json:"creditor"`
	Kind        string       `json:"kind"`
	Outstanding money.Amount `json:"outstanding"`
	Instalment  money.Amount `json:"instalment"`
	ContestedOn civil.Date   `json:"contested_on"`
}

// KindWord is what kind of debt it is.
func (d fileDebt) KindWord() string { return said(debtWords, d.Kind) }

// MonthsLeft is how many instalments are left, the last one perhaps smaller; zero without a plan.
func (d fileDebt) MonthsLeft() int {
	if !d.Instalment.IsPositive() {
		return 0
	}
	return int((d.Outstanding.Cents() + d.Instalment.Cents() - 1) / d.Instalment.Cents())
}

// Payee is the name of a payee of the file.
func (f file) Payee(id string) string {
	for _, c := range f.Creditors {
		if c.Creditor == id {
			return c.Name
		}
	}
	return id
}

// sheet is the money of a person (getOverview).
type sheet struct {
	Day        civil.Date   `json:"day"`
	BankSeenOn civil.Date   `json:"bank_known_through"`
	Balance    money.Amount `json:"balance"`
	Reserved   money.Amount `json:"reserved"`
	Planned    money.Amount `json:"planned"`
	Available  money.Amount `json:"available"`
	Missing    money.Amount `json:"missing"`
	Months     []monthSum   `json:"months"`
	Rows       []gridRow    `json:"rows"`
	Moves      []struct {
		On      civil.Date   `json:"on"`
		Label   string       `json:"label"`
		In      money.Amount `json:"in"`
		Out     money.Amount `json:"out"`
		Balance money.Amount `json:"balance"`
		Payment string       `json:"payment"`
		Line    string       `json:"bank_line"`
	} `json:"moves"`
	Coming []comingDay `json:"coming"`
	Due    []dueDay    `json:"due"`
}

// gridRow is what came from or went to one name, month by month.
type gridRow struct {
	Kind    string         `json:"kind"`
	Name    string         `json:"name"`
	Amounts []money.Amount `json:"amounts"`
}

// dueDay is what is due and in no run yet.
type dueDay struct {
	Label  string       `json:"label"`
	On     civil.Date   `json:"on"`
	Amount money.Amount `json:"amount"`
}

type monthSum struct {
	Month   civil.Month  `json:"month"`
	Opening money.Amount `json:"opening"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Closing money.Amount `json:"closing"`
}

// comingDay is money that will come or leave.
type comingDay struct {
	Late bool `json:"-"` // was awaited before today

	On      civil.Date   `json:"on"`
	Name    string       `json:"name"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Payment string       `json:"payment"`
}

// addressOf is the address of a measure in the contract.
func addressOf(mandate string) string { return "/v1/mandates/" + url.PathEscape(mandate) }

// readFile reads the measure of the address.
func readFile(ctx context.Context, v *pages.Visit) (f file, err error) {
	err = v.Read(ctx, addressOf(v.Path("mandate"))+"/dossier", &f)
	return f, err
}

func readSheet(ctx context.Context, v *pages.Visit, months string) (s sheet, err error) {
	q := url.Values{"months": {months}}
	if m := v.Query("mois"); m != "" {
		q.Set("month", m)
	}
	err = v.Read(ctx, addressOf(v.Path("mandate"))+"/overview?"+q.Encode(), &s)
	for i, c := range s.Coming {
		s.Coming[i].Late = c.On.Before(s.Day)
	}
	return s, err
}
