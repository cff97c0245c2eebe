package mandates

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

const selectObligation = `
		SELECT obligation_id, mandate_id, class, coalesce(creditor_id, ''), amount_cents, label, reference,
		       frequency, due_day, valid_from, valid_to, coalesce(debt_id, ''), coalesce(block, ''),
		       nullif(except_days, '{}'), coalesce(shared_id, ''), coalesce(covers, '')
		  FROM masp.obligations `

// addObligations gives each situation its obligations, in the order of the coordinator.
func addObligations(ctx context.Context, tx pgx.Tx, all []Situation) error {
	byMandate := make(map[string]int, len(all))
	ids := make([]string, len(all))
	for i, s := range all {
		byMandate[s.Mandate], ids[i] = i, s.Mandate
	}
	rows, err := tx.Query(ctx, selectObligation+`
		 WHERE mandate_id = ANY ($1) ORDER BY mandate_id, position, obligation_id`, ids)
	if err != nil {
		return fmt.Errorf("read obligations: %w", err)
	}
	defer rows.Close()
	var of []Obligation // one mandate, then the next in its place
	for rows.Next() {
		o, err := scanObligation(rows)
		if err != nil {
			return fmt.Errorf("read obligations: %w", err)
		}
		if len(of) > 0 && of[0].Mandate != o.Mandate {
			all[byMandate[of[0].Mandate]].Obligations, of = slices.Clone(of), of[:0]
		}
		of = append(of, o)
	}
	if len(of) > 0 {
		all[byMandate[of[0].Mandate]].Obligations = slices.Clone(of)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read obligations: %w", err)
	}
	return nil
}

func scanObligation(row pgx.CollectableRow) (Obligation, error) {
	var o Obligation
	var cents int64
	err := row.Scan(&o.ID, &o.Mandate, &o.Class, &o.Creditor, &cents, &o.Label, &o.Reference,
		&o.Frequency, &o.DueDay, &o.From, &o.To, &o.Debt, &o.Block, &o.Except, &o.Shared, &o.Covers)
	o.Amount = money.Cents(cents)
	return o, err
}

// lockObligation reads an obligation and keeps it as it is until the commit.
func lockObligation(ctx context.Context, tx pgx.Tx, id string) (Obligation, error) {
	rows, err := tx.Query(ctx, selectObligation+`WHERE obligation_id = $1 FOR NO KEY UPDATE`, id)
	if err != nil {
		return Obligation{}, err
	}
	o, err := pgx.CollectExactlyOneRow(rows, scanObligation)
	return o, translate(err, ErrNoObligation)
}

// obligationAndMandate locks the mandate, which must be open, and then the obligation.
func obligationAndMandate(ctx context.Context, tx pgx.Tx, id string) (Obligation, error) {
	var mandate string
	err := tx.QueryRow(ctx, `SELECT mandate_id FROM masp.obligations WHERE obligation_id = $1`, id).Scan(&mandate)
	if err != nil {
		return Obligation{}, translate(err, ErrNoObligation)
	}
	if err := lockOpen(ctx, tx, mandate); err != nil {
		return Obligation{}, err
	}
	return lockObligation(ctx, tx, id)
}

var obligationColumns = []string{
	"obligation_id", "mandate_id", "class", "creditor_id", "amount_cents", "label", "reference",
	"frequency", "due_day", "valid_from", "valid_to", "debt_id", "block", "position",
	"except_days", "shared_id", "covers",
}

func obligationRow(o Obligation, position int) []any {
	return []any{
		o.ID, o.Mandate, string(o.Class), orNull(o.Creditor), o.Amount.Cents(), o.Label, o.Reference,
		string(o.Frequency), o.DueDay, o.From, o.To, orNull(o.Debt), orNull(o.Block), position,
		append([]civil.Date{}, o.Except...), orNull(o.Shared), orNull(o.Covers),
	}
}

// AddObligationsTx writes obligations that the caller has judged and records, in their order after
// those of their mandates: the coordinator's order among equals.
func AddObligationsTx(ctx context.Context, tx pgx.Tx, all ...Obligation) error {
	return insertObligations(ctx, tx, 0, all)
}

// insertObligations writes obligations: at a place among the others of their mandate, or after
// them when it is 0.
func insertObligations(ctx context.Context, tx pgx.Tx, place int, all []Obligation) error {
	var ids []string
	for _, o := range all {
		ids = append(ids, o.Mandate)
	}
	next := make(map[string]int)
	var id string
	var last int
	err := each(ctx, tx, []any{&id, &last}, func() { next[id] = last }, `
		SELECT mandate_id, max(position) FROM masp.obligations WHERE mandate_id = ANY ($1) GROUP BY mandate_id`, ids)
	if err != nil {
		return err
	}
	return copyRows(ctx, tx, "obligations", obligationColumns, all, func(o Obligation) []any {
		if place > 0 {
			return obligationRow(o, place)
		}
		next[o.Mandate]++
		return obligationRow(o, next[o.Mandate])
	})
}

// placeOf is the place of an obligation among the others of its mandate.
func placeOf(ctx context.Context, tx pgx.Tx, id string) (place int, err error) {
	err = tx.QueryRow(ctx, `SELECT position FROM masp.obligations WHERE obligation_id = $1`, id).Scan(&place)
	return place, err
}

// updateEffect writes until when an obligation counts, and which days do not.
func updateEffect(ctx context.Context, tx pgx.Tx, o Obligation) error {
	_, err := tx.Exec(ctx, `UPDATE masp.obligations SET valid_to = $2, except_days = $3 WHERE obligation_id = $1`,
		o.ID, o.To, append([]civil.Date{}, o.Except...))
	return err
}

// askPast writes the due day of single obligations of a past month, which no run looks for: the next
// run proposes a bill, and a rent is arrears.
func askPast(ctx context.Context, tx pgx.Tx, all []Obligation) error {
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	var single Situation
	for _, o := range all {
		if o.Frequency == Once {
			single.Obligations = append(single.Obligations, o)
		}
	}
	before := today.MonthOf().Add(-1).Last()
	for _, d := range single.Within(Span{Last: before}, before) {
		_, err := tx.Exec(ctx, `INSERT INTO masp.dues (obligation_id, due_on, due_cents) VALUES ($1, $2, $3)`,
			d.Obligation, d.On, d.Amount.Cents())
		if err != nil {
			return fmt.Errorf("write what was due of %s: %w", d.Obligation, err)
		}
	}
	return nil
}

// paidDays are the due days of an obligation of which something is paid.
func paidDays(ctx context.Context, tx pgx.Tx, id string) (map[civil.Date]bool, error) {
	paid := make(map[civil.Date]bool)
	var day civil.Date
	err := each(ctx, tx, []any{&day}, func() { paid[day] = true }, `
		SELECT due_on FROM masp.dues WHERE obligation_id = $1 AND paid_cents + replaced_cents > 0`, id)
	if err != nil {
		return nil, fmt.Errorf("read what is paid of %s: %w", id, err)
	}
	return paid, nil
}

func insertShared(ctx context.Context, tx pgx.Tx, o Obligation) error {
	_, err := tx.Exec(ctx, `INSERT INTO masp.shared_obligations (shared_id, amount_cents) VALUES ($1, $2)
		ON CONFLICT DO NOTHING`, o.ID, o.Amount.Cents())
	return err
}

// blockByLaw gives obligations that pay a debt the law's reason for not paying it that day
//
func blockByLaw(ctx context.Context, tx pgx.Tx, on civil.Date, all []Situation) error {
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.Mandate
	}
	list, err := debtsOf(ctx, tx, ids...)
	if err != nil || len(list) == 0 {
		return err
	}
	freezes, err := FreezesTx(ctx, tx, ids)
	if err != nil {
		return err
	}
	debts := make(map[string]Debt, len(list))
	for _, d := range list {
		debts[d.ID] = d
	}
	for _, s := range all {
		for i := range s.Obligations {
			o := &s.Obligations[i]
			d, owed := debts[o.Debt]
			if owed && (o.Block == "" || d.released(o.Block, on, freezes[s.Mandate])) {
				o.Block = d.BlockOn(on, freezes[s.Mandate], o.From)
			}
		}
	}
	return nil
}
