package reconcile

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
)

// changed is what verify says of a stored reconciliation that is not what the books give.
const changed = "RECONCILIATION_CHANGED"

// Checks are what `masp verify` asks of this package: every stored day and month is computed again
// from the entries and statements that it rests on, and no row of them was changed, added or taken
// away beside its act. They read only.
func Checks() []ledger.Check { return []ledger.Check{checkDays, checkMonths, checkActs} }

// checkDays reads the books once, in their order, and computes each stored day when the reading has
// come to the last entry that the day rests on.
func checkDays(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	stored, err := allStored(ctx, tx)
	if err != nil || len(stored) == 0 {
		return err
	}
	all := &accounts{of: map[string]*history{}}
	for _, d := range stored {
		all.of[d.Account] = &history{}
	}
	if err := all.readClosings(ctx, tx, ""); err != nil {
		return err
	}
	judge := func(before int64) {
		for len(stored) > 0 && stored[0].place.entry < before {
			stored[0].judge(all.of[stored[0].Account], report)
			stored = stored[1:]
		}
	}
	err = readMoves(ctx, tx, oneByOne, "", func(entry int64, m move) error {
		judge(entry)
		if h := all.of[m.account]; h != nil {
			h.add(m)
		}
		return nil
	})
	judge(maxEntry)
	return err
}

const maxEntry = 1<<63 - 1

// judge compares a stored day with what the history gives.
func (d storedDay) judge(h *history, report func(ledger.Finding)) {
	again := d.Day
	again.Figures = h.at(d.Day.Day, d.place.chain)
	again.State = again.Figures.State()
	if again.hash() != d.hash || !again.sameAs(d.Day) {
		report(ledger.Finding{
			Code:  changed,
			Place: fmt.Sprintf("reconciliations %s %s/%d", d.Account, d.Day.Day, d.Revision),
			Text:  "le rapprochement enregistré n'est pas celui que donnent les écritures et les relevés",
		})
	}
}

// checkMonths computes the stored months of persons again, those of one closing at once. What was
// expected, received and reserved is proved by the hash: these may be corrected later.
func checkMonths(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	stored, err := storedMonths(ctx, tx, "", monthOfNothing)
	if err != nil {
		return err
	}
	for len(stored) > 0 {
		first, n := stored[0], 1
		for n < len(stored) && stored[n].entry == first.entry && stored[n].of == first.of {
			n++
		}
		if err := judgeMonths(ctx, tx, stored[:n], report); err != nil {
			return err
		}
		stored = stored[n:]
	}
	return nil
}

func judgeMonths(ctx context.Context, tx pgx.Tx, stored []storedMonth, report func(ledger.Finding)) error {
	var accounts []string
	for _, m := range stored {
		accounts = append(accounts, m.account)
	}
	computed, err := computeMonths(ctx, tx, accounts, stored[0].of, stored[0].entry)
	if err != nil {
		return err
	}
	type key struct{ mandate, account string }
	again := map[key]month{}
	for _, m := range computed {
		again[key{m.mandate, m.account}] = m
	}
	for _, m := range stored {
		now := again[key{m.mandate, m.account}]
		now.Expected, now.Received, now.Reserved = m.Expected, m.Received, m.Reserved
		if now.Amounts != m.Amounts || m.month.hash() != m.hash {
			report(ledger.Finding{
				Code: changed, Place: fmt.Sprintf("beneficiary_months %s %s/%d", m.mandate, m.of, m.revision),
				Text: "le mois enregistré de cette personne n'est pas celui que donnent les écritures",
			})
		}
	}
	return nil
}

// checkActs holds the stored rows against the acts that stored them.
func checkActs(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	batches, err := allBatches(ctx, tx)
	if err != nil {
		return err
	}
	acts, err := ownActs(ctx, tx)
	if err != nil {
		return err
	}
	for _, act := range acts {
		var what sealed
		if err := json.Unmarshal([]byte(act.Details), &what); err != nil {
			report(ledger.Finding{
				Code: "ACT_UNREADABLE", Place: fmt.Sprintf("audit_log %d", act.Seq), Text: "l'acte ne dit pas sur quoi il porte",
			})
			continue
		}
		delete(batches, what.Batch)
		now, err := digestOf(ctx, tx, what.Batch)
		if err != nil {
			return err
		}
		if now != act.After {
			report(ledger.Finding{
				Code: changed, Place: fmt.Sprintf("audit_log %d (%s %s)", act.Seq, act.ObjectType, act.ObjectID),
				Text: "un rapprochement enregistré par cet acte a été changé, ajouté ou effacé depuis",
			})
		}
	}
	for batch, place := range batches {
		report(ledger.Finding{
			Code: "ROW_WITHOUT_ACT", Place: fmt.Sprintf("%s (lot %d)", place, batch),
			Text: "ce rapprochement n'est venu d'aucun acte du journal",
		})
	}
	return nil
}

// ownActs reads the acts that seal rows of this package.
func ownActs(ctx context.Context, tx pgx.Tx) ([]audit.Recorded, error) {
	var acts []audit.Recorded
	err := audit.Read(ctx, tx, 1, func(act audit.Recorded) bool {
		if act.Action == actRun || act.Action == actClose {
			acts = append(acts, act)
		}
		return true
	})
	return acts, err
}
