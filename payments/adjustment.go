package payments

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// AdjustmentKind is what a coordinator changes in a draft; the word stands in the database.
type AdjustmentKind string

// The adjustments. The newest one of a line counts.
const (
	SetAmount   AdjustmentKind = "SET_AMOUNT"        // less is due in this run; of rent and charges, paid in part
	DeferLine   AdjustmentKind = "DEFER"             // pay nothing now; the line stays due
	BlockLine   AdjustmentKind = "BLOCK"             // hold it back, as something that is not to be paid
	Withdraw    AdjustmentKind = "WITHDRAW"          // the line leaves the run
	AddLine     AdjustmentKind = "ADD_LINE"          // an open due that the run left out
	RefuseLine  AdjustmentKind = "REFUSED_BY_PERSON" // the person does not want it
	RestoreLine AdjustmentKind = "RESTORE"           // as it was computed
	ChangeRemit AdjustmentKind = "REMIT"             // other days, or another account of the person
)

var frenchAdjustments = map[AdjustmentKind]string{
	SetAmount: "Montant fixé", DeferLine: "Reporté", BlockLine: "Retenu", Withdraw: "Retiré de la campagne",
	AddLine: "Ajouté à la campagne", RefuseLine: "Refusé par la personne", RestoreLine: "Rétabli",
	ChangeRemit: "Versements changés",
}

// French is the adjustment as a page prints it.
func (k AdjustmentKind) French() string { return frenchAdjustments[k] }

// Adjustment is one change of a draft, kept with the run.
type Adjustment struct {
	No       int
	Mandate  string
	Line     LineAsk // zero for REMIT
	Kind     AdjustmentKind
	Amount   money.Amount // of SET_AMOUNT
	Remit    Remit        // of REMIT
	Reason   string
	From, To money.Amount // what the line paid, or the person got, before and after
	Act      int          // of the run
	By       string       // user
	At       time.Time
}

// key of the line; empty for REMIT.
func (a Adjustment) key() string {
	if a.Line == (LineAsk{}) {
		return ""
	}
	return a.Line.key()
}

// encode adds the adjustment to a digest; who made it and when stand in its act.
func (a Adjustment) encode(e *chain.Encoder) {
	e.Int(int64(a.No)).Str(a.key()).Str(string(a.Kind)).Int(a.Amount.Cents())
	e.Int(a.From.Cents()).Int(a.To.Cents()).Str(a.Reason).Int(int64(a.Act))
	a.Remit.encode(e)
}

func (r Remit) encode(e *chain.Encoder) {
	e.Str(r.To).Int(int64(len(r.On)))
	for _, d := range r.On {
		e.Str(d.String())
	}
}

// orNone is the plan as it is stored: without days it has no list.
func (r Remit) orNone() Remit {
	if len(r.On) == 0 {
		r.On = nil
	}
	return r
}

// days are the days as a column takes them.
func (r Remit) days() []time.Time {
	out := make([]time.Time, len(r.On))
	for i, d := range r.On {
		out[i] = d.Time()
	}
	return out
}

// The reasons that a coordinator, or the person, gives.
const (
	LoweredByHand   Reason = "LOWERED_BY_COORDINATOR"
	DeferredByHand  Reason = "DEFERRED_BY_COORDINATOR"
	BlockedByHand   Reason = "BLOCKED_BY_COORDINATOR"
	RefusedByPerson Reason = "REFUSED_BY_PERSON"
)

// byHand tells whether somebody decided it, not the purse: it stops no lower line. Of a rent it
// is unpaid rent all the same.
func (r Reason) byHand() bool {
	return r == LoweredByHand || r == DeferredByHand || r == BlockedByHand || r == RefusedByPerson
}

// Hand is what a person decided about a line: nothing while Reason is empty.
type Hand struct {
	Reason Reason
	Most   money.Amount // of LOWERED_BY_COORDINATOR
	Later  money.Amount // what was taken off the due of this run, and stays due; not of rent and charges
}

// wanted is the most that the line may be paid.
func (h Hand) wanted(due money.Amount) money.Amount {
	switch h.Reason {
	case "":
		return due
	case LoweredByHand:
		return money.Min(due, h.Most)
	}
	return money.Amount{}
}

func (h Hand) status() Status {
	if h.Reason == BlockedByHand || h.Reason == RefusedByPerson {
		return Blocked
	}
	return Deferred
}

// byHandWords explains a line that somebody lowered or put off.
func (l AllottedLine) byHandWords() string {
	text := fmt.Sprintf("Reporté par la coordination : rien n'est payé sur %s ; la ligne reste due.", l.Due.French())
	if l.Status == Partial {
		text = fmt.Sprintf("Montant fixé par la coordination : %s sur %s ; %s restent dus.",
			l.Paid.French(), l.Due.French(), l.Due.Sub(l.Paid).French())
	}
	if l.Senior {
		text += " Rien d'autre ne part tant que le loyer et les charges ne sont pas payés en entier."
	}
	return text
}

// hand is what an adjustment decides about its line; nothing for those that only add or restore.
func (a Adjustment) hand() Hand {
	switch a.Kind {
	case SetAmount:
		return Hand{Reason: LoweredByHand, Most: a.Amount}
	case DeferLine:
		return Hand{Reason: DeferredByHand}
	case BlockLine:
		return Hand{Reason: BlockedByHand}
	case RefuseLine:
		return Hand{Reason: RefusedByPerson}
	}
	return Hand{}
}

// hands are what counts of the adjustments of a mandate, by key of the line.
func hands(all []Adjustment) map[string]Hand {
	out := make(map[string]Hand)
	for _, a := range all {
		out[a.key()] = a.hand()
	}
	return out
}

// check refuses an adjustment that the part of its mandate does not allow; on is the day of the run.
func (a Adjustment) check(m RunMandate, on civil.Date) error {
	at := slices.IndexFunc(m.Lines, func(l RunLine) bool { return l.Key() == a.key() })
	switch {
	case strings.TrimSpace(a.Reason) == "":
		return ErrNoReason
	case a.Kind.French() == "":
		return &AskError{"ADJUSTMENT_UNKNOWN", string(a.Kind)}
	case m.Refused != "":
		return &AskError{"MANDATE_LEFT_OUT", m.Mandate}
	case a.Kind == ChangeRemit:
		return a.Remit.check(m.Mandate, on)
	case a.Kind == AddLine && at >= 0:
		return &AskError{"LINE_TWICE", a.key()}
	case a.Kind == AddLine:
		return nil
	case at < 0:
		return &AskError{"LINE_NOT_IN", a.key()}
	}
	return a.fits(m.Lines[at])
}

// refuseMore refuses an amount that is not less than what is open of its line.
func (a Adjustment) refuseMore(dues []dueItem) error {
	i := slices.IndexFunc(dues, func(d dueItem) bool { return d.key() == a.key() })
	if a.Kind == SetAmount && i >= 0 && a.Amount.Cmp(dues[i].Open) >= 0 {
		return &AskError{"NOT_LESS_THAN_DUE", dues[i].Open.French()}
	}
	return nil
}

// leavesRent tells whether the adjustment takes rent or charges out that are due, so that something
// lower would leave before them: they may go when the law blocks them, when their obligation
// ended before that day, or when another open run holds them.
func (a Adjustment) leavesRent(s mandates.Situation, m RunMandate) bool {
	i := slices.IndexFunc(s.Obligations, func(o mandates.Obligation) bool { return o.ID == a.Line.Obligation })
	if a.Kind != Withdraw || i < 0 || !(mandates.Policy{}).IsSenior(s.Obligations[i].Class) {
		return false
	}
	o := s.Obligations[i]
	return o.Block == "" && (o.To.IsZero() || !o.To.Before(a.Line.DueOn)) &&
		!slices.ContainsFunc(m.Exceptions, func(e Exception) bool {
			return e.Code == AlreadyInRun && slices.Contains(e.Lines, a.key())
		})
}

// fits refuses what the class or the amount of the line forbid.
func (a Adjustment) fits(l RunLine) error {
	senior := (mandates.Policy{}).IsSenior(l.Class)
	switch {
	case a.Kind == RefuseLine && senior:
		return &AskError{"REFUSES_RENT", l.Label}
	case a.Kind == BlockLine && senior:
		return &AskError{"BLOCKS_RENT", l.Label}
	case a.Kind == SetAmount && !a.Amount.IsPositive():
		return &AskError{"NOT_LESS_THAN_DUE", l.Due.French()}
	case a.Kind == SetAmount && l.Class == mandates.Reserve:
		return &AskError{"PART_OF_RESERVE", l.Label}
	}
	return nil
}

// check refuses remittances without a day, or before the run.
func (r Remit) check(mandate string, on civil.Date) error {
	switch {
	case r.To == "" || len(r.On) == 0:
		return &AskError{"REMIT_NO_DAY", mandate}
	case slices.ContainsFunc(r.On, func(d civil.Date) bool { return d.Before(on) }):
		return &AskError{"REMIT_PAST", mandate}
	}
	return nil
}

// paid is what the part pays of the line that an adjustment is about, or gives to the person.
func (m RunMandate) paid(a Adjustment) money.Amount {
	if a.Kind == ChangeRemit {
		return m.Remit
	}
	for _, l := range m.Lines {
		if l.Key() == a.key() {
			return l.Paid
		}
	}
	return money.Amount{}
}

// asked are the lines of the part once the adjustment is made, in their order.
func (m RunMandate) asked(a Adjustment) []LineAsk {
	lines := make([]LineAsk, 0, len(m.Lines)+1)
	for _, l := range m.Lines {
		if a.Kind != Withdraw || l.Key() != a.key() {
			lines = append(lines, LineAsk{l.Obligation, l.DueOn})
		}
	}
	if a.Kind == AddLine {
		lines = append(lines, a.Line)
	}
	return lines
}
