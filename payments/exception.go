package payments

import (
	"slices"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// ExceptionCode names what a coordinator must look at before a run is approved. The words are
// stable: they stand in the database and in the JSON of a run.
type ExceptionCode string

// The exceptions. A blocking one keeps a run from being submitted until somebody decides it.
const (
	InsufficientMoney     ExceptionCode = "insufficient_funds"
	RentMissing           ExceptionCode = "rent_missing"
	DuplicateSuspected    ExceptionCode = "duplicate_suspected"
	PayeeRejected         ExceptionCode = "payee_rejected_last_time"
	IBANInvalid           ExceptionCode = "iban_invalid"
	PayeeNotSEPA          ExceptionCode = "payee_not_sepa"
	AlreadyInRun          ExceptionCode = "already_in_run"
	MeasureOver           ExceptionCode = "measure_ended"
	NonSocialIncome       ExceptionCode = "non_social_income"
	PriorityViolated      ExceptionCode = "priority_violated"
	IBANChanged           ExceptionCode = "iban_changed"
	IBANChangedSamePerson ExceptionCode = "iban_changed_same_person"
	NameMismatch          ExceptionCode = "name_mismatch"
	AmountChanged         ExceptionCode = "amount_changed"
	BenefitLate           ExceptionCode = "benefit_late"
	BenefitLower          ExceptionCode = "benefit_lower"
	NewPayee              ExceptionCode = "new_payee"
	NothingForPerson      ExceptionCode = "nothing_for_person"
	MeasureEnding         ExceptionCode = "measure_ending"
	FirstRun              ExceptionCode = "first_run"
	PlanFinished          ExceptionCode = "plan_finished"
	ExecutionDayClosed    ExceptionCode = "execution_day_closed"
)

// Decision is what a coordinator decides about an exception.
type Decision string

// The decisions. Which of them an exception allows is Exception.Choices.
const (
	DecideKeep           Decision = "KEEP"             // as it was computed
	DecidePayPart        Decision = "PAY_PART"         // what there is
	DecideDefer          Decision = "DEFER"            // nothing now, the whole next time
	DecideBlock          Decision = "BLOCK"            // held back in this run; the next one asks again
	DecideWithdraw       Decision = "WITHDRAW"         // the line leaves the run
	DecideNoRent         Decision = "CONFIRM_NO_RENT"  // there is no rent to pay
	DecideNotTwice       Decision = "NOT_A_DUPLICATE"  // two debts of one amount
	DecideCorrectIBAN    Decision = "CORRECT_IBAN"     // another IBAN is asked for
	DecideVerifiedByCall Decision = "VERIFIED_BY_CALL" // the payee was called on a known number
	DecideKeepOld        Decision = "KEEP_OLD"         // the amount of last time
	DecideHandOn         Decision = "PASS_ON"          // by a payout of its own
)

var frenchDecisions = map[Decision]string{
	DecideKeep: "gardé tel quel", DecidePayPart: "payé en partie", DecideDefer: "reporté",
	DecideBlock: "retenu dans cette campagne", DecideWithdraw: "retiré", DecideNoRent: "pas de loyer, confirmé",
	DecideNotTwice: "ce n'est pas un doublon", DecideCorrectIBAN: "IBAN à corriger",
	DecideVerifiedByCall: "vérifié par appel", DecideKeepOld: "l'ancien montant est gardé",
	DecideHandOn: "à reverser à part",
}

// French is the decision as a page prints it.
func (d Decision) French() string { return frenchDecisions[d] }

// kind is what is fixed about one code (ux 3.5).
type kind struct {
	blocking bool
	label    string
	choices  []Decision
}

var kinds = map[ExceptionCode]kind{
	InsufficientMoney: {true, "Pas assez d'argent", []Decision{DecideKeep, DecidePayPart, DecideDefer, DecideBlock}},
	RentMissing:       {true, "Loyer absent", []Decision{DecideNoRent}},
	DuplicateSuspected: {
		true, "Doublon possible", []Decision{DecideNotTwice, DecideWithdraw},
	},
	PayeeRejected: {
		true, "Rejet précédent", []Decision{DecideKeep, DecideCorrectIBAN, DecideWithdraw},
	},
	IBANInvalid:      {true, "IBAN faux", []Decision{DecideCorrectIBAN, DecideWithdraw}},
	PayeeNotSEPA:     {true, "Hors SEPA", []Decision{DecideCorrectIBAN, DecideWithdraw}},
	AlreadyInRun:     {true, "Déjà dans une campagne", []Decision{DecideWithdraw}},
	MeasureOver:      {true, "Mesure finie", []Decision{DecideKeep}},
	NonSocialIncome:  {true, "Argent qui n'est pas une prestation", []Decision{DecideHandOn, DecideKeep}},
	PriorityViolated: {true, "Le loyer passe après une autre dépense", []Decision{DecideWithdraw}},
	IBANChanged: {
		false, "IBAN changé", []Decision{DecideVerifiedByCall, DecideKeep, DecideWithdraw},
	},
	IBANChangedSamePerson: {
		true, "Même personne a saisi et prépare", []Decision{DecideVerifiedByCall, DecideKeep, DecideWithdraw},
	},
	NameMismatch: {
		false, "Nom différent à la banque", []Decision{DecideVerifiedByCall, DecideKeep, DecideWithdraw},
	},
	AmountChanged: {false, "Montant changé", []Decision{DecideKeep, DecideKeepOld, DecideWithdraw}},
	BenefitLate:   {false, "Prestation non reçue", []Decision{DecideKeep}},
	BenefitLower:  {false, "Prestation plus basse", []Decision{DecideKeep}},
	NewPayee: {
		false, "Nouveau destinataire", []Decision{DecideVerifiedByCall, DecideKeep, DecideWithdraw},
	},
	NothingForPerson:   {false, "Rien pour la personne", []Decision{DecideKeep}},
	MeasureEnding:      {false, "Fin de mesure proche", []Decision{DecideKeep}},
	FirstRun:           {false, "Première campagne", []Decision{DecideKeep}},
	PlanFinished:       {false, "Dernière mensualité", []Decision{DecideKeep}},
	ExecutionDayClosed: {false, "Jour non ouvré", []Decision{DecideKeep}},
}

// first puts what is true before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Blocking tells whether the exception must be decided before the run is submitted.
func (c ExceptionCode) Blocking() bool { return kinds[c].blocking }

// French is the code as a page prints it.
func (c ExceptionCode) French() string { return kinds[c].label }

// Exception is one thing of a run that differs from last month without a validated decision, or
// that no run may pass over, with what was and what is.
type Exception struct {
	No      int // within its run, from 1
	Mandate string
	Code    ExceptionCode
	Lines   []string // keys of the lines that it is about; none = the mandate itself
	Before  string   // French: an amount, a masked IBAN, a day; empty when there was nothing
	After   string
	Text    string // French sentence with figures
	Awaits  []Decision
	Instead money.Amount // euros that the line is paid by PAY_PART or KEEP_OLD; zero when neither fits
	Verdict Verdict
}

// Verdict is what was decided about an exception; zero while nobody has.
type Verdict struct {
	Decision Decision
	Reason   string
	By       string // user
	At       time.Time
	Act      int // of the run
}

// Decided tells whether somebody has decided.
func (v Verdict) Decided() bool { return v.Decision != "" }

// Choices are the decisions that this exception allows: what only another draft can do is offered
// where that draft is possible.
func (e Exception) Choices() []Decision {
	all := kinds[e.Code].choices
	possible := slices.DeleteFunc(slices.Clone(all), func(d Decision) bool {
		return !e.Changes(d) && (d == DecideBlock || d == DecideWithdraw || d == DecideKeepOld ||
			d == DecidePayPart && !e.Changes(DecideDefer)) // of a line that is paid in part already
	})
	if len(possible) == 0 { // the draft has changed since, and nothing is left to do
		return all
	}
	return possible
}

// Open tells whether the run waits for a decision on the exception.
func (e Exception) Open() bool { return e.Code.Blocking() && !e.Verdict.Decided() }

// Changes tells whether a decision asks for another draft than the one that was computed: it is
// carried out at once, but for an IBAN, which others must give: the run waits for it.
func (e Exception) Changes(d Decision) bool { return slices.Contains(e.Awaits, d) }

// AsComputed is the first decision that leaves the draft as it is; empty when there is none.
func (e Exception) AsComputed() Decision {
	i := slices.IndexFunc(e.Choices(), func(d Decision) bool { return !e.Changes(d) })
	if i < 0 {
		return ""
	}
	return e.Choices()[i]
}

// ExceptionSettings are the thresholds of an organisation.
type ExceptionSettings struct {
	ChangeCents   money.Amount // a decided change up to this is not told, in euros
	ChangePercent int64        // nor one up to this part of what was; both 0 = every change is told
	EndingDays    int          // a measure that ends within so many days is told
}

// sane tells whether the thresholds mean something.
func (s ExceptionSettings) sane() bool {
	return !s.ChangeCents.IsNegative() && s.ChangePercent >= 0 && s.ChangePercent <= 100 &&
		s.EndingDays >= 0 && s.EndingDays <= 365
}

// DefaultExceptionSettings tell every change, and an end within 90 days.
func DefaultExceptionSettings() ExceptionSettings { return ExceptionSettings{EndingDays: 90} }

// Facts are everything that the exceptions of one mandate in a run depend on.
type Facts struct {
	Run      RunMandate // as computed
	On       civil.Date // day of the run
	Purpose  Purpose    // of the run: only one of the month pays all that is due
	Preparer string     // user who proposes the run
	Settings ExceptionSettings

	First        bool                 // no approved run of the mandate before
	Past         []PastLine           // what approved runs decided, the newest first
	Decided      map[string]int64     // by obligation, the newest act on it or on its debt
	Payees       map[string]PayeeFact // by creditor
	Recent       []RecentPayment      // of the last 30 days, not failed
	OpenRuns     map[string]string    // by line, another run that holds it and is not decided
	Expected     []ExpectedFact       // benefits of the month that were to come until today
	Outstanding  map[string]money.Amount
	Restricted   money.Amount // in euros, of 467:mandate:RESTRICTED
	EndsOn       civil.Date   // last day of the contract
	RentPaid     bool         // a rent of this month is paid already
	RentKnown    bool         // a rent stands in the dossier for this month, due in it or not
	RemitPlanned bool         // the contract gives the person something each month
	Remitted     money.Amount // to the person, this month, by earlier runs
	LastRemitted money.Amount // by the last approved run
}

// PastLine is what an approved run decided about one obligation.
type PastLine struct {
	Run        string
	Act        int64 // number of the approval in the log of acts
	Obligation string
	DueOn      civil.Date
	Class      mandates.Class
	Creditor   string
	Label      string
	Due, Paid  money.Amount
	Status     Status
	Reason     Reason
}

// PayeeFact is a creditor as this run pays him, and as he was paid before.
type PayeeFact struct {
	Name, IBAN  string // IBAN empty while none may be paid
	Version     int
	ProposedBy  string // who gave that IBAN
	ProposedOn  civil.Date
	Loaded      bool   // it came with a load that two users signed
	Settled     bool   // some transfer to it has been executed
	LastIBAN    string // of the mandate's last transfer to him; empty when there was none
	LastVersion int
	LastFailure string // why that transfer failed (AC04), empty when it did not
	LastAmount  money.Amount
	BankRefusal string      // why a bank has sent the newest IBAN back, so that none may be paid
	NameCheck   sepa.Status // newest answer of the payee's bank on this name and IBAN; empty without one
	NameAtBank  string      // the name that it gave, for a close match; may be empty
}

// RecentPayment is a line that was paid lately.
type RecentPayment struct {
	Obligation string
	DueOn      civil.Date
	Creditor   string
	Amount     money.Amount
	On         civil.Date
	EndToEndID string
}

// ExpectedFact is a benefit that was to come, with what has come of it.
type ExpectedFact struct {
	Benefit          string
	Period           civil.Month
	On               civil.Date
	Amount, Received money.Amount
}
