package control

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// way is a trace that is being read: which payments, bank lines and entries belong to it.
type way struct {
	Trace
	tx       unit.Querier
	mandate  string // only of it, when given
	runs     []string
	payments []int64
	lines    []int64
	entries  []int64
	runLine  int                // where it begins, though nothing was paid of it
	lineIn   map[int64]bool     // bank lines that brought something
	cause    map[int64][]string // of an entry: the keys that it comes from
	place    map[int64]int      // of an entry
	keys     map[int64]string   // of a payment
	runOf    map[string]string  // of the key of a payment
}

// begin finds what belongs to the start.
func (w *way) begin(ctx context.Context, most int) error {
	w.cause, w.place, w.keys = map[int64][]string{}, map[int64]int{}, map[int64]string{}
	w.runOf, w.lineIn = map[string]string{}, map[int64]bool{}
	switch w.Start.Kind {
	case Entry:
		return w.beginAtEntry(ctx, most)
	case BankLine:
		return w.beginAtLine(ctx, w.Start.Number, most)
	case Run:
		if err := w.known(ctx, `SELECT EXISTS (SELECT FROM masp.runs WHERE run_id = $1)`, w.Start.ID); err != nil {
			return err
		}
		w.runs = []string{w.Start.ID}
		return w.choose(ctx, most, `i.run_id = $1`, w.Start.ID)
	case RunLine:
		return w.beginAtRunLine(ctx, most)
	case Payment, File:
		return w.beginByName(ctx, most)
	}
	return ErrNothing
}

// known is ErrNothing for what the reader does not see.
func (w *way) known(ctx context.Context, sql string, args ...any) error {
	var there bool
	if err := w.tx.QueryRow(ctx, sql, args...).Scan(&there); err != nil {
		return err
	}
	if !there {
		return ErrNothing
	}
	return nil
}

// choose adds the payments of a condition, at most so many, and counts them all.
func (w *way) choose(ctx context.Context, most int, where string, arg any) error {
	rows, err := w.tx.Query(ctx, `
		SELECT i.instruction_id FROM masp.instructions i WHERE `+where+` AND ($2 = '' OR i.mandate_id = $2)
		 ORDER BY i.instruction_id`, arg, w.mandate)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	w.Payments = len(all)
	w.payments = all[:min(len(all), max(most, 1))]
	w.Shown = len(w.payments)
	return nil
}

// beginAtEntry takes the entry of a bank line for the line, that of a payment for the payment.
func (w *way) beginAtEntry(ctx context.Context, most int) error {
	no := w.Start.Number
	if err := w.known(ctx, `SELECT EXISTS (SELECT FROM masp.entries WHERE entry_no = $1)`, no); err != nil {
		return err
	}
	w.entries = []int64{no}
	var line int64
	err := w.tx.QueryRow(ctx, `
		SELECT coalesce((SELECT line_id FROM masp.bank_lines WHERE entry_no = $1),
		                (SELECT line_id FROM masp.suspense_assignments WHERE entry_no = $1), 0)`, no).Scan(&line)
	if err != nil {
		return err
	}
	if line != 0 {
		return w.beginAtLine(ctx, line, most)
	}
	if err := w.choose(ctx, most, `i.instruction_id IN (
		SELECT p.instruction_id FROM masp.instructions p WHERE p.posted_entry = $1
		UNION SELECT f.instruction_id FROM masp.instructions f WHERE f.failed_entry = $1
		   AND EXISTS (SELECT FROM masp.entries e WHERE e.entry_no = $1 AND e.kind = 'REJECT'))`, no); err != nil {
		return err
	}
	// An entry and its correction belong together.
	return w.gather(ctx, &w.entries, `SELECT entry_no FROM masp.entries
		WHERE reverses = $1 OR entry_no = (SELECT reverses FROM masp.entries WHERE entry_no = $1)`, no)
}

func (w *way) beginAtLine(ctx context.Context, line int64, most int) error {
	if err := w.known(ctx, `SELECT EXISTS (SELECT FROM masp.bank_lines WHERE line_id = $1)`, line); err != nil {
		return err
	}
	w.lines = []int64{line}
	return w.choose(ctx, most, `i.instruction_id IN (
		SELECT m.instruction_id FROM masp.line_matches m WHERE m.line_id = $1 AND m.undone_by IS NULL
		UNION SELECT a.instruction_id FROM masp.suspense_assignments a WHERE a.line_id = $1)`, line)
}

func (w *way) beginAtRunLine(ctx context.Context, most int) error {
	named := runLineRef.FindStringSubmatch(w.Start.ID)
	no, err := strconv.Atoi(named[3])
	if err != nil {
		return ErrNothing
	}
	run := named[1]
	w.runLine, w.runs, w.mandate = no, []string{run}, named[2]
	if err := w.known(ctx, `SELECT EXISTS (SELECT FROM masp.run_lines WHERE run_id = $1 AND mandate_id = $2 AND line_no = $3)`,
		run, w.mandate, no); err != nil {
		return err
	}
	return w.choose(ctx, most, `i.instruction_id IN (
		SELECT c.instruction_id FROM masp.run_lines l
		  JOIN masp.instruction_covers c ON c.obligation_id = l.obligation_id AND c.due_on = l.due_on
		  JOIN masp.instructions j ON j.instruction_id = c.instruction_id AND j.run_id = l.run_id
		 WHERE l.run_id = split_part($1, ':', 1) AND l.mandate_id = $2 AND l.line_no = split_part($1, ':', 3)::integer)`, w.Start.ID)
}

// beginByName takes a payment by its end-to-end identifier, a file by its name or message identifier.
func (w *way) beginByName(ctx context.Context, most int) error {
	if err := w.choose(ctx, most, `i.end_to_end_id = $1`, w.Start.ID); err != nil || w.Payments > 0 {
		return err
	}
	err := w.tx.QueryRow(ctx, `SELECT name FROM masp.payment_files WHERE name = $1 OR message_id = $1`, w.Start.ID).Scan(&w.Start.ID)
	if err != nil {
		return notFound(err)
	}
	w.Start.Kind = File
	return w.choose(ctx, most, `i.instruction_id IN (SELECT p.instruction_id
		FROM masp.payment_file_instructions p JOIN masp.payment_files f USING (file_id) WHERE f.name = $1)`, w.Start.ID)
}

// gather adds numbers to a list.
func (w *way) gather(ctx context.Context, into *[]int64, sql string, args ...any) error {
	rows, err := w.tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	more, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	*into = append(*into, more...)
	return err
}

// each reads rows one by one.
func (w *way) each(ctx context.Context, into []any, take func() error, sql string, args ...any) error {
	rows, err := w.tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, take)
	return err
}
