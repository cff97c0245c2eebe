package imports

import (
	"fmt"

	"masp/ledger"
	"masp/ledger/civil"
)

// booked is a line with what it was recognised as and where it stands.
type booked struct {
	id    int64
	line  Line
	found Recognition
	entry int64 // 0 for a line that is ignored
}

// source names the entry of a line for ever: account, last day and number of the statement,
// its page if it has several, rank in it. Banks use their numbers again after a year, so the day
// belongs to it; where a person has accepted a number twice, ours as well.
func (st *statement) source(rank int) string {
	ref := st.ref
	if st.page > 0 {
		ref += fmt.Sprintf(" p. %d", st.page)
	}
	if st.numberAgain {
		ref += fmt.Sprintf(" n° %d", st.id)
	}
	return fmt.Sprintf("bank %s %s %s/%d", st.iban, st.to, ref, rank)
}

// entry is the journal entry of a line: against the bank account, with the bank's days.
// This is the one place where a signed amount becomes sides: money in is a debit of 512.
func (st *statement) entry(l Line, r Recognition, actor string) ledger.Entry {
	bank := ledger.Bank(st.account)
	e := ledger.Entry{
		Journal:  ledger.BankJournal,
		Kind:     r.Kind,
		BookedOn: l.BookedOn,
		ValueOn:  l.ValueOn,
		Source:   st.source(l.Rank),
		Label:    firstOf(subject(l), l.Code, "Mouvement bancaire"),
		Actor:    actor,
	}
	for i, p := range r.Parts {
		posting := ledger.Posting{Debit: bank, Credit: p.Account, Amount: p.Amount}
		if l.Amount.IsNegative() {
			posting.Debit, posting.Credit = p.Account, bank
		}
		if i == 0 && r.Kept.IsPositive() {
			posting.Amount = p.Amount.Sub(r.Kept)
		}
		e.Postings = append(e.Postings, posting)
		if i == 0 && r.Kept.IsPositive() {
			// what comes back and what the bank keeps of it make the transfer; the bank's part comes
			// first, as the agreement with the bank counts a line there
			e.Postings = append(e.Postings,
				ledger.Posting{Debit: ledger.Suspense, Credit: p.Account, Amount: r.Kept})
		}
	}
	return e
}

// monthDay gives a month as the database keeps it: its first day, nothing when it is unknown.
func monthDay(m civil.Month) any {
	if m.IsZero() {
		return nil
	}
	return m.First().Time()
}
