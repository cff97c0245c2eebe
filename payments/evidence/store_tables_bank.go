package evidence

// bankTables say what the bank has said, and what was understood of it.
var bankTables = []table{
	{
		"banque/releves.csv", "relevés lus dans les fichiers de la banque",
		[]string{
			"Relevé", "Fichier", "Rang dans le fichier", "Genre", "Compte bancaire", "IBAN", "Référence", "Numéro", "Ouvert le", "Clos le",
			"Solde d'ouverture (€)", "Mouvements (€)", "Solde de clôture (€)", "Lignes", "Lignes comptabilisées", "État", "Raison",
			"Place dans la suite",
		},
		`SELECT statement_id, file_id, ordinal, kind, bank_account_id, account_iban, bank_ref, sequence, opening_on, closing_on,
			opening_cents, moved_cents, closing_cents, entries, posted_lines, state, reason, chain_no
		   FROM of_statements ORDER BY statement_id`,
	},
	{
		"banque/lignes.csv", "lignes de ces relevés, avec l'écriture de chacune",
		[]string{
			"Ligne", "Relevé", "Rang", "Date banque", "Date valeur", "Montant (€)", "Référence de la banque", "Référence de bout en bout",
			"Lot", "Code", "Contrepartie", "Texte", "État", "Reconnue par", "Écriture",
		},
		`SELECT line_id, statement_id, rank, booked_on, value_on, amount_cents, bank_reference, end_to_end_id, payment_info_id, code,
			counterparty, text, state, recognised_by, entry_no
		   FROM of_lines ORDER BY line_id`,
	},
	{
		"banque/virements-reconnus.csv", "quelle ligne de banque exécute ou rend quel virement",
		[]string{"Ligne", "Écriture", "Virement", "Sens", "Montant (€)", "Défait par"},
		`SELECT m.line_id, m.entry_no, i.end_to_end_id, m.meaning, m.amount_cents, m.undone_by
		   FROM masp.line_matches m JOIN masp.instructions i USING (instruction_id), ask
		  WHERE m.line_id IN (SELECT line_id FROM of_lines) AND mandates IS NULL
		     OR m.instruction_id IN (SELECT instruction_id FROM of_transfers) ORDER BY m.line_id, m.entry_no, i.end_to_end_id`,
	},
	{
		"banque/encaissements.csv", "ce que chaque personne a reçu, par quelle ligne",
		[]string{"Encaissement", "Ligne", "Écriture", "Mandat", "Prestation", "Mois", "Montant (€)", "Reçu le"},
		`SELECT receipt_id, line_id, entry_no, mandate_id, benefit, period, amount_cents, received_on FROM masp.receipts, ask
		  WHERE received_on BETWEEN first_on AND last_on AND (mandates IS NULL OR mandate_id = ANY (mandates)) ORDER BY receipt_id`,
	},
	{
		"banque/identifications.csv", "lignes identifiées à la main : qui, pour qui, pourquoi",
		[]string{"Identification", "Ligne", "Écriture", "Montant (€)", "Mandat", "Prestation", "Mois", "Virement", "Motif", "Par", "Le"},
		`SELECT a.assignment_id, a.line_id, a.entry_no, a.amount_cents, a.mandate_id, a.benefit, a.period,
			(SELECT i.end_to_end_id FROM masp.instructions i WHERE i.instruction_id = a.instruction_id), a.reason, a.assigned_by, a.assigned_at
		   FROM masp.suspense_assignments a, ask WHERE (a.assigned_at AT TIME ZONE 'Europe/Paris')::date BETWEEN first_on AND last_on
		    AND (mandates IS NULL OR a.mandate_id = ANY (mandates)) ORDER BY a.assignment_id`,
	},
	{
		"virements/reponses.csv", "réponses de la banque à nos virements (pain.002), et de quel fichier",
		[]string{"Réponse", "Fichier", "Virement", "Message", "Statut", "Raison", "Texte", "Sur", "Le"},
		`SELECT t.report_id, t.file_id, (SELECT i.end_to_end_id FROM masp.instructions i WHERE i.instruction_id = t.instruction_id),
			t.message_id, t.status, t.reason, t.text, t.about, t.at FROM of_reports t ORDER BY t.report_id`,
	},
}

// runTables say what was proposed, decided, signed and sent.
var runTables = []table{
	{
		"campagnes/campagnes.csv", "campagnes de paiement",
		[]string{"Campagne", "Numéro", "Mois", "Du", "Objet", "État", "Contenu signé", "Proposée le", "Soumise le", "Pièce"},
		`SELECT run_id, run_number, month, run_on, purpose, state, content_hash, created_at, submitted_at, evidence
		   FROM of_runs ORDER BY run_number`,
	},
	{
		"campagnes/actes.csv", "qui a proposé, modifié, soumis, approuvé, remis : la preuve des deux personnes",
		[]string{"Campagne", "Rang", "Acte", "Par", "Contenu vu", "Le"},
		`SELECT a.run_id, a.act_no, a.act, a.user_id, a.content_hash, a.at
		   FROM masp.run_acts a JOIN of_runs r USING (run_id) ORDER BY r.run_number, a.act_no`,
	},
	{
		"campagnes/lignes.csv", "chaque échéance proposée, ce qui en est payé, pourquoi",
		[]string{
			"Campagne", "Mandat", "Ligne", "Échéance", "Due le", "Rang de dépense", "Destinataire", "Libellé", "Dû (€)", "Payé (€)", "État",
			"Raison", "Explication",
		},
		`SELECT l.run_id, l.mandate_id, l.line_no, l.obligation_id, l.due_on, l.class, l.creditor_id, l.label, l.due_cents, l.paid_cents,
			l.status, l.reason, l.explanation
		   FROM masp.run_lines l JOIN of_runs r USING (run_id), ask WHERE mandates IS NULL OR l.mandate_id = ANY (mandates)
		  ORDER BY r.run_number, l.mandate_id, l.line_no`,
	},
	{
		"campagnes/exceptions.csv", "ce qu'il fallait regarder avant d'approuver",
		[]string{"Campagne", "Exception", "Mandat", "Code", "Bloquante", "Avant", "Après", "Texte"},
		`SELECT e.run_id, e.exception_no, e.mandate_id, e.code, e.blocking, e.before_text, e.after_text, e.text
		   FROM masp.run_exceptions e JOIN of_runs r USING (run_id), ask WHERE mandates IS NULL OR e.mandate_id = ANY (mandates)
		  ORDER BY r.run_number, e.exception_no`,
	},
	{
		"campagnes/decisions.csv", "ce qui a été décidé de chaque exception, par qui, pourquoi",
		[]string{"Campagne", "Exception", "Rang de l'acte", "Décision", "Motif", "Par", "Le"},
		`SELECT d.run_id, d.exception_no, d.act_no, d.decision, d.reason, a.user_id, a.at
		   FROM masp.run_decisions d JOIN of_runs r USING (run_id) JOIN masp.run_acts a ON a.run_id = d.run_id AND a.act_no = d.act_no
		   JOIN masp.run_exceptions e ON e.run_id = d.run_id AND e.exception_no = d.exception_no, ask
		  WHERE mandates IS NULL OR e.mandate_id = ANY (mandates) ORDER BY r.run_number, d.act_no`,
	},
	{
		"virements/ordres.csv", "chaque virement, dans l'ordre où le contenu est signé",
		[]string{
			"Campagne", "Virement", "Mandat", "Genre", "Compte", "Compte bancaire", "Destinataire", "Nom", "IBAN", "Version de l'IBAN", "Moyen",
			"Montant (€)", "Part le", "Exécuté le", "Motif", "État", "Raison", "Écriture", "Écriture de la banque", "Écriture du retour",
			"Fichier",
		},
		`SELECT i.run_id, i.end_to_end_id, i.mandate_id, i.kind, i.account, i.bank_account_id, i.creditor_id, i.creditor_name,
			i.creditor_iban, i.iban_version, i.means, i.amount_cents, i.leave_on, i.execute_on, i.reference, i.state, i.reason,
			i.posted_entry, i.settled_entry, i.failed_entry,
			(SELECT f.message_id FROM masp.payment_file_instructions o JOIN masp.payment_files f USING (file_id)
			  WHERE o.instruction_id = i.instruction_id AND NOT o.void)
		   FROM of_transfers i JOIN of_runs r USING (run_id)
		   JOIN masp.run_mandates m ON m.run_id = i.run_id AND m.mandate_id = i.mandate_id
		  ORDER BY r.run_number, m.position, i.instruction_id`,
	},
}
