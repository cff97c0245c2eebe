package imports

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/payments"
)

// postAtOnce is how many entries one call of the ledger takes: enough to be fast, few enough
// to stay small in memory.
const postAtOnce = 10_000

// finish writes what was decided, in the order of the locks: books, lines, what the payments
// must know, where the statements stand, and the act: what was done, and to which thing.
func (b *batch) finish(action, kind string, thing int64) error {
	if err := b.post(); err != nil {
		return err
	}
	if err := storeLines(b.ctx, b.tx, b.portions, b.today); err != nil {
		return err
	}
	if err := b.tell(); err != nil {
		return err
	}
	what := sealed{File: b.staged}
	changed := b.explained
	for _, p := range slices.Concat(b.portions, b.notices) {
		changed = append(changed, p.statement)
		what.add(p)
	}
	for _, p := range b.notices {
		if err := b.notice(p.statement, p.read); err != nil {
			return err
		}
	}
	if err := b.applyNotices(); err != nil {
		return err
	}
	if err := updateStatements(b.ctx, b.tx, changed); err != nil || what.empty() {
		return err
	}
	return record(b.ctx, b.tx, audit.Act{
		Actor:      b.who,
		Action:     action,
		ObjectType: kind,
		ObjectID:   strconv.FormatInt(thing, 10),
	}, what)
}

// post writes the entries of all lines, statement after statement in the order of the lines.
func (b *batch) post() error {
	var entries []ledger.Entry
	var of []*booked
	flush := func() error {
		posted, err := b.service.Ledger.PostTx(b.ctx, b.tx, entries...)
		if err != nil {
			return err
		}
		for i, p := range posted {
			of[i].entry = p.No
		}
		entries, of = entries[:0], of[:0]
		return nil
	}
	for _, a := range b.portions {
		for i := range a.lines {
			if a.lines[i].found.State == LineIgnored {
				continue
			}
			entries = append(entries, a.entry(a.lines[i].line, a.lines[i].found, b.who))
			of = append(of, &a.lines[i])
			if len(entries) == postAtOnce {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	return flush()
}

// tell says to the payments which transfers were debited, then which came back.
func (b *batch) tell() error {
	var settled []payments.Settlement
	var returned []payments.Failure
	for _, a := range b.portions {
		for _, l := range a.lines {
			for _, p := range l.found.Parts {
				switch {
				case p.Transfer == 0:
				case l.found.Kind == ledger.Return:
					returned = append(
						returned,
						payments.Failure{
							Instruction: p.Transfer, Entry: l.entry, Reason: p.ReturnCode,
							On: l.line.BookedOn,
						},
					)
				default:
					settled = append(
						settled,
						payments.Settlement{
							Instruction: p.Transfer, Entry: l.entry, On: l.line.BookedOn,
						},
					)
				}
			}
		}
	}
	if err := b.service.Payments.MarkSettledTx(b.ctx, b.tx, settled); err != nil {
		return err
	}
	for _, failure := range returned {
		if err := b.service.Payments.MarkReturnedTx(b.ctx, b.tx, failure); err != nil {
			return err
		}
	}
	return nil
}

// sealed is what an act of this package says that it covers; verify reads it again.
type sealed struct {
	File     int64   `json:"file,omitempty"`
	Accepted []int64 `json:"accepted,omitempty"`
	Lines    []span  `json:"lines,omitempty"`
	Advice   int64   `json:"advice,omitempty"`
	// What persons did about lines in suspense: assignments, acts, a transfer back to the sender.
	Assignments []int64 `json:"assignments,omitempty"`
	SuspenseAct int64   `json:"suspense_act,omitempty"`
	Return      int64   `json:"return,omitempty"`
	Undo        int64   `json:"undo,omitempty"`
	Clearing    int64   `json:"clearing,omitempty"` // two lines, against each other
	Replaced    int64   `json:"replaced,omitempty"` // the statement that another one replaces
	Noticed     []int64 `json:"noticed,omitempty"`  // lines that a notice identified
}

// span are lines of a statement that one act brought: from one rank to another, both included.
type span struct {
	Statement int64 `json:"statement"`
	First     int   `json:"first"`
	Last      int   `json:"last"`
}

// add covers what a transaction did of a statement.
func (s *sealed) add(p *portion) {
	if p.chainNo != 0 {
		s.Accepted = append(s.Accepted, p.id)
	}
	if n := len(p.lines) + len(p.read); n > 0 {
		s.Lines = append(s.Lines, span{p.id, p.posted - n + 1, p.posted})
	}
}

func (s *sealed) empty() bool { return s.File == 0 && len(s.Accepted)+len(s.Lines) == 0 }

// record writes an act with the digest of every row that the transaction made: whoever
// changes one of them later is found by verify.
func record(ctx context.Context, tx pgx.Tx, act audit.Act, what sealed) error {
	after, err := digestOf(ctx, tx, what)
	if err != nil {
		return err
	}
	act.After, act.Details = after, what
	_, err = audit.Record(ctx, tx, act)
	return err
}

// near tells that two statements close within the time in which a bank does not use a number
// twice.
func near(a, b civil.Date) bool {
	const days = 300
	distance := a.DaysSince(b)
	return max(distance, -distance) < days
}
