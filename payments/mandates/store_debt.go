package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

const selectDebt = `
		SELECT debt_id, mandate_id, creditor_id, kind, principal_cents, outstanding_cents, coalesce(instalment_cents, 0),
		       born_on, contested_on, contest_ended_on, recovery
		  FROM masp.debts d `

// lockDebt reads a debt and keeps it as it is until the commit.
func lockDebt(ctx context.Context, tx pgx.Tx, id string) (Debt, error) {
	rows, err := tx.Query(ctx, selectDebt+`WHERE debt_id = $1 FOR NO KEY UPDATE`, id)
	if err != nil {
		return Debt{}, err
	}
	d, err := pgx.CollectExactlyOneRow(rows, scanDebt)
	return d, translate(err, ErrNoDebt)
}

// debtsOf reads the debts of mandates in the order of their references.
func debtsOf(ctx context.Context, tx pgx.Tx, mandates ...string) ([]Debt, error) {
	rows, err := tx.Query(ctx, selectDebt+`WHERE mandate_id = ANY ($1) ORDER BY debt_id`, mandates)
	if err != nil {
		return nil, fmt.Errorf("read debts: %w", err)
	}
	return pgx.CollectRows(rows, scanDebt)
}

func scanDebt(row pgx.CollectableRow) (Debt, error) {
	var d Debt
	var principal, outstanding, instalment int64
	err := row.Scan(&d.ID, &d.Mandate, &d.Creditor, &d.Kind, &principal, &outstanding, &instalment,
		&d.BornOn, &d.ContestedOn, &d.ContestEndedOn, &d.Recovery)
	d.Principal, d.Outstanding, d.Instalment = money.Cents(principal), money.Cents(outstanding), money.Cents(instalment)
	return d, err
}

// insertMovement adds a movement; the database moves what is owed with it.
func insertMovement(ctx context.Context, tx pgx.Tx, m movement) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source, evidence)
		VALUES ($1, $2, $3, $4, $5, $6)`, m.debt, m.on, string(m.kind), m.amount.Cents(), m.source, m.evidence)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.ConstraintName == "debt_movement_once" {
		return ErrSameMovement
	}
	return err
}

func creditorKind(ctx context.Context, tx pgx.Tx, id string) (kind CreditorKind, err error) {
	err = tx.QueryRow(ctx, `SELECT kind FROM masp.creditors WHERE creditor_id = $1`, id).Scan(&kind)
	if err != nil {
		return "", fmt.Errorf("read the kind of %s: %w", id, err)
	}
	return kind, nil
}

// withheldIn is what was withheld for a debt in a calendar month.
func withheldIn(ctx context.Context, tx pgx.Tx, debt string, month civil.Month) (money.Amount, error) {
	var cents int64
	err := tx.QueryRow(ctx, `
		SELECT coalesce(sum(amount_cents), 0)::bigint FROM masp.debt_withholdings
		 WHERE debt_id = $1 AND on_day BETWEEN $2 AND $3`, debt, month.First(), month.Last()).Scan(&cents)
	if err != nil {
		return money.Amount{}, fmt.Errorf("sum the withholdings of %s: %w", debt, err)
	}
	return money.Cents(cents), nil
}

func updateContest(ctx context.Context, tx pgx.Tx, debt string, from, ended civil.Date) error {
	_, err := tx.Exec(ctx, `UPDATE masp.debts SET contested_on = $2, contest_ended_on = $3 WHERE debt_id = $1`,
		debt, from, ended)
	return err
}

// Movements returns the life of a debt, the oldest first, or ErrNoDebt.
func (s *Service) Movements(ctx context.Context, debt string) (list []Movement, err error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT on_day, kind, amount_cents, evidence FROM masp.debt_movements WHERE debt_id = $1 ORDER BY movement_id`, debt)
	if err != nil {
		return nil, fmt.Errorf("read movements: %w", err)
	}
	var cents int64
	var m Movement
	_, err = pgx.ForEachRow(rows, []any{&m.On, &m.Kind, &cents, &m.Evidence}, func() error {
		m.Amount = money.Cents(cents)
		list = append(list, m)
		return nil
	})
	if err == nil && len(list) == 0 {
		err = ErrNoDebt // every debt has its opening
	}
	return list, err
}

// proveDebts names each debt that is not the sum of its movements.
func proveDebts(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, `
		SELECT debt_id FROM masp.debts d WHERE outstanding_cents IS DISTINCT FROM
		       (SELECT sum(amount_cents) FROM masp.debt_movements m WHERE m.debt_id = d.debt_id)
		 ORDER BY debt_id`)
	if err != nil {
		return fmt.Errorf("prove debts: %w", err)
	}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		report(ledger.Finding{
			Code: "DEBT_NOT_ITS_MOVEMENTS", Place: "debts " + id,
			Text: "ce qui reste dû n'est pas la somme des mouvements de la dette",
		})
		return nil
	})
	return err
}

// AddDebtsTx writes debts that the caller has judged and records.
func AddDebtsTx(ctx context.Context, tx pgx.Tx, all ...Debt) error {
	columns := []string{
		"debt_id", "mandate_id", "creditor_id", "kind", "principal_cents", "outstanding_cents",
		"instalment_cents", "born_on", "contested_on", "recovery",
	}
	return copyRows(ctx, tx, "debts", columns, all, func(d Debt) []any {
		var instalment any
		if !d.Instalment.IsZero() {
			instalment = d.Instalment.Cents()
		}
		return []any{
			d.ID, d.Mandate, d.Creditor, d.Kind, d.Principal.Cents(), d.Outstanding.Cents(),
			instalment, d.BornOn, d.ContestedOn, string(d.Recovery),
		}
	})
}
