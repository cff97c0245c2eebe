package ledger

import (
	"fmt"
	"math"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// books is where the books stand while their lock is held: everything that a decision needs.
// Decisions move it on, so that each entry is judged after the ones before it.
type books struct {
	at            int64 // microseconds since 1970 UTC
	today         civil.Date
	lastEntry     int64
	lastAccount   int64
	lastPosted    civil.Date
	closedThrough civil.Date
	head          chain.Hash
	journals      map[Journal]int64
	accounts      map[Code]*account
	known         map[string]known
	undone        map[int64]bool
}

// account is the balance row of an account; id 0 while it is not opened.
type account struct {
	code          string
	floored       bool
	id, seq       int64
	debit, credit int64
	pending       int64 // taken by the entry under decision
}

// known is an entry that has a source already.
type known struct {
	no, journalNo int64
	content       chain.Hash
}

// maxTotal keeps the totals of an account far from the end of int64.
const maxTotal = math.MaxInt64 / 2

// plan decides entries one by one and gathers what is to be written.
type plan struct {
	books   *books
	batch   *batch
	hashers *hashers
	record  record
	writing chan error // answer of the batch on its way, nil when there is none
	written bool       // something was sent
}

// add decides one entry: it is gathered, recognised as known, or refused without a trace.
func (p *plan) add(e *Entry) (Posted, error) {
	b, r := p.books, &p.record
	r.fill(e)
	r.content = p.hashers.contentOf(r)
	if k, ok := b.known[e.Source]; ok {
		if k.content != r.content {
			return Posted{}, &ConflictError{e.Source, k.no}
		}
		return Posted{No: k.no, JournalNo: k.journalNo, Replayed: true}, nil
	}
	if b.undone[e.Reverses] {
		return Posted{}, fmt.Errorf("entry %d: %w", e.Reverses, ErrReversed)
	}
	posted, err := b.postingDay(e.PostedOn)
	if err != nil {
		return Posted{}, fmt.Errorf("entry %q: %w", e.Source, err)
	}
	if err := b.judge(e); err != nil {
		return Posted{}, err
	}
	b.lastPosted = posted
	b.lastEntry++
	b.journals[e.Journal]++
	r.no, r.journalNo, r.at, r.posted = b.lastEntry, b.journals[e.Journal], b.at, dayOf(posted)
	p.move(e)
	salt := p.batch.salt()
	r.commitment = p.hashers.commit(salt, e.Label)
	p.batch.add(r, salt, e.Label, p.hashers.leaf(r))
	b.known[e.Source] = known{r.no, r.journalNo, r.content}
	if e.Reverses > 0 {
		b.undone[e.Reverses] = true
	}
	return Posted{No: r.no, JournalNo: r.journalNo}, nil
}

// postingDay is the journal date of an entry: days of the books never go back.
func (b *books) postingDay(wanted civil.Date) (civil.Date, error) {
	if wanted.IsZero() {
		wanted = b.today
	}
	switch {
	case wanted.After(b.today):
		return wanted, fmt.Errorf("posted on %s, today is %s: %w", wanted, b.today, ErrFuture)
	case !b.closedThrough.IsZero() && !wanted.After(b.closedThrough):
		return wanted, fmt.Errorf("posted on %s, closed through %s: %w", wanted, b.closedThrough, ErrClosed)
	case wanted.Before(b.lastPosted):
		return wanted, fmt.Errorf("posted on %s, books at %s: %w", wanted, b.lastPosted, ErrBackdated)
	}
	return wanted, nil
}

// judge refuses an entry that takes more from an account than it holds. No account stands on both
// sides of an entry (one is the hub), so what an entry takes is the sum of its debits.
func (b *books) judge(e *Entry) error {
	defer func() {
		for _, p := range e.Postings {
			b.accounts[p.Debit].pending, b.accounts[p.Credit].pending = 0, 0
		}
	}()
	var overdrawn *account
	for _, p := range e.Postings {
		debit, credit := b.account(p.Debit), b.account(p.Credit)
		debit.pending += p.Amount.Cents()
		credit.pending += p.Amount.Cents()
		if debit.debit > maxTotal-debit.pending || credit.credit > maxTotal-credit.pending {
			return &InvalidError{e.Source, "the total of an account becomes too large"}
		}
		if debit.floored && debit.credit-debit.debit < debit.pending && overdrawn == nil {
			overdrawn = debit
		}
	}
	if overdrawn == nil {
		return nil
	}
	return &OverdrawnError{
		Code:    Code(overdrawn.code),
		Balance: money.Cents(overdrawn.credit - overdrawn.debit),
		Wanted:  money.Cents(overdrawn.pending),
	}
}

// account finds an account, or one that is not opened yet. An entry that is refused afterwards leaves
// it unopened: only move opens it.
func (b *books) account(code Code) *account {
	a := b.accounts[code]
	if a == nil {
		a = &account{code: string(code), floored: code.hasFloor()}
		b.accounts[code] = a
	}
	return a
}

// move carries an accepted entry to its accounts and notes number and balance of each line.
func (p *plan) move(e *Entry) {
	for i := range e.Postings {
		l := &p.record.lines[i]
		debit, credit := p.books.accounts[e.Postings[i].Debit], p.books.accounts[e.Postings[i].Credit]
		p.open(debit)
		p.open(credit)
		debit.seq++
		debit.debit += l.amount
		credit.seq++
		credit.credit += l.amount
		l.debitSeq, l.debitAfter = debit.seq, debit.debit-debit.credit
		l.creditSeq, l.creditAfter = credit.seq, credit.debit-credit.credit
		p.batch.addLine(&p.record, i+1, debit.id, credit.id)
	}
}

func (p *plan) open(a *account) {
	if a.id > 0 {
		return
	}
	p.books.lastAccount++
	a.id = p.books.lastAccount
	p.batch.open(a.code)
}
