package payments

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// refuseOpenRun refuses mandates that stand in a run which nobody has decided.
func refuseOpenRun(ctx context.Context, tx pgx.Tx, ids []string) error {
	var open OpenRunError
	err := tx.QueryRow(ctx, `
		SELECT r.run_id, m.mandate_id FROM masp.run_mandates m JOIN masp.runs r USING (run_id)
		 WHERE m.mandate_id = ANY ($1) AND m.refused IS NULL AND r.state IN ('draft', 'in_review')
		 ORDER BY r.run_number, m.position LIMIT 1`, ids).Scan(&open.Run, &open.Mandate)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for open runs: %w", err)
	}
	return &open
}

// runNumbers is the lock under which runs are numbered: two proposals at once wait for each other.
const runNumbers int64 = 0x6d617370_72756e73

// nextRun answers the next number of the organisation and reference of the month.
func nextRun(ctx context.Context, tx pgx.Tx, month civil.Month) (number int64, id string, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, runNumbers); err != nil {
		return 0, "", fmt.Errorf("lock the numbers of runs: %w", err)
	}
	var ofMonth int64
	err = tx.QueryRow(ctx, `
		SELECT coalesce(max(run_number), 0) + 1, count(*) FILTER (WHERE month = $1) + 1 FROM masp.runs`,
		month.First()).Scan(&number, &ofMonth)
	return number, fmt.Sprintf("C-%s-%d", month, ofMonth), err
}

// insertRun writes the head of a run as a draft. Its parts come after it (insertTransfers, insertRows), then
// what is known of the whole (completeRun).
func insertRun(ctx context.Context, tx pgx.Tx, run *Run) error {
	err := tx.QueryRow(ctx, `
		INSERT INTO masp.runs (run_id, run_number, month, run_on, state, purpose, evidence, content_hash, created_at)
		VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, masp.now()) RETURNING created_at`,
		run.ID, run.Number, run.Month.First(), run.On, string(run.Purpose), run.Evidence, run.ContentHash).Scan(&run.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert run %s: %w", run.ID, err)
	}
	return nil
}

// insertTransfers writes parts of a run, from a place in it on, with their transfers, and answers the numbers
// of these. It changes nothing of the parts, which are judged meanwhile.
func insertTransfers(ctx context.Context, tx pgx.Tx, run string, parts []RunMandate, from int) ([]int64, error) {
	if err := insertRunMandates(ctx, tx, run, parts, from); err != nil {
		return nil, fmt.Errorf("insert the mandates of run %s: %w", run, err)
	}
	return insertInstructions(ctx, tx, parts)
}

// insertRows writes what a run says of its mandates and transfers.
func insertRows(ctx context.Context, tx pgx.Tx, run string, parts []RunMandate) error {
	if err := insertRunLines(ctx, tx, run, parts); err != nil {
		return fmt.Errorf("insert the lines of run %s: %w", run, err)
	}
	if err := insertCovers(ctx, tx, parts); err != nil {
		return err
	}
	return insertExceptions(ctx, tx, run, parts)
}

// completeRun writes what is signed of a run whose parts are written, and reads by how many.
func completeRun(ctx context.Context, tx pgx.Tx, run *Run) (err error) {
	if err := setContent(ctx, tx, *run); err != nil {
		return fmt.Errorf("complete run %s: %w", run.ID, err)
	}
	run.Needed, err = signaturesNeeded(ctx, tx, run.ID)
	return err
}

func setContent(ctx context.Context, tx pgx.Tx, run Run) error {
	_, err := tx.Exec(ctx, `UPDATE masp.runs SET content_hash = $2 WHERE run_id = $1`, run.ID, run.ContentHash)
	return err
}

// copyRows writes rows while they are made: one of them is in memory at a time.
func copyRows(ctx context.Context, tx pgx.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	source, stop := pulled(rows)
	defer stop()
	_, err := unit.Copy(ctx, tx, table, columns, source)
	return err
}

// pulled are rows as a COPY takes them.
func pulled(rows iter.Seq[[]any]) (source pgx.CopyFromSource, stop func()) {
	next, stop := iter.Pull(rows)
	return pgx.CopyFromFunc(func() ([]any, error) {
		row, _ := next() // none ends the COPY
		return row, nil
	}), stop
}

func insertRunMandates(ctx context.Context, tx pgx.Tx, run string, parts []RunMandate, from int) error {
	_, err := unit.Copy(ctx, tx, "run_mandates",
		[]string{
			"run_id", "mandate_id", "position", "refused", "available_cents", "floor_left_cents",
			"reserved_cents", "remit_cents", "carried_cents", "shortfall_cents", "remit_to", "remit_on",
		},
		pgx.CopyFromSlice(len(parts), func(i int) ([]any, error) {
			m := &parts[i]
			return []any{
				run, m.Mandate, from + i, orNull(string(m.Refused)), m.Available.Cents(), m.FloorLeft.Cents(),
				m.Reserved.Cents(), m.Remit.Cents(), m.Carried.Cents(), m.Shortfall.Cents(), m.Plan.To, m.Plan.days(),
			}, nil
		}))
	return err
}

func insertRunLines(ctx context.Context, tx pgx.Tx, run string, parts []RunMandate) error {
	columns := []string{
		"run_id", "mandate_id", "line_no", "obligation_id", "due_on", "class", "creditor_id", "label",
		"due_cents", "paid_cents", "status", "reason", "explanation", "debt_id", "explanation_person", "why",
	}
	return copyRows(ctx, tx, "run_lines", columns, func(yield func([]any) bool) {
		for i := range parts {
			m := &parts[i]
			for _, l := range m.Lines {
				if !yield([]any{
					run, m.Mandate, l.No, l.Obligation, l.DueOn.Time(), string(l.Class),
					orNull(l.Creditor), l.Label, l.Due.Cents(), l.Paid.Cents(), string(l.Status),
					orNull(string(l.Reason)), l.Explanation, orNull(l.Debt), l.ForPerson, l.Why,
				}) {
					return
				}
			}
		}
	})
}

// actOnRun writes an act through the door that asks for the secret, and answers it as written.
func actOnRun(ctx context.Context, tx pgx.Tx, run, act string, seen chain.Hash, secret string) (Act, error) {
	if _, err := tx.Exec(ctx, `SELECT masp.act_on_run($1, $2, $3, $4)`, run, act, seen, secret); err != nil {
		return Act{}, fmt.Errorf("%s run %s: %w", act, run, err)
	}
	acts, err := readActs(ctx, tx, run)
	if err != nil {
		return Act{}, fmt.Errorf("%s run %s: %w", act, run, err)
	}
	return acts[len(acts)-1], nil
}

const selectRun = `
	SELECT run_id, run_number, month, run_on, state, purpose, evidence, content_hash, created_at, submitted_at FROM masp.runs `

func scanRun(row pgx.CollectableRow) (Run, error) {
	var r Run
	var month civil.Date
	var submitted *time.Time
	err := row.Scan(&r.ID, &r.Number, &month, &r.On, &r.State, &r.Purpose, &r.Evidence, &r.ContentHash, &r.CreatedAt, &submitted)
	r.Month = month.MonthOf()
	if submitted != nil {
		r.SubmittedAt = *submitted
	}
	return r, err
}

// lockMandatesOf locks the mandates of a run, in the order of their references.
// No key is locked: rows that name a mandate (an alert of an import) are written meanwhile.
func lockMandatesOf(ctx context.Context, tx pgx.Tx, run string) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM masp.mandates WHERE mandate_id IN (SELECT mandate_id FROM masp.run_mandates WHERE run_id = $1)
		 ORDER BY mandate_id FOR NO KEY UPDATE`, run)
	if err != nil {
		return fmt.Errorf("lock the mandates of run %s: %w", run, err)
	}
	return nil
}

// endedMandate names a mandate that the run pays for and that is no longer active, or past the
// last day of its contract; empty when there is none.
func endedMandate(ctx context.Context, tx pgx.Tx, run string) (id string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce(min(mandate_id), '') FROM masp.run_mandates JOIN masp.mandates USING (mandate_id)
		 WHERE run_id = $1 AND refused IS NULL AND (status <> 'ACTIVE' OR last_day < (SELECT masp.today()))`, run).Scan(&id)
	return id, err
}

// submittedPlan is the digest of the plan as it was submitted.
func submittedPlan(ctx context.Context, tx pgx.Tx, run string) (plan string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT details::jsonb ->> 'plan' FROM masp.audit_log
		 WHERE object_type = 'run' AND object_id = $1 AND action = 'run.submit' ORDER BY seq DESC LIMIT 1`, run).Scan(&plan)
	return plan, missing(err, ErrStale)
}

// lockRun reads the head of a run and keeps it still until the commit.
func lockRun(ctx context.Context, tx pgx.Tx, id string) (Run, error) {
	return headOf(ctx, tx, `WHERE run_id = $1 FOR UPDATE`, id)
}

// readHead reads the head of a run.
func readHead(ctx context.Context, q querier, id string) (Run, error) {
	return headOf(ctx, q, `WHERE run_id = $1`, id)
}

func headOf(ctx context.Context, q querier, which, id string) (Run, error) {
	rows, err := q.Query(ctx, selectRun+which, id)
	if err != nil {
		return Run{}, err
	}
	run, err := pgx.CollectExactlyOneRow(rows, scanRun)
	return run, missing(err, ErrNoRun)
}

func listRuns(ctx context.Context, q querier) ([]Run, error) {
	rows, err := q.Query(ctx, selectRun+`ORDER BY run_number DESC`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRun)
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// readRun reads a run whole.
func readRun(ctx context.Context, tx pgx.Tx, id string) (Run, error) {
	run, err := readHead(ctx, tx, id)
	if err != nil {
		return Run{}, err
	}
	if run.Mandates, err = readRunMandates(ctx, tx, id); err != nil {
		return Run{}, fmt.Errorf("read the mandates of run %s: %w", id, err)
	}
	if run.Acts, err = readActs(ctx, tx, id); err != nil {
		return Run{}, fmt.Errorf("read the acts of run %s: %w", id, err)
	}
	if run.Files, err = readFiles(ctx, tx, id); err != nil {
		return Run{}, fmt.Errorf("read the files of run %s: %w", id, err)
	}
	if run.Comments, err = readComments(ctx, tx, id); err != nil {
		return Run{}, fmt.Errorf("read the comments on run %s: %w", id, err)
	}
	run.Needed, err = signaturesNeeded(ctx, tx, id)
	return run, err
}

func readRunMandates(ctx context.Context, tx pgx.Tx, id string) ([]RunMandate, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.mandate_id, concat_ws(' ', b.civility, b.last_name, b.first_name), coalesce(m.refused, ''),
		       available_cents, floor_left_cents, reserved_cents, remit_cents, carried_cents, shortfall_cents, m.remit_to, m.remit_on
		  FROM masp.run_mandates m
		  LEFT JOIN LATERAL (SELECT b.civility, b.last_name, b.first_name
		                       FROM masp.mandates JOIN masp.beneficiaries b USING (beneficiary_id)
		                      WHERE mandate_id = m.mandate_id OFFSET 0) b ON true -- each by its key, whoever reads how many
		 WHERE run_id = $1 ORDER BY position`, id)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, scanRunMandate)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(list))
	for i, m := range list {
		place[m.Mandate] = i
	}
	if err := addLines(ctx, tx, id, list, place); err != nil {
		return nil, err
	}
	if err := addExceptions(ctx, tx, id, list, place); err != nil {
		return nil, err
	}
	if err := addAdjustments(ctx, tx, id, list, place); err != nil {
		return nil, err
	}
	transfers, err := instructionsOfRun(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	for _, t := range transfers {
		if i, known := place[t.Mandate]; known { // else verify finds that it is missing
			list[i].Transfers = append(list[i].Transfers, t)
		}
	}
	return list, nil
}

func scanRunMandate(row pgx.CollectableRow) (RunMandate, error) {
	var m RunMandate
	var available, floor, reserved, remit, carried, shortfall int64
	err := row.Scan(&m.Mandate, &m.Person, &m.Refused, &available, &floor, &reserved, &remit, &carried, &shortfall,
		&m.Plan.To, &m.Plan.On)
	m.Plan = m.Plan.orNone()
	m.Available, m.FloorLeft, m.Reserved = money.Cents(available), money.Cents(floor), money.Cents(reserved)
	m.Remit, m.Carried, m.Shortfall = money.Cents(remit), money.Cents(carried), money.Cents(shortfall)
	return m, err
}

func addLines(ctx context.Context, tx pgx.Tx, id string, list []RunMandate, place map[string]int) error {
	rows, err := tx.Query(ctx, `
		SELECT mandate_id, line_no, obligation_id, due_on, class, coalesce(creditor_id, ''), label,
		       due_cents, paid_cents, status, coalesce(reason, ''), explanation, coalesce(debt_id, ''),
		       explanation_person, why
		  FROM masp.run_lines WHERE run_id = $1 ORDER BY mandate_id, line_no`, id)
	if err != nil {
		return err
	}
	var mandate string
	var l RunLine
	var due, paid int64
	fields := []any{
		&mandate, &l.No, &l.Obligation, &l.DueOn, &l.Class, &l.Creditor, &l.Label,
		&due, &paid, &l.Status, &l.Reason, &l.Explanation, &l.Debt,
		&l.ForPerson, &l.Why,
	}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		l.Due, l.Paid = money.Cents(due), money.Cents(paid)
		if i, known := place[mandate]; known { // else verify finds that it is missing
			list[i].Lines = append(list[i].Lines, l)
		}
		l.Why = Why{} // the next row has its own
		return nil
	})
	return err
}

func readActs(ctx context.Context, tx pgx.Tx, id string) ([]Act, error) {
	rows, err := tx.Query(ctx, `
		SELECT act_no, user_id, act, content_hash, at FROM masp.run_acts WHERE run_id = $1 ORDER BY act_no`, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Act])
}

func setRunState(ctx context.Context, tx pgx.Tx, id string, state RunState) error {
	_, err := tx.Exec(ctx, `
		UPDATE masp.runs r SET state = $2,
		       submitted_at = (SELECT max(at) FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.act = 'submit')
		 WHERE run_id = $1`, id, string(state))
	return err
}

// orNull stores an absent text as NULL.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
