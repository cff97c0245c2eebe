package worklist

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/unit"
)

// Statements says of each account in use when its last statement closed and when the next one is
// expected, the late ones first.
func (s *Service) Statements(ctx context.Context) ([]Due, error) {
	today, err := ledger.Today(ctx, unit.Reader(ctx, s.DB))
	if err != nil {
		return nil, err
	}
	return dues(ctx, unit.Reader(ctx, s.DB), today, nil)
}

// StatementsOf says the same of some accounts; those that wait for none are left out.
func (s *Service) StatementsOf(ctx context.Context, accounts []string) ([]Due, error) {
	today, err := ledger.Today(ctx, unit.Reader(ctx, s.DB))
	if err != nil {
		return nil, err
	}
	return dues(ctx, unit.Reader(ctx, s.DB), today, append([]string{}, accounts...))
}

// LateStatements raises an alert for each account whose statement is late, and closes those whose
// statement has come, in one transaction. Twice is harmless.
func (s *Service) LateStatements(ctx context.Context) (Told, error) {
	var told Told
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('masp.deadlines'))`); err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		all, err := dues(ctx, tx, today, nil)
		if err != nil {
			return err
		}
		var late []Alert
		for _, d := range all {
			if d.Late {
				late = append(late, d.alert(today))
			}
		}
		if told.Raised, told.Cured, err = tell(ctx, tx, StatementLate, late); err != nil || told.Cured == 0 {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: auth.Operator, Action: "alert.cure", ObjectType: "worklist", ObjectID: today.String(), Details: told,
		})
		return err
	})
	if err != nil {
		return Told{}, fmt.Errorf("tell which statements are late: %w", err)
	}
	return told, nil
}

// ExpectStatements sets within how many banking days after the last statement of an account the
// next one must be here. Errors: ErrDelay, ErrReason, ErrNoAccount, ErrRole, ErrToken.
func (s *Service) ExpectStatements(ctx context.Context, who auth.Principal, account string, days int, reason string) error {
	a := audit.Act{
		Action: "statement.expect", ObjectType: "bank_account", ObjectID: account, Reason: reason,
		Details: map[string]int{"banking_days": days},
	}
	return s.actOn(ctx, who, a, func(tx pgx.Tx) error {
		switch {
		case days < 1 || days > maxDelay:
			return ErrDelay
		case strings.TrimSpace(reason) == "":
			return ErrReason
		}
		return setDelay(ctx, tx, account, days)
	})
}
