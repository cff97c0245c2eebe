package evidence

// balanceTable is every account of the scope at the two ends of the period. Cents, debit positive.
var balanceTable = table{
	"balance.csv", "balance : chaque compte au début et à la fin de la période (débit positif, crédit négatif)",
	[]string{
		"Compte", "Mandat", "Lignes au début", "Solde au début (€)", "Débit (€)", "Crédit (€)", "Lignes à la fin", "Solde à la fin (€)",
	},
	`SELECT a.code, CASE a.pcg WHEN '467' THEN a.owner END, s.opened, s.opening, m.debit, m.credit, s.closed, s.opening + m.debit - m.credit
	   FROM masp.accounts a JOIN masp.account_balances b USING (account_id), ask
	  CROSS JOIN LATERAL (SELECT
	        CASE first_on WHEN '-infinity' THEN 0 ELSE masp.account_seq_on(a.account_id, first_on - 1) END AS opened,
	        CASE last_on WHEN 'infinity' THEN b.seq ELSE masp.account_seq_on(a.account_id, last_on) END AS closed OFFSET 0) n
	  CROSS JOIN LATERAL (SELECT n.opened, n.closed, coalesce(
	        (SELECT p.debit_after FROM masp.postings p WHERE p.debit_account = a.account_id AND p.debit_seq = n.opened),
	        (SELECT p.credit_after FROM masp.postings p WHERE p.credit_account = a.account_id AND p.credit_seq = n.opened), 0) AS opening) s
	  CROSS JOIN LATERAL (SELECT
	        (SELECT coalesce(sum(p.amount_cents), 0)::bigint FROM masp.postings p
	          WHERE p.debit_account = a.account_id AND p.debit_seq > s.opened AND p.debit_seq <= s.closed) AS debit,
	        (SELECT coalesce(sum(p.amount_cents), 0)::bigint FROM masp.postings p
	          WHERE p.credit_account = a.account_id AND p.credit_seq > s.opened AND p.credit_seq <= s.closed) AS credit) m
	  WHERE s.closed > 0 AND (mandates IS NULL OR a.pcg = '467' AND a.owner = ANY (mandates)
	        OR a.pcg = '512' AND a.owner IN (SELECT bank_account_id FROM of_banks))
	  ORDER BY a.code COLLATE "C"`,
}
