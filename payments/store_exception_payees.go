package payments

import (
	"context"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"

	"masp/ledger/money"
	"masp/payments/mandates"
)

// payees reads the creditors of each mandate's run: as they are paid now, and as they were last.
func (g *gathering) payees(ctx context.Context, tx pgx.Tx) error {
	pairs, err := g.pairs(ctx, tx)
	if err != nil {
		return err
	}
	payees, err := g.readPayees(ctx, tx, pairs.creditors)
	if err != nil {
		return err
	}
	versions := make([]int, len(pairs.creditors))
	ibans, names := make([]string, len(pairs.creditors)), make([]string, len(pairs.creditors))
	for i, creditor := range pairs.creditors {
		p := payees[creditor]
		versions[i], ibans[i], names[i] = p.Version, p.IBAN, p.Name
	}
	rows, err := tx.Query(ctx, `
		SELECT k.mandate_id, k.creditor_id, coalesce(v.proposed_by, ''), coalesce((v.proposed_at AT TIME ZONE 'Europe/Paris')::date, '0001-01-01'),
		       v.load_sha256 IS NOT NULL, coalesce(last.iban_version, 0), coalesce(last.creditor_iban, ''),
		       CASE WHEN last.state IN ('rejected', 'returned') THEN coalesce(last.reason, '?') ELSE '' END,
		       coalesce(last.amount_cents, 0),
		       CASE WHEN k.version > 0 THEN '' ELSE coalesce((
		            SELECT reason FROM masp.instructions i WHERE i.creditor_id = k.creditor_id
		               AND i.state IN ('rejected', 'returned') ORDER BY instruction_id DESC LIMIT 1), '') END,
		       coalesce(n.result, ''), coalesce(n.bank_name, '')
		  FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[])
		       AS k (mandate_id, creditor_id, version, iban, name)
		  LEFT JOIN masp.creditor_ibans v USING (creditor_id, version)
		  LEFT JOIN LATERAL (SELECT iban_version, creditor_iban, state, reason, amount_cents
		                       FROM (SELECT * FROM masp.instructions i WHERE i.mandate_id = k.mandate_id
		                                AND i.state NOT IN ('draft', 'cancelled') OFFSET 0) i -- those of a creditor of many are many
		                      WHERE i.creditor_id = k.creditor_id
		                      ORDER BY instruction_id DESC LIMIT 1) last ON true
		  LEFT JOIN LATERAL (SELECT result, bank_name FROM masp.name_checks c
		                      WHERE c.iban = k.iban AND c.our_name = k.name
		                      ORDER BY checked_at DESC, check_id DESC LIMIT 1) n ON true`,
		pairs.mandates, pairs.creditors, versions, ibans, names)
	if err != nil {
		return fmt.Errorf("read the payees: %w", err)
	}
	var mandate, creditor string
	var p PayeeFact
	var cents int64
	fields := []any{
		&mandate, &creditor, &p.ProposedBy, &p.ProposedOn, &p.Loaded, &p.LastVersion, &p.LastIBAN, &p.LastFailure,
		&cents, &p.BankRefusal, &p.NameCheck, &p.NameAtBank,
	}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		now := payees[creditor]
		p.Name, p.IBAN, p.Version, p.Settled = now.Name, now.IBAN, now.Version, now.PaidBefore
		p.LastAmount = money.Cents(cents)
		f := g.of(mandate)
		if f.Payees == nil {
			f.Payees = make(map[string]PayeeFact, len(g.parts[g.place[mandate]].creditors))
		}
		f.Payees[creditor] = p
		return nil
	})
	return err
}

// readPayees reads the creditors that were not read already.
func (g *gathering) readPayees(ctx context.Context, tx pgx.Tx, ids []string) (map[string]mandates.Payee, error) {
	var unknown []string
	for _, id := range ids {
		if _, known := g.known[id]; !known {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return g.known, nil
	}
	payees, err := mandates.PayeesTx(ctx, tx, unknown)
	if err == nil {
		maps.Copy(payees, g.known)
	}
	return payees, err
}

// openRuns reads which lines other runs hold that nobody has decided: a run that is only computed
// shows them; one that is proposed beside them is refused before (OpenRunError).
func (g *gathering) openRuns(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		SELECT l.mandate_id, l.obligation_id, l.due_on, r.run_id
		  FROM masp.runs r JOIN masp.run_lines l USING (run_id)
		 WHERE r.state IN ('draft', 'in_review') AND r.run_id <> $1 AND l.mandate_id = ANY ($2) AND l.status <> 'BLOCKED'
		 ORDER BY r.run_number DESC`, g.run.ID, g.ids)
	if err != nil {
		return fmt.Errorf("read the lines of open runs: %w", err)
	}
	var mandate, run string
	var due mandates.DueOn
	_, err = pgx.ForEachRow(rows, []any{&mandate, &due.Obligation, &due.On, &run}, func() error {
		f := g.of(mandate)
		if f.OpenRuns == nil {
			f.OpenRuns = make(map[string]string)
		}
		f.OpenRuns[due.Key()] = run // the oldest stays
		return nil
	})
	return err
}

// payeePairs are the creditors of each mandate.
type payeePairs struct{ mandates, creditors []string }

// pairs lists the creditors that the run names; of a mandate that waits for the account of its
// landlord, those whom its rent goes to.
func (g *gathering) pairs(ctx context.Context, tx pgx.Tx) (payeePairs, error) {
	var all payeePairs
	seen := make(map[[2]string]bool)
	add := func(mandate, creditor string) {
		if pair := [2]string{mandate, creditor}; creditor != "" && !seen[pair] {
			seen[pair] = true
			all.mandates, all.creditors = append(all.mandates, mandate), append(all.creditors, creditor)
		}
	}
	var waiting []string
	for _, p := range g.parts {
		for _, creditor := range p.creditors {
			add(p.mandate, creditor)
		}
		if p.refused == RentIBANNotOpen {
			waiting = append(waiting, p.mandate)
		}
	}
	if len(waiting) == 0 {
		return all, nil
	}
	rows, err := tx.Query(ctx, `
		SELECT mandate_id, creditor_id FROM masp.obligations
		 WHERE mandate_id = ANY ($1) AND class IN ('RENT', 'RENTAL_CHARGE') AND (valid_to IS NULL OR valid_to >= $2)
		 ORDER BY mandate_id, position`, waiting, g.run.On)
	if err != nil {
		return all, fmt.Errorf("read who waits for the rent: %w", err)
	}
	var mandate, creditor string
	_, err = pgx.ForEachRow(rows, []any{&mandate, &creditor}, func() error {
		add(mandate, creditor)
		return nil
	})
	return all, err
}
