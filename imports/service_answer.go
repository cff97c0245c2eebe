package imports

import (
	"cmp"
	"slices"

	"masp/imports/bankfile"
)

// report tells what became of the statements.
func (b *batch) report(out *Outcome) {
	found := map[*statement]*accepted{}
	for _, a := range b.accepted {
		found[a.statement] = a
	}
	fresh := 0
	for _, st := range b.own {
		o, known := b.known[st]
		if known {
			o = b.now(o)
		} else {
			o = cmp.Or(b.twins[st], st).outcome()
			fresh++
		}
		o.AlreadyKnown = b.came(st)
		if a := found[cmp.Or(b.twins[st], st)]; a != nil {
			o.count(recognitions(a.lines))
		}
		if o.Waits() {
			out.Outcome = bankfile.Held
		}
		out.Outcome = max(out.Outcome, worstOf(o.Warnings), worstOf(out.Reasons))
		out.Statements = append(out.Statements, o)
	}
	out.repeats(fresh)
	for _, a := range b.released {
		o := a.outcome()
		o.count(recognitions(a.lines))
		out.Released = append(out.Released, o)
	}
}

// repeats tells whether every statement of a new file came before, and when the last one did.
func (o *Outcome) repeats(fresh int) {
	if fresh > 0 || len(o.Statements) == 0 {
		return
	}
	o.AlreadyKnown, o.otherFile = true, true
	last := slices.MaxFunc(o.Statements, func(a, b StatementOutcome) int {
		return a.ReceivedAt.Compare(b.ReceivedAt)
	})
	o.ReceivedAt = last.ReceivedAt
}

// now is a statement that was stored before, with what this batch has changed of it.
func (b *batch) now(o StatementOutcome) StatementOutcome {
	if later := b.releasedNow(o.ID); later != nil {
		file, at := o.File, o.ReceivedAt
		o = later.outcome()
		o.count(recognitions(later.lines))
		o.File, o.ReceivedAt = file, at
	}
	if why, changed := b.explained[o.ID]; changed && o.Waits() {
		o.Reason, o.Explanation = why.reason, why.explanation
	}
	return o
}

// releasedNow is the statement of this number if it waited until now; nil when it did not.
func (b *batch) releasedNow(id int64) *accepted {
	i := slices.IndexFunc(b.released, func(a *accepted) bool { return a.id == id })
	if i < 0 {
		return nil
	}
	return b.released[i]
}

func worstOf(reasons []bankfile.Reason) bankfile.Outcome {
	worst := bankfile.Accepted
	for _, reason := range reasons {
		worst = max(worst, reason.Outcome)
	}
	return worst
}

func recognitions(lines []booked) []Recognition {
	var found []Recognition
	for _, l := range lines {
		found = append(found, l.found)
	}
	return found
}
