package imports

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/chain"
)

// The rows that an act covers, each kind as one hash over its rows in the order of their keys;
// no row, no hash. Whole rows are hashed, so that a new column cannot be forgotten; left out
// are the few that may change: where a line stands in suspense, why a statement waits.
const (
	// The lines l that an act brought, and what the table named behind brought has about each.
	// OFFSET 0 keeps each look-up by its key, also where a table has grown since it was analysed:
	// what one act brought does not take longer the more others have.
	spans = `
		  FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS x (statement, first, last)
		 CROSS JOIN LATERAL (SELECT * FROM `
	ofSpan = ` b
		       WHERE b.statement_id = x.statement AND b.rank BETWEEN x.first AND x.last OFFSET 0) AS l `
	brought = spans + `masp.bank_lines` + ofSpan + `
		 CROSS JOIN LATERAL (SELECT * FROM `
	ofLine     = ` m WHERE m.line_id = l.line_id OFFSET 0) AS `
	digestFile = `
		SELECT sha256(convert_to(jsonb_build_array(file_id, name, encode(sha256, 'hex'), size, format, outcome, reasons,
		       extract(epoch FROM received_at), received_by, archive_id)::text, 'UTF8'))
		  FROM masp.bank_files WHERE file_id = $1`
	digestHeaders = `
		SELECT sha256(string_agg(sha256(convert_to(
		       (to_jsonb(s) - '{state,reason,explanation,bank_account_id,chain_no,posted_lines,number_again}'::text[]
		        - CASE WHEN page > 0 THEN '{opening_cents,closing_cents,opening_on,closing_on}'::text[] ELSE '{}' END)::text, 'UTF8')), ''
		       ORDER BY s.ordinal))
		  FROM masp.bank_statements s WHERE file_id = $1`
	digestReports = `
		SELECT sha256(string_agg(sha256(convert_to(
		       (to_jsonb(r) - 'at' || jsonb_build_object('at', extract(epoch FROM r.at)))::text, 'UTF8')), ''
		       ORDER BY r.report_id))
		  FROM masp.status_reports r WHERE file_id = $1`
	digestNames = `
		SELECT sha256(string_agg(sha256(convert_to(
		       (to_jsonb(n) - 'checked_at' || jsonb_build_object('at', extract(epoch FROM n.checked_at)))::text, 'UTF8')), ''
		       ORDER BY n.check_id))
		  FROM masp.name_checks n WHERE file_id = $1`
	digestAccepted = `
		SELECT sha256(string_agg(sha256(convert_to(to_jsonb(s)::text, 'UTF8')), '' ORDER BY s.statement_id))
		  FROM masp.bank_statements s WHERE statement_id = ANY ($1)`
	// Lines come by the million: their columns are named, all but the state, and hashed as the
	// database sends them, which costs a fifth. A test changes every column there is.
	digestLines = `
		SELECT sha256(string_agg(sha256(record_send(r)), '' ORDER BY r.line_id))
		  FROM (SELECT l.line_id, l.statement_id, l.rank, l.booked_on, l.value_on, l.amount_cents, l.bank_reference,
		               l.end_to_end_id, l.payment_info_id, l.code, l.counterparty, l.text, l.return_reason,
		               l.recognised_by, l.entry_no` + spans + `masp.bank_lines` + ofSpan + `) r`
	digestMatches = `
		SELECT sha256(string_agg(sha256(convert_to((to_jsonb(m) - 'undone_by')::text, 'UTF8')), '' ORDER BY m.line_id, m.instruction_id))` +
		brought + `masp.line_matches` + ofLine + `m WHERE m.entry_no = l.entry_no`
	digestReceipts = `
		SELECT sha256(string_agg(sha256(record_send(r)), '' ORDER BY r.receipt_id))` +
		brought + `masp.receipts` + ofLine + `r WHERE r.entry_no = l.entry_no`
	digestSuspense = `
		SELECT sha256(string_agg(sha256(convert_to((to_jsonb(i) - 'open_cents')::text, 'UTF8')), '' ORDER BY i.line_id))` +
		brought + `masp.suspense_items` + ofLine + `i WHERE i.undo_id IS NULL`
	digestAssignments = `
		SELECT sha256(string_agg(sha256(convert_to((to_jsonb(a) - 'assigned_at' || jsonb_build_object('at', extract(epoch FROM a.assigned_at)))::text
		       || coalesce((SELECT string_agg(to_jsonb(r)::text, '' ORDER BY r.receipt_id)
		                      FROM masp.receipts r WHERE r.entry_no = a.entry_no), '')
		       || coalesce((SELECT (to_jsonb(m) - 'undone_by')::text FROM masp.line_matches m
		                     WHERE m.line_id = a.line_id AND m.entry_no = a.entry_no), '')
		       || coalesce((SELECT to_jsonb(u)::text FROM masp.advice_uses u
		                     WHERE u.line_id = a.line_id AND u.advice_id = a.advice_id), ''), 'UTF8')), '' ORDER BY a.assignment_id))
		  FROM masp.suspense_assignments a WHERE assignment_id = ANY ($1)`
	digestSuspenseAct = `
		SELECT sha256(convert_to((to_jsonb(a) - 'acted_at' || jsonb_build_object('at', extract(epoch FROM a.acted_at)))::text, 'UTF8'))
		  FROM masp.suspense_acts a WHERE act_id = $1`
	digestNotices = `
		SELECT sha256(string_agg(sha256(convert_to(to_jsonb(l)::text, 'UTF8')), '' ORDER BY l.notice_line_id))` +
		spans + `masp.notice_lines` + ofSpan
	digestNoticed = `
		SELECT sha256(string_agg(sha256(convert_to(to_jsonb(u)::text
		       || coalesce((SELECT string_agg(to_jsonb(r)::text, '' ORDER BY r.receipt_id)
		                      FROM masp.receipts r WHERE r.entry_no = u.entry_no), '')
		       || coalesce((SELECT string_agg((to_jsonb(m) - 'undone_by')::text, '' ORDER BY m.instruction_id)
		                      FROM masp.line_matches m WHERE m.entry_no = u.entry_no), ''), 'UTF8')), '' ORDER BY u.line_id))
		  FROM masp.notice_uses u WHERE line_id = ANY ($1)`
	digestUndo = `
		SELECT sha256(convert_to((to_jsonb(u) - 'undone_at' || jsonb_build_object('at', extract(epoch FROM u.undone_at)))::text
		       || coalesce((SELECT string_agg(to_jsonb(r)::text, '' ORDER BY r.receipt_id)
		                      FROM masp.receipts r WHERE r.entry_no = u.reversal_entry), '')
		       || coalesce((SELECT string_agg(m.line_id || ' ' || m.instruction_id, ',' ORDER BY m.instruction_id)
		                      FROM masp.line_matches m WHERE m.undone_by = u.undo_id), '')
		       || coalesce((SELECT (to_jsonb(i) - 'open_cents')::text FROM masp.suspense_items i WHERE i.undo_id = u.undo_id), ''), 'UTF8'))
		  FROM masp.match_undos u WHERE undo_id = $1`
	digestClearing = `
		SELECT sha256(convert_to((to_jsonb(c) - 'cleared_at' || jsonb_build_object('at', extract(epoch FROM c.cleared_at)))::text, 'UTF8'))
		  FROM masp.suspense_clearings c WHERE clearing_id = $1`
	digestReplaced = `
		SELECT sha256(convert_to((to_jsonb(r) - 'replaced_at' || jsonb_build_object('at', extract(epoch FROM r.replaced_at)))::text
		       || coalesce((SELECT string_agg((to_jsonb(u) - 'undone_at' || jsonb_build_object('at', extract(epoch FROM u.undone_at)))::text
		                    || coalesce((SELECT string_agg(to_jsonb(c)::text, '' ORDER BY c.receipt_id)
		                                   FROM masp.receipts c WHERE c.entry_no = u.reversal_entry), '')
		                    || coalesce((SELECT string_agg(m.line_id || ' ' || m.instruction_id, ',' ORDER BY m.instruction_id)
		                                   FROM masp.line_matches m WHERE m.undone_by = u.undo_id), ''), '' ORDER BY u.undo_id)
		                      FROM masp.match_undos u JOIN masp.bank_lines l USING (line_id) WHERE l.statement_id = r.old_statement), ''), 'UTF8'))
		  FROM masp.statement_replacements r WHERE old_statement = $1`
	digestReturn = `
		SELECT sha256(convert_to((to_jsonb(r) - 'proposed_at' || jsonb_build_object('at', extract(epoch FROM r.proposed_at)))::text, 'UTF8'))
		  FROM masp.suspense_returns r WHERE instruction_id = $1`
	digestUses = `
		SELECT sha256(string_agg(sha256(convert_to(to_jsonb(u)::text, 'UTF8')), '' ORDER BY u.advice_id))` +
		brought + `masp.advice_uses` + ofLine + `u
		 WHERE NOT EXISTS (SELECT FROM masp.suspense_assignments a
		       WHERE a.line_id = u.line_id AND a.advice_id = u.advice_id)`
	digestRules = `
		SELECT sha256(string_agg(sha256(convert_to(to_jsonb(u)::text, 'UTF8')), '' ORDER BY u.line_id, u.rule_id))` +
		brought + `masp.rule_uses` + ofLine + `u`
	digestAdvice = `
		SELECT sha256(convert_to((to_jsonb(a) - 'announced_at' || jsonb_build_object('at', extract(epoch FROM a.announced_at)))::text
		       || (SELECT string_agg(to_jsonb(p)::text, '' ORDER BY p.rank) FROM masp.advice_parts p
		            WHERE p.advice_id = a.advice_id), 'UTF8'))
		  FROM masp.advices a WHERE advice_id = $1`
)

// digestOf hashes the rows that an act covers, as they are now. The import writes it into the
// log of acts; verify computes it again.
func digestOf(ctx context.Context, tx pgx.Tx, what sealed) (chain.Hash, error) {
	e := chain.New(digestVersion, "imported rows")
	e.Int(what.File).Int(int64(len(what.Accepted))).Int(int64(len(what.Assignments))).Int(what.Advice)
	file, accepted, lines := []any{what.File}, []any{what.Accepted}, what.columns()
	for _, part := range []struct {
		query string
		none  bool
		of    []any
	}{
		{digestFile, what.File == 0, file},
		{digestHeaders, what.File == 0, file},
		{digestReports, what.File == 0, file},
		{digestNames, what.File == 0, file},
		{digestAccepted, len(what.Accepted) == 0, accepted},
		{digestLines, len(what.Lines) == 0, lines},
		{digestMatches, len(what.Lines) == 0, lines},
		{digestReceipts, len(what.Lines) == 0, lines},
		{digestSuspense, len(what.Lines) == 0, lines},
		{digestUses, len(what.Lines) == 0, lines},
		{digestRules, len(what.Lines) == 0, lines},
		{digestAssignments, len(what.Assignments) == 0, []any{what.Assignments}},
		{digestAdvice, what.Advice == 0, []any{what.Advice}},
		{digestSuspenseAct, what.SuspenseAct == 0, []any{what.SuspenseAct}},
		{digestReturn, what.Return == 0, []any{what.Return}},
		{digestUndo, what.Undo == 0, []any{what.Undo}},
		{digestNotices, len(what.Lines) == 0, lines},
		{digestNoticed, len(what.Noticed) == 0, []any{what.Noticed}},
		{digestClearing, what.Clearing == 0, []any{what.Clearing}},
		{digestReplaced, what.Replaced == 0, []any{what.Replaced}},
	} {
		if part.none && (part.query == digestClearing || part.query == digestReplaced) {
			continue // acts that were sealed before these parts existed keep their hash
		}
		var sum []byte
		if !part.none {
			rows, err := tx.Query(ctx, part.query, part.of...)
			if err == nil {
				sum, err = pgx.CollectOneRow(rows, pgx.RowTo[[]byte])
			}
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return chain.Hash{}, fmt.Errorf("hash the imported rows: %w", err)
			}
		}
		if sum == nil {
			e.Null()
		} else {
			e.Bytes(sum)
		}
	}
	return e.Sum(), nil
}

// columns are the lines that an act covers, as the queries of a digest take them.
func (s sealed) columns() []any {
	statements, firsts, lasts := make([]int64, len(s.Lines)), make([]int, len(s.Lines)), make([]int, len(s.Lines))
	for i, of := range s.Lines {
		statements[i], firsts[i], lasts[i] = of.Statement, of.First, of.Last
	}
	return []any{statements, firsts, lasts}
}
