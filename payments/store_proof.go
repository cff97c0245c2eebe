package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
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
		 WHERE state IN ('draft', 'approved', 'scheduled', 'cancelled') AND posted_entry IS NOT NULL ORDER BY 1`},
	{"TRANSFER_NOT_IN_FILE", "ce virement est parti sans être dans un fichier remis", `
		SELECT i.end_to_end_id FROM masp.instructions i JOIN masp.runs r USING (run_id)
		 WHERE i.state IN ('settled', 'returned') AND (SELECT count(*) FROM masp.payment_file_instructions fi
		         JOIN masp.payment_files f USING (file_id)
		        WHERE fi.instruction_id = i.instruction_id AND NOT fi.void AND f.released_at IS NOT NULL) <> 1
		 ORDER BY 1`},
	{"SETTLED_WITHOUT_BANK_LINE", "ce virement est dit exécuté sans la ligne de banque qui le débite", `
		SELECT i.end_to_end_id FROM masp.instructions i
		 WHERE (i.state = 'settled' OR i.settled_entry IS NOT NULL) AND NOT EXISTS (
		       SELECT FROM masp.line_matches m JOIN masp.bank_lines l USING (line_id) JOIN masp.bank_statements s USING (statement_id)
		         JOIN masp.postings p ON p.entry_no = i.settled_entry
		         JOIN masp.accounts d ON d.account_id = p.debit_account JOIN masp.accounts c ON c.account_id = p.credit_account
		        WHERE m.instruction_id = i.instruction_id AND m.meaning = 'SETTLED' AND m.amount_cents = i.amount_cents
		          AND s.state = 'accepted' AND s.bank_account_id = i.bank_account_id
		          AND d.code = '580:OUT' AND p.amount_cents >= i.amount_cents
		          AND (c.code = '512:' || i.bank_account_id AND l.entry_no = i.settled_entry OR c.code = '471:UNIDENTIFIED'))
		 ORDER BY 1`},
	{"FAILURE_NOT_GIVEN_BACK", "ce virement a échoué sans que l'argent revienne à la personne", `
		SELECT i.end_to_end_id FROM masp.instructions i
		 WHERE i.state IN ('rejected', 'returned') AND NOT EXISTS (
		       SELECT FROM masp.postings p JOIN masp.accounts c ON c.account_id = p.credit_account
		        WHERE p.entry_no = i.failed_entry AND c.code LIKE '467:' || i.mandate_id || '%')
		 ORDER BY 1`},
	{"DUE_NOT_EXPLAINED", "ce qui est payé de cette échéance n'est pas la somme des virements qui la paient", `
		SELECT d.obligation_id || '@' || d.due_on FROM masp.dues d
		  LEFT JOIN LATERAL (SELECT sum(c.amount_cents) AS paid FROM masp.instruction_covers c
		                       JOIN masp.instructions i USING (instruction_id)
		                      WHERE c.obligation_id = d.obligation_id AND c.due_on = d.due_on
		                        AND i.state IN ('approved', 'scheduled', 'in_transit', 'settled')) t ON true
		  LEFT JOIN LATERAL (SELECT sum(l.paid_cents) AS kept FROM masp.run_lines l JOIN masp.runs r USING (run_id)
		                      WHERE l.obligation_id = d.obligation_id AND l.due_on = d.due_on AND l.status = 'RESERVED'
		                        AND r.state NOT IN ('draft', 'in_review', 'cancelled')) k ON true
		 WHERE d.paid_cents <> coalesce(t.paid, 0) + coalesce(k.kept, 0) ORDER BY 1`},
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
		   AND EXISTS (SELECT FROM masp.run_lines o WHERE o.run_id = l.run_id AND o.mandate_id = l.mandate_id
		                  AND o.class NOT IN ('RENT', 'RENTAL_CHARGE') AND o.paid_cents > 0)
		 GROUP BY 1 ORDER BY 1`},
	{"ACT_NOT_IN_LOG", "cet acte sur une campagne n'est pas au journal des actes", `
		SELECT a.run_id || ' ' || a.act_no FROM masp.run_acts a
		 WHERE NOT EXISTS (SELECT FROM masp.audit_log g WHERE g.object_type = 'run' AND g.object_id = a.run_id
		                      AND g.action = 'run.' || a.act AND g.actor = a.user_id AND g.after_hash = a.content_hash)
		 ORDER BY 1`},
}

// Checks are the proofs of this package for `masp verify`: every transfer traced from its
// approval to its file and its bank line, contents and files as they were signed.
func Checks() []ledger.Check {
	return []ledger.Check{proveTransfers, proveContents, proveFiles}
}

// proveTransfers runs the queries above.
func proveTransfers(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
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
	return nil
}

// proveContents recomputes what each approver signed from the instructions as they stand.
func proveContents(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	runs, err := listRuns(ctx, tx)
	if err != nil {
		return fmt.Errorf("prove contents: %w", err)
	}
	for _, r := range runs {
		transfers, err := instructionsOfRun(ctx, tx, r.ID)
		if err != nil {
			return fmt.Errorf("prove the content of run %s: %w", r.ID, err)
		}
		if Content(r.ID, transfers) != r.ContentHash {
			report(ledger.Finding{Code: "CONTENT_CHANGED", Place: r.ID,
				Text: "les virements de cette campagne ne sont plus ceux qui ont été signés"})
		}
	}
	return nil
}

// proveFiles compares each payment file with its digest in the log of acts.
func proveFiles(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	logged := make(map[string]chain.Hash)
	err := audit.Read(ctx, tx, 0, func(r audit.Recorded) bool {
		if r.ObjectType == "payment_file" {
			logged[r.ObjectID] = r.After
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("prove files: %w", err)
	}
	rows, err := tx.Query(ctx, selectFile+`content FROM masp.payment_files ORDER BY file_id`)
	if err != nil {
		return fmt.Errorf("prove files: %w", err)
	}
	for rows.Next() {
		f, err := scanFile(rows)
		if err != nil {
			return fmt.Errorf("prove files: %w", err)
		}
		if why := f.fault(logged); why != "" {
			report(ledger.Finding{Code: "FILE_CHANGED", Place: f.Name, Text: why})
		}
		delete(logged, f.MessageID)
	}
	for id := range logged {
		report(ledger.Finding{Code: "FILE_MISSING", Place: id, Text: "ce fichier de virements a disparu"})
	}
	return rows.Err()
}
