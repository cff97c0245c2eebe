package control

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Kind is what a link of a trace is.
type Kind string

// The kinds of links.
const (
	RunLine  Kind = "RUN_LINE"  // what a run asked for: C-2026-11-1:M-0001:3
	Act      Kind = "ACT"       // who proposed, submitted, approved, filed, handed over
	Payment  Kind = "PAYMENT"   // our transfer, by its end-to-end identifier
	File     Kind = "FILE"      // the payment file that left
	Answer   Kind = "ANSWER"    // what the bank answered to the file
	BankLine Kind = "BANK_LINE" // what the bank booked
	Match    Kind = "MATCH"     // what a line was recognised as, by a rule or by a person
	Entry    Kind = "ENTRY"     // of the books
	Account  Kind = "ACCOUNT"   // the account of a person that an entry moved
	Run      Kind = "RUN"       // only where a trace begins: all its payments
)

// Ref names a thing that a trace begins at. One of Number and ID says which.
type Ref struct {
	Kind   Kind
	Number int64  // of an entry or a bank line
	ID     string // of what has a reference
}

// Key is the reference in one word: "ENTRY 171".
func (r Ref) Key() string {
	if r.ID != "" {
		return string(r.Kind) + " " + r.ID
	}
	return string(r.Kind) + " " + plain(r.Number)
}

var (
	runRef     = regexp.MustCompile(`^C-[0-9]{4}-[0-9]{2}-[0-9]{1,4}$`)
	runLineRef = regexp.MustCompile(`^(C-[0-9]{4}-[0-9]{2}-[0-9]{1,4}):([A-Z0-9][A-Z0-9-]{0,23}):([0-9]{1,6})$`)
)

// ParseRef reads what a person types: 171 or entry:171, line:17, C-2026-11-1, C-2026-11-1:M-0001:3, and
// else the end-to-end identifier of a payment, the name or the message identifier of a file.
func ParseRef(text string) (Ref, error) {
	text = strings.TrimSpace(text)
	kind, number := Entry, strings.TrimPrefix(text, "entry:")
	if rest, ok := strings.CutPrefix(text, "line:"); ok {
		kind, number = BankLine, rest
	}
	if n, err := strconv.ParseInt(number, 10, 64); err == nil && n > 0 {
		return Ref{Kind: kind, Number: n}, nil
	}
	switch {
	case text == "" || len(text) > 200:
		return Ref{}, ErrNothing
	case runRef.MatchString(text):
		return Ref{Kind: Run, ID: text}, nil
	case runLineRef.MatchString(text):
		return Ref{Kind: RunLine, ID: text}, nil
	}
	return Ref{Kind: Payment, ID: text}, nil // or a file: the books know
}

// Link is one thing on the way of the money.
type Link struct {
	Ref
	On      civil.Date
	At      time.Time    // of an act
	Amount  money.Amount // of a bank line and an account with its sign
	Part    money.Amount // of a bank line or a file: what of it is traced, when that is not all
	Hash    string       // SHA-256 in hexadecimal, or empty
	Mandate string
	State   string
	What    string   // a sentence for who checks
	Person  string   // a sentence for the person whose money it is, or empty
	From    []string // the keys of the links that it comes from

	place int // on the way
}

// Trace is the way of some money, in its order.
type Trace struct {
	Start    Ref
	Links    []Link
	Payments int // that belong to the start
	Shown    int // of them
}

// Mandates are those whose money is traced.
func (t Trace) Mandates() []string {
	var all []string
	for _, l := range t.Links {
		if l.Mandate != "" && !slices.Contains(all, l.Mandate) {
			all = append(all, l.Mandate)
		}
	}
	slices.Sort(all)
	return all
}

// The places on the way. Money that comes in has its bank line first, money that leaves has it after
// the file.
const (
	placeLineIn = 2 * iota // the account of an entry stands right after it
	placeMatch
	placeEntryIn
	placeRunLine
	placeAct
	placePayment
	placeEntryOut
	placeFile
	placeAnswer
	placeLineOut
	placeEntrySettled
	placeLineBack
	placeEntryBack
)

// order puts the links on their way, and drops from them what is not there.
func (t *Trace) order() {
	slices.SortStableFunc(t.Links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.place, b.place), a.On.Compare(b.On), a.At.Compare(b.At),
			cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	there := make(map[string]bool, len(t.Links))
	for _, l := range t.Links {
		there[l.Key()] = true
	}
	for i := range t.Links {
		from := t.Links[i].From[:0]
		for _, key := range t.Links[i].From {
			if there[key] && key != t.Links[i].Key() && !slices.Contains(from, key) {
				from = append(from, key)
			}
		}
		slices.Sort(from)
		t.Links[i].From = from
	}
}
