package imports

import (
	"slices"
	"time"

	"masp/imports/bankfile"
	"masp/ledger"
	"masp/ledger/chain"
)

// report tells what became of the statements of a file, as they are stored now: another process
// may have gone on with them.
func (w *work) report(out *Outcome, file *staged) error {
	known, err := knownStatements(w.ctx, w.service.DB, file.statements)
	if err != nil {
		return err
	}
	today, err := ledger.Today(w.ctx, w.service.DB)
	if err != nil {
		return err
	}
	fresh, seen := 0, map[chain.Hash]bool{}
	for _, read := range file.statements {
		stored := known[read.hash]
		o := stored.StatementOutcome
		o.AlreadyKnown = stored.file != w.file || seen[read.hash]
		seen[read.hash] = true
		if !o.AlreadyKnown {
			fresh++
			o.File, o.ReceivedAt = "", time.Time{}
		}
		if o.Warnings = read.warnings; o.State == stateAccepted && read.to.After(today) {
			o.Warnings = append(o.Warnings[:len(o.Warnings):len(o.Warnings)], remarkAhead(read.ref, read.to, today))
		}
		if o.Waits() {
			out.Outcome = bankfile.Held
		}
		out.Outcome = max(out.Outcome, worstOf(o.Warnings), worstOf(out.Reasons))
		out.Statements = append(out.Statements, o)
	}
	if w.file != 0 {
		out.repeats(fresh)
	}
	out.Released, err = w.accepted()
	return err
}

// accepted are the statements that this work has accepted and that came before it.
func (w *work) accepted() ([]StatementOutcome, error) {
	if len(w.released) == 0 {
		return nil, nil
	}
	return w.service.Numbered(w.ctx, w.released)
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

func worstOf(reasons []bankfile.Reason) bankfile.Outcome {
	worst := bankfile.Accepted
	for _, reason := range reasons {
		worst = max(worst, reason.Outcome)
	}
	return worst
}
