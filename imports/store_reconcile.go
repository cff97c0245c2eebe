package imports

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// Checks are what `masp verify` asks of this package: the books agree with the bank, line by
// line and day by day, and no row that an import wrote has been changed since. They read only.
func Checks() []ledger.Check {
	checks := []ledger.Check{checkActs, checkFiles}
	for _, rule := range agreement {
		checks = append(checks, rule.check)
	}
	return checks
}

// rule is a query that finds the rows that break a rule: place, and what is wrong with them.
type rule struct{ code, text, query string }

func (r rule) check(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, r.query)
	if err != nil {
		return fmt.Errorf("check %s: %w", r.code, err)
	}
	var place, what string
	_, err = pgx.ForEachRow(rows, []any{&place, &what}, func() error {
		report(ledger.Finding{Code: r.code, Place: place, Text: r.text + what})
		return nil
	})
	if err != nil {
		return fmt.Errorf("check %s: %w", r.code, err)
	}
	return nil
}

// agreement are the rules between the bank and the books (R-046, house rules 4).
var agreement = []rule{
	{"STATEMENT_CHAIN_BROKEN", "le relevé ne continue pas le précédent", `
		SELECT 'bank_statements ' || statement_id, ''
		  FROM (SELECT s.statement_id, chain_no, opening_cents, closing_on,
		               lag(CASE WHEN r.old_statement IS NULL THEN closing_cents ELSE opening_cents END) OVER w AS closed,
		               lag(closing_on) OVER w AS until, row_number() OVER w AS place
		          FROM masp.bank_statements s LEFT JOIN masp.statement_replacements r ON r.old_statement = s.statement_id
		         WHERE state = 'accepted'
		        WINDOW w AS (PARTITION BY bank_account_id ORDER BY chain_no)) s
		 WHERE chain_no <> place OR closed <> opening_cents OR until > closing_on ORDER BY statement_id`},
	{"STATEMENT_NOT_BALANCED", "solde de départ + mouvements ≠ solde final", `
		SELECT 'bank_statements ' || s.statement_id, ''
		  FROM masp.bank_statements s
		  LEFT JOIN masp.bank_lines l ON l.statement_id = s.statement_id
		 WHERE s.state = 'accepted' GROUP BY s.statement_id
		HAVING s.opening_cents + coalesce(sum(l.amount_cents) FILTER (WHERE l.state <> 'ignored'), 0) <> s.closing_cents
		 ORDER BY s.statement_id`},
	{"STATEMENT_LINES_WRONG", "le relevé n’a pas dans les livres les lignes qu’il dit", `
		SELECT 'bank_statements ' || s.statement_id, ''
		  FROM masp.bank_statements s
		  LEFT JOIN (SELECT statement_id, count(*) AS n, max(rank) AS last FROM masp.bank_lines GROUP BY statement_id) l
		    USING (statement_id)
		 WHERE s.state = 'accepted' AND s.posted_lines <> s.entries OR s.kind = 'BOOKED' AND s.state = 'held' AND s.posted_lines <> 0
		    OR coalesce(l.n, 0) <> CASE s.kind WHEN 'BOOKED' THEN s.posted_lines ELSE 0 END
		    OR l.n <> l.last ORDER BY s.statement_id`},
	{"ORPHAN_ROW", "cette ligne n’appartient à rien : ce qu’elle nomme n’existe pas", `
		SELECT 'bank_lines ' || l.line_id, '' FROM masp.bank_lines l
		 WHERE NOT EXISTS (SELECT FROM masp.bank_statements s WHERE s.statement_id = l.statement_id)
		UNION ALL SELECT 'suspense_items ' || i.line_id, '' FROM masp.suspense_items i
		 WHERE NOT EXISTS (SELECT FROM masp.bank_lines l WHERE l.line_id = i.line_id)
		UNION ALL SELECT 'receipts ' || r.receipt_id, '' FROM masp.receipts r
		 WHERE r.line_id IS NOT NULL AND NOT EXISTS (SELECT FROM masp.bank_lines l WHERE l.line_id = r.line_id)
		    OR NOT EXISTS (SELECT FROM masp.mandates m WHERE m.mandate_id = r.mandate_id)
		 ORDER BY 1`},
	{
		"LINE_WITHOUT_ENTRY",
		"la ligne n’a pas d’écriture du même montant, aux mêmes dates, sur son compte",
		`
		SELECT 'bank_lines ' || l.line_id, ''
		  FROM masp.bank_lines l
		  JOIN masp.bank_statements s USING (statement_id)
		  LEFT JOIN masp.accounts a ON a.code = '512:' || s.bank_account_id
		  LEFT JOIN masp.entries e ON e.entry_no = l.entry_no
		  LEFT JOIN LATERAL (
		       SELECT sum(CASE WHEN p.debit_account = a.account_id THEN p.amount_cents
		                       WHEN p.credit_account = a.account_id THEN -p.amount_cents END) AS moved
		         FROM masp.postings p WHERE p.entry_no = l.entry_no) p ON true
		 WHERE l.state <> 'ignored' AND (e.entry_no IS NULL OR p.moved IS DISTINCT FROM l.amount_cents
		    OR e.booked_on IS DISTINCT FROM l.booked_on OR e.value_on IS DISTINCT FROM l.value_on)
		 ORDER BY l.line_id`,
	},
	{"ENTRY_WITHOUT_LINE", "l’écriture touche la banque sans ligne de relevé", `
		SELECT 'entries ' || e.entry_no, '' FROM masp.entries e
		 WHERE e.kind IN ('BANK_CREDIT', 'BANK_DEBIT', 'RETURN')
		   AND NOT EXISTS (SELECT FROM masp.bank_lines l WHERE l.entry_no = e.entry_no)
		   AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.line_entry = e.entry_no)
		   AND NOT EXISTS (SELECT FROM masp.notice_uses n WHERE n.entry_no = e.entry_no)
		   AND NOT EXISTS (SELECT FROM masp.suspense_assignments a WHERE a.entry_no = e.entry_no AND a.benefit = '') ORDER BY e.entry_no`},
	{
		// What is posted of a statement on its way is in the books before it counts (decisions 13).
		"BANK_DISAGREES",
		"le compte 512 n’est pas le dernier solde de la banque : écart en centimes ",
		`
		SELECT 'bank_accounts ' || bank_account_id, (coalesce(held, 0) - closing_cents)::text
		  FROM (SELECT DISTINCT ON (s.bank_account_id) s.bank_account_id, s.closing_cents +
		               coalesce((SELECT sum(l.amount_cents) FROM masp.bank_statements i JOIN masp.bank_lines l USING (statement_id)
		                 WHERE i.bank_account_id = s.bank_account_id AND i.state = 'importing' AND l.state <> 'ignored'), 0) AS closing_cents,
		               (SELECT b.debit_cents - b.credit_cents FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		                 WHERE a.code = '512:' || s.bank_account_id) AS held
		          FROM masp.bank_statements s WHERE s.state = 'accepted'
		         ORDER BY s.bank_account_id, s.chain_no DESC) x
		 WHERE coalesce(held, 0) <> closing_cents ORDER BY bank_account_id`,
	},
	{
		"SUSPENSE_DISAGREES",
		"le compte 471 n’est pas la somme des lignes non identifiées : écart en centimes ",
		`
		SELECT 'accounts 471:UNIDENTIFIED', (held + open)::text
		  FROM (SELECT coalesce((SELECT b.debit_cents - b.credit_cents FROM masp.accounts a JOIN masp.account_balances b USING (account_id)
		                          WHERE a.code = '471:UNIDENTIFIED'), 0) AS held,
		               coalesce((SELECT sum(open_cents) FROM masp.suspense_items), 0) AS open) x
		 WHERE held + open <> 0`,
	},
	{
		"SUSPENSE_ITEM_WRONG",
		"ce qui reste à identifier n’est pas la ligne moins ce qui a été identifié",
		`
		SELECT 'bank_lines ' || l.line_id, ''
		  FROM masp.bank_lines l
		  LEFT JOIN masp.suspense_items i USING (line_id)
		  LEFT JOIN LATERAL (
		       SELECT coalesce(sum(CASE WHEN c.code = '471:UNIDENTIFIED' THEN p.amount_cents END), 0)
		            - coalesce(sum(CASE WHEN d.code = '471:UNIDENTIFIED' THEN p.amount_cents END), 0) AS unknown
		         FROM masp.postings p
		         JOIN masp.accounts c ON c.account_id = p.credit_account
		         JOIN masp.accounts d ON d.account_id = p.debit_account
		        WHERE p.entry_no = l.entry_no AND '471:UNIDENTIFIED' IN (c.code, d.code)) p ON true
		  LEFT JOIN LATERAL (SELECT coalesce(sum(a.amount_cents), 0) AS identified
		                       FROM masp.suspense_assignments a WHERE a.line_id = l.line_id) a ON true
		  LEFT JOIN LATERAL (SELECT coalesce(sum(r.amount_cents), 0) AS sent
		                       FROM masp.suspense_returns r JOIN masp.instructions t USING (instruction_id)
		                      WHERE r.line_id = l.line_id AND t.state IN ('in_transit', 'settled')) r ON true
		  LEFT JOIN LATERAL (SELECT coalesce(sum(m.amount_cents), 0) AS came -- it is open on the line that was given back
		                       FROM masp.line_matches m JOIN masp.instructions t USING (instruction_id)
		                      WHERE m.entry_no = l.entry_no AND m.meaning = 'RETURNED' AND t.mandate_id = '') m ON true
		  LEFT JOIN LATERAL (SELECT coalesce(sum(u.amount_cents), 0) AS undone
		                       FROM masp.match_undos u WHERE u.line_id = l.line_id) u ON true
		  LEFT JOIN LATERAL (SELECT coalesce(sum(CASE WHEN (c.debit_line = l.line_id) = (c.undoes IS NULL)
		                                              THEN -c.amount_cents ELSE c.amount_cents END), 0) AS cleared
		                       FROM masp.suspense_clearings c WHERE l.line_id IN (c.debit_line, c.credit_line)) c ON true
		 WHERE coalesce(i.open_cents, 0) <> CASE
		       WHEN EXISTS (SELECT FROM masp.statement_replacements x WHERE x.old_statement = l.statement_id) THEN 0
		       ELSE p.unknown - m.came - a.identified - r.sent + u.undone - c.cleared
		             - CASE WHEN EXISTS (SELECT FROM masp.notice_uses n WHERE n.line_id = l.line_id) THEN l.amount_cents ELSE 0 END END
		    OR (l.state = 'suspense') <> (coalesce(i.open_cents, 0) <> 0)
		    OR (l.state = 'matched' AND NOT EXISTS (SELECT FROM masp.line_matches m WHERE m.line_id = l.line_id AND m.undone_by IS NULL))
		    OR (l.state = 'posted' AND EXISTS (SELECT FROM masp.line_matches m WHERE m.line_id = l.line_id AND m.undone_by IS NULL))
		 ORDER BY l.line_id`,
	},
	{"UNDO_WRONG", "l’annulation n’est pas le miroir d’un rapprochement, ou la ligne n’est pas revenue entière en attente", `
		SELECT 'match_undos ' || u.undo_id, ''
		  FROM masp.match_undos u JOIN masp.bank_lines l USING (line_id)
		  LEFT JOIN masp.suspense_assignments a ON a.assignment_id = u.assignment_id AND a.line_id = u.line_id
		  LEFT JOIN masp.notice_uses n ON n.entry_no = u.undone_entry AND n.line_id = u.line_id
		  LEFT JOIN masp.entries e ON e.entry_no = u.reversal_entry AND e.reverses = u.undone_entry AND e.actor = u.undone_by
		  LEFT JOIN masp.statement_replacements x ON x.old_statement = l.statement_id
		  LEFT JOIN masp.entries again ON again.entry_no = u.line_entry AND again.actor = u.undone_by
		   AND (again.booked_on, again.value_on) = (l.booked_on, l.value_on)
		 WHERE e.entry_no IS NULL
		    OR u.undone_entry IS DISTINCT FROM CASE WHEN u.assignment_id IS NOT NULL THEN a.entry_no ELSE coalesce(n.entry_no, l.entry_no) END
		    OR u.amount_cents IS DISTINCT FROM CASE WHEN u.assignment_id IS NOT NULL THEN a.amount_cents
		       WHEN n.entry_no IS NOT NULL THEN l.amount_cents ELSE masp.recognised_cents(l.line_id) END
		    OR (again.entry_no IS NULL) <> (u.assignment_id IS NOT NULL OR n.entry_no IS NOT NULL OR x.old_statement IS NOT NULL)
		    OR u.line_entry IS NOT NULL AND l.amount_cents IS DISTINCT FROM (
		       SELECT sum(CASE WHEN c.code = '471:UNIDENTIFIED' THEN p.amount_cents WHEN d.code = '471:UNIDENTIFIED' THEN -p.amount_cents END)
		         FROM masp.postings p JOIN masp.accounts c ON c.account_id = p.credit_account
		         JOIN masp.accounts d ON d.account_id = p.debit_account WHERE p.entry_no = u.line_entry)
		    OR EXISTS (SELECT r.mandate_id, r.benefit, r.period, -r.amount_cents FROM masp.receipts r WHERE r.entry_no = u.undone_entry
		               EXCEPT ALL SELECT r.mandate_id, r.benefit, r.period, r.amount_cents FROM masp.receipts r WHERE r.entry_no = u.reversal_entry)
		    OR EXISTS (SELECT FROM masp.line_matches m WHERE m.entry_no = u.undone_entry AND m.undone_by IS DISTINCT FROM u.undo_id)
		    OR EXISTS (SELECT FROM masp.line_matches m WHERE m.undone_by = u.undo_id AND m.entry_no <> u.undone_entry) ORDER BY u.undo_id`},
	{"UNDONE_WITHOUT_UNDO", "l’écriture d’un rapprochement est extournée, ou une prestation reprise, sans que personne ne l’ait signé", `
		SELECT 'entries ' || e.entry_no, '' FROM masp.entries e
		 WHERE e.kind = 'REVERSAL' AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.reversal_entry = e.entry_no)
		   AND (EXISTS (SELECT FROM masp.bank_lines l WHERE l.entry_no = e.reverses
		                   AND NOT EXISTS (SELECT FROM masp.statement_replacements x WHERE x.old_statement = l.statement_id))
		     OR EXISTS (SELECT FROM masp.suspense_assignments a WHERE a.entry_no = e.reverses)
		     OR EXISTS (SELECT FROM masp.notice_uses n WHERE n.entry_no = e.reverses))
		UNION ALL SELECT 'receipts ' || r.receipt_id, '' FROM masp.receipts r
		 WHERE r.amount_cents < 0 AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.reversal_entry = r.entry_no)
		 ORDER BY 1`},
	{"REPLACEMENT_WRONG", "le relevé remplacé n’est pas extourné ligne par ligne, ou le nouveau n’est pas à sa place", `
		SELECT 'bank_statements ' || r.old_statement, ''
		  FROM masp.statement_replacements r JOIN masp.bank_statements o ON o.statement_id = r.old_statement
		  JOIN masp.bank_statements n ON n.statement_id = r.new_statement
		 WHERE (n.bank_account_id, n.chain_no, n.opening_cents, n.closing_on)
		       IS DISTINCT FROM (o.bank_account_id, o.chain_no + 1, o.opening_cents, o.closing_on)
		    OR EXISTS (SELECT FROM masp.bank_lines l LEFT JOIN masp.entries e ON e.reverses = l.entry_no AND e.actor = r.replaced_by
		                WHERE l.statement_id = r.old_statement AND l.state <> 'ignored' AND e.entry_no IS NULL)
		 ORDER BY r.old_statement`},
	{"CLEARING_WRONG", "les deux lignes compensées ne sont pas une entrée et une sortie du même compte", `
		SELECT 'suspense_clearings ' || c.clearing_id, ''
		  FROM masp.suspense_clearings c
		  LEFT JOIN masp.bank_lines d ON d.line_id = c.debit_line LEFT JOIN masp.bank_statements ds ON ds.statement_id = d.statement_id
		  LEFT JOIN masp.bank_lines e ON e.line_id = c.credit_line LEFT JOIN masp.bank_statements es ON es.statement_id = e.statement_id
		  LEFT JOIN masp.suspense_clearings u ON u.clearing_id = c.undoes
		 WHERE ds.bank_account_id IS DISTINCT FROM es.bank_account_id OR c.debit_line = c.credit_line
		    OR c.undoes IS NOT NULL AND (u.debit_line, u.credit_line, u.amount_cents) IS DISTINCT FROM (c.debit_line, c.credit_line, c.amount_cents)
		 ORDER BY c.clearing_id`},
	{"SENDER_RETURN_WRONG", "le retour à l’expéditeur et son virement ne se correspondent pas", `
		SELECT 'instructions ' || coalesce(i.instruction_id, r.instruction_id), ''
		  FROM (SELECT * FROM masp.instructions WHERE mandate_id = '') i FULL JOIN masp.suspense_returns r USING (instruction_id)
		  LEFT JOIN masp.bank_lines l USING (line_id) LEFT JOIN masp.bank_statements s USING (statement_id)
		  LEFT JOIN (SELECT run_id, user_id FROM masp.run_acts WHERE act_no = 1) a USING (run_id)
		 WHERE (i.amount_cents, i.bank_account_id, i.account, a.user_id)
		       IS DISTINCT FROM (r.amount_cents, s.bank_account_id, '471:UNIDENTIFIED', r.proposed_by)
		    OR l.amount_cents < r.amount_cents ORDER BY 1`},
	{"ASSIGNMENT_WITHOUT_ENTRY", "l’identification n’a pas son écriture du même montant", `
		SELECT 'suspense_assignments ' || s.assignment_id, '' FROM masp.suspense_assignments s
		  LEFT JOIN masp.entries e ON e.entry_no = s.entry_no AND e.actor = s.assigned_by
		  LEFT JOIN LATERAL (SELECT sum(p.amount_cents) AS moved FROM masp.postings p WHERE p.entry_no = s.entry_no) p ON true
		 WHERE e.entry_no IS NULL OR p.moved IS DISTINCT FROM abs(s.amount_cents)
		    OR e.kind <> CASE WHEN s.amount_cents > 0 AND s.benefit = '' AND s.advice_id IS NULL THEN 'RETURN' ELSE 'IDENTIFICATION' END
		 ORDER BY s.assignment_id`},
	{"ENTRY_WITHOUT_ASSIGNMENT", "argent identifié sans que personne ne l’ait signé", `
		SELECT 'entries ' || e.entry_no, '' FROM masp.entries e
		 WHERE e.kind = 'IDENTIFICATION'
		   AND NOT EXISTS (SELECT FROM masp.suspense_assignments s WHERE s.entry_no = e.entry_no)
		   AND NOT EXISTS (SELECT FROM masp.notice_uses n WHERE n.entry_no = e.entry_no) ORDER BY e.entry_no`},
	{"NOTICE_WRONG", "la ligne n’est pas identifiée par l’avis de la banque qui la décrit, en entier, par une écriture du 471", `
		SELECT 'notice_uses ' || u.line_id, ''
		  FROM masp.notice_uses u LEFT JOIN masp.bank_lines l USING (line_id) LEFT JOIN masp.bank_statements s USING (statement_id)
		  LEFT JOIN masp.notice_lines n USING (notice_line_id)
		  LEFT JOIN LATERAL (
		       SELECT sum(CASE '471:UNIDENTIFIED' WHEN d.code THEN p.amount_cents WHEN c.code THEN -p.amount_cents END) AS given
		         FROM masp.postings p JOIN masp.accounts d ON d.account_id = p.debit_account
		         JOIN masp.accounts c ON c.account_id = p.credit_account WHERE p.entry_no = u.entry_no) p ON true
		 WHERE n.bank_account_id IS DISTINCT FROM s.bank_account_id OR p.given IS DISTINCT FROM l.amount_cents
		    OR u.own AND n.amount_cents IS DISTINCT FROM l.amount_cents
		UNION ALL
		SELECT 'bank_statements ' || s.statement_id, '' FROM masp.bank_statements s
		  LEFT JOIN (SELECT statement_id, count(*) AS n FROM masp.notice_lines GROUP BY 1) n USING (statement_id)
		 WHERE coalesce(n.n, 0) <> CASE s.kind WHEN 'NOTICE' THEN s.posted_lines ELSE 0 END ORDER BY 1`},
	{"ADVICE_WRONG", "la ligne n’est pas répartie comme le payeur l’a annoncé", `
		SELECT 'advices ' || u.advice_id, ''
		  FROM masp.advice_uses u JOIN masp.bank_lines l USING (line_id) LEFT JOIN masp.suspense_assignments s USING (advice_id)
		 WHERE s.line_id <> u.line_id OR EXISTS (
		       SELECT p.mandate_id, p.benefit, p.period, p.amount_cents FROM masp.advice_parts p
		        WHERE p.advice_id = u.advice_id AND p.mandate_id IS NOT NULL
		       EXCEPT ALL SELECT r.mandate_id, r.benefit, r.period, r.amount_cents FROM masp.receipts r
		        WHERE r.entry_no = coalesce(s.entry_no, l.entry_no))
		 UNION ALL
		SELECT 'suspense_assignments ' || s.assignment_id, '' FROM masp.suspense_assignments s
		 WHERE s.advice_id IS NOT NULL AND NOT EXISTS (SELECT FROM masp.advice_uses u WHERE u.advice_id = s.advice_id)
		 ORDER BY 1`},
	{"ADVICE_WITHOUT_AUTHOR", "le bordereau n’est pas signé par qui l’a annoncé", `
		SELECT 'advices ' || a.advice_id, '' FROM masp.advices a
		 WHERE NOT EXISTS (SELECT FROM masp.audit_log l WHERE l.object_type = 'advice' AND l.object_id = a.advice_id::text
		          AND l.action = 'advice.announce' AND l.actor = a.announced_by) ORDER BY a.advice_id`},
	{"RULE_WRONG", "la ligne n’est pas ce que dit la règle qui l’a reconnue, ou la règle ne valait pas pour elle", `
		SELECT 'rule_uses ' || u.line_id || '/' || u.rule_id, ''
		  FROM masp.rule_uses u JOIN masp.recognition_rules r USING (rule_id) JOIN masp.bank_lines l USING (line_id)
		  JOIN masp.bank_statements s USING (statement_id)
		 WHERE l.booked_on < r.valid_from OR r.bank_account_id <> s.bank_account_id
		    OR r.mandate_id IS NOT NULL AND NOT EXISTS (SELECT FROM masp.receipts x
		           WHERE x.entry_no = l.entry_no AND x.mandate_id = r.mandate_id AND x.benefit = r.benefit)
		 ORDER BY u.line_id, u.rule_id`},
	{"RECEIPT_WRONG", "les prestations reçues ne sont pas ce que l’écriture a crédité", `
		SELECT 'receipts ' || r.receipt_id, '' FROM masp.receipts r
		 WHERE NOT EXISTS (SELECT FROM masp.postings p
		         JOIN masp.accounts a ON a.account_id = CASE WHEN r.amount_cents > 0 THEN p.credit_account ELSE p.debit_account END
		        WHERE p.entry_no = r.entry_no AND p.amount_cents = abs(r.amount_cents)
		          AND split_part(a.code, ':', 1) = '467' AND split_part(a.code, ':', 2) = r.mandate_id) ORDER BY r.receipt_id`},
	{"MATCH_WRONG", "la ligne et le virement ne se correspondent pas", `
		SELECT 'line_matches ' || m.line_id || '/' || m.instruction_id, ''
		  FROM masp.line_matches m JOIN masp.bank_lines l USING (line_id) JOIN masp.instructions i USING (instruction_id)
		 WHERE m.amount_cents <> i.amount_cents
		    OR m.entry_no IS DISTINCT FROM l.entry_no AND NOT EXISTS (SELECT FROM masp.suspense_assignments s
		       WHERE s.line_id = m.line_id AND s.entry_no = m.entry_no AND s.instruction_id = m.instruction_id)
		       AND NOT EXISTS (SELECT FROM masp.notice_uses n WHERE n.line_id = m.line_id AND n.entry_no = m.entry_no)
		    OR m.undone_by IS NULL AND m.entry_no IS DISTINCT FROM
		       CASE m.meaning WHEN 'SETTLED' THEN i.settled_entry ELSE i.failed_entry END
		 ORDER BY m.line_id, m.instruction_id`},
	{"STATEMENT_DROPPED_WRONG", "le relevé est abandonné sans que personne ne l’ait signé, ou l’inverse", `
		SELECT 'bank_statements ' || s.statement_id, '' FROM masp.bank_statements s
		  LEFT JOIN (SELECT DISTINCT ON (object_id) object_id, action FROM masp.audit_log
		              WHERE object_type = 'bank_statement' AND action IN ('bank_statement.drop', 'bank_statement.resume')
		              ORDER BY object_id, seq DESC) a ON a.object_id = s.statement_id::text
		 WHERE coalesce(s.reason = 'DROPPED', false) <> coalesce(a.action = 'bank_statement.drop', false)
		 ORDER BY s.statement_id`},
	{"STATEMENT_NUMBER_WRONG", "un relevé est admis à côté d’un autre sans que personne ne l’ait signé, ou l’inverse", `
		SELECT 'bank_statements ' || s.statement_id, '' FROM masp.bank_statements s
		 WHERE s.number_again <> EXISTS (SELECT FROM masp.audit_log a WHERE a.object_type = 'bank_statement'
		          AND a.action = 'bank_statement.accept' AND a.object_id = s.statement_id::text)
		 ORDER BY s.statement_id`},
	{
		"TRANSFER_WITHOUT_LINE",
		"le virement est dit exécuté ou revenu, mais aucune ligne de la banque ne le prouve",
		`
		SELECT 'instructions ' || i.instruction_id, '' FROM masp.instructions i
		 WHERE (i.settled_entry IS NOT NULL AND NOT EXISTS (
		        SELECT FROM masp.line_matches m WHERE m.instruction_id = i.instruction_id AND m.meaning = 'SETTLED' AND m.undone_by IS NULL))
		    OR (i.state = 'returned' AND NOT EXISTS (
		        SELECT FROM masp.line_matches m WHERE m.instruction_id = i.instruction_id AND m.meaning = 'RETURNED' AND m.undone_by IS NULL))
		 ORDER BY i.instruction_id`,
	},
}
