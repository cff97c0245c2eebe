package run

import (
	"context"
	"net/url"
	"time"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

type pageDo = func(ctx context.Context, v *pages.Visit) error

// runHead is a run in a list.
type runHead struct {
	Run       string
	Month     civil.Month
	On        civil.Date
	State     string
	Purpose   string
	CreatedAt time.Time `json:"created_at"`
}

// Path is the page of the run.
func (r runHead) Path() string { return pathOf(r.Run) }

// Title is the run on a page of its own: two of one month differ.
func (r runHead) Title() string { return r.Name() + ", " + r.Run }

// Name is the run as people call it: « campagne de novembre 2026 ».
func (r runHead) Name() string { return nameOf(r.Purpose, r.Month) }

// review is a run as its signer reads it.
type review struct {
	runHead
	ContentHash string `json:"content_hash"`
	Evidence    string
	Figures     figures
	Before      *figures `json:"month_before"`
	Entered     []person
	Left        []person
	Out         []out `json:"left_out"`
	Signatures  int
	Needed      int `json:"signatures_needed"`
	Exceptions  []exception
	Cascade     []step
	Natures     []nature
	Origins     []nature
	States      []progress   `json:"payment_states"`
	Accounts    []account    `json:"bank_accounts"`
	Days        []civil.Date `json:"execute_on"`
	Files       []file
	Acts        []act
	Comments    []comment

	tag string
}

type figures struct {
	Month     civil.Month
	Persons   int
	Transfers int
	Total     money.Amount
}

type person struct{ Mandate, Person string }

type out struct {
	person
	Text string
}

type step struct {
	Step   string
	Amount money.Amount
}

type nature struct {
	Nature    string
	Transfers int
	Total     money.Amount
}

// progress is how many payments stand where.
type progress struct {
	State     string
	Transfers int
	Total     money.Amount
}

type account struct {
	ID   string `json:"bank_account"`
	IBAN string
}

type file struct {
	Name       string     `json:"file"`
	Pain       string     `json:"pain_version"`
	ExecuteOn  civil.Date `json:"execute_on"`
	SHA256     string
	Transfers  int
	Total      money.Amount
	BuiltAt    time.Time `json:"built_at"`
	ReleasedAt time.Time `json:"released_at"`
	HandedAt   time.Time `json:"handed_over_at"`
	Void       bool
	Answer     string `json:"bank_answer"`
	Downloads  []download
}

type download struct {
	By     string
	At     time.Time
	Reason string
}

// comment is what a person says of her part of the run.
type comment struct {
	Mandate string
	Text    string
	Refuses bool
	At      time.Time
}

type act struct {
	User string
	Act  string
	At   time.Time

	more int // times before, one after the other
}

type exception struct {
	No       int
	Mandate  string
	Person   string
	Code     string
	Severity string
	Label    string
	Before   string
	After    string
	Text     string
	Open     bool
	Choices  []string
	Creditor string
	Instead  money.Amount
	Decision *decision
}

type decision struct {
	Decision string
	Reason   string
	By       string
	At       time.Time
}

// payment is one transfer of a run.
type payment struct {
	Payment   string
	Run       string
	Mandate   string
	Person    string
	Creditor  string
	Name      string `json:"creditor_name"`
	IBAN      string
	Amount    money.Amount
	LeaveOn   civil.Date `json:"leave_on"`
	ExecuteOn civil.Date `json:"execute_on"`
	Reference string
	State     string
	Reason    string
	Kind      string
	From      string
	Natures   []string
	Lines     []line
}

type line struct {
	Label  string
	DueOn  civil.Date `json:"due_on"`
	Amount money.Amount
}

func pathOf(run string) string { return "/campagnes/" + url.PathEscape(run) }

// askOf is the address in the contract of the run of a page, or of what stands below it.
func askOf(v *pages.Visit, below string) string {
	return "/v1/payment_runs/" + url.PathEscape(v.Path("run")) + below
}

// Seal is the content that a form has shown, as an act names it.
func (r review) Seal() string { return r.tag }

// readReview reads the run of a page.
func readReview(ctx context.Context, v *pages.Visit) (r review, err error) {
	r.tag, err = v.ReadTagged(ctx, askOf(v, "/review"), &r)
	return r, unknown(err)
}
