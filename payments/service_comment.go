package payments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
)

// Comment is what the person said of a run, as somebody who heard it wrote it down.
type Comment struct {
	Mandate string
	Line    LineAsk // zero: of the run as a whole
	Text    string
	Refuses bool // the person does not want the line to be paid

	By string // user, or the reference of the person who has said it herself (Say)
	At time.Time
}

// key of the line; empty for the run as a whole.
func (c Comment) key() string { return Adjustment{Line: c.Line}.key() }

// Comment keeps what the person said with the run, in any state but cancelled. A line that the
// person refuses is not paid: in a draft only, never rent nor charges. It returns an *AskError, or
// what the act may be refused for.
func (s *Service) Comment(ctx context.Context, who auth.Principal, id string, c Comment) (Run, error) {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := lockMandatesOf(ctx, tx, id); err != nil {
			return err
		}
		if _, err := lockRun(ctx, tx, id); err != nil {
			return err
		}
		run, err := readRun(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := run.hears(c); err != nil {
			return err
		}
		d := deed{who: who, run: id, what: actComment, seen: run.ContentHash, mandate: c.Mandate, subject: c.key(), reason: c.Text}
		_, err = s.act(ctx, tx, d, func(done Act) error { return insertComment(ctx, tx, id, done.No, c) })
		if err != nil || !c.Refuses {
			return err
		}
		return s.adjust(ctx, tx, who, &run, run.ContentHash, Adjustment{
			Mandate: c.Mandate, Line: c.Line, Kind: RefuseLine, Reason: c.Text,
		})
	})
	if err != nil {
		return Run{}, fmt.Errorf("comment on run %s: %w", id, translate(err))
	}
	return s.Show(ctx, id)
}

// hears refuses a comment on something that is not in the run, and a refusal that comes too late.
func (r Run) hears(c Comment) error {
	at := slices.IndexFunc(r.Mandates, func(m RunMandate) bool { return m.Mandate == c.Mandate })
	switch {
	case c.Text == "":
		return ErrNoReason
	case r.State == Cancelled:
		return &StateError{Run: r.ID, State: r.State, Act: actComment}
	case at < 0:
		return &AskError{"MANDATE_NOT_IN", c.Mandate}
	case c.key() != "" && !slices.ContainsFunc(r.Mandates[at].Lines, func(l RunLine) bool { return l.Key() == c.key() }):
		return &AskError{"LINE_NOT_IN", c.key()}
	case c.Refuses && (r.State != Draft || c.key() == ""):
		return &AskError{"NOT_A_DRAFT_LINE", c.key()}
	}
	return nil
}

func insertComment(ctx context.Context, tx pgx.Tx, run string, act int, c Comment) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.run_comments (run_id, act_no, mandate_id, line, text, refuses) VALUES ($1, $2, $3, $4, $5, $6)`,
		run, act, c.Mandate, c.key(), c.Text, c.Refuses)
	if err != nil {
		return fmt.Errorf("insert a comment on run %s: %w", run, err)
	}
	return nil
}

// readComments reads what the persons said of a run, the oldest first.
func readComments(ctx context.Context, tx pgx.Tx, id string) ([]Comment, error) {
	rows, err := tx.Query(ctx, `
		SELECT c.mandate_id, c.line, c.text, c.refuses, a.user_id, a.at
		  FROM masp.run_comments c JOIN masp.run_acts a USING (run_id, act_no)
		 WHERE c.run_id = $1
		 UNION ALL
		SELECT mandate_id, line, text, refuses, beneficiary_id, said_at
		  FROM masp.person_comments WHERE run_id = $1
		 ORDER BY 6`, id)
	if err != nil {
		return nil, err
	}
	var all []Comment
	var c Comment
	var line string
	_, err = pgx.ForEachRow(rows, []any{&c.Mandate, &line, &c.Text, &c.Refuses, &c.By, &c.At}, func() error {
		c.Line = lineOf(line)
		all = append(all, c)
		return nil
	})
	return all, err
}
