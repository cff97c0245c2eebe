package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// CreditorPart is a part of the list of creditors, in the order of their references; what is empty does not
// narrow it.
type CreditorPart struct {
	Kind  CreditorKind
	State string // a word of CreditorState.Word
	Like  string // a pattern of LIKE that the reference and the name fit, as masp.fold writes them
	// Owners are the mandates whose persons' own accounts are in it; nil is all of them. What is no person's
	// own account always is.
	Owners []string
	After  string // begins after this reference
	Most   int
}

// wordOfV is CreditorState.Word in SQL.
const wordOfV = `CASE WHEN ` + refusalOfV + ` IS NOT NULL THEN 'refused' WHEN p.version = v.version THEN 'payable'
	WHEN v.confirmed_by IS NOT NULL THEN 'held' WHEN v.proposed_by IS NULL THEN 'to_sign' ELSE 'to_confirm' END`

// inState are the creditors that may be in a state, by an index of those; wordOfV judges them. Those of a
// state that is not here are many: the first of them are soon found.
var inState = map[string]string{
	"to_confirm": `SELECT creditor_id FROM masp.creditor_ibans WHERE confirmed_by IS NULL AND proposed_by IS NOT NULL`,
	"to_sign":    `SELECT creditor_id FROM masp.creditor_ibans WHERE proposed_by IS NULL`,
	"held":       `SELECT creditor_id FROM masp.creditor_ibans WHERE payable_from > (SELECT masp.now())`,
	"refused":    `SELECT creditor_id FROM masp.instructions WHERE state IN ('rejected', 'returned')`,
}

func (p CreditorPart) where() string {
	where := `
	 WHERE ($1 = '' OR c.kind = $1) AND ($2 = $2) AND ($3 = $3)
	   AND ($4::text[] IS NULL OR c.beneficiary_id IS NULL
	        OR c.beneficiary_id IN (SELECT m.beneficiary_id FROM masp.mandates m WHERE m.mandate_id = ANY ($4)))`
	if p.State != "" {
		where += ` AND ` + wordOfV + ` = $2`
	}
	if ids, few := inState[p.State]; few {
		where += ` AND c.creditor_id IN (` + ids + `)`
	}
	if p.Like != "" {
		where += ` AND masp.fold(c.creditor_id || ' ' || c.name) LIKE $3`
	}
	return where
}

func (p CreditorPart) args() []any {
	args := []any{string(p.Kind), p.State, p.Like, nil}
	if p.Owners != nil {
		args[3] = p.Owners
	}
	return args
}

// CreditorsPart returns a part of the list of creditors.
func (s *Service) CreditorsPart(ctx context.Context, p CreditorPart) ([]CreditorState, error) {
	return s.creditors(ctx, p.where()+` AND c.creditor_id > $5 ORDER BY c.creditor_id LIMIT $6`, append(p.args(), p.After, p.Most)...)
}

// CountCreditors counts a part no further than its Most, its After left out.
func (s *Service) CountCreditors(ctx context.Context, p CreditorPart) (n int, err error) {
	from := fromCreditor
	if p.State == "" { // each creditor has an account, whatever it is
		from = ` FROM masp.creditors c`
	}
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `SELECT count(*) FROM (SELECT`+from+p.where()+` LIMIT $5) counted`, append(p.args(), p.Most)...)
	if err == nil {
		n, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
	}
	if err != nil {
		return 0, fmt.Errorf("count creditors: %w", err)
	}
	return n, nil
}
