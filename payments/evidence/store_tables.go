package evidence

// tables are the pieces of a bundle that are tables, in their order; balance.csv comes before them.
var tables = []table{
	{
		"rapprochements/jours.csv", "accord jour par jour entre la banque et les livres",
		[]string{
			"Compte bancaire", "Jour", "Révision", "État", "Relevé", "Banque (€)", "Livres (€)", "Virements en cours (€)",
			"À identifier (€)", "Personnes (€)", "Dernière écriture", "Calculé le", "Par", "Empreinte",
		},
		`SELECT bank_account_id, day, revision, state, statement_id, bank_cents, books_cents, transit_cents, unidentified_cents,
			persons_cents, last_entry, computed_at, computed_by, hash
		   FROM masp.reconciliations JOIN of_banks USING (bank_account_id), ask
		  WHERE day BETWEEN first_on AND last_on ORDER BY bank_account_id, day, revision`,
	},
	{
		"rapprochements/mois.csv", "accord mois par mois, personne par personne",
		[]string{
			"Mandat", "Mois", "Révision", "Compte bancaire", "Au début (€)", "Reçu (€)", "Payé (€)", "À la fin (€)", "En cours (€)",
			"Attendu (€)", "Prestations reçues (€)", "Mis de côté (€)", "Calculé le", "Par", "Empreinte",
		},
		`SELECT mandate_id, month, revision, bank_account_id, opening_cents, in_cents, out_cents, closing_cents, transit_cents,
			expected_cents, received_cents, reserved_cents, computed_at, computed_by, hash
		   FROM masp.beneficiary_months, ask WHERE month BETWEEN date_trunc('month', first_on) AND last_on
		    AND (mandates IS NULL OR mandate_id = ANY (mandates)) ORDER BY mandate_id, month, bank_account_id, revision`,
	},
	{
		"rapprochements/verrous.csv", "jours verrouillés et rouverts, mois clôturés et rouverts",
		[]string{"Quoi", "Acte", "Avant", "Après", "Par", "Le", "Motif"},
		`SELECT what, act, before, after, who, at, reason FROM (
			SELECT bank_account_id AS what, act, locked_before AS before, locked_through AS after, user_id AS who, at, reason, closing_no
			  FROM masp.day_closings JOIN of_banks USING (bank_account_id)
			UNION ALL SELECT 'livres ' || to_char(month, 'YYYY-MM'), act, closed_before, closed_through, actor, closed_at, '', closing_no
			  FROM masp.closings) c, ask
		  WHERE (at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on ORDER BY at, what, closing_no`,
	},
	{
		"destinataires/iban.csv", "IBAN des destinataires : qui les a proposés, qui les a confirmés",
		[]string{
			"Destinataire", "Nom", "Genre", "Version", "IBAN", "Pièce", "Chargement", "Proposé par", "Proposé le", "Confirmé d'abord par",
			"Confirmé par", "Confirmé le", "Payable à partir du",
		},
		`SELECT v.creditor_id, c.name, c.kind, v.version, v.iban, v.evidence, v.load_sha256, v.proposed_by, v.proposed_at, f.user_id,
			v.confirmed_by, v.confirmed_at, v.payable_from
		   FROM masp.creditor_ibans v JOIN masp.creditors c USING (creditor_id)
		   LEFT JOIN masp.iban_confirmations f ON f.creditor_id = v.creditor_id AND f.version = v.version, ask
		  WHERE EXISTS (SELECT FROM of_transfers i WHERE i.creditor_id = v.creditor_id AND i.iban_version = v.version)
		     OR mandates IS NULL AND ((v.proposed_at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on
		         OR (v.confirmed_at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on)
		  ORDER BY v.creditor_id, v.version`,
	},
	{
		"destinataires/chargements.csv", "signatures des premiers chargements de destinataires",
		[]string{"Chargement", "Signé par", "Le"},
		`SELECT load_sha256, user_id, signed_at FROM masp.load_signatures ORDER BY load_sha256, signed_at, user_id`,
	},
	{
		"effacements.csv", "textes de personnes effacés à la fin de leur conservation : ce qui ne peut plus être refait",
		[]string{"Contrôle", "Place", "Le", "Par"},
		`SELECT DISTINCT ON (place, code) code, place, erased_on, erased_by FROM masp.erasures ORDER BY place, code, erasure_no DESC`,
	},
	{
		"forcages.csv", "ce qu'une personne a défait, remplacé, accepté ou rouvert malgré la règle, et pourquoi",
		[]string{"Quoi", "Objet", "Montant (€)", "Par", "Le", "Motif"},
		`SELECT what, thing, cents, who, at, reason FROM (
			SELECT 'MATCH_UNDONE' AS what, 'bank line ' || u.line_id AS thing, u.amount_cents AS cents, u.undone_by AS who,
			       u.undone_at AS at, u.reason FROM masp.match_undos u JOIN of_lines USING (line_id)
			UNION ALL SELECT 'SUSPENSE_CLEARED', 'bank lines ' || c.debit_line || ' and ' || c.credit_line, c.amount_cents, c.cleared_by,
			       c.cleared_at, c.reason FROM masp.suspense_clearings c JOIN of_lines l ON l.line_id = c.debit_line
			UNION ALL SELECT 'STATEMENT_REPLACED', 'statement ' || r.old_statement || ' by ' || r.new_statement, NULL, r.replaced_by,
			       r.replaced_at, r.reason FROM masp.statement_replacements r JOIN of_statements s ON s.statement_id = r.old_statement
			UNION ALL SELECT 'RUN_ADJUSTED', j.run_id || ' ' || j.mandate_id || ' ' || j.line || ' ' || j.kind, j.to_cents - j.from_cents,
			       a.user_id, a.at, j.reason FROM masp.run_adjustments j JOIN of_runs USING (run_id)
			       JOIN masp.run_acts a ON a.run_id = j.run_id AND a.act_no = j.act_no, ask
			 WHERE mandates IS NULL OR j.mandate_id = ANY (mandates)
			UNION ALL SELECT 'EXCEPTION_PASSED', d.run_id || ' ' || e.mandate_id || ' ' || e.code || ' ' || coalesce(d.decision, '(reprise)'),
			       NULL, a.user_id, a.at, d.reason FROM masp.run_decisions d JOIN of_runs USING (run_id)
			       JOIN masp.run_exceptions e ON e.run_id = d.run_id AND e.exception_no = d.exception_no
			       JOIN masp.run_acts a ON a.run_id = d.run_id AND a.act_no = d.act_no, ask
			 WHERE e.blocking AND (mandates IS NULL OR e.mandate_id = ANY (mandates))
			UNION ALL SELECT 'DAYS_REOPENED', d.bank_account_id, NULL, d.user_id, d.at, d.reason
			       FROM masp.day_closings d JOIN of_banks USING (bank_account_id), ask
			 WHERE d.act = 'REOPEN' AND (d.at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on
			UNION ALL SELECT 'NUMBER_ACCEPTED_AGAIN', 'statement ' || s.statement_id, NULL, '', f.received_at, ''
			       FROM of_statements s JOIN masp.bank_files f USING (file_id) WHERE s.number_again
			UNION ALL SELECT 'RESTORED', 'copy up to ' || to_char(r.restored_from AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), NULL,
			       r.marked_by, r.marked_at, coalesce('cleared by ' || r.cleared_by, '') FROM masp.restorations r, ask
			 WHERE mandates IS NULL AND (r.marked_at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on) o
		  ORDER BY at, what, thing`,
	},
}
