package mandates

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// Summary is a mandate in one line.
type Summary struct {
	ID          string
	Person      string // "Mme Roux Éva"
	Status      Status
	Level       Level
	Department  string
	BankAccount string // empty in MASP 1
	Coordinator string
	From        civil.Date
	To          civil.Date
	EndedOn     civil.Date   // zero while running
	EndReason   EndReason    // empty while running
	Balance     money.Amount // managed money, the sub-accounts left out
	Reserve     money.Amount // the part of it that is set aside
}

const selectSummary = `
	SELECT m.mandate_id, concat_ws(' ', b.civility, b.last_name, b.first_name), m.status, m.level, m.department,
	       coalesce(m.bank_account_id, ''), coalesce(m.coordinator, ''), m.contract_start, m.last_day,
	       m.ended_on, coalesce(m.end_reason, ''), coalesce(held.credit_cents - held.debit_cents, 0),
	       coalesce((SELECT sum(r.amount_cents) FROM masp.reserve_movements r WHERE r.mandate_id = m.mandate_id), 0)::bigint
	  FROM masp.mandates m
	  JOIN masp.beneficiaries b USING (beneficiary_id)
	  LEFT JOIN masp.accounts a ON a.owner = m.mandate_id COLLATE "C" AND a.pcg = '467' AND a.sub IS NULL
	  LEFT JOIN masp.account_balances held ON held.account_id = a.account_id `

// SummaryTx reads one mandate, or ErrNoMandate.
func SummaryTx(ctx context.Context, tx pgx.Tx, id string) (Summary, error) {
	rows, err := tx.Query(ctx, selectSummary+`WHERE m.mandate_id = $1`, id)
	if err != nil {
		return Summary{}, fmt.Errorf("read mandate %s: %w", id, err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Summary])
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNoMandate
	}
	if err != nil {
		return Summary{}, fmt.Errorf("read mandate %s: %w", id, err)
	}
	return s, nil
}

// exists answers ErrNoMandate for a reference that names none.
func exists(ctx context.Context, tx pgx.Tx, id string) error {
	err := tx.QueryRow(ctx, `SELECT FROM masp.mandates WHERE mandate_id = $1`, id).Scan()
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNoMandate
	}
	return err
}

// Summary reads one mandate, or ErrNoMandate.
func (s *Service) Summary(ctx context.Context, id string) (m Summary, err error) {
	err = unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		m, err = SummaryTx(ctx, tx, id)
		return err
	})
	return m, err
}

// List returns every mandate in the order of the references.
func (s *Service) List(ctx context.Context) ([]Summary, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, selectSummary+`ORDER BY m.mandate_id`)
	if err != nil {
		return nil, fmt.Errorf("list mandates: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Summary])
}

// Name says whose a mandate is.
type Name struct{ ID, Person string }

// Names are those of some mandates, by reference; what there is not is left out.
func (s *Service) Names(ctx context.Context, ids []string) ([]Name, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT m.mandate_id, concat_ws(' ', b.civility, b.last_name, b.first_name)
		  FROM masp.mandates m JOIN masp.beneficiaries b USING (beneficiary_id)
		 WHERE m.mandate_id = ANY ($1) ORDER BY m.mandate_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("name mandates: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Name])
}
