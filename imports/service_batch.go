package imports

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/ledger/civil"
)

// batch is the work of one transaction: the statements of a file, and earlier ones that were
// held and can follow now.
type batch struct {
	service *Service
	ctx     context.Context
	tx      pgx.Tx
	who     string
	file    int64
	today   civil.Date

	own      []*statement // of the file, in its order
	known    map[*statement]StatementOutcome
	twins    map[*statement]*statement // the same statement earlier in the same file
	accepted []*accepted
	released []*accepted // those that were held before
	// explained are the held statements whose reason this batch has changed.
	explained map[int64]hold
}

// begin makes the batch of a transaction; file is 0 when it brings none.
func (s *Service) begin(ctx context.Context, tx pgx.Tx, who string, file int64) (*batch, error) {
	today, err := ledger.Today(ctx, tx)
	return &batch{
		service: s, ctx: ctx, tx: tx, who: who, file: file, today: today,
		explained: map[int64]hold{},
	}, err
}

// accepted is a statement that continues its account, with its lines booked.
type accepted struct {
	*statement
	lines []booked
}

// take judges the statements of a file and books what can be booked.
func (b *batch) take(own []*statement) error {
	b.known, b.twins = map[*statement]StatementOutcome{}, map[*statement]*statement{}
	for _, st := range own {
		mine := *st // an attempt that loses against a concurrent one leaves the reading as it was
		b.own = append(b.own, &mine)
	}
	accounts, err := lockAccounts(b.ctx, b.tx, ibansOf(b.own))
	if err != nil {
		return err
	}
	if err := b.dropKnown(); err != nil {
		return err
	}
	for _, account := range accounts {
		if err := b.advance(account); err != nil {
			return err
		}
	}
	return b.storeHeld(accounts)
}

// storeHeld keeps the statements of the file that wait, with their reason.
func (b *batch) storeHeld(accounts []bankAccount) error {
	for _, st := range b.own {
		if b.came(st) || st.chainNo != 0 {
			continue
		}
		i := slices.IndexFunc(accounts, func(a bankAccount) bool { return a.iban == st.iban })
		if i >= 0 {
			st.account = accounts[i].id
		} else if st.held.reason == "" {
			st.held = unknownAccount(st.iban)
		}
		if err := insertStatement(b.ctx, b.tx, b.file, st); err != nil {
			return err
		}
	}
	return nil
}

// dropKnown sets aside the statements that an earlier file, or this one, brought already.
func (b *batch) dropKnown() error {
	known, err := knownStatements(b.ctx, b.tx, b.own)
	if err != nil {
		return err
	}
	first := map[chain.Hash]*statement{}
	for _, st := range b.own {
		if earlier, stored := known[st.hash]; stored {
			b.known[st] = earlier
		} else if first[st.hash] != nil {
			b.twins[st] = first[st.hash]
		} else {
			first[st.hash] = st
		}
	}
	return nil
}

// came tells that a statement is stored already, or stands earlier in the file.
func (b *batch) came(st *statement) bool {
	_, known := b.known[st]
	return known || b.twins[st] != nil
}

// advance accepts, one after the other, the statements that continue one account: of this
// file in whatever order, and those that waited for them.
func (b *batch) advance(account bankAccount) error {
	at, err := b.service.linkOf(b.ctx, b.tx, account)
	if err != nil {
		return err
	}
	queue, err := b.candidates(account)
	if err != nil {
		return err
	}
	var knowledge *Known
	for i := slices.IndexFunc(queue, at.continues); i >= 0; i = slices.IndexFunc(queue, at.continues) {
		st := queue[i]
		queue = slices.Delete(queue, i, i+1)
		why, err := b.conflict(st)
		if err != nil {
			return err
		}
		if why.reason != "" {
			if err := b.hold(st, why); err != nil {
				return err
			}
			continue
		}
		if err := b.accept(account, st, at, &knowledge); err != nil {
			return err
		}
		at = at.next(st)
	}
	for _, st := range queue {
		why, err := b.conflict(st)
		if err != nil {
			return err
		}
		if err := b.hold(st, cmp.Or(why, at.why(st))); err != nil {
			return err
		}
	}
	return nil
}

// hold says why a statement waits; where it is stored already, the sentence is brought up to
// date: what is missing may have changed.
func (b *batch) hold(st *statement, why hold) error {
	if st.id == 0 || st.held == why {
		st.held = why
		return nil
	}
	st.held = why
	b.explained[st.id] = why
	return updateHold(b.ctx, b.tx, st)
}

// candidates are the statements that may come next, the earliest first. Those that close too
// far ahead are held and are none.
func (b *batch) candidates(account bankAccount) ([]*statement, error) {
	all, err := heldStatements(b.ctx, b.tx, account.iban)
	if err != nil {
		return nil, err
	}
	for _, st := range b.own {
		if st.iban == account.iban && st.held.reason == "" && !b.came(st) {
			all = append(all, st)
		}
	}
	var queue []*statement
	for _, st := range all {
		if why := st.tooFar(b.today); why.reason == "" {
			queue = append(queue, st)
		} else if err := b.hold(st, why); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(queue, func(a, b *statement) int {
		return cmp.Or(a.to.Compare(b.to), a.from.Compare(b.from), cmp.Compare(a.ordinal, b.ordinal))
	})
	return queue, nil
}

// conflict holds a statement whose number the account has already used for another one
// around that time: somebody has to say which is right (house rules, 4.1).
func (b *batch) conflict(st *statement) (hold, error) {
	for _, a := range slices.Concat(b.accepted, b.released) {
		if a.iban == st.iban && a.ref == st.ref && near(a.to, st.to) {
			return conflicting(st.ref, a.to), nil
		}
	}
	closed, err := numberIsUsed(b.ctx, b.tx, st)
	if err != nil || closed.IsZero() {
		return hold{}, err
	}
	return conflicting(st.ref, closed), nil
}

// accept recognises the lines of a statement and keeps it for the posting.
func (b *batch) accept(account bankAccount, st *statement, at link, knowledge **Known) error {
	later := st.id != 0
	if later {
		read, err := readAgain(b.ctx, b.tx, st)
		if err != nil {
			return err
		}
		st.lines, st.entries = read.lines, read.entries
	}
	st.account, st.chainNo, st.held = account.id, at.no+1, hold{}
	st.remarkAhead(b.today)
	done := &accepted{statement: st}
	if len(st.lines) > 0 {
		if err := b.service.know(b.ctx, b.tx, account, st.lines, knowledge); err != nil {
			return err
		}
		for i, found := range RecogniseAll(st.lines, *knowledge) {
			done.lines = append(done.lines, booked{line: st.lines[i], found: found})
		}
	}
	if later {
		b.released = append(b.released, done)
	} else {
		b.accepted = append(b.accepted, done)
	}
	return nil
}

func ibansOf(statements []*statement) []string {
	var ibans []string
	for _, st := range statements {
		ibans = append(ibans, st.iban)
	}
	slices.Sort(ibans)
	return slices.Compact(ibans)
}
