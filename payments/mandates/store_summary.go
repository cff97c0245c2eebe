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

// Part is a part of the list of mandates, in the order of their references; what is empty does not narrow it.
type Part struct {
	Status  Status
	Only    []string // those of these references; nil is all
	Without []string
	Like    string // a pattern of LIKE that the reference or the name fits, as masp.fold writes them
	After   string // begins after this reference
	Most    int
}

const (
	ofPart = `
	 WHERE ($1 = '' OR m.status = $1) AND ($2::text[] IS NULL OR m.mandate_id = ANY ($2))
	   AND ($3::text[] IS NULL OR m.mandate_id <> ALL ($3)) AND ($4 = $4) `
	likePart = `AND m.mandate_id IN (
	       SELECT l.mandate_id FROM masp.mandates l WHERE masp.fold(l.mandate_id) LIKE $4
	        UNION
	       SELECT l.mandate_id FROM masp.beneficiaries b JOIN masp.mandates l USING (beneficiary_id)
	        WHERE masp.name_sought(b.civility, b.last_name, b.first_name) LIKE $4) `
)

// where is the condition of a part; each word that it does not ask costs nothing.
func (p Part) where() string {
	if p.Like == "" {
		return ofPart
	}
	return ofPart + likePart
}

func (p Part) args() []any {
	args := []any{string(p.Status), nil, nil, p.Like}
	if p.Only != nil {
		args[1] = p.Only
	}
	if len(p.Without) > 0 {
		args[2] = p.Without
	}
	return args
}

// ListPart returns a part of the list.
func (s *Service) ListPart(ctx context.Context, p Part) ([]Summary, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, selectSummary+`
		 WHERE m.mandate_id = ANY (ARRAY(
		       SELECT m.mandate_id FROM masp.mandates m`+p.where()+`AND m.mandate_id > $5 ORDER BY m.mandate_id LIMIT $6))
		 ORDER BY m.mandate_id`, append(p.args(), p.After, p.Most)...)
	if err != nil {
		return nil, fmt.Errorf("list mandates: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Summary])
}

// CountPart counts a list no further than its Most, its After left out.
func (s *Service) CountPart(ctx context.Context, p Part) (n int, err error) {
	err = unit.Reader(ctx, s.DB).QueryRow(ctx, `
		SELECT count(*) FROM (SELECT FROM masp.mandates m`+p.where()+`LIMIT $5) counted`, append(p.args(), p.Most)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count mandates: %w", err)
	}
	return n, nil
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
