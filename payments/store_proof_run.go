package payments

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
)

// actKey is one act as the log of acts and the table of acts both know it.
type actKey struct {
	run  string
	no   int
	user string
	what string
	hash string
	at   int64
}

// actLog is what the log of acts says of runs.
type actLog struct {
	acts  map[actKey]bool
	plans map[string][]string // by run, one per signature
}

func readActLog(ctx context.Context, tx pgx.Tx) (actLog, error) {
	log := actLog{acts: make(map[actKey]bool), plans: make(map[string][]string)}
	var broken error
	err := audit.Read(ctx, tx, 0, func(r audit.Recorded) bool {
		if r.ObjectType != "run" || r.Action == actSay { // words of a person are no act on the run
			return true
		}
		var sealed sealedAct
		if err := json.Unmarshal([]byte(r.Details), &sealed); err != nil {
			broken = fmt.Errorf("read act %d: %w", r.Seq, err)
			return false
		}
		what := strings.TrimPrefix(r.Action, "run.")
		log.acts[actKey{r.ObjectID, sealed.Act, r.Actor, what, r.After.String(), sealed.At}] = true
		if sealed.Plan != "" && what == actEdit { // what was shown before is no more
			log.plans[r.ObjectID] = nil
		}
		if sealed.Plan != "" {
			log.plans[r.ObjectID] = append(log.plans[r.ObjectID], sealed.Plan)
		}
		return true
	})
	if err == nil {
		err = broken
	}
	return log, err
}

// proveRuns computes again what was signed of each run, from the rows as they stand, and holds
// its acts against the log of acts.
func proveRuns(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	log, err := readActLog(ctx, tx)
	if err != nil {
		return fmt.Errorf("prove runs: %w", err)
	}
	heads, err := listRuns(ctx, tx)
	if err != nil {
		return fmt.Errorf("prove runs: %w", err)
	}
	for _, head := range heads {
		run, err := readRun(ctx, tx, head.ID)
		if err != nil {
			return fmt.Errorf("prove run %s: %w", head.ID, err)
		}
		log.prove(run, report)
	}
	for missing := range log.acts {
		report(ledger.Finding{
			Code: "ACT_MISSING", Place: fmt.Sprintf("%s %d", missing.run, missing.no),
			Text: "cet acte du journal n'est plus parmi ceux de sa campagne",
		})
	}
	return nil
}

// prove takes the acts of the run off the log.
func (log actLog) prove(run Run, report func(ledger.Finding)) {
	if Content(run.ID, run.Instructions()) != run.ContentHash {
		report(ledger.Finding{
			Code: "CONTENT_CHANGED", Place: run.ID,
			Text: "les virements de cette campagne ne sont plus ceux qui ont été signés",
		})
	}
	plan := run.plan().String()
	for _, signed := range log.plans[run.ID] {
		if signed != plan {
			report(ledger.Finding{
				Code: "PLAN_CHANGED", Place: run.ID,
				Text: "les lignes de cette campagne ne sont plus celles qui ont été montrées",
			})
			break
		}
	}
	for _, a := range run.Acts {
		key := actKey{run.ID, a.No, a.User, a.What, a.ContentHash.String(), a.At.UnixMicro()}
		if !log.acts[key] {
			report(ledger.Finding{
				Code: "ACT_NOT_IN_LOG", Place: fmt.Sprintf("%s %d", run.ID, a.No),
				Text: "cet acte sur une campagne n'est pas au journal des actes",
			})
		}
		delete(log.acts, key)
	}
}
