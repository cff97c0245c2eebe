package evidence

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"masp/ledger/civil"
)

// table is a piece that one question fills: its name, what LISEZMOI says of it, its headings and the
// question, which reads from the common tables of asked.
type table struct {
	name, says string
	columns    []string
	sql        string
}

// asked are the common tables of each question: what is in the scope of a bundle. $1 are the mandates
// of the scope, NULL for the whole house; $2 and $3 the days.
const asked = `
	WITH ask AS MATERIALIZED (
		SELECT $1::text[] AS mandates, coalesce($2::date, '-infinity') AS first_on, coalesce($3::date, 'infinity') AS last_on
	), of_runs AS (
		SELECT r.* FROM masp.runs r, ask WHERE r.run_on BETWEEN first_on AND last_on AND (mandates IS NULL OR EXISTS (
			SELECT FROM masp.run_mandates m WHERE m.run_id = r.run_id AND m.mandate_id = ANY (mandates)))
	), of_transfers AS (
		SELECT i.* FROM masp.instructions i JOIN of_runs USING (run_id), ask WHERE mandates IS NULL OR i.mandate_id = ANY (mandates)
	), of_files AS (
		SELECT f.*, NOT EXISTS (SELECT FROM masp.payment_file_instructions o JOIN masp.instructions i USING (instruction_id), ask
		                         WHERE o.file_id = f.file_id AND i.mandate_id <> ALL (mandates)) AS ours
		  FROM masp.payment_files f JOIN of_runs USING (run_id), ask
		 WHERE mandates IS NULL OR EXISTS (SELECT FROM masp.payment_file_instructions o JOIN of_transfers i USING (instruction_id)
		                                    WHERE o.file_id = f.file_id)
	), of_banks AS (
		SELECT b.bank_account_id FROM masp.bank_accounts b, ask WHERE mandates IS NULL OR b.model = 'INDIVIDUAL' AND EXISTS (
			SELECT FROM masp.mandates m WHERE m.bank_account_id = b.bank_account_id AND m.mandate_id = ANY (mandates))
	), of_statements AS (
		SELECT s.* FROM masp.bank_statements s JOIN masp.bank_files f USING (file_id), ask
		 WHERE coalesce(s.closing_on, (f.received_at AT TIME ZONE 'Europe/Paris')::date) BETWEEN first_on AND last_on
		   AND (mandates IS NULL OR s.bank_account_id IN (SELECT bank_account_id FROM of_banks))
	), of_lines AS (
		SELECT l.* FROM masp.bank_lines l JOIN of_statements s USING (statement_id)
	), of_reports AS (
		SELECT t.* FROM masp.status_reports t, ask
		 WHERE t.instruction_id IN (SELECT instruction_id FROM of_transfers)
		    OR mandates IS NULL AND t.instruction_id IS NULL AND (t.at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on
	), of_bank_files AS (
		SELECT f.*, mandates IS NULL OR NOT EXISTS (SELECT FROM masp.bank_statements s WHERE s.file_id = f.file_id
		                AND s.statement_id NOT IN (SELECT statement_id FROM of_statements))
		            AND NOT EXISTS (SELECT FROM masp.status_reports t WHERE t.file_id = f.file_id
		                AND (t.instruction_id IS NULL OR t.instruction_id NOT IN (SELECT instruction_id FROM of_transfers))) AS ours
		  FROM masp.bank_files f, ask
		 WHERE f.file_id IN (SELECT file_id FROM of_statements UNION SELECT file_id FROM of_reports)
		    OR mandates IS NULL AND (f.received_at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on
		       AND NOT EXISTS (SELECT FROM masp.bank_statements s WHERE s.file_id = f.file_id)
	)`

// query asks a question within the scope.
func (s *scope) query(ctx context.Context, tx pgx.Tx, sql string) (pgx.Rows, error) {
	return tx.Query(ctx, asked+sql, s.mandates, orNull(s.ask.From), orNull(s.ask.To))
}

func orNull(d civil.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.Time()
}

// write answers the table row by row.
func (t table) write(ctx context.Context, tx pgx.Tx, s *scope, out io.Writer) (int64, error) {
	rows, err := s.query(ctx, tx, t.sql)
	if err != nil {
		return 0, err
	}
	return writeRows(rows, t.columns, out)
}

func writeRows(rows pgx.Rows, columns []string, out io.Writer) (int64, error) {
	defer rows.Close()
	fields := rows.FieldDescriptions()
	if len(fields) != len(columns) {
		return 0, fmt.Errorf("%d columns, %d headings", len(fields), len(columns))
	}
	var n int64
	line := heading(nil, columns)
	for ; rows.Next(); n++ {
		values, err := rows.Values()
		if err != nil {
			return n, err
		}
		for i, value := range values {
			if i > 0 {
				line = append(line, comma)
			}
			cents, day := strings.HasSuffix(columns[i], inEuros), fields[i].DataTypeOID == pgtype.DateOID
			if line, err = cell(line, value, cents, day); err != nil {
				return n, fmt.Errorf("%s: %w", columns[i], err)
			}
		}
		if _, err := out.Write(append(line, lineEnd...)); err != nil {
			return n, err
		}
		line = line[:0]
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	_, err := out.Write(line) // the heading of a table without rows
	return n, err
}
