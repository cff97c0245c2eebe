package evidence

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
)

// actRow is an act as the log seals it; of one outside the scope or the period its hash alone.
type actRow struct {
	Seq  int64      `json:"seq"`
	Hash chain.Hash `json:"hash"`
	*actBody
}

type actBody struct {
	At         string      `json:"at"`
	Actor      string      `json:"actor"`
	Action     string      `json:"action"`
	ObjectType string      `json:"object_type"`
	ObjectID   string      `json:"object_id"`
	Before     *chain.Hash `json:"before,omitempty"`
	After      *chain.Hash `json:"after,omitempty"`
	Reason     string      `json:"reason"`
	Details    string      `json:"details"`
	Registers  chain.Hash  `json:"registers"`
	Prev       chain.Hash  `json:"prev"`
}

func orNone(h chain.Hash) *chain.Hash {
	if h.IsZero() {
		return nil
	}
	return &h
}

// writeActs writes the log of acts from the first day of the period to its end.
func (s *scope) writeActs(ctx context.Context, tx pgx.Tx, out io.Writer) (int64, error) {
	things, err := s.things(ctx, tx)
	if err != nil {
		return 0, err
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var n int64
	var broken error
	err = audit.Read(ctx, tx, audit.Seq(s.acts.From), func(r audit.Recorded) bool {
		row := actRow{Seq: int64(r.Seq), Hash: r.Hash}
		if s.holds(r.At) && (s.whole() || things[r.ObjectType+" "+r.ObjectID]) {
			row.actBody = &actBody{
				r.At.UTC().Format(instant), r.Actor, r.Action, r.ObjectType, r.ObjectID, orNone(r.Before), orNone(r.After),
				r.Reason, r.Details, r.Registers, r.Prev,
			}
		}
		broken = lines.Encode(row)
		n++
		return broken == nil
	})
	if err == nil {
		err = broken
	}
	return n, err
}

// things are what acts of a scope of persons may be about, as "mandate M-0001".
func (s *scope) things(ctx context.Context, tx pgx.Tx) (map[string]bool, error) {
	things := map[string]bool{}
	if s.whole() {
		return things, nil
	}
	rows, err := s.query(ctx, tx, `
		SELECT 'mandate ' || unnest(mandates) FROM ask
		UNION ALL SELECT 'run ' || run_id FROM of_runs
		 WHERE NOT EXISTS (SELECT FROM masp.run_mandates m, ask WHERE m.run_id = of_runs.run_id AND m.mandate_id <> ALL (mandates))
		UNION ALL SELECT 'payment_file ' || message_id FROM of_files`)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, name := range names {
		things[name] = true
	}
	return things, err
}

// holds tells whether an instant is before the end of the period; each log begins at its first day.
func (s *scope) holds(at time.Time) bool {
	return s.ask.To.IsZero() || !civil.FromTime(at, civil.Paris).After(s.ask.To)
}

// readRow is a read of a personal file as its log seals it.
type readRow struct {
	No   int64      `json:"no"`
	Hash chain.Hash `json:"hash"`
	*readBody
}

type readBody struct {
	At      string     `json:"at"`
	User    string     `json:"user"`
	Person  string     `json:"person"`
	Mandate string     `json:"mandate"`
	What    string     `json:"what"`
	Request string     `json:"request"`
	Prev    chain.Hash `json:"prev"`
}

const readsFrom = `
	SELECT read_no, hash, at, user_id, beneficiary_id, mandate_id, what, request_id, prev_hash
	  FROM masp.file_reads WHERE read_no >= $1 ORDER BY read_no`

// writeReads writes the log of reads from the first day of the period to its end.
func (s *scope) writeReads(ctx context.Context, tx pgx.Tx, out io.Writer) (int64, error) {
	rows, err := tx.Query(ctx, readsFrom, s.reads.From)
	if err != nil {
		return 0, err
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var n int64
	var at time.Time
	var r readRow
	var b readBody
	_, err = pgx.ForEachRow(rows, []any{&r.No, &r.Hash, &at, &b.User, &b.Person, &b.Mandate, &b.What, &b.Request, &b.Prev}, func() error {
		n++
		r.readBody = nil
		if s.holds(at) && (s.whole() || slices.Contains(s.mandates, b.Mandate)) {
			b.At = at.UTC().Format(instant)
			r.readBody = &b
		}
		return lines.Encode(r)
	})
	return n, err
}
