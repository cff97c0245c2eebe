package imports

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
)

// batch is the work of one transaction: whole statements, or a part of the lines of one.
type batch struct {
	*work
	today  civil.Date
	staged int64 // the file that this transaction stores; 0 for none

	budget, spent int
	more          bool // something is left for another transaction
	at            *statement
	numbers       []numbered
	portions      []*portion
	notices       []*portion
	explained     []*statement // held for another reason than before
}

// portion is what one transaction posts of a statement: all its lines, or the next ones.
type portion struct {
	*statement
	lines []booked
	read  []Line // of a notice
}

// begin makes the batch of a transaction.
func (w *work) begin(tx pgx.Tx) (*batch, error) {
	today, err := ledger.Today(w.ctx, tx)
	w.tx = tx
	return &batch{
		work: w, today: today, budget: cmp.Or(w.service.AtOnce, DefaultAtOnce),
	}, err
}

// queue is one account: where its chain stands, and what waits to continue it.
type queue struct {
	account   bankAccount
	at        link
	importing *statement   // goes on before anything else
	notices   []*statement // to take in
	waiting   []*statement // the earliest first
	pages     []*statement // of statements that are not whole yet
	known     *Known
}

// walk posts, one after the other, the statements that continue their accounts, until nothing
// is left or the transaction is full.
func (b *batch) walk(accounts []bankAccount) error {
	queues, err := b.queues(accounts)
	if err != nil {
		return err
	}
	for {
		q, st := b.next(queues)
		if st == nil {
			break
		}
		left := b.budget - b.spent
		if left <= 0 || b.spent > 0 && st.entries-st.posted > left {
			b.more = true
			return nil
		}
		if err := b.take(q, st); err != nil {
			return err
		}
		if st.posted < st.entries && st.held.reason != HeldOverlap {
			b.more = true
			return nil
		}
	}
	for _, q := range queues {
		for _, st := range q.waiting {
			why, err := b.why(q, st)
			if err != nil {
				return err
			}
			b.hold(st, why)
		}
	}
	return nil
}

// queues reads what waits on these accounts.
func (b *batch) queues(accounts []bankAccount) ([]*queue, error) {
	links, err := b.service.linksOf(b.ctx, b.tx, accounts)
	if err != nil {
		return nil, err
	}
	var ibans []string
	byIBAN := map[string]*queue{}
	queues := make([]*queue, len(accounts))
	for i, a := range accounts {
		queues[i] = &queue{account: a, at: links[a.id]}
		byIBAN[a.iban] = queues[i]
		ibans = append(ibans, a.iban)
	}
	all, err := waitingStatements(b.ctx, b.tx, ibans)
	if err != nil {
		return nil, err
	}
	if b.numbers, err = sameNumbers(b.ctx, b.tx, all); err != nil {
		return nil, err
	}
	for _, st := range all {
		b.enqueue(byIBAN[st.iban], st)
	}
	for _, q := range queues {
		if err := b.join(q); err != nil {
			return nil, err
		}
		slices.SortStableFunc(q.waiting, func(a, b *statement) int {
			return cmp.Or(a.to.Compare(b.to), a.from.Compare(b.from), cmp.Compare(a.ordinal, b.ordinal))
		})
	}
	return queues, nil
}

// enqueue puts a statement where it waits. One that closes too far ahead is held and no
// candidate.
func (b *batch) enqueue(q *queue, st *statement) {
	switch why := st.tooFar(b.today); {
	case st.kind == kindNotice:
		q.notices = append(q.notices, st)
	case st.importing:
		q.importing = st
	case !st.balanced():
		q.pages = append(q.pages, st)
	case why.reason != "":
		b.hold(st, why)
	default:
		q.waiting = append(q.waiting, st)
	}
}

// head is what comes next on an account; nil when nothing can.
func (b *batch) head(q *queue) *statement {
	if len(q.notices) > 0 {
		return q.notices[0]
	}
	if q.importing != nil {
		return q.importing
	}
	for {
		i := slices.IndexFunc(q.waiting, q.at.continues)
		if i < 0 {
			return nil
		}
		st := q.waiting[i]
		why := b.conflict(st)
		if why.reason == "" {
			return st
		}
		q.waiting = slices.Delete(q.waiting, i, i+1)
		b.hold(st, why)
	}
}

// next picks, among what comes next on each account, the statement that stands behind the last
// one in its file: the file is read forward, and from its start only when nothing else is left.
func (b *batch) next(queues []*queue) (of *queue, first *statement) {
	for _, q := range queues {
		st := b.head(q)
		if st != nil && (first == nil || b.place(st).before(b.place(first))) {
			of, first = q, st
		}
	}
	b.at = cmp.Or(first, b.at)
	return of, first
}

// place is where a statement stands in the order of reading.
type place struct {
	behind  bool // of the last one
	file    int64
	ordinal int
}

func (b *batch) place(st *statement) place {
	p := place{file: st.file, ordinal: st.ordinal}
	if b.at != nil {
		p.behind = cmp.Or(cmp.Compare(st.file, b.at.file), cmp.Compare(st.ordinal, b.at.ordinal)) < 0
	}
	return p
}

func (p place) before(o place) bool {
	if p.behind != o.behind {
		return o.behind
	}
	return cmp.Or(cmp.Compare(p.file, o.file), cmp.Compare(p.ordinal, o.ordinal)) < 0
}

// hold says why a statement waits; the sentence is brought up to date: what is missing may have
// changed.
func (b *batch) hold(st *statement, why hold) {
	if st.held != why {
		st.held = why
		b.explained = append(b.explained, st)
	}
}

// conflict holds a statement whose number the account has already used for another one
// around that time: somebody has to say which is right (house rules, 4.1).
func (b *batch) conflict(st *statement) hold {
	for _, n := range b.numbers {
		if n.iban == st.iban && n.ref == st.ref && n.page == st.page && near(n.closed, st.to) && !st.numberAgain {
			return conflicting(st.ref, n)
		}
	}
	return hold{}
}

// take posts of a statement what the transaction has room for: all of it, or the next lines. One
// that repeats what is in the books is held instead.
func (b *batch) take(q *queue, st *statement) error {
	p := &portion{statement: st}
	if st.entries > 0 {
		lines, cost, err := b.cursor(st.file).take(st, b.budget-b.spent)
		if err != nil {
			return err
		}
		b.spent += cost
		if held, err := b.overlaps(q, st, lines); held || err != nil {
			return err
		}
		if err := b.recognise(q, p, lines); err != nil {
			return err
		}
		st.posted += len(lines)
	}
	st.account = q.account.id
	done := st.posted == st.entries
	if st.kind == kindNotice {
		b.notices = append(b.notices, p)
		if done {
			q.notices = q.notices[1:]
		}
		return nil
	}
	b.portions = append(b.portions, p)
	q.leave(st)
	q.importing, st.importing, st.held = st, true, hold{}
	if done {
		q.importing, st.importing = nil, false
		q.at = q.at.next(st)
		st.chainNo = q.at.no
		b.numbers = append(b.numbers, numbered{st.id, st.iban, st.ref, st.page, st.to})
	}
	return nil
}

// leave takes a statement off what waits.
func (q *queue) leave(st *statement) {
	q.waiting = slices.DeleteFunc(q.waiting, func(w *statement) bool { return w == st })
}

// recognise says what each line is. A notice's lines are never posted: they are only kept.
func (b *batch) recognise(q *queue, p *portion, lines []Line) error {
	if p.kind == kindNotice {
		p.read = lines
		return nil
	}
	if err := b.service.know(b.ctx, b.tx, q.account, lines, &q.known); err != nil {
		return err
	}
	p.lines = make([]booked, len(lines))
	for i, found := range recogniseAll(lines, q.known) {
		p.lines[i] = booked{line: lines[i], found: found}
	}
	return nil
}

// first is the statement that names the act of a transaction; 0 when it has none.
func (b *batch) first() int64 {
	for _, p := range slices.Concat(b.portions, b.notices) {
		return p.id
	}
	return 0
}
