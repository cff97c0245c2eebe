package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// proofs are what must be true of every transfer, whatever happened. Each query names the
// places where it is not; the words are for the person who reads `masp verify`.
var proofs = []struct{ code, french, sql string }{
	{"TRANSIT_NOT_EXPLAINED", "le compte 580 n'est pas la somme des virements en route", `
		SELECT '580:OUT' WHERE coalesce((SELECT b.credit_cents - b.debit_cents FROM masp.account_balances b
		         JOIN masp.accounts a USING (account_id) WHERE a.code = '580:OUT'), 0)
		    <> coalesce((SELECT sum(amount_cents) FROM masp.instructions WHERE state = 'in_transit'), 0)`},
	{"TRANSFER_NOT_POSTED", "ce virement n'a pas l'écriture qui l'a fait partir du compte de la personne", `
		SELECT i.end_to_end_id FROM masp.instructions i
		 WHERE i.state IN ('in_transit', 'settled', 'rejected', 'returned') AND NOT EXISTS (
		       SELECT FROM masp.entries e JOIN masp.postings p USING (entry_no)
		         JOIN masp.accounts d ON d.account_id = p.debit_account JOIN masp.accounts c ON c.account_id = p.credit_account
		        WHERE e.entry_no = i.posted_entry AND e.source = 'payment ' || i.end_to_end_id AND e.kind = i.kind
		          AND e.line_count = 1 AND p.amount_cents = i.amount_cents AND d.code = i.account AND c.code = '580:OUT')
		 ORDER BY 1`},
	{"TRANSFER_POSTED_TOO_EARLY", "ce virement a une écriture alors qu'il n'est pas parti", `
		SELECT end_to_end_id FROM masp.instructions
		 WHERE state IN ('draft', 'approved', 'scheduled') AND posted_entry IS NOT NULL ORDER BY 1`},
	{"CANCELLED_NOT_GIVEN_BACK", "ce virement annulé n'a pas rendu à la personne ce qui en était parti", `
		SELECT end_to_end_id FROM masp.instructions i
		 WHERE state = 'cancelled' AND posted_entry IS NOT NULL AND NOT EXISTS (
		       SELECT FROM masp.entries e WHERE e.entry_no = i.failed_entry AND e.source = 'reversal ' || i.posted_entry)
		 ORDER BY 1`},
	{"TRANSFER_NOT_IN_FILE", "ce virement est parti sans être dans un fichier remis", `
		SELECT i.end_to_end_id FROM masp.instructions i JOIN masp.runs r USING (run_id)
		 WHERE i.means = '' AND i.state IN ('settled', 'returned') AND (SELECT count(*) FROM masp.payment_file_instructions fi
		         JOIN masp.payment_files f USING (file_id)
		        WHERE fi.instruction_id = i.instruction_id AND NOT fi.void AND f.released_at IS NOT NULL) <> 1
		 ORDER BY 1`},
	{"FILE_BEFORE_POSTING", "ce fichier est parti avec un virement qui n'est pas écrit aux comptes", `
		SELECT DISTINCT f.name FROM masp.payment_files f JOIN masp.payment_file_instructions fi USING (file_id)
		  JOIN masp.instructions i USING (instruction_id)
		 WHERE f.released_at IS NOT NULL AND i.posted_entry IS NULL ORDER BY 1`},
	{"TRANSFER_VOID", "ce virement est dit retiré de son fichier, ou y est resté alors que le fichier est sans valeur", `
		SELECT i.end_to_end_id FROM masp.payment_file_instructions fi JOIN masp.payment_files f USING (file_id)
		  JOIN masp.instructions i USING (instruction_id) WHERE fi.void <> f.void ORDER BY 1`},
	{"SETTLED_WITHOUT_BANK_LINE", "ce virement est dit exécuté sans la ligne de banque qui le débite", `
		SELECT i.end_to_end_id FROM masp.instructions i
		 WHERE (i.state = 'settled' OR i.settled_entry IS NOT NULL) AND NOT EXISTS (
		       SELECT FROM masp.line_matches m JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		         JOIN masp.postings p ON p.entry_no = i.settled_entry
		         JOIN masp.accounts d ON d.account_id = p.debit_account JOIN masp.accounts c ON c.account_id = p.credit_account
		        WHERE m.instruction_id = i.instruction_id AND m.meaning = 'SETTLED' AND m.undone_by IS NULL AND m.amount_cents = i.amount_cents
		          AND s.state = 'accepted' AND s.bank_account_id = i.bank_account_id
		          AND d.code = '580:OUT' AND p.amount_cents >= i.amount_cents
		          AND (c.code = '512:' || i.bank_account_id AND l.entry_no = i.settled_entry OR c.code = '471:UNIDENTIFIED'))
		 ORDER BY 1`},
	{"FAILURE_NOT_GIVEN_BACK", "ce virement a échoué sans que l'argent revienne à la personne", `
		SELECT i.end_to_end_id FROM masp.instructions i
		 WHERE i.state IN ('rejected', 'returned') AND NOT EXISTS (
		       SELECT FROM masp.entries e JOIN masp.postings p USING (entry_no)
		         JOIN masp.accounts c ON c.account_id = p.credit_account
		        WHERE e.entry_no = i.failed_entry AND (c.pcg = '467' AND c.owner = i.mandate_id OR c.code = i.account)
		          AND (p.amount_cents = i.amount_cents OR i.amount_cents = -- what came back and what the bank kept of it
		              (SELECT sum(q.amount_cents) FROM masp.postings q WHERE q.entry_no = e.entry_no))
		          AND CASE i.state WHEN 'rejected' THEN e.kind = 'REJECT' AND e.source = 'reject ' || i.end_to_end_id
		                           ELSE e.kind = 'RETURN' END)
		 ORDER BY 1`},
	{"FAILURE_REASON_CHANGED", "le motif de l'échec n'est plus celui que la banque a donné", `
		SELECT i.end_to_end_id FROM masp.instructions i JOIN masp.alerts a
		    ON a.source = coalesce(
		       (SELECT own.source FROM masp.alerts own
		         WHERE own.source = CASE i.state WHEN 'rejected' THEN 'PAYMENT_REJECTED ' ELSE 'PAYMENT_RETURNED ' END || i.end_to_end_id || coalesce(
		               (SELECT ' #' || count(*) + 1 FROM masp.line_matches m
		                 WHERE m.instruction_id = i.instruction_id AND m.meaning = 'RETURNED' AND m.undone_by IS NOT NULL
		                HAVING count(*) > 0), '')),
		       (SELECT 'FILE_REJECTED ' || f.message_id FROM masp.payment_file_instructions fi JOIN masp.payment_files f USING (file_id)
		         WHERE fi.instruction_id = i.instruction_id AND NOT fi.void AND i.state = 'rejected'))
		 WHERE i.state IN ('rejected', 'returned') AND position('(' || coalesce(i.reason, '') || ')' IN a.text) = 0 ORDER BY 1`},
	{"TRANSFER_STATE", "l'état de ce virement ne s'accorde pas avec ce qui lui est arrivé", `
		SELECT i.end_to_end_id FROM masp.instructions i LEFT JOIN masp.runs r USING (run_id)
		 WHERE NOT CASE i.state
		       WHEN 'draft' THEN r.state IN ('draft', 'in_review')
		                     AND num_nonnulls(i.posted_entry, i.settled_entry, i.failed_entry, i.settled_on, i.reason) = 0
		       WHEN 'scheduled' THEN r.state IN ('approved', 'filed', 'handed_over')
		                     AND num_nonnulls(i.posted_entry, i.settled_entry, i.failed_entry, i.settled_on, i.reason) = 0
		       WHEN 'in_transit' THEN i.posted_entry IS NOT NULL
		                     AND num_nonnulls(i.settled_entry, i.failed_entry, i.settled_on, i.reason) = 0
		       WHEN 'settled' THEN num_nonnulls(i.posted_entry, i.settled_entry, i.settled_on) = 3
		                     AND num_nonnulls(i.failed_entry, i.reason) = 0
		       WHEN 'rejected' THEN num_nonnulls(i.posted_entry, i.failed_entry) = 2
		                     AND num_nonnulls(i.settled_entry, i.settled_on) = 0
		       WHEN 'returned' THEN num_nonnulls(i.posted_entry, i.failed_entry) = 2
		                     AND (i.settled_entry IS NULL) = (i.settled_on IS NULL)
		       WHEN 'cancelled' THEN (r.state = 'cancelled' OR i.reason IS NOT NULL)
		                     AND (i.posted_entry IS NULL) = (i.failed_entry IS NULL)
		                     AND num_nonnulls(i.settled_entry, i.settled_on) = 0
		       ELSE false END
		    OR r.state = 'cancelled' AND i.state <> 'cancelled'
		    OR r.state IN ('approved', 'filed', 'handed_over', 'settled') AND i.state = 'draft'
		 ORDER BY 1`},
	{"CANCELLED_WITHOUT_END", "ce virement annulé et l'acte ou la fin de mesure qui l'annule ne s'accordent pas", `
		WITH named AS (SELECT object_id AS mandate_id, reason,
		                      jsonb_array_elements_text(details::jsonb -> 'cancelled') AS end_to_end_id
		                 FROM masp.audit_log WHERE object_type = 'mandate' AND action IN ('` + actEnd + `', '` + actSuspend + `')
		               UNION SELECT details::jsonb ->> 'mandate', reason, details::jsonb ->> 'subject'
		                 FROM masp.audit_log WHERE object_type = 'run' AND action = 'run.` + actStop + `'),
		     gone AS (SELECT i.mandate_id, i.reason, i.end_to_end_id FROM masp.instructions i JOIN masp.runs r USING (run_id)
		               WHERE i.state = 'cancelled' AND r.state <> 'cancelled')
		SELECT end_to_end_id FROM (
		       (TABLE named EXCEPT TABLE gone) UNION (SELECT * FROM gone EXCEPT SELECT * FROM named)) apart ORDER BY 1`},
	{"SETTLED_ON_CHANGED", "le jour d'exécution n'est pas celui de la ligne de banque", `
		SELECT DISTINCT i.end_to_end_id FROM masp.instructions i
		  JOIN masp.line_matches m ON m.instruction_id = i.instruction_id AND m.meaning = 'SETTLED' AND m.undone_by IS NULL
		  JOIN masp.bank_lines l USING (line_id)
		 WHERE i.settled_on IS DISTINCT FROM l.booked_on ORDER BY 1`},
	{"ENTRY_WITHOUT_TRANSFER", "cette écriture sort de l'argent vers le 580 sans virement", `
		SELECT e.source FROM masp.accounts a JOIN masp.postings p ON p.credit_account = a.account_id
		  JOIN masp.entries e USING (entry_no)
		 WHERE a.code = '580:OUT' AND e.kind <> 'REVERSAL'
		   AND e.kind IN ('PAYMENT', 'REMITTANCE', 'PASS_THROUGH', 'RESTITUTION', 'REFUND_TO_PAYER', 'ESTATE_PAYOUT')
		   AND NOT EXISTS (SELECT FROM masp.instructions i WHERE i.posted_entry = e.entry_no) ORDER BY 1`},
	{"IBAN_NOT_OF_CREDITOR", "ce virement part vers un IBAN qui n'est pas celui de son destinataire", `
		SELECT i.end_to_end_id FROM masp.instructions i
		  LEFT JOIN masp.creditor_ibans v ON v.creditor_id = i.creditor_id AND v.version = i.iban_version
		 WHERE i.means = '' AND v.iban IS DISTINCT FROM i.creditor_iban ORDER BY 1`},
	{"BY_HAND_IN_FILE", "ce paiement fait à la main est dans un fichier de virements", `
		SELECT i.end_to_end_id FROM masp.instructions i JOIN masp.payment_file_instructions fi USING (instruction_id)
		 WHERE i.means <> '' ORDER BY 1`},
	{"DUE_CHANGED", "le montant de cette échéance n'est pas celui de son obligation", `
		SELECT d.obligation_id || '@' || d.due_on FROM masp.dues d JOIN masp.obligations o USING (obligation_id)
		 WHERE d.due_cents <> o.amount_cents ORDER BY 1`},
	{"DUE_MISSING", "l'échéance que cette ligne paie a disparu", `
		SELECT l.run_id || ' ' || l.mandate_id || ' ' || l.line_no FROM masp.run_lines l
		 WHERE NOT EXISTS (SELECT FROM masp.dues d WHERE d.obligation_id = l.obligation_id AND d.due_on = l.due_on) ORDER BY 1`},
	{"RUN_STATE", "l'état de cette campagne n'est pas celui que donnent les actes", `
		SELECT r.run_id FROM masp.runs r
		  JOIN LATERAL (SELECT max(act_no) FILTER (WHERE act = 'submit')
		                       > coalesce(max(act_no) FILTER (WHERE act = 'reopen'), 0) AS submitted,
		                       max(act_no) FILTER (WHERE act = 'approve') > max(act_no) FILTER (WHERE act IN ('submit', 'reopen'))
		                       AND r.state <> 'in_review' AS approved, -- there it waits for a second signature
		                       bool_or(act = 'cancel') AS cancelled, bool_or(act = 'file') AS filed,
		                       bool_or(act = 'hand_over') AS handed, bool_or(act = 'propose' AND act_no = 1) AS proposed,
		                       max(at) FILTER (WHERE act = 'submit') AS submitted_at
		                  FROM masp.run_acts a WHERE a.run_id = r.run_id) a ON true
		  JOIN LATERAL (SELECT count(*) FILTER (WHERE i.state IN ('draft', 'scheduled', 'in_transit')) AS open,
		                       count(*) FILTER (WHERE i.state <> 'cancelled') AS live
		                  FROM masp.instructions i WHERE i.run_id = r.run_id) i ON true
		 WHERE r.state <> CASE WHEN a.cancelled THEN 'cancelled' WHEN a.filed AND i.open = 0 THEN 'settled'
		                       WHEN a.filed AND a.handed AND r.state <> 'filed' THEN 'handed_over' WHEN a.filed THEN 'filed'
		                       WHEN a.approved AND (i.live = 0 OR r.purpose = 'MANUAL' AND i.open = 0) THEN 'settled'
		                       WHEN a.approved THEN 'approved' WHEN a.submitted THEN 'in_review' ELSE 'draft' END
		    OR r.submitted_at IS DISTINCT FROM a.submitted_at OR a.proposed IS NOT TRUE
		 ORDER BY 1`},
	{"COMMENT_CHANGED", "cette parole de la personne n'est pas celle que garde le journal des actes", `
		WITH named AS (SELECT object_id AS run_id, (d ->> 'act')::integer AS act_no, coalesce(d ->> 'mandate', '') AS mandate_id,
		                      coalesce(d ->> 'subject', '') AS line, reason AS text
		                 FROM (SELECT object_id, reason, details::jsonb AS d FROM masp.audit_log
		                        WHERE object_type = 'run' AND action = 'run.` + actComment + `') acts),
		     kept AS (SELECT run_id, act_no, mandate_id, line, text FROM masp.run_comments)
		SELECT run_id || ' ' || act_no FROM (
		       (TABLE named EXCEPT TABLE kept) UNION (SELECT * FROM kept EXCEPT SELECT * FROM named)) apart ORDER BY 1`},
	{"RUN_MONTH", "le mois de cette campagne n'est pas le premier jour d'un mois", `
		SELECT run_id FROM masp.runs WHERE extract(day FROM month) <> 1 ORDER BY 1`},
	{"ORPHAN_ROW", "cette ligne n'appartient à rien : ce qu'elle nomme n'existe pas", `
		SELECT 'run_acts ' || a.run_id || ' ' || a.act_no FROM masp.run_acts a
		 WHERE NOT EXISTS (SELECT FROM masp.runs r WHERE r.run_id = a.run_id)
		UNION ALL SELECT 'run_mandates ' || m.run_id || ' ' || m.mandate_id FROM masp.run_mandates m
		  LEFT JOIN masp.runs r USING (run_id) LEFT JOIN masp.mandates d USING (mandate_id)
		 WHERE r.run_id IS NULL OR d.mandate_id IS NULL AND (m.mandate_id <> '' OR r.purpose <> 'REFUND_TO_PAYER')
		UNION ALL SELECT 'run_lines ' || l.run_id || ' ' || l.mandate_id || ' ' || l.line_no FROM masp.run_lines l
		 WHERE NOT EXISTS (SELECT FROM masp.run_mandates m WHERE m.run_id = l.run_id AND m.mandate_id = l.mandate_id)
		    OR NOT EXISTS (SELECT FROM masp.dues d WHERE d.obligation_id = l.obligation_id AND d.due_on = l.due_on)
		UNION ALL SELECT 'run_exceptions ' || e.run_id || ' ' || e.exception_no FROM masp.run_exceptions e
		 WHERE NOT EXISTS (SELECT FROM masp.run_mandates m WHERE m.run_id = e.run_id AND m.mandate_id = e.mandate_id)
		UNION ALL SELECT 'instructions ' || i.end_to_end_id FROM masp.instructions i
		 WHERE NOT EXISTS (SELECT FROM masp.run_mandates m WHERE m.run_id = i.run_id AND m.mandate_id = i.mandate_id)
		    OR NOT EXISTS (SELECT FROM masp.bank_accounts b WHERE b.bank_account_id = i.bank_account_id)
		    OR NOT EXISTS (SELECT FROM masp.creditors c WHERE c.creditor_id = i.creditor_id)
		UNION ALL SELECT 'instruction_covers ' || c.instruction_id || ' ' || c.line_no FROM masp.instruction_covers c
		 WHERE NOT EXISTS (SELECT FROM masp.instructions i WHERE i.instruction_id = c.instruction_id)
		    OR NOT EXISTS (SELECT FROM masp.dues d WHERE d.obligation_id = c.obligation_id AND d.due_on = c.due_on)
		UNION ALL SELECT 'payment_files ' || f.name FROM masp.payment_files f
		 WHERE NOT EXISTS (SELECT FROM masp.runs r WHERE r.run_id = f.run_id)
		UNION ALL SELECT 'payment_file_instructions ' || fi.file_id || ' ' || fi.instruction_id FROM masp.payment_file_instructions fi
		  LEFT JOIN masp.payment_files f USING (file_id) LEFT JOIN masp.instructions i USING (instruction_id)
		 WHERE f.file_id IS NULL OR i.instruction_id IS NULL
		UNION ALL SELECT 'dues ' || d.obligation_id || '@' || d.due_on FROM masp.dues d
		 WHERE NOT EXISTS (SELECT FROM masp.obligations o WHERE o.obligation_id = d.obligation_id)
		 ORDER BY 1`},
	{"MANDATE_PLACE", "les mandats de cette campagne ne sont plus tous à leur place", `
		SELECT run_id FROM masp.run_mandates GROUP BY run_id
		HAVING min(position) <> 0 OR max(position) <> count(*) - 1 OR count(DISTINCT position) <> count(*) ORDER BY 1`},
	{"RESERVE_NOT_SET", "ce que la campagne met de côté ne l'est pas", `
		SELECT m.run_id || ' ' || m.mandate_id FROM masp.run_mandates m JOIN masp.runs r USING (run_id)
		  LEFT JOIN masp.reserve_movements k ON k.source = 'run ' || m.run_id || ' ' || m.mandate_id
		 WHERE coalesce(k.amount_cents, 0) <> CASE WHEN r.state IN ('approved', 'filed', 'handed_over', 'settled')
		       THEN m.reserved_cents ELSE 0 END ORDER BY 1`},
	{"DUE_NOT_EXPLAINED", "ce qui est payé de cette échéance n'est pas la somme des virements qui la paient", `
		SELECT d.obligation_id || '@' || d.due_on FROM masp.dues d
		  LEFT JOIN (SELECT c.obligation_id, c.due_on, sum(c.amount_cents) AS paid
		               FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		              WHERE i.state IN ('scheduled', 'in_transit', 'settled') GROUP BY 1, 2) t USING (obligation_id, due_on)
		  LEFT JOIN (SELECT l.obligation_id, l.due_on, sum(l.paid_cents) AS kept
		               FROM masp.run_lines l JOIN masp.runs r USING (run_id)
		              WHERE l.status = 'RESERVED' AND r.state NOT IN ('draft', 'in_review', 'cancelled')
		              GROUP BY 1, 2) k USING (obligation_id, due_on)
		 WHERE d.paid_cents <> coalesce(t.paid, 0) + coalesce(k.kept, 0) ORDER BY 1`},
	{"REPLACED_NOT_EXPLAINED", "ce qui est remplacé de cette échéance n'est pas ce que couvraient les virements émis de nouveau", `
		SELECT d.obligation_id || '@' || d.due_on FROM masp.dues d
		  LEFT JOIN (SELECT c.obligation_id, c.due_on, sum(c.amount_cents) AS replaced
		               FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id)
		               JOIN masp.obligations o ON o.reissue_of = i.end_to_end_id
		                AND coalesce(o.reissue_line, c.line_no) = c.line_no GROUP BY 1, 2) r USING (obligation_id, due_on)
		 WHERE d.replaced_cents <> coalesce(r.replaced, 0) ORDER BY 1`},
	{"APPROVED_BY_ITS_PREPARER", "cette campagne n'a pas l'approbation d'une autre personne que qui l'a préparée", `
		SELECT r.run_id FROM masp.runs r
		 WHERE r.state IN ('approved', 'filed', 'handed_over', 'settled') AND NOT EXISTS (
		       SELECT FROM masp.run_acts a WHERE a.run_id = r.run_id AND a.act = 'approve' AND a.content_hash = r.content_hash
		          AND a.user_id NOT IN (SELECT user_id FROM masp.run_acts p
		                                 WHERE p.run_id = r.run_id AND p.act IN ('propose', 'edit', 'submit', 'reopen')))
		 ORDER BY 1`},
	{"RENT_NOT_FIRST", "une dépense a été payée alors que le loyer ou les charges ne l'étaient pas", `
		SELECT l.run_id || ' ' || l.mandate_id FROM masp.run_lines l JOIN masp.runs r USING (run_id)
		 WHERE r.state IN ('approved', 'filed', 'handed_over', 'settled')
		   AND l.class IN ('RENT', 'RENTAL_CHARGE') AND l.status IN ('PARTIAL', 'DEFERRED')
		   AND (EXISTS (SELECT FROM masp.run_lines o WHERE o.run_id = l.run_id AND o.mandate_id = l.mandate_id
		                   AND o.class NOT IN ('RENT', 'RENTAL_CHARGE') AND o.paid_cents > 0)
		     OR EXISTS (SELECT FROM masp.instructions i WHERE i.run_id = l.run_id AND i.mandate_id = l.mandate_id
		                   AND i.kind = 'REMITTANCE'))
		 GROUP BY 1 ORDER BY 1`},
	{"ALERT_NOT_OF_RUN", "cette alerte de campagne manque, ou n'est plus ce que dit la campagne", `
		WITH said AS (
		    SELECT run_id, mandate_id, 'LIVING_FLOOR_NOT_MET' AS code, '' AS line, shortfall_cents AS cents
		      FROM masp.run_mandates WHERE shortfall_cents > 0
		    UNION ALL SELECT run_id, mandate_id, 'RUN_REFUSED', '', 0 FROM masp.run_mandates WHERE refused <> ''
		    UNION ALL SELECT run_id, mandate_id, 'RENT_UNPAID', obligation_id || '@' || due_on, due_cents - paid_cents
		      FROM masp.run_lines WHERE class IN ('RENT', 'RENTAL_CHARGE') AND status IN ('PARTIAL', 'DEFERRED')
		    UNION ALL SELECT run_id, mandate_id, 'DEBT_PLAN_MISSED', obligation_id || '@' || due_on, due_cents
		      FROM masp.run_lines WHERE class = 'DEBT_PLAN' AND (status = 'DEFERRED' OR reason = 'RENT_FIRST')
		), wanted AS (
		    SELECT 'run ' || run_id || ' ' || mandate_id || ' ' || code || ' ' || line AS source, mandate_id, code, cents
		      FROM said JOIN masp.runs r USING (run_id) WHERE r.state IN ('approved', 'filed', 'handed_over', 'settled')
		)
		SELECT source FROM wanted w FULL JOIN (SELECT * FROM masp.alerts WHERE source LIKE 'run C-%') a USING (source)
		 WHERE (w.mandate_id, w.code, w.cents) IS DISTINCT FROM (a.mandate_id, a.code, a.amount_cents) ORDER BY 1`},
}

// Checks are the proofs of this package for `masp verify`: every transfer traced from its
// approval to its file and its bank line; contents, plans, acts and files as the log of acts
// keeps them; the bytes of each file made again from the transfers that it holds.
func Checks() []ledger.Check {
	return []ledger.Check{proveTransfers, proveRuns, proveDecisions, proveFiles}
}

// proveTransfers runs the queries above. They read whole tables: a loop over one for each row
// of another, which the planner likes while it believes the tables small, is kept out.
func proveTransfers(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	if _, err := tx.Exec(ctx, `SET LOCAL enable_nestloop = off`); err != nil {
		return fmt.Errorf("prove transfers: %w", err)
	}
	for _, p := range proofs {
		rows, err := tx.Query(ctx, p.sql)
		if err != nil {
			return fmt.Errorf("prove %s: %w", p.code, err)
		}
		var place string
		_, err = pgx.ForEachRow(rows, []any{&place}, func() error {
			report(ledger.Finding{Code: p.code, Place: place, Text: p.french})
			return nil
		})
		if err != nil {
			return fmt.Errorf("prove %s: %w", p.code, err)
		}
	}
	_, err := tx.Exec(ctx, `SET LOCAL enable_nestloop = on`)
	return err
}
