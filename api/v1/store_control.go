package v1

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// accountIsRead holds for an account whose lines are in reach, and not only its name.
const accountIsRead = `(current_user <> 'masp_reach' OR (SELECT masp.reaches_books() OR masp.audits_all())
		        OR a.account_id IN (SELECT unnest(masp.reached_accounts()) UNION SELECT unnest(masp.audited_accounts())))`

// readBalance reads accounts by code, each at both ends of some days. Whoever audits some days is given the
// balance that they begin with.
func readBalance(ctx context.Context, q unit.Querier, from, to civil.Date, after, pcg string, most int) ([]accountPeriod, error) {
	rows, err := q.Query(ctx, `
		SELECT a.code, a.pcg, a.owner, CASE a.pcg WHEN '512' THEN 1 ELSE -1 END, s.opening, m.debit, m.credit
		  FROM masp.accounts a
		 CROSS JOIN LATERAL (SELECT masp.account_seq_on(a.account_id, $1::date - 1) AS opened,
		                            masp.account_seq_on(a.account_id, $2::date) AS closed OFFSET 0) n
		 CROSS JOIN LATERAL (SELECT CASE n.opened WHEN 0 THEN 0 ELSE coalesce(
		        (SELECT p.debit_after FROM masp.postings p WHERE p.debit_account = a.account_id AND p.debit_seq = n.opened),
		        (SELECT p.credit_after FROM masp.postings p WHERE p.credit_account = a.account_id AND p.credit_seq = n.opened),
		        masp.audited_opening(a.account_id, n.opened), 0) END AS opening) s
		 CROSS JOIN LATERAL (SELECT
		        (SELECT coalesce(sum(p.amount_cents), 0)::bigint FROM masp.postings p
		          WHERE p.debit_account = a.account_id AND p.debit_seq > n.opened AND p.debit_seq <= n.closed) AS debit,
		        (SELECT coalesce(sum(p.amount_cents), 0)::bigint FROM masp.postings p
		          WHERE p.credit_account = a.account_id AND p.credit_seq > n.opened AND p.credit_seq <= n.closed) AS credit) m
		 WHERE n.closed > 0 AND a.code > $3 AND ($4 = '' OR a.pcg = $4) AND `+accountIsRead+` ORDER BY a.code LIMIT $5`, from, to, after, pcg, most)
	if err != nil {
		return nil, err
	}
	var all []accountPeriod
	var one accountPeriod
	var side, opening, debit, credit int64
	_, err = pgx.ForEachRow(rows, []any{&one.Account, &one.PCG, &one.Owner, &side, &opening, &debit, &credit}, func() error {
		one.Opening, one.Closing = money.Cents(side*opening), money.Cents(side*(opening+debit-credit))
		one.Debit, one.Credit = money.Cents(debit), money.Cents(credit)
		all = append(all, one)
		return nil
	})
	return all, err
}

// readMovements adds up what moved the accounts that the reader sees: of the whole house both sides are equal.
// Who sees a part knows the names of the accounts that all share, and none of their lines. The days of entries
// never go back: for who sees the whole house a period is a stretch of their numbers.
func readMovements(ctx context.Context, q unit.Querier, from, to civil.Date, pcg string, whole bool) (debit, credit money.Amount, err error) {
	period := `JOIN masp.entries e USING (entry_no) WHERE e.posted_on BETWEEN $1 AND $2`
	if whole {
		period = `WHERE p.entry_no >= masp.first_entry_on($1) AND p.entry_no < masp.first_entry_on($2::date + 1)`
	}
	if whole && pcg == "" { // each posting has its two sides among the accounts
		err = q.QueryRow(ctx, `SELECT coalesce(sum(p.amount_cents), 0)::bigint FROM masp.postings p `+period, from, to).Scan(&debit)
		return debit, debit, err
	}
	err = q.QueryRow(ctx, `
		WITH seen AS MATERIALIZED (
			SELECT a.account_id FROM masp.accounts a
			 WHERE ($3 = '' OR a.pcg = $3) AND `+accountIsRead+`)
		SELECT coalesce(sum(p.amount_cents) FILTER (WHERE d.account_id IS NOT NULL), 0)::bigint,
		       coalesce(sum(p.amount_cents) FILTER (WHERE c.account_id IS NOT NULL), 0)::bigint
		  FROM masp.postings p
		  LEFT JOIN seen d ON d.account_id = p.debit_account
		  LEFT JOIN seen c ON c.account_id = p.credit_account `+period, from, to, pcg).Scan(&debit, &credit)
	return debit, credit, err
}

// readApprovals reads runs by their numbers downwards, with who made and who signed them.
func readApprovals(ctx context.Context, q unit.Querier, before string, most int) ([]runApproval, error) {
	last := int64(0)
	if before != "" {
		var err error
		if last, err = strconv.ParseInt(before, 10, 64); err != nil {
			return nil, api.NotFound()
		}
	}
	rows, err := q.Query(ctx, `
		SELECT r.run_id, r.run_number, r.month, r.state, r.content_hash,
		       ARRAY(SELECT DISTINCT a.user_id FROM masp.run_acts a
		              WHERE a.run_id = r.run_id AND a.act IN ('propose', 'edit', 'submit') ORDER BY 1),
		       coalesce((SELECT jsonb_agg(jsonb_build_object('by', a.user_id, 'at', a.at,
		                          'content_hash', encode(a.content_hash, 'hex')) ORDER BY a.act_no)
		                   FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.act = 'approve' AND a.act_no > coalesce(
		                        (SELECT max(s.act_no) FROM masp.run_acts s WHERE s.run_id = r.run_id AND s.act = 'submit'), 0)), '[]'),
		       coalesce((SELECT jsonb_agg(jsonb_build_object('name', f.name, 'content_hash', encode(f.content_hash, 'hex'),
		                          'sha256', encode(f.sha256, 'hex'), 'void', f.void) ORDER BY f.file_id)
		                   FROM masp.payment_files f WHERE f.run_id = r.run_id AND f.released_at IS NOT NULL), '[]')
		  FROM masp.runs r
		 WHERE ($1 = 0 OR r.run_number < $1) AND r.state <> 'draft' ORDER BY r.run_number DESC LIMIT $2`, last, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, approvalOf)
}

func approvalOf(row pgx.CollectableRow) (one runApproval, err error) {
	var month civil.Date
	var content []byte
	err = row.Scan(&one.Run, &one.number, &month, &one.State, &content, &one.Prepared, &one.Approvals, &one.Files)
	one.Month = month.MonthOf()
	copy(one.ContentHash[:], content)
	for i, s := range one.Approvals {
		one.Approvals[i].SamePerson = slices.Contains(one.Prepared, s.By)
	}
	return one, err
}

// lastSeal is when the day was sealed last, nothing when it never was.
func lastSeal(ctx context.Context, q unit.Querier) (on string, at time.Time, err error) {
	rows, err := q.Query(ctx, `SELECT object_id, at FROM masp.audit_log WHERE object_type = 'seal' ORDER BY seq DESC LIMIT 1`)
	if err != nil {
		return "", at, err
	}
	_, err = pgx.ForEachRow(rows, []any{&on, &at}, func() error { return nil })
	return on, at, err
}
