package payments

import (
	"slices"

	"masp/ledger/chain"
)

// Provenance is where a line of a run comes from.
type Provenance string

// The provenances. A line of the third kind always carries an exception.
const (
	FromLastMonth Provenance = "LAST_MONTH" // as in the last approved run that paid it
	FromDecision  Provenance = "DECISION"   // of an act since then
	FromException Provenance = "EXCEPTION"  // neither: somebody must look at it
)

// Origin says where a line comes from: what it repeats, or the act that it follows from, and the
// exceptions that are about it.
type Origin struct {
	From       Provenance `json:"from"`
	Run        string     `json:"run,omitempty"`        // that it repeats
	Act        int64      `json:"act,omitempty"`        // number in the log of acts
	Exceptions []int      `json:"exceptions,omitempty"` // their numbers
}

// Origins says of each line of the mandate's run where it comes from, in the order of the lines;
// exceptions are those of the same facts.
func Origins(f Facts, exceptions []Exception) []Origin {
	w := finder{Facts: f, found: exceptions}
	origins := make([]Origin, len(f.Run.Lines))
	for i, l := range f.Run.Lines {
		origins[i] = w.origin(l)
	}
	return origins
}

func (w *finder) origin(l RunLine) Origin {
	o := Origin{From: FromException}
	if p, ok := w.repeats(l); ok {
		o.From, o.Run = FromLastMonth, p.Run
	} else if act := w.act(l); act > 0 {
		o.From, o.Act = FromDecision, act
	}
	for _, e := range w.found {
		if slices.Contains(e.Lines, l.Key()) {
			o.Exceptions = append(o.Exceptions, e.No)
		}
	}
	return o
}

// sameAsPast tells whether the line repeats what an approved run did.
func (w *finder) sameAsPast(l RunLine) bool {
	_, ok := w.repeats(l)
	return ok
}

// repeats finds the line that this one repeats. Paid as a whole, it is the last one of its
// obligation that was, or what the last run left of this very due, to the same IBAN; held by the
// law, it was held for the same reason. A line that money does not reach repeats nothing.
func (w *finder) repeats(l RunLine) (PastLine, bool) {
	if !l.full() {
		p, ok := w.past(l.Obligation, anyLine)
		return p, ok && l.Status == Blocked && l.Reason != RentFirst &&
			p.Status == l.Status && p.Reason == l.Reason && p.Due == l.Due && p.Creditor == l.Creditor
	}
	if !w.sameIBAN(l) {
		return PastLine{}, false
	}
	if p, left, known := w.rest(l); known {
		return p, left == l.Due && p.Creditor == l.Creditor
	}
	p, ok := w.past(l.Obligation, paidWhole)
	return p, ok && p.Due == l.Due && p.Creditor == l.Creditor
}

// sameIBAN tells whether the creditor is paid where he was paid last; money set aside goes nowhere.
func (w *finder) sameIBAN(l RunLine) bool {
	p := w.Payees[l.Creditor]
	return l.Creditor == "" || p.LastVersion > 0 && p.LastVersion == p.Version
}

// act is the number of the newest decision about the line since its obligation was last paid as
// a whole, or, when it is not paid now, since any run knew it; zero when there is none.
func (w *finder) act(l RunLine) int64 {
	fits := anyLine
	if l.full() {
		fits = paidWhole
	}
	p, _ := w.past(l.Obligation, fits)
	if act := w.Decided[l.Obligation]; act > p.Act {
		return act
	}
	return 0
}

// unexplained gives an exception to each line that has neither a past nor a decision.
func (w *finder) unexplained() {
	newest := slices.IndexFunc(w.found, func(e Exception) bool { return e.Code == FirstRun })
	for _, l := range w.Run.Lines {
		switch {
		case w.sameAsPast(l) || w.act(l) > 0 || w.carried(l.Key()):
		case newest >= 0:
			w.found[newest].Lines = append(w.found[newest].Lines, l.Key())
		default:
			p, _ := w.past(l.Obligation, anyLine)
			w.change(l, p.Paid, l.Paid)
		}
	}
}

// encode adds the exception as it was computed to a digest; its verdict comes later.
func (e Exception) encode(to *chain.Encoder) {
	to.Int(int64(e.No)).Str(e.Mandate).Str(string(e.Code)).Bool(e.Code.Blocking())
	to.Str(e.Before).Str(e.After).Str(e.Text).Int(int64(len(e.Lines)))
	for _, key := range e.Lines {
		to.Str(key)
	}
	to.Int(e.Instead.Cents()).Int(int64(len(e.Awaits)))
	for _, d := range e.Awaits {
		to.Str(string(d))
	}
}
