package imports

import (
	"slices"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// AlertReturnAnnounced is the code of an alert: a notice tells that a transfer will come back.
const AlertReturnAnnounced = "RETURN_ANNOUNCED"

// noticeLine is a line of a notice, as it is stored.
type noticeLine struct {
	id      int64
	line    Line
	batches []string
}

// unexplained is a line that lies whole in suspense and names no transfer itself.
type unexplained struct {
	id, entry int64
	source    string // of its entry
	bookedOn  civil.Date
	amount    money.Amount
	reference string // the bank's own
	batches   []string
}

// described is such a line with the transactions that explain it.
type described struct {
	unexplained
	notice int64
	own    bool // the notice describes this line
	line   Line
}

// fits tells that a notice speaks of a line of the same account: same amount, and the bank's own
// reference, or the same day and batch.
func (n noticeLine) fits(w unexplained) bool {
	if n.line.Amount != w.amount || !n.line.Booked {
		return false
	}
	if n.line.BankReference != "" && n.line.BankReference == w.reference {
		return true
	}
	return n.line.BookedOn == w.bookedOn && slices.ContainsFunc(n.batches, func(b string) bool {
		return slices.Contains(w.batches, b)
	})
}

// proves tells that the transactions of a notice are those of its line, to the cent.
func (n noticeLine) proves() bool {
	_, whole := n.line.details()
	return whole && len(n.line.Details) > 0
}

// pair finds the lines that one notice describes and no other could, and the other way round: the
// same notice sent again is the same.
func pair(notices []noticeLine, lines []unexplained) []described {
	var found []described
	for _, w := range lines {
		var of []noticeLine
		for _, n := range notices {
			if n.fits(w) && n.proves() && !slices.ContainsFunc(of, func(o noticeLine) bool { return sameDetails(o.line, n.line) }) {
				of = append(of, n)
			}
		}
		if len(of) != 1 || alike(of[0], lines) != 1 {
			continue
		}
		line := of[0].line
		line.BookedOn, line.ValueOn = w.bookedOn, w.bookedOn
		found = append(found, described{unexplained: w, notice: of[0].id, own: true, line: line})
	}
	return found
}

// alike counts the lines that a notice may describe.
func alike(n noticeLine, lines []unexplained) (count int) {
	for _, w := range lines {
		if n.fits(w) {
			count++
		}
	}
	return count
}

// sameDetails tells that two notices say the same of a line.
func sameDetails(a, b Line) bool {
	return a.BankReference == b.BankReference && slices.Equal(a.Details, b.Details)
}

// certain tells that a recognition leaves nothing to a person and needs nothing but entries out of
// 471: no list of a payer, no rule, nothing that the bank kept, no transfer out of 471 itself.
func (r Recognition) certain() bool {
	return r.State != LineSuspense && r.open().IsZero() && r.Kept.IsZero() && len(r.advices)+len(r.rules) == 0 &&
		!slices.ContainsFunc(r.Parts, func(p Part) bool { return p.Account == ledger.Suspense })
}

// entryOutOfSuspense is the entry by which a notice identifies a line.
func (d described) entryOutOfSuspense(r Recognition, actor string) ledger.Entry {
	e := ledger.Entry{
		Journal: ledger.OtherJournal, Kind: ledger.Identification, BookedOn: d.bookedOn, ValueOn: d.bookedOn,
		Source: "notice " + d.source, Label: firstOf(subject(d.line), "Avis de la banque"), Actor: actor,
	}
	if r.Kind == ledger.Return {
		e.Kind = ledger.Return
	}
	for _, p := range r.Parts {
		posting := ledger.Posting{Debit: ledger.Suspense, Credit: p.Account, Amount: p.Amount}
		if d.amount.IsNegative() {
			posting.Debit, posting.Credit = p.Account, ledger.Suspense
		}
		e.Postings = append(e.Postings, posting)
	}
	return e
}
