package worklist

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// The facts of a day ($1): mandate, subject, cents, day, key, details.
const (
	contractsThatEnd = `
		SELECT mandate_id, 'fin du contrat', 0::bigint, last_day, last_day || ' ' || step,
		       jsonb_build_object('last_day', last_day::text, 'days', step::text)
		  FROM masp.mandates CROSS JOIN LATERAL (
		       SELECT CASE WHEN last_day - $1::date > 60 THEN 90 WHEN last_day - $1::date > 30 THEN 60 ELSE 30 END AS step) s
		 WHERE status IN ('ACTIVE', 'SUSPENDED') AND last_day BETWEEN $1::date AND $1::date + 90
		 ORDER BY last_day, mandate_id`

	// First in, first out: what is still there is the newest of what came.
	moneyThatWaits = `
		SELECT a.owner, CASE a.sub WHEN 'RESTRICTED' THEN 'argent non gérable' ELSE 'argent à restituer' END,
		       b.credit_cents - b.debit_cents, came.since, a.sub || ' ' || came.since,
		       jsonb_build_object('account', a.code, 'since', came.since::text)
		  FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		 CROSS JOIN LATERAL (
		       SELECT min(day) AS since FROM (
		              SELECT coalesce(e.booked_on, e.posted_on) AS day,
		                     sum(p.amount_cents) OVER (ORDER BY p.credit_seq DESC) - p.amount_cents AS newer
		                FROM masp.postings p JOIN masp.entries e USING (entry_no) WHERE p.credit_account = a.account_id) c
		        WHERE c.newer < b.credit_cents - b.debit_cents) came
		 WHERE a.pcg = '467' AND a.sub IN ('RESTRICTED', 'RESTITUTION') AND b.credit_cents > b.debit_cents AND came.since < $1::date
		 ORDER BY came.since, a.code`

	balancesToReturn = `
		SELECT m.mandate_id, 'solde', b.credit_cents - b.debit_cents, m.ended_on, m.ended_on::text,
		       jsonb_build_object('ended_on', m.ended_on::text)
		  FROM masp.mandates m JOIN masp.accounts a ON a.code = '467:' || m.mandate_id JOIN masp.account_balances b USING (account_id)
		 WHERE m.status = 'ENDED' AND m.ended_on + 30 < $1::date AND b.credit_cents > b.debit_cents
		 ORDER BY m.ended_on, m.mandate_id`

	mandatesWithoutCredit = `
		SELECT m.mandate_id, 'aucune prestation', 0::bigint, begun.day, begun.day::text, jsonb_build_object('since', begun.day::text)
		  FROM masp.mandates m CROSS JOIN LATERAL (
		       SELECT greatest(m.contract_start, m.signed_by_person_on, m.signed_by_department_on, m.signed_by_operator_on,
		                       (SELECT opened_on FROM masp.organisations)) AS day) begun
		 WHERE m.status = 'ACTIVE' AND m.level = 'MASP2' AND begun.day + 45 < $1::date
		   AND coalesce((SELECT sum(r.amount_cents) FROM masp.receipts r WHERE r.mandate_id = m.mandate_id), 0) = 0
		 ORDER BY begun.day, m.mandate_id`

	payersWithoutAnswer = `
		SELECT mandate_id, payer, 0::bigint, requested_on, payer || ' ' || direction || ' ' || requested_on,
		       jsonb_build_object('payer', payer, 'direction', direction)
		  FROM masp.payer_changes WHERE confirmed_on IS NULL AND requested_on + 45 < $1::date
		 ORDER BY requested_on, change_id`

	rentOfTwoMonths = `
		SELECT mandate_id, 'loyer et charges', sum(u.open_cents)::bigint, min(u.due_on),
		       to_char(min(u.due_on), 'YYYY-MM') || ' ' || to_char(max(u.due_on), 'YYYY-MM'),
		       jsonb_build_object('months', count(DISTINCT date_trunc('month', u.due_on))::text)
		  FROM masp.unpaid_rents($1) u JOIN masp.mandates m USING (mandate_id) WHERE m.status IN ('ACTIVE', 'SUSPENDED')
		 GROUP BY mandate_id HAVING count(DISTINCT date_trunc('month', u.due_on)) >= 2
		 ORDER BY 4, 1`

	plansBreached = `
		SELECT o.mandate_id, o.label, d.due_cents - d.paid_cents - d.replaced_cents, d.due_on, d.obligation_id || '@' || d.due_on,
		       jsonb_build_object('line', d.obligation_id || '@' || d.due_on, 'debt', b.debt_id)
		  FROM masp.dues d JOIN masp.obligations o USING (obligation_id) JOIN masp.debts b USING (debt_id)
		  JOIN masp.mandates m ON m.mandate_id = o.mandate_id
		 WHERE o.class = 'DEBT_PLAN' AND o.block IS NULL AND b.kind = 'RENT_ARREARS' AND b.outstanding_cents > 0
		   AND masp.law_forbids(b.debt_id, o.valid_from, d.due_on) IS NULL AND NOT d.due_on = ANY (o.except_days)
		   AND m.status IN ('ACTIVE', 'SUSPENDED') AND d.due_on <= $1::date AND (o.valid_to IS NULL OR d.due_on <= o.valid_to)
		   AND d.paid_cents + d.replaced_cents < d.due_cents
		 ORDER BY d.due_on, o.mandate_id, d.obligation_id`

	unidentified = `
		SELECT '', l.counterparty, abs(i.open_cents), l.booked_on + g.suspense_days, 'line ' || l.line_id,
		       jsonb_build_object('line', l.line_id::text, 'deadline', (l.booked_on + g.suspense_days)::text, 'owner', coalesce(
		       (SELECT a.owner_id FROM masp.suspense_acts a WHERE a.line_id = l.line_id AND a.act <> 'NOTE' ORDER BY a.act_id DESC LIMIT 1), ''))
		  FROM masp.suspense_items i JOIN masp.bank_lines l USING (line_id) CROSS JOIN masp.organisations g WHERE i.open_cents <> 0 `
	suspenseNear = unidentified + `AND $1::date BETWEEN l.booked_on + g.suspense_days - 7 AND l.booked_on + g.suspense_days - 1
		 ORDER BY l.booked_on, l.line_id`
	suspenseLate = unidentified + `AND $1::date >= l.booked_on + g.suspense_days ORDER BY l.booked_on, l.line_id`
)

// cured answers the sources of open alerts that the facts have cured, each with how.
const cured = `
	SELECT a.source, 'la prestation est arrivée' FROM masp.alerts a
	 WHERE a.closed_at IS NULL AND a.code = 'BENEFIT_MISSING' AND 0 < (
	       SELECT sum(r.amount_cents) FROM masp.receipts r WHERE r.mandate_id = a.mandate_id AND r.benefit = a.details ->> 'benefit'
	          AND to_char(r.period, 'YYYY-MM') = a.details ->> 'period')
	UNION ALL
	SELECT a.source, 'la ligne est identifiée' FROM masp.alerts a
	  JOIN masp.entries e ON e.source = substring(a.source FROM '^\S+ (.*) \d+$')
	  JOIN masp.bank_lines l USING (entry_no) JOIN masp.suspense_items i USING (line_id)
	 WHERE a.closed_at IS NULL AND a.code IN ('CREDIT_UNIDENTIFIED', 'DEBIT_UNIDENTIFIED') AND i.open_cents = 0
	UNION ALL
	SELECT a.source, 'le relevé a montré le retour' FROM masp.alerts a JOIN masp.instructions i ON i.end_to_end_id = a.details ->> 'payment'
	 WHERE a.closed_at IS NULL AND a.code = 'RETURN_ANNOUNCED' AND i.state = 'returned'
	UNION ALL
	SELECT a.source, 'payé depuis' FROM masp.alerts a
	  JOIN masp.dues d ON d.obligation_id || '@' || d.due_on = a.details ->> 'line'
	   AND d.obligation_id = split_part(a.details ->> 'line', '@', 1)
	 WHERE a.closed_at IS NULL AND a.code IN ('RENT_UNPAID', 'DEBT_PLAN_MISSED') AND d.paid_cents = d.due_cents
	UNION ALL
	SELECT a.source, 'reprise dans une dette, ou écartée' FROM masp.alerts a
	  JOIN masp.obligations o ON o.obligation_id = split_part(a.details ->> 'line', '@', 1)
	 WHERE a.closed_at IS NULL AND a.code = 'RENT_UNPAID' AND split_part(a.details ->> 'line', '@', 2)::date = ANY (o.except_days)
	UNION ALL
	SELECT a.source, 'reversé' FROM masp.alerts a
	  JOIN masp.accounts c ON c.owner = a.mandate_id COLLATE "C" AND c.pcg = '467'
	   AND c.sub = CASE a.code WHEN 'RESOURCE_NOT_ELIGIBLE' THEN 'RESTRICTED' ELSE 'RESTITUTION' END
	  JOIN masp.account_balances b USING (account_id)
	 WHERE a.closed_at IS NULL AND a.code IN ('RESOURCE_NOT_ELIGIBLE', 'CREDIT_AFTER_END') AND b.credit_cents = b.debit_cents
	 ORDER BY 2, 1`

// factsOf reads what is true today by one rule.
func factsOf(ctx context.Context, tx pgx.Tx, d deadline, today civil.Date) ([]Alert, error) {
	rows, err := tx.Query(ctx, d.query, today)
	if err != nil {
		return nil, fmt.Errorf("read the facts of %s: %w", d.code, err)
	}
	var alerts []Alert
	var f fact
	var cents int64
	_, err = pgx.ForEachRow(rows, []any{&f.mandate, &f.subject, &cents, &f.since, &f.key, &f.details}, func() error {
		f.amount = money.Cents(cents)
		if d.waits == nil || !d.waits(f, today) {
			alerts = append(alerts, d.alert(f, today))
		}
		f.details = nil
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the facts of %s: %w", d.code, err)
	}
	return alerts, nil
}

// again gives a source of its own to a fact that is true once more, after the facts had closed it. What
// a person has closed stays closed.
func again(ctx context.Context, tx pgx.Tx, facts []Alert) error {
	sources, whose, codes := make([]string, len(facts)), make([]string, len(facts)), make([]string, len(facts))
	for i, a := range facts {
		sources[i], whose[i], codes[i] = a.Source, a.Mandate, a.Code
	}
	rows, err := tx.Query(ctx, `
		SELECT f.place - 1, count(*) + 1
		  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS f (source, mandate, code, place)
		  JOIN masp.alerts a ON a.mandate_id IS NOT DISTINCT FROM nullif(f.mandate, '') AND a.code = f.code AND split_part(a.source, ' #', 1) = f.source
		 WHERE a.closed_at IS NOT NULL AND a.closed_by IS NULL GROUP BY f.place`, sources, whose, codes)
	if err != nil {
		return fmt.Errorf("look for what is true again: %w", err)
	}
	var place, times int
	_, err = pgx.ForEachRow(rows, []any{&place, &times}, func() error {
		facts[place].Source += fmt.Sprintf(" #%d", times)
		return nil
	})
	return err
}

// closeOthers closes the open alerts of a rule that are no longer true.
func closeOthers(ctx context.Context, tx pgx.Tx, code string, still []Alert) (int, error) {
	sources := make([]string, len(still))
	for i, a := range still {
		sources[i] = a.Source
	}
	done, err := tx.Exec(ctx, `
		UPDATE masp.alerts SET closed_at = masp.now(), closed_reason = 'n''est plus vrai'
		 WHERE code = $1 AND closed_at IS NULL AND source <> ALL ($2)`, code, sources)
	if err != nil {
		return 0, fmt.Errorf("close what is over of %s: %w", code, err)
	}
	return int(done.RowsAffected()), nil
}

// cure closes what the facts have cured.
func cure(ctx context.Context, tx pgx.Tx) (int, error) {
	rows, err := tx.Query(ctx, cured)
	if err != nil {
		return 0, fmt.Errorf("look for what is cured: %w", err)
	}
	bySource := map[string][]string{}
	var source, how string
	_, err = pgx.ForEachRow(rows, []any{&source, &how}, func() error {
		bySource[how] = append(bySource[how], source)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look for what is cured: %w", err)
	}
	total := 0
	for how, sources := range bySource {
		n, err := CureTx(ctx, tx, how, sources...)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}
