package payments

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/money"
	"masp/ledger/unit"
)

const searched = `
	 WHERE ($1 = '' OR run_id = $1) AND ($2 = '' OR mandate_id = $2) AND ($3 = '' OR state = $3)
	   AND ($4::text[] IS NULL OR mandate_id = ANY ($4)) AND ($5 = '' OR bank_account_id = $5)`

func (look Search) args() []any {
	return []any{look.Run, look.Mandate, string(look.State), look.Mandates, look.Bank}
}

func findTransfers(ctx context.Context, q unit.Querier, look Search) ([]Instruction, error) {
	rows, err := q.Query(ctx, selectInstruction+searched+` AND instruction_id > $6 ORDER BY instruction_id LIMIT $7`,
		append(look.args(), look.After, look.Most)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanInstruction)
}

func countTransfers(ctx context.Context, q unit.Querier, look Search) (n int, err error) {
	err = q.QueryRow(ctx, `SELECT count(*) FROM masp.instructions`+searched, look.args()...).Scan(&n)
	return n, err
}

func findTransfer(ctx context.Context, q unit.Querier, endToEndID string) (at TransferAt, err error) {
	err = q.QueryRow(ctx, `
		SELECT coalesce(i.run_id, ''), i.mandate_id, coalesce((SELECT f.name FROM masp.payment_files f
		         JOIN masp.payment_file_instructions fi USING (file_id)
		        WHERE fi.instruction_id = i.instruction_id AND NOT fi.void), '')
		  FROM masp.instructions i WHERE i.end_to_end_id = $1`, endToEndID).Scan(&at.Run, &at.Mandate, &at.File)
	return at, missing(err, ErrNoTransfer)
}

func runsOf(ctx context.Context, q unit.Querier, mandates []string) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT run_id FROM masp.run_mandates WHERE mandate_id = ANY ($1)`, mandates)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// readFileNamed reads a file without its bytes, and lets others change it.
func readFileNamed(ctx context.Context, tx pgx.Tx, name string) (PaymentFile, error) {
	rows, err := tx.Query(ctx, selectFile+`NULL::bytea FROM masp.payment_files WHERE name = $1`, name)
	if err != nil {
		return PaymentFile{}, err
	}
	f, err := pgx.CollectExactlyOneRow(rows, scanFile)
	return f, missing(err, ErrNoFile)
}

func bytesOf(ctx context.Context, tx pgx.Tx, file int64) (content []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT content FROM masp.payment_files WHERE file_id = $1`, file).Scan(&content)
	return content, err
}

// downloads reads who has fetched a file, the first one first.
func downloads(ctx context.Context, tx pgx.Tx, messageID string) ([]Download, error) {
	rows, err := tx.Query(ctx, `
		SELECT actor, at, reason FROM masp.audit_log
		 WHERE object_type = 'payment_file' AND object_id = $1 AND action = $2 ORDER BY seq`, messageID, actDownload)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Download])
}

func isRestored(ctx context.Context, tx pgx.Tx) (held bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM masp.restorations WHERE cleared_at IS NULL)`).Scan(&held)
	return held, err
}

// twoSignatures reads from which amounts on two persons sign.
func twoSignatures(ctx context.Context, q unit.Querier) (from TwoSignatures, err error) {
	var run, transfer, payee, day int64
	err = q.QueryRow(ctx, `
		SELECT coalesce(max(o.second_approval_from_cents), 0), coalesce(max(l.transfer_cents), 0),
		       coalesce(max(l.payee_cents), 0), coalesce(max(l.day_cents), 0)
		  FROM masp.organisations o
		  LEFT JOIN (SELECT transfer_cents, payee_cents, day_cents
		               FROM masp.signature_limits ORDER BY limit_no DESC LIMIT 1) l ON true`).Scan(&run, &transfer, &payee, &day)
	return TwoSignatures{money.Cents(run), money.Cents(transfer), money.Cents(payee), money.Cents(day)}, err
}

// setTwoSignatures writes them through their doors, which judge who may.
func setTwoSignatures(ctx context.Context, tx pgx.Tx, who auth.Principal, from TwoSignatures) error {
	_, err := tx.Exec(ctx, `SELECT masp.set_second_approval(nullif($1::bigint, 0), $2)`, from.Run.Cents(), who.Secret())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `SELECT masp.set_signature_limits(nullif($1::bigint, 0), nullif($2::bigint, 0), nullif($3::bigint, 0), $4)`,
		from.Transfer.Cents(), from.Payee.Cents(), from.Day.Cents(), who.Secret())
	return err
}
