package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
)

// actEnd is the act that ends a measure; proofs name it too.
const actEnd = "mandate.end"

// The acts of a person on a run; the words stand in the database.
const (
	actPropose  = "propose"
	actSubmit   = "submit"
	actApprove  = "approve"
	actFile     = "file"
	actHandOver = "hand_over"
	actCancel   = "cancel"
	actReopen   = "reopen"
	actComment  = "comment"
	actStop     = "cancel_transfer"
	actVoid     = "void_file"
)

// inTx does work as ledger.InTx does, in memory that is enough to sort a large run. What it reads is in memory
// too, so that it is looked up by its key rather than read whole, and no plan is worth compiling.
func (s *Service) inTx(ctx context.Context, work func(pgx.Tx) error) error {
	return ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL work_mem = '64MB'; SET LOCAL random_page_cost = 1.1; SET LOCAL jit = off`, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("begin an act: %w", err)
		}
		return work(planned{tx})
	})
}

// planned plans each statement for its own values: the plan that a connection kept from runs of one
// mandate would serve one of ten thousand, in the square of its rows.
type planned struct{ pgx.Tx }

func fresh(args []any) []any { return append([]any{pgx.QueryExecModeCacheDescribe}, args...) }

// Query is that of the transaction.
func (p planned) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return p.Tx.Query(ctx, sql, fresh(args)...)
}

// QueryRow is that of the transaction.
func (p planned) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return p.Tx.QueryRow(ctx, sql, fresh(args)...)
}

// Exec is that of the transaction.
func (p planned) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return p.Tx.Exec(ctx, sql, fresh(args)...)
}

// deed is an act that a person asks for, on the content that the person has seen.
type deed struct {
	who  auth.Principal
	run  string
	what string
	seen chain.Hash
	plan chain.Hash // of what the act answers for; zero when it only carries out what was signed

	mandate, subject, reason string // of an act that is not about the whole run
}

// sealedAct is what the log of acts keeps of an act: verify holds run_acts against it.
type sealedAct struct {
	Act  int    `json:"act"`
	At   int64  `json:"at"` // microseconds since 1970
	Plan string `json:"plan,omitempty"`

	Mandate string `json:"mandate,omitempty"` // whose part was rewritten, or whose transfer was cancelled
	Subject string `json:"subject,omitempty"` // the transfer, the file
}

// act lets the database judge the person, by the secret and not by the name, then does what
// follows from the act, and writes it in the log of acts. The log comes last: whoever posts
// holds the books already when he waits for the log.
func (s *Service) act(ctx context.Context, tx pgx.Tx, d deed, then func(Act) error) (Act, error) {
	done, err := actOnRun(ctx, tx, d.run, d.what, d.seen, d.who.Secret())
	if err != nil {
		return Act{}, err
	}
	if then != nil {
		if err := then(done); err != nil {
			return Act{}, err
		}
	}
	return done, seal(ctx, tx, d, done)
}

// seal writes in the log of acts what somebody has done to a run.
func seal(ctx context.Context, tx pgx.Tx, d deed, done Act) error {
	sealed := sealedAct{Act: done.No, At: done.At.UnixMicro(), Mandate: d.mandate, Subject: d.subject}
	if d.plan != (chain.Hash{}) {
		sealed.Plan = d.plan.String()
	}
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: d.who.ID, Action: "run." + d.what, ObjectType: "run", ObjectID: d.run, After: d.seen, Reason: d.reason,
		Details: sealed,
	})
	if err != nil {
		return fmt.Errorf("%s run %s: %w", d.what, d.run, err)
	}
	return nil
}
