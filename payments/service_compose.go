package payments

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"
)

// composition is a run that is being computed.
type composition struct {
	run      Run // its head
	ask      Ask
	ids      []string // of its mandates, locked, in their order
	suppose  *supposition
	preparer string // the user who proposes it
}

// atOnce is how many mandates of a run are read, computed and written together: as many as a large house has, for
// what is done once for many is done in the least work, and few enough to be kept in memory.
const atOnce = 10_000

// piece is what was computed of some mandates. Their exceptions, and where their lines come from, are there
// once judged has returned.
type piece struct {
	parts  []RunMandate
	judged func() bool
}

// compose computes a run piece by piece, in the order of its mandates: what is due and what is held is read, and
// Allocate decides. While the database reads for some, and writes those that somebody has taken, those between
// them are computed.
func (s *Service) compose(ctx context.Context, tx pgx.Tx, c composition) iter.Seq2[piece, error] {
	return func(yield func(piece, error) bool) {
		no := numbers{run: c.run.Number}
		last := piece{judged: func() bool { return true }}
		computed := func() piece { return last }
		for asked := range c.pieces(cmp.Or(s.atOnce, atOnce)) {
			g, err := s.gather(ctx, tx, asked)
			last = computed()
			if err != nil {
				yield(piece{}, err)
				return
			}
			before := last.judged
			computed = meanwhile(func() piece { return g.compute(&no, before) })
			if len(last.parts) > 0 && !yield(last, nil) {
				return
			}
		}
		last = computed()
		yield(last, c.refuse(last.parts))
	}
}

// pieces are the compositions of so many of the mandates at a time. A run that pays only what is asked for,
// or that supposes something, is computed in one piece.
func (c composition) pieces(size int) iter.Seq[composition] {
	if c.ask.Purpose != MonthlyRun || c.suppose != nil {
		size = len(c.ids)
	}
	return func(yield func(composition) bool) {
		for ids := range slices.Chunk(c.ids, size) {
			some := c
			some.ids, some.ask = ids, c.ask.about(ids)
			if !yield(some) {
				return
			}
		}
	}
}

// refuse refuses a payment by hand that is none, or several.
func (c composition) refuse(parts []RunMandate) error {
	n := 0
	for range transfersIn(parts) { // while they are judged
		n++
	}
	if c.run.Purpose == ManualRun && n != 1 {
		return &AskError{"MANUAL_ONE_PAYEE", c.ask.keys()[0]}
	}
	return nil
}

// gathered is what the parts of some mandates are computed from.
type gathered struct {
	decided func() []RunMandate // what Allocate decides
	facts   []Facts
}

// gather reads what the parts depend on; Allocate decides while the database says what the exceptions
// depend on.
func (s *Service) gather(ctx context.Context, tx pgx.Tx, c composition) (gathered, error) {
	proposals, err := s.proposals(ctx, tx, c)
	if err != nil {
		return gathered{}, err
	}
	about := inquiry{run: c.run, preparer: c.preparer, parts: make([]scope, len(proposals))}
	for i, p := range proposals {
		about.parts[i], about.known = p.scope(), p.payees
	}
	g := gathered{decided: meanwhile(func() []RunMandate { return propose(proposals) })}
	g.facts, err = s.factsOf(ctx, tx, about)
	return g, err
}

// propose computes what the proposals give.
func propose(proposals []proposal) []RunMandate {
	parts := make([]RunMandate, len(proposals))
	onSpareCores(len(proposals), func(i int) { parts[i] = proposals[i].propose() })
	return parts
}

// compute completes what was decided with its numbers, and begins to look for its exceptions when those before
// have theirs.
func (g gathered) compute(no *numbers, before func() bool) piece {
	parts := g.decided()
	no.transfersOf(parts)
	return piece{parts, meanwhile(func() bool {
		before()
		no.judge(parts, g.facts)
		return true
	})}
}

// numbers are those that were given last to what stands in a run.
type numbers struct {
	run                   int64 // its own
	transfers, exceptions int
}

// transfersOf gives each transfer its identifier at the bank.
func (no *numbers) transfersOf(parts []RunMandate) {
	for m := range parts {
		for t := range parts[m].Transfers {
			no.transfers++
			parts[m].Transfers[t].EndToEndID = EndToEndID(no.run, no.transfers)
		}
	}
}

// judge finds the exceptions of parts that were just computed, the blocking ones of each first, numbers
// them, and says of each line where it comes from.
func (no *numbers) judge(parts []RunMandate, facts []Facts) {
	onSpareCores(len(parts), func(i int) {
		facts[i].Run = parts[i]
		parts[i].Exceptions = Exceptions(facts[i])
	})
	for _, m := range parts {
		for e := range m.Exceptions {
			no.exceptions++
			m.Exceptions[e].No = no.exceptions
		}
	}
	onSpareCores(len(parts), func(i int) {
		for l, origin := range Origins(facts[i], parts[i].Exceptions) {
			parts[i].Lines[l].Why.Origin = origin
		}
	})
}
